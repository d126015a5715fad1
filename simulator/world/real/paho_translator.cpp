#include "simulator/world/real/paho_translator.h"

#include <fmt/format.h>

#include "protocol/mqtt/encoder.h"

namespace claims::storm {
namespace {

using boost::system::in_place_error;
using mqtt::ReasonCode;
using mqtt::Version;

constexpr std::uint8_t kFailure = 0x80;  // Reason codes from here on are failures.

/// CONNACK return codes of MQTT 3.1.1, table 3.1; from 1.
constexpr ReasonCode kReturnCodes[] = {
    ReasonCode::unsupported_protocol_version, ReasonCode::client_identifier_not_valid,
    ReasonCode::server_unavailable, ReasonCode::bad_user_name_or_password,
    ReasonCode::not_authorized};

ReasonCode connack_reason(int code, Version version) {
  if (version == Version::v5_0) {
    return code >= kFailure && code <= 0xFF ? static_cast<ReasonCode>(code)
                                            : ReasonCode::unspecified_error;
  }
  return code <= static_cast<int>(std::size(kReturnCodes)) ? kReturnCodes[code - 1]
                                                           : ReasonCode::unspecified_error;
}

mqtt::Properties views_of(const PahoProperties& properties) {
  mqtt::Properties views;
  views.reserve(properties.size());
  for (const PahoProperty& one : properties) {
    views.push_back({.id = one.id, .number = one.number, .text = one.text, .value = one.value});
  }
  return views;
}

}  // namespace

Result<void, std::string> PahoTranslator::take(std::string_view bytes, PahoCalls& calls,
                                               std::string& answers) {
  decoder_.feed(bytes);
  while (const auto packet = decoder_.next()) {
    if (packet->has_error()) {
      return {in_place_error, fmt::format("no MQTT that Paho could say: {}", packet->error().what)};
    }
    if (auto asked = ask(**packet, calls, answers); !asked) return asked;
  }
  return {};
}

Result<void, std::string> PahoTranslator::ask(const mqtt::Packet& packet, PahoCalls& calls,
                                              std::string& answers) const {
  if (const auto* connect = std::get_if<mqtt::Connect>(&packet)) return calls.connect(*connect);
  if (const auto* publish = std::get_if<mqtt::Publish>(&packet)) return calls.publish(*publish);
  if (const auto* subscribe = std::get_if<mqtt::Subscribe>(&packet)) {
    return calls.subscribe(*subscribe);
  }
  if (const auto* unsubscribe = std::get_if<mqtt::Unsubscribe>(&packet)) {
    return calls.unsubscribe(*unsubscribe);
  }
  if (const auto* disconnect = std::get_if<mqtt::Disconnect>(&packet)) {
    return calls.disconnect(*disconnect);
  }
  if (std::holds_alternative<mqtt::Pingreq>(packet)) {
    mqtt::encode(mqtt::Packet(mqtt::Pingresp{}), decoder_.version(), answers);
    return {};
  }
  if (std::holds_alternative<mqtt::Puback>(packet)) return {};  // Paho has sent it.
  return {in_place_error, "a packet that no virtual user sends through Paho"};
}

PahoTranslator::Outcome PahoTranslator::take(const PahoReport& report, std::string& bytes) {
  const Version version = decoder_.version();
  if (const auto* message = std::get_if<PahoMessage>(&report)) {
    write(*message, bytes);
  } else if (const auto* published = std::get_if<PahoPublished>(&report)) {
    mqtt::Puback puback;
    puback.packet_id = published->packet_id;
    puback.reason = published->reason;
    mqtt::encode(puback, version, bytes);
  } else if (const auto* subscribed = std::get_if<PahoSubscribed>(&report)) {
    mqtt::encode(mqtt::Packet(mqtt::Suback{.packet_id = subscribed->packet_id,
                                           .reasons = subscribed->reasons}),
                 version, bytes);
  } else if (const auto* unsubscribed = std::get_if<PahoUnsubscribed>(&report)) {
    mqtt::Unsuback unsuback{.packet_id = unsubscribed->packet_id, .reasons = {}, .properties = {}};
    if (version == Version::v5_0) unsuback.reasons = {unsubscribed->reason};
    mqtt::encode(mqtt::Packet(std::move(unsuback)), version, bytes);
  } else if (const auto* connected = std::get_if<PahoConnected>(&report)) {
    mqtt::encode(mqtt::Packet(mqtt::Connack{.session_present = connected->session_present,
                                            .properties = views_of(connected->properties)}),
                 version, bytes);
  } else if (const auto* failure = std::get_if<PahoNotConnected>(&report)) {
    return write(*failure, bytes);
  } else if (const auto* disconnected = std::get_if<PahoDisconnected>(&report)) {
    mqtt::encode(mqtt::Packet(mqtt::Disconnect{.reason = disconnected->reason}), version, bytes);
  } else {
    return Outcome::lost;
  }
  return Outcome::open;
}

void PahoTranslator::write(const PahoMessage& message, std::string& bytes) {
  mqtt::Publish publish{.topic = message.topic,
                        .payload = message.payload,
                        .qos = message.qos,
                        .retain = message.retain,
                        .dup = message.dup,
                        .properties = views_of(message.properties)};
  if (message.qos != mqtt::QoS::at_most_once) {
    if (++last_packet_id_ == 0) ++last_packet_id_;
    publish.packet_id = last_packet_id_;
  }
  mqtt::encode(publish, decoder_.version(), bytes);
}

PahoTranslator::Outcome PahoTranslator::write(const PahoNotConnected& failure,
                                              std::string& bytes) const {
  if (failure.code <= 0) return Outcome::not_opened;
  const Version version = decoder_.version();
  mqtt::encode(mqtt::Packet(mqtt::Connack{.reason = connack_reason(failure.code, version)}),
               version, bytes);
  return Outcome::open;
}

}  // namespace claims::storm
