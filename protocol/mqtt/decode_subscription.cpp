// SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK.

#include "protocol/limits.h"
#include "protocol/mqtt/decode.h"
#include "protocol/mqtt/properties.h"
#include "protocol/mqtt/topic.h"

namespace claims::mqtt {
namespace {

void check_bound(Reader& reader, std::size_t count) {
  if (count >= limits::kTopicFiltersPerPacketMax) {
    reader.fail(ReasonCode::quota_exceeded, "more topic filters than the bound of 64");
  }
}

void read_options(Reader& reader, Version version, TopicFilter& filter) {
  const std::uint8_t options = reader.byte();
  const std::uint8_t reserved = version == Version::v5_0 ? 0xC0 : 0xFC;
  if ((options & reserved) != 0) {
    reader.fail(ReasonCode::malformed_packet,
                "reserved bits of the subscription options are set [MQTT-3-8.3-4]");
  }
  if ((options & 3) == 3) {
    reader.fail(ReasonCode::protocol_error, "a subscription with QoS 3 [MQTT-3-8.3-4]");
  }
  filter.qos = static_cast<QoS>(options & 3);
  if (version == Version::v3_1_1) return;
  filter.no_local = (options & 4) != 0;
  filter.retain_as_published = (options & 8) != 0;
  filter.retain_handling = options >> 4 & 3;
  if (filter.retain_handling == 3) {
    reader.fail(ReasonCode::protocol_error, "retain handling 3 [MQTT5 section 3.8.3.1]");
  }
  if (filter.no_local && is_shared(filter.filter)) {
    reader.fail(ReasonCode::protocol_error, "no local on a shared subscription [MQTT5-3.8.3-4]");
  }
}

std::vector<ReasonCode> read_reasons(Reader& reader, PacketType type) {
  std::vector<ReasonCode> reasons;
  do {
    reasons.push_back(read_reason(reader, type, Decoder::Side::client));
    if (!reader.empty()) check_bound(reader, reasons.size());
  } while (!reader.empty());
  return reasons;
}

}  // namespace

Subscribe decode_subscribe(Reader& reader, Version version) {
  Subscribe subscribe{.packet_id = read_packet_id(reader)};
  if (version == Version::v5_0) {
    subscribe.properties = read_properties(reader, PacketType::subscribe);
  }
  if (reader.empty()) {
    reader.fail(ReasonCode::protocol_error, "SUBSCRIBE without a topic filter [MQTT-3.8.3-3]");
  }
  while (!reader.empty()) {
    check_bound(reader, subscribe.filters.size());
    TopicFilter filter{.filter = read_topic_filter(reader, version)};
    read_options(reader, version, filter);
    subscribe.filters.push_back(filter);
  }
  return subscribe;
}

Suback decode_suback(Reader& reader, Version version) {
  Suback suback{.packet_id = read_packet_id(reader)};
  if (version == Version::v5_0) suback.properties = read_properties(reader, PacketType::suback);
  suback.reasons = read_reasons(reader, PacketType::suback);
  if (version == Version::v5_0) return suback;
  for (const ReasonCode reason : suback.reasons) {
    if (reason > ReasonCode::granted_qos_2 && reason != ReasonCode::unspecified_error) {
      reader.fail(ReasonCode::protocol_error, "a reserved return code in SUBACK [MQTT-3.9.3-2]");
    }
  }
  return suback;
}

Unsubscribe decode_unsubscribe(Reader& reader, Version version) {
  Unsubscribe unsubscribe{.packet_id = read_packet_id(reader)};
  if (version == Version::v5_0) {
    unsubscribe.properties = read_properties(reader, PacketType::unsubscribe);
  }
  if (reader.empty()) {
    reader.fail(ReasonCode::protocol_error, "UNSUBSCRIBE without a topic filter [MQTT-3.10.3-2]");
  }
  while (!reader.empty()) {
    check_bound(reader, unsubscribe.filters.size());
    unsubscribe.filters.push_back(read_topic_filter(reader, version));
  }
  return unsubscribe;
}

Unsuback decode_unsuback(Reader& reader, Version version) {
  Unsuback unsuback{.packet_id = read_packet_id(reader)};
  if (version == Version::v3_1_1) return unsuback;
  unsuback.properties = read_properties(reader, PacketType::unsuback);
  unsuback.reasons = read_reasons(reader, PacketType::unsuback);
  return unsuback;
}

}  // namespace claims::mqtt
