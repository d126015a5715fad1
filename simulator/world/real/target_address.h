#pragma once
// TargetAddress: where the server under test listens.

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/result.h"
#include "protocol/time.h"

namespace claims::storm {

struct TargetAddress {
  std::string url;  ///< As a person writes it, "mqtt://127.0.0.1:1883".
  sockaddr_storage address{};
  socklen_t address_bytes = 0;
};

/// "mqtt://HOST:PORT", the host a name or an address ("mqtt://[::1]:1883"). Looks names up, so it
/// may take a while. The error tells what was found and what is allowed.
Result<TargetAddress, std::string> parse_target(std::string_view url);

/// Whether something accepts connections there; the error tells why not.
Result<void, std::string> probe(const TargetAddress& target, Milliseconds timeout);

}  // namespace claims::storm
