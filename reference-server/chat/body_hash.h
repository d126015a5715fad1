#pragma once
// The hash that tells whether a repeated command id carries the same body.

#include <cstdint>
#include <string_view>

namespace claims::server {

/// Over the payload's bytes; the same on every machine, for it is stored in the log. Not
/// cryptographic: who finds a collision repeats the reply to a command of their own.
std::uint64_t body_hash(std::string_view payload);

}  // namespace claims::server
