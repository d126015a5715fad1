#include "protocol/chat/token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>
#include <cstdlib>

#include "protocol/chat/ids.h"

namespace claims::chat {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kMacCharacters = 43;  ///< 32 bytes in base64url, no padding.
constexpr std::int64_t kExpiresMax = std::int64_t{1} << 40U;  ///< Keeps milliseconds in range.

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string base64url(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  text.reserve((size * 4 + 2) / 3);
  unsigned buffer = 0;
  unsigned bits = 0;
  for (std::size_t i = 0; i < size; ++i) {
    buffer = (buffer << 8U) | bytes[i];
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += kAlphabet[(buffer >> bits) & 63U];
    }
  }
  if (bits > 0) text += kAlphabet[(buffer << (6U - bits)) & 63U];
  return text;
}

std::string mac_of(const TokenKey& key, std::string_view signed_part) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  // Only a broken OpenSSL fails here; a token signed with nothing must never come of it.
  if (HMAC(EVP_sha256(), key.bytes.data(), static_cast<int>(key.bytes.size()),
           reinterpret_cast<const unsigned char*>(signed_part.data()), signed_part.size(),
           mac.data(), &size) == nullptr) {
    std::abort();
  }
  return base64url(mac.data(), size);
}

/// TokenKey can itself be made of a string, so the error has to be named as such.
Result<TokenKey, std::string> refuse_key(std::string_view found) {
  std::string what = "token key: ";
  what += found;
  what += ", allowed are 64 hex digits";
  return {boost::system::in_place_error, std::move(what)};
}

}  // namespace

Result<TokenKey, std::string> parse_token_key(std::string_view hex) {
  while (!hex.empty() && (hex.back() == '\n' || hex.back() == '\r')) hex.remove_suffix(1);
  if (hex.size() != 2 * kKeyBytes) {
    return refuse_key("found " + std::to_string(hex.size()) + " characters");
  }
  TokenKey key;
  key.bytes.reserve(kKeyBytes);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = hex_digit(hex[i]);
    const int low = hex_digit(hex[i + 1]);
    if (high < 0 || low < 0) {
      return refuse_key("character " + std::to_string(high < 0 ? i + 1 : i + 2) +
                        " is no hex digit");
    }
    key.bytes += static_cast<char>(high * 16 + low);
  }
  return key;
}

std::string_view to_string(TokenError error) {
  switch (error) {
    case TokenError::malformed:
      return "malformed";
    case TokenError::wrong_user:
      return "wrong_user";
    case TokenError::bad_signature:
      return "bad_signature";
    case TokenError::expired:
      return "expired";
  }
  return "";
}

std::string sign_token(const TokenKey& key, std::string_view user, std::int64_t expires_s) {
  std::string token = "v1.";
  token += user;
  token += '.';
  token += std::to_string(expires_s);
  const std::string mac = mac_of(key, token);
  token += '.';
  token += mac;
  return token;
}

Result<std::int64_t, TokenError> verify_token(const TokenKey& key, std::string_view user,
                                              std::string_view token, Milliseconds wall) {
  // No part may hold a dot, so the three dots split the token in one way only.
  const std::size_t mac_dot = token.rfind('.');
  if (mac_dot == std::string_view::npos) return TokenError::malformed;
  const std::string_view signed_part = token.substr(0, mac_dot);
  const std::string_view mac = token.substr(mac_dot + 1);
  if (!signed_part.starts_with("v1.")) return TokenError::malformed;
  const std::size_t expires_dot = signed_part.rfind('.');
  if (expires_dot < 3) return TokenError::malformed;
  const std::string_view token_user = signed_part.substr(3, expires_dot - 3);
  const std::string_view expires_text = signed_part.substr(expires_dot + 1);
  if (!is_user_id(token_user) || mac.size() != kMacCharacters) return TokenError::malformed;

  std::int64_t expires_s = 0;
  const auto [end, error] =
      std::from_chars(expires_text.data(), expires_text.data() + expires_text.size(), expires_s);
  if (error != std::errc{} || end != expires_text.data() + expires_text.size() || expires_s < 0 ||
      expires_s > kExpiresMax) {
    return TokenError::malformed;
  }

  if (token_user != user) return TokenError::wrong_user;
  const std::string expected = mac_of(key, signed_part);
  if (expected.size() != mac.size() ||
      CRYPTO_memcmp(expected.data(), mac.data(), mac.size()) != 0) {
    return TokenError::bad_signature;
  }
  if (wall >= std::chrono::seconds(expires_s)) return TokenError::expired;
  return expires_s;
}

}  // namespace claims::chat
