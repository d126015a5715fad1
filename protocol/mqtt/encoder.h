#pragma once
// Packets to bytes.

#include <string>

#include "protocol/mqtt/packet.h"

namespace claims::mqtt {

/// Appends the packet's bytes to `out`. In 3.1.1 properties are left out and reason codes become
/// 3.1.1 return codes (CONNACK table 3.1, SUBACK 0x80). The caller keeps to what a packet allows
/// (asserted): a packet id with QoS 1 and 2, lengths of at most 65,535 bytes for strings.
void encode(const Packet& packet, Version version, std::string& out);
/// The same for the hot path, without making a variant.
void encode(const Publish& publish, Version version, std::string& out);
void encode(const Puback& puback, Version version, std::string& out);

}  // namespace claims::mqtt
