#include "protocol/mqtt/fixed_header.h"

#include <cassert>

namespace claims::mqtt {
namespace {

using Side = Decoder::Side;

bool may_receive(PacketType type, Side receiver, Version version) {
  switch (type) {
    case PacketType::connect:
    case PacketType::subscribe:
    case PacketType::unsubscribe:
    case PacketType::pingreq:
      return receiver == Side::server;
    case PacketType::connack:
    case PacketType::suback:
    case PacketType::unsuback:
    case PacketType::pingresp:
      return receiver == Side::client;
    case PacketType::disconnect:
      return receiver == Side::server || version == Version::v5_0;
    default:
      return true;
  }
}

std::optional<DecodeError> check_flags(PacketType type, std::uint8_t flags) {
  if (type == PacketType::publish) {
    if ((flags & 6) == 6) {
      return DecodeError{ReasonCode::malformed_packet, "PUBLISH with QoS 3 [MQTT-3.3.1-4]"};
    }
    if ((flags & 8) != 0 && (flags & 6) == 0) {
      return DecodeError{ReasonCode::malformed_packet, "DUP with QoS 0 [MQTT-3.3.1-2]"};
    }
    return std::nullopt;
  }
  const bool has_bit_1 = type == PacketType::pubrel || type == PacketType::subscribe ||
                         type == PacketType::unsubscribe;
  if (flags == (has_bit_1 ? 2 : 0)) return std::nullopt;
  return DecodeError{ReasonCode::malformed_packet,
                     "reserved flags of the fixed header [MQTT-2.2.2-2]"};
}

}  // namespace

Result<FixedHeader, DecodeError> read_fixed_header(std::string_view bytes, Decoder::Side receiver,
                                                   Version version) {
  assert(!bytes.empty());
  const auto first = static_cast<std::uint8_t>(bytes[0]);
  FixedHeader header{.type = static_cast<PacketType>(first >> 4),
                     .flags = static_cast<std::uint8_t>(first & 0x0F)};
  if (first >> 4 == 0 || (header.type == PacketType::auth && version == Version::v3_1_1)) {
    return DecodeError{ReasonCode::malformed_packet, "a reserved packet type [MQTT section 2.2.1]"};
  }
  if (!may_receive(header.type, receiver, version)) {
    return DecodeError{ReasonCode::protocol_error,
                       "a packet that only the other side may send [MQTT section 2.2.1]"};
  }
  if (const auto error = check_flags(header.type, header.flags)) return *error;

  for (std::size_t i = 0; i < 4; ++i) {
    if (i + 1 == bytes.size()) return header;
    const auto byte = static_cast<std::uint8_t>(bytes[i + 1]);
    header.body_bytes |= static_cast<std::size_t>(byte & 0x7F) << (7 * i);
    if ((byte & 0x80) != 0) continue;
    header.header_bytes = i + 2;
    header.minimal = i == 0 || byte != 0;
    return header;
  }
  return DecodeError{ReasonCode::malformed_packet,
                     "a remaining length of more than 4 bytes [MQTT section 2.2.3]"};
}

}  // namespace claims::mqtt
