#pragma once
// Packets that a client hears, as tests write them.

#include <string>

#include "protocol/mqtt/packet.h"

namespace claims::server {

/// In one line: "PUBLISH #7 dup qos2 a/b text retain id=3 expiry=5 key=value", "PUBACK #7 0x10",
/// "SUBACK #1 0x02 0x87". Packet identifiers come with '#', QoS 1 goes without saying. All
/// properties are told, but for those of CONNACK.
std::string describe(const mqtt::Packet& packet);

}  // namespace claims::server
