// PUBLISH and its acknowledgements.

#include "protocol/mqtt/decode.h"
#include "protocol/mqtt/properties.h"
#include "protocol/mqtt/reason_codes.h"
#include "protocol/mqtt/topic.h"

namespace claims::mqtt {

std::uint16_t read_packet_id(Reader& reader) {
  const std::uint16_t id = reader.two_bytes();
  if (id == 0) reader.fail(ReasonCode::protocol_error, "packet identifier 0 [MQTT-2.3.1-1]");
  return id;
}

ReasonCode read_reason(Reader& reader, PacketType type, Decoder::Side receiver) {
  const auto reason = static_cast<ReasonCode>(reader.byte());
  if (!reader.failed() && !reason_allowed(type, receiver, reason)) {
    reader.fail(ReasonCode::protocol_error,
                "a reason code that this packet may not carry [MQTT5 section 2.4]");
  }
  return reason;
}

Publish decode_publish(Reader& reader, Version version, Decoder::Side receiver,
                       std::uint8_t flags) {
  Publish publish{
      .qos = static_cast<QoS>(flags >> 1 & 3), .retain = (flags & 1) != 0, .dup = (flags & 8) != 0};
  publish.topic = read_topic_name(reader, version == Version::v5_0);
  if (publish.qos != QoS::at_most_once) publish.packet_id = read_packet_id(reader);
  if (version == Version::v5_0) {
    publish.properties = read_properties(reader, PacketType::publish);
    if (publish.topic.empty() && find(publish.properties, PropertyId::topic_alias) == nullptr) {
      reader.fail(ReasonCode::protocol_error,
                  "neither a topic name nor a topic alias [MQTT5 section 3.3.2.1]");
    }
    if (receiver == Decoder::Side::server &&
        find(publish.properties, PropertyId::subscription_identifier) != nullptr) {
      reader.fail(ReasonCode::protocol_error,
                  "a client's PUBLISH with a subscription identifier [MQTT5-3.3.4-6]");
    }
  }
  publish.payload = reader.rest();
  return publish;
}

Acknowledgement decode_acknowledgement(Reader& reader, Version version, PacketType type) {
  Acknowledgement acknowledgement{.packet_id = read_packet_id(reader)};
  // 5.0 section 3.4.2.1: reason and properties may be left out, from the end.
  if (version == Version::v3_1_1 || reader.empty()) return acknowledgement;
  acknowledgement.reason = read_reason(reader, type, Decoder::Side::server);
  if (!reader.empty()) acknowledgement.properties = read_properties(reader, type);
  return acknowledgement;
}

}  // namespace claims::mqtt
