#pragma once
// The properties of MQTT 5.0 (section 2.2.2): which packet may carry which, and their bytes.

#include <cstddef>
#include <string>

#include "protocol/mqtt/packet.h"
#include "protocol/mqtt/packet_type.h"
#include "protocol/mqtt/reader.h"

namespace claims::mqtt {

/// The Will inside CONNECT has properties of its own; this stands for it where a packet type tells
/// what is allowed. 0 is no packet's type.
inline constexpr PacketType kWillProperties{0};

/// Reads property length and properties. Fails on one that is not allowed in `type`, is repeated
/// though it may not be, or has a value outside its range.
Properties read_properties(Reader& reader, PacketType type);

/// Bytes of property length and properties together.
std::size_t properties_bytes(const Properties& properties);
/// Appends them. Asserts that each is allowed in `type`.
void write_properties(const Properties& properties, PacketType type, std::string& out);
/// Appends one, identifier and value.
void write_property(const Property& property, PacketType type, std::string& out);

}  // namespace claims::mqtt
