#include "protocol/mqtt/forwarded_publish.h"

#include <cassert>

#include "protocol/mqtt/encode.h"
#include "protocol/mqtt/properties.h"
#include "protocol/mqtt/writer.h"

namespace claims::mqtt {
namespace {

bool is_forwarded(PropertyId id) {
  switch (id) {
    case PropertyId::payload_format_indicator:
    case PropertyId::content_type:
    case PropertyId::response_topic:
    case PropertyId::correlation_data:
    case PropertyId::user_property:
      return true;
    default:
      return false;
  }
}

std::size_t property_bytes(const ForwardedPublish& publish) {
  std::size_t bytes = publish.properties.size();
  if (publish.expiry_s) bytes += 5;
  if (publish.topic_alias != 0) bytes += 3;
  for (const std::uint32_t id : publish.subscription_ids) {
    bytes += 1 + variable_byte_integer_bytes(id);
  }
  return bytes;
}

void write_id(PropertyId id, std::string& out) {
  write_byte(static_cast<std::uint8_t>(id), out);
}

void write_all(const ForwardedPublish& publish, std::size_t bytes, std::string& out) {
  write_variable_byte_integer(bytes, out);
  if (publish.expiry_s) {
    write_id(PropertyId::message_expiry_interval, out);
    write_four_bytes(*publish.expiry_s, out);
  }
  if (publish.topic_alias != 0) {
    write_id(PropertyId::topic_alias, out);
    write_two_bytes(publish.topic_alias, out);
  }
  for (const std::uint32_t id : publish.subscription_ids) {
    write_id(PropertyId::subscription_identifier, out);
    write_variable_byte_integer(id, out);
  }
  out.append(publish.properties);
}

}  // namespace

void write_forwarded_properties(const Properties& properties, std::string& out) {
  for (const Property& property : properties) {
    if (is_forwarded(property.id)) write_property(property, PacketType::publish, out);
  }
}

void encode(const ForwardedPublish& publish, Version version, std::string& out) {
  const bool has_id = publish.qos != QoS::at_most_once;
  assert(has_id == (publish.packet_id != 0));
  const bool v5 = version == Version::v5_0;
  const std::size_t properties = v5 ? property_bytes(publish) : 0;
  const unsigned flags = (publish.dup ? 8U : 0U) | static_cast<unsigned>(publish.qos) << 1 |
                         (publish.retain ? 1U : 0U);
  const std::size_t body = 2 + publish.topic.size() + (has_id ? 2 : 0) +
                           (v5 ? variable_byte_integer_bytes(properties) + properties : 0) +
                           publish.payload.size();
  out.reserve(out.size() + kFixedHeaderBytesMax + body);  // One allocation, not one a field.
  write_fixed_header(PacketType::publish, static_cast<std::uint8_t>(flags), body, out);
  write_string(publish.topic, out);
  if (has_id) write_two_bytes(publish.packet_id, out);
  if (v5) write_all(publish, properties, out);
  out.append(publish.payload);
}

}  // namespace claims::mqtt
