// What clients send after their CONNECT.

#include <algorithm>
#include <utility>

#include "protocol/mqtt/reason_codes.h"
#include "reference-server/broker/broker_impl.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;
using mqtt::ReasonCode;
using mqtt::Version;

bool has(const mqtt::Properties& properties, PropertyId id) {
  return mqtt::find(properties, id) != nullptr;
}

/// Without wildcards and not shared (5.0 sections 4.7 and 4.8.2).
bool is_plain(std::string_view filter) {
  return filter.find_first_of("+#") == std::string_view::npos && !filter.starts_with("$share/");
}

}  // namespace

void Broker::Impl::broken(Connection& connection, const mqtt::DecodeError& error) {
  if (connection.state != Connection::State::awaiting_connect) {  // [MQTT-4.8.0-1], 5.0 4.13.1-1
    return end(connection, error.reason, Detached::protocol_error);
  }
  ++counts.protocol_errors_total;
  // The decoder knows 5.0 only from a CONNECT; a foreign protocol level has its own reason. To
  // anything else a server is silent (5.0 section 4.13.1).
  connection.version = connection.decoder.version();
  const bool v5 = connection.version == Version::v5_0;
  const bool tells =
      v5 ? mqtt::reason_allowed(mqtt::PacketType::connack, mqtt::Decoder::Side::client,
                                error.reason)
         : error.reason == ReasonCode::unsupported_protocol_version;  // [MQTT-3.1.2-2]
  if (tells) return refuse(connection, error.reason);
  close(connection);
}

void Broker::Impl::on(Connection& connection, const mqtt::Publish& packet) {
  if (connection.session == nullptr) {  // [MQTT-3.1.0-1]
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  ++counts.publishes_received_total;
  if (packet.qos == QoS::exactly_once) {  // [MQTT-3.2.2-11]
    return end(connection, ReasonCode::qos_not_supported, Detached::protocol_error);
  }
  if (packet.retain && connection.version == Version::v5_0) {  // [MQTT-3.2.2-14]
    return end(connection, ReasonCode::retain_not_supported, Detached::protocol_error);
  }
  if (has(packet.properties, PropertyId::topic_alias)) {  // [MQTT-3.3.2-9]
    return end(connection, ReasonCode::topic_alias_invalid, Detached::protocol_error);
  }
  if (packet.qos == QoS::at_least_once) return publish_at_least_once(connection, packet);
  const SessionId session = connection.session->id;
  if (handler.may_publish(session, packet.topic)) return handler.published(session, packet);
  end(connection, ReasonCode::not_authorized, Detached::protocol_error);
}

void Broker::Impl::publish_at_least_once(Connection& connection, const mqtt::Publish& packet) {
  Session& session = *connection.session;
  const bool v5 = connection.version == Version::v5_0;
  if (session.unanswered.holds(packet.packet_id)) {
    // 3.1.1 lets a client repeat within a connection: the one answer is on its way. 5.0 does not
    // [MQTT-4.4.0-1], and any other packet must have another identifier [MQTT-2.2.1-3].
    if (!v5 && packet.dup) return;
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  if (session.unanswered.size() >= config.receive_maximum) {  // [MQTT-3.3.4-9]
    return end(connection, ReasonCode::receive_maximum_exceeded, Detached::protocol_error);
  }
  if (handler.may_publish(session.id, packet.topic)) {
    session.unanswered.add(packet.packet_id);
    return handler.published(session.id, packet);
  }
  // [MQTT-3.3.5-2]: 3.1.1 has no way to say no.
  if (!v5) return end(connection, ReasonCode::not_authorized, Detached::protocol_error);
  session.unanswered.add_answered(packet.packet_id, ReasonCode::not_authorized);
  send_pubacks(session);
}

void Broker::Impl::on(Connection& connection, const mqtt::Puback& packet) {
  if (connection.session == nullptr) {
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  // A reason of 0x80 or more ends the delivery all the same [MQTT-4.4.0-2]; an unknown identifier
  // may stem from a delivery that is forgotten.
  const auto tag = connection.session->inflight.acknowledge(packet.packet_id);
  if (tag) handler.delivered(connection.session->id, *tag);
}

/// False, and the connection ended, when a SUBSCRIBE or UNSUBSCRIBE with that identifier may not be
/// taken in now.
bool Broker::Impl::may_hold_answer(Connection& connection, std::uint16_t packet_id) {
  if (connection.session == nullptr || connection.session->held_answers.holds(packet_id)) {
    end(connection, ReasonCode::protocol_error, Detached::protocol_error);  // [MQTT-2.2.1-3]
    return false;
  }
  if (connection.session->held_answers.size() >= config.receive_maximum) {
    end(connection, ReasonCode::quota_exceeded, Detached::protocol_error);
    return false;
  }
  return true;
}

ReasonCode Broker::Impl::subscribe(Session& session, const mqtt::TopicFilter& filter) {
  if (!is_plain(filter.filter) || !handler.may_subscribe(session.id, filter.filter)) {
    return ReasonCode::not_authorized;
  }
  const QoS granted = std::min(filter.qos, QoS::at_least_once);  // [MQTT-3.8.4-8 in 5.0]
  if (!session.subscribe(filter.filter, granted, config.subscriptions_max)) {
    return ReasonCode::quota_exceeded;
  }
  return static_cast<ReasonCode>(granted);
}

void Broker::Impl::on(Connection& connection, const mqtt::Subscribe& packet) {
  if (!may_hold_answer(connection, packet.packet_id)) return;
  if (has(packet.properties, PropertyId::subscription_identifier)) {  // 5.0 section 3.2.2.3.12
    return end(connection, ReasonCode::subscription_identifiers_not_supported,
               Detached::protocol_error);
  }
  Session& session = *connection.session;
  HeldAnswer answer{.packet_id = packet.packet_id};
  for (const mqtt::TopicFilter& filter : packet.filters) {
    answer.reasons.push_back(subscribe(session, filter));
  }
  if (std::ranges::all_of(answer.reasons, [](ReasonCode reason) {
        return reason >= ReasonCode::unspecified_error;
      })) {
    return send_answer(connection, std::move(answer));
  }
  session.held_answers.add(std::move(answer));
  handler.subscriptions_changed(session.id, session.state, packet.packet_id);
}

void Broker::Impl::on(Connection& connection, const mqtt::Unsubscribe& packet) {
  if (!may_hold_answer(connection, packet.packet_id)) return;
  Session& session = *connection.session;
  HeldAnswer answer{.packet_id = packet.packet_id, .unsubscribe = true};
  bool changed = false;
  for (const std::string_view filter : packet.filters) {
    const bool existed = session.unsubscribe(filter);
    changed = changed || existed;
    answer.reasons.push_back(existed ? ReasonCode::success : ReasonCode::no_subscription_existed);
  }
  // That nothing changed may be the work of an answer that is held back still.
  if (!changed && session.held_answers.size() == 0) {
    return send_answer(connection, std::move(answer));
  }
  session.held_answers.add(std::move(answer));
  handler.subscriptions_changed(session.id, session.state, packet.packet_id);
}

void Broker::Impl::on(Connection& connection, const mqtt::Pingreq& /*packet*/) {
  if (connection.session == nullptr) {
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  send(connection, mqtt::Packet{mqtt::Pingresp{}});  // [MQTT-3.12.4-1]
}

void Broker::Impl::on(Connection& connection, const mqtt::Disconnect& packet) {
  if (connection.session == nullptr) {
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  SessionState& state = connection.session->state;
  if (const auto* expiry = mqtt::find(packet.properties, PropertyId::session_expiry_interval)) {
    // 5.0 section 3.14.2.2.2: what was to end with its connection cannot be kept now.
    if (state.expiry_s == 0 && expiry->number != 0) {
      return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
    }
    state.expiry_s = std::min(expiry->number, config.session_expiry_max_s);
    state.clean = state.expiry_s == 0;
  }
  // What waits behind a CONNACK that never comes must not come either [MQTT-3.2.0-1].
  if (connection.state == Connection::State::held) connection.output.clear();
  close(connection);
  detach(connection, Detached::disconnect);
}

}  // namespace claims::server
