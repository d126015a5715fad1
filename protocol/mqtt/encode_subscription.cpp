// SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK. The body is written apart to learn its size.

#include <cassert>

#include "protocol/mqtt/encode.h"
#include "protocol/mqtt/properties.h"
#include "protocol/mqtt/writer.h"

namespace claims::mqtt {
namespace {

/// The packet identifier and, in 5.0, the properties.
std::string begin_body(std::uint16_t packet_id, const Properties& properties, PacketType type,
                       Version version) {
  assert(packet_id != 0);
  std::string body;
  write_two_bytes(packet_id, body);
  if (version == Version::v5_0) write_properties(properties, type, body);
  return body;
}

void write_packet(PacketType type, const std::string& body, std::string& out) {
  const bool has_bit_1 = type == PacketType::subscribe || type == PacketType::unsubscribe;
  write_fixed_header(type, has_bit_1 ? 2 : 0, body.size(), out);
  out.append(body);
}

std::uint8_t options_of(const TopicFilter& filter, Version version) {
  auto options = static_cast<unsigned>(filter.qos);
  if (version == Version::v5_0) {
    assert(filter.retain_handling <= 2);
    options |= (filter.no_local ? 4U : 0U) | (filter.retain_as_published ? 8U : 0U) |
               static_cast<unsigned>(filter.retain_handling) << 4;
  }
  return static_cast<std::uint8_t>(options);
}

}  // namespace

void encode(const Subscribe& subscribe, Version version, std::string& out) {
  assert(!subscribe.filters.empty());
  std::string body =
      begin_body(subscribe.packet_id, subscribe.properties, PacketType::subscribe, version);
  for (const TopicFilter& filter : subscribe.filters) {
    write_string(filter.filter, body);
    write_byte(options_of(filter, version), body);
  }
  write_packet(PacketType::subscribe, body, out);
}

void encode(const Suback& suback, Version version, std::string& out) {
  assert(!suback.reasons.empty());
  std::string body = begin_body(suback.packet_id, suback.properties, PacketType::suback, version);
  for (const ReasonCode reason : suback.reasons) {
    const bool refused = reason >= ReasonCode::unspecified_error;
    const ReasonCode code =
        refused && version == Version::v3_1_1 ? ReasonCode::unspecified_error : reason;
    write_byte(static_cast<std::uint8_t>(code), body);
  }
  write_packet(PacketType::suback, body, out);
}

void encode(const Unsubscribe& unsubscribe, Version version, std::string& out) {
  assert(!unsubscribe.filters.empty());
  std::string body =
      begin_body(unsubscribe.packet_id, unsubscribe.properties, PacketType::unsubscribe, version);
  for (const std::string_view filter : unsubscribe.filters) write_string(filter, body);
  write_packet(PacketType::unsubscribe, body, out);
}

void encode(const Unsuback& unsuback, Version version, std::string& out) {
  assert(version == Version::v3_1_1 || !unsuback.reasons.empty());
  std::string body =
      begin_body(unsuback.packet_id, unsuback.properties, PacketType::unsuback, version);
  if (version == Version::v5_0) {
    for (const ReasonCode reason : unsuback.reasons) {
      write_byte(static_cast<std::uint8_t>(reason), body);
    }
  }
  write_packet(PacketType::unsuback, body, out);
}

}  // namespace claims::mqtt
