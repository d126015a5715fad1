#include "protocol/chat/token.h"

#include <gtest/gtest.h>

namespace claims::chat {
namespace {

using namespace std::chrono_literals;

const TokenKey kKey =
    *parse_token_key("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");

TokenError error_of(std::string_view user, std::string_view token, Milliseconds wall = 1000s) {
  const auto verified = verify_token(kKey, user, token, wall);
  EXPECT_FALSE(verified.has_value()) << token;
  return verified.has_value() ? TokenError{} : verified.error();
}

TEST(Token, SignedTokenIsAccepted) {
  const std::string token = sign_token(kKey, "gar-00001", 2000);
  EXPECT_TRUE(token.starts_with("v1.gar-00001.2000.")) << token;
  EXPECT_EQ(*verify_token(kKey, "gar-00001", token, 1999999ms), 2000);
}

TEST(Token, SignatureIsHmacSha256) {
  // printf 'v1.a.1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0001…1f -binary | base64url
  EXPECT_EQ(sign_token(kKey, "a", 1), "v1.a.1.mT3IVDfP5lnVg7BjCQKUXr30193vNNetteVDNtWQJWw");
}

TEST(Token, ExpiryIsTheFirstRefusedInstant) {
  const std::string token = sign_token(kKey, "a", 2000);
  EXPECT_EQ(error_of("a", token, 2000000ms), TokenError::expired);
}

TEST(Token, AnotherUserIsRefused) {
  EXPECT_EQ(error_of("b", sign_token(kKey, "a", 2000)), TokenError::wrong_user);
}

TEST(Token, EveryChangedCharacterIsRefused) {
  const std::string token = sign_token(kKey, "a", 2000);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == '1' ? '3' : '1';
    EXPECT_FALSE(verify_token(kKey, "a", changed, 1000s).has_value()) << changed;
  }
  TokenKey other = kKey;
  other.bytes[31] = 0;
  EXPECT_EQ(error_of("a", sign_token(other, "a", 2000)), TokenError::bad_signature);
}

TEST(Token, ShapesThatAreNoToken) {
  const std::string mac(43, 'A');
  for (const std::string& token :
       {std::string(), std::string("."), std::string("..."), std::string("v1..1.") + mac,
        std::string("v1.a..") + mac, std::string("v1.a.-1.") + mac, std::string("v2.a.1.") + mac,
        std::string("v1.a.1.") + mac + "A", std::string("v1.a.1x.") + mac,
        std::string("v1.a.b.1.") + mac, std::string("v1.a.99999999999999999999.") + mac,
        std::string("v1.1.") + mac}) {
    EXPECT_EQ(error_of("a", token), TokenError::malformed) << token;
  }
}

TEST(Token, KeysAre64HexDigits) {
  EXPECT_EQ(parse_token_key("abc").error(),
            "token key: found 3 characters, allowed are 64 hex digits");
  EXPECT_EQ(parse_token_key(std::string(63, '0') + "g").error(),
            "token key: character 64 is no hex digit, allowed are 64 hex digits");
}

}  // namespace
}  // namespace claims::chat
