#include "protocol/mqtt/encoder.h"

#include <cassert>

#include "protocol/mqtt/encode.h"
#include "protocol/mqtt/packet_type.h"
#include "protocol/mqtt/properties.h"
#include "protocol/mqtt/writer.h"

namespace claims::mqtt {

void write_fixed_header(PacketType type, std::uint8_t flags, std::size_t body_bytes,
                        std::string& out) {
  write_byte(static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4 | flags), out);
  write_variable_byte_integer(body_bytes, out);
}

namespace {

std::uint8_t flags_of(const Publish& publish) {
  return static_cast<std::uint8_t>((publish.dup ? 8 : 0) | static_cast<int>(publish.qos) << 1 |
                                   (publish.retain ? 1 : 0));
}

void encode_acknowledgement(const Acknowledgement& ack, PacketType type, Version version,
                            std::string& out) {
  assert(ack.packet_id != 0);
  const std::uint8_t flags = type == PacketType::pubrel ? 2 : 0;
  // 5.0 section 3.4.2.1: reason and properties are left out where they say nothing.
  const bool has_properties = version == Version::v5_0 && !ack.properties.empty();
  const bool has_reason =
      has_properties || (version == Version::v5_0 && ack.reason != ReasonCode::success);
  write_fixed_header(
      type, flags,
      2 + (has_reason ? 1 : 0) + (has_properties ? properties_bytes(ack.properties) : 0), out);
  write_two_bytes(ack.packet_id, out);
  if (has_reason) write_byte(static_cast<std::uint8_t>(ack.reason), out);
  if (has_properties) write_properties(ack.properties, type, out);
}

struct Encode {
  Version version;
  std::string& out;

  template <class AnyPacket>
  void operator()(const AnyPacket& packet) const {
    encode(packet, version, out);
  }
  void operator()(const Pubrec& ack) const {
    encode_acknowledgement(ack, PacketType::pubrec, version, out);
  }
  void operator()(const Pubrel& ack) const {
    encode_acknowledgement(ack, PacketType::pubrel, version, out);
  }
  void operator()(const Pubcomp& ack) const {
    encode_acknowledgement(ack, PacketType::pubcomp, version, out);
  }
  void operator()(const Pingreq&) const { write_fixed_header(PacketType::pingreq, 0, 0, out); }
  void operator()(const Pingresp&) const { write_fixed_header(PacketType::pingresp, 0, 0, out); }
};

}  // namespace

void encode(const Packet& packet, Version version, std::string& out) {
  std::visit(Encode{version, out}, packet);
}

void encode(const Publish& publish, Version version, std::string& out) {
  const bool has_id = publish.qos != QoS::at_most_once;
  const bool has_properties = version == Version::v5_0;
  assert(has_id == (publish.packet_id != 0));
  assert(has_id || !publish.dup);
  const std::size_t body = 2 + publish.topic.size() + (has_id ? 2 : 0) +
                           (has_properties ? properties_bytes(publish.properties) : 0) +
                           publish.payload.size();
  out.reserve(out.size() + kFixedHeaderBytesMax + body);  // One allocation, not one a field.
  write_fixed_header(PacketType::publish, flags_of(publish), body, out);
  write_string(publish.topic, out);
  if (has_id) write_two_bytes(publish.packet_id, out);
  if (has_properties) write_properties(publish.properties, PacketType::publish, out);
  out.append(publish.payload);
}

void encode(const Puback& puback, Version version, std::string& out) {
  encode_acknowledgement(puback, PacketType::puback, version, out);
}

}  // namespace claims::mqtt
