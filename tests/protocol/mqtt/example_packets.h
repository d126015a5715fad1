#pragma once
// One packet of every kind, with everything set that the version allows.

#include <string>
#include <vector>

#include "protocol/mqtt/packet.h"

namespace claims::mqtt {

/// What a client sends, CONNECT first. Views are of static text.
std::vector<Packet> client_packets(Version version);
/// What a server sends.
std::vector<Packet> server_packets(Version version);

/// The packets' bytes one after another.
std::string bytes_of(const std::vector<Packet>& packets, Version version);
/// Bytes from a literal with embedded zeros: bytes("\x10\x00…").
template <std::size_t N>
std::string bytes(const char (&literal)[N]) {
  return std::string(literal, N - 1);
}

}  // namespace claims::mqtt
