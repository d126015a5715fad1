#pragma once
// Signed, expiring access tokens: the MQTT password (docs/contract.md, SER-001, SER-002).

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/result.h"
#include "protocol/time.h"

namespace claims::chat {

/// The secret of `--token-key`: 32 bytes, written as 64 hex digits.
struct TokenKey {
  std::string bytes;
};
Result<TokenKey, std::string> parse_token_key(std::string_view hex);

enum class TokenError { malformed, wrong_user, bad_signature, expired };
std::string_view to_string(TokenError error);

std::string sign_token(const TokenKey& key, std::string_view user, std::int64_t expires_s);
/// The time at which the token expires (UTC seconds). Compares signatures in constant time.
Result<std::int64_t, TokenError> verify_token(const TokenKey& key, std::string_view user,
                                              std::string_view token, Milliseconds wall);

}  // namespace claims::chat
