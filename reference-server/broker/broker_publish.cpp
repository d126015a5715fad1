// PUBLISH from clients, and the flows of QoS 1 and 2 in both directions (MQTT 5.0 section 4.3).

#include <utility>

#include "protocol/mqtt/utf8.h"
#include "reference-server/broker/broker_impl.h"

namespace claims::server {

using mqtt::PropertyId;
using mqtt::QoS;
using mqtt::ReasonCode;
using mqtt::Version;

void Broker::Impl::on(Connection& connection, const mqtt::Publish& packet) {
  if (connection.session == nullptr) {  // [MQTT-3.1.0-1]
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  ++counts.publishes_received_total;
  if (packet.qos == QoS::exactly_once && !open.on()) {  // [MQTT-3.2.2-11]
    return end(connection, ReasonCode::qos_not_supported, Detached::protocol_error);
  }
  if (packet.retain && connection.version == Version::v5_0 && !open.on()) {  // [MQTT-3.2.2-14]
    return end(connection, ReasonCode::retain_not_supported, Detached::protocol_error);
  }
  const mqtt::Property* alias = mqtt::find(packet.properties, PropertyId::topic_alias);
  if (alias == nullptr) return publish(connection, packet);
  if (!connection.received_aliases) {
    connection.received_aliases = std::make_unique<ReceivedAliases>(config.topic_alias_maximum);
  }
  const auto topic =
      connection.received_aliases->resolve(static_cast<std::uint16_t>(alias->number), packet.topic);
  if (!topic) {
    // Beyond the maximum [MQTT-3.3.2-9], or it stands for nothing (5.0 section 3.3.4).
    const bool beyond = alias->number > config.topic_alias_maximum;
    return end(connection, beyond ? ReasonCode::topic_alias_invalid : ReasonCode::protocol_error,
               Detached::protocol_error);
  }
  mqtt::Publish named = packet;
  named.topic = *topic;
  publish(connection, named);
}

void Broker::Impl::publish(Connection& connection, const mqtt::Publish& packet) {
  switch (open.kind_of_name(packet.topic)) {
    case TopicKind::handled:
      return publish_to_handler(connection, packet);
    case TopicKind::open:
      return publish_open(connection, packet);
    case TopicKind::system:
      // Not for clients to exchange messages with (5.0 section 4.7.2). Where the answer cannot say
      // so, it is taken and goes nowhere [MQTT-3.3.5-2].
      if (packet.qos == QoS::at_most_once) return;
      if (connection.version == Version::v5_0) break;
      if (takes_in(connection, packet)) {
        answer_at_once(*connection.session, packet, ReasonCode::success);
      }
      return;
    case TopicKind::forbidden:
      break;
  }
  refuse_publish(connection, packet, ReasonCode::not_authorized);
}

void Broker::Impl::publish_to_handler(Connection& connection, const mqtt::Publish& packet) {
  Session& session = *connection.session;
  if (packet.qos != QoS::at_most_once && !takes_in(connection, packet)) return;
  if (session.open_only || !handler.may_publish(session.id, packet.topic)) {
    return refuse_publish(connection, packet, ReasonCode::not_authorized);
  }
  if (packet.qos != QoS::at_most_once) session.unanswered.add(packet.packet_id, packet.qos);
  handler.published(session.id, packet);
}

void Broker::Impl::publish_open(Connection& connection, const mqtt::Publish& packet) {
  Session& session = *connection.session;
  if (packet.qos != QoS::at_most_once && !takes_in(connection, packet)) return;
  const ReasonCode reason = take_open(session, packet);
  if (packet.qos != QoS::at_most_once) return answer_at_once(session, packet, reason);
  if (reason < ReasonCode::unspecified_error) return;
  end(connection, reason, Detached::protocol_error);
}

/// [MQTT-3.3.5-2]: 3.1.1, and 5.0 at QoS 0, have no other way to say no.
void Broker::Impl::refuse_publish(Connection& connection, const mqtt::Publish& packet,
                                  ReasonCode reason) {
  if (packet.qos == QoS::at_most_once || connection.version == Version::v3_1_1) {
    return end(connection, reason, Detached::protocol_error);
  }
  const bool handled = open.kind_of_name(packet.topic) == TopicKind::handled;
  if (handled || takes_in(connection, packet)) {
    answer_at_once(*connection.session, packet, reason);
  }
}

bool Broker::Impl::takes_in(Connection& connection, const mqtt::Publish& packet) {
  Session& session = *connection.session;
  const bool v5 = connection.version == Version::v5_0;
  const ReceivedPublishes* received = session.open ? &session.open->received : nullptr;
  const bool taken = received != nullptr && received->holds(packet.packet_id);
  if (taken && packet.qos == QoS::exactly_once) {  // [MQTT-4.3.3-10]
    session.unanswered.add_answered(packet.packet_id, packet.qos, ReasonCode::success, true);
    send_publish_answers(session);
    return false;
  }
  if (taken || session.unanswered.holds(packet.packet_id)) {
    // 3.1.1 lets a client repeat within a connection: the one answer is on its way. 5.0 does not
    // [MQTT-4.4.0-1], and any other packet must have another identifier [MQTT-2.2.1-3].
    if (!taken && !v5 && packet.dup) return false;
    end(connection, ReasonCode::protocol_error, Detached::protocol_error);
    return false;
  }
  // [MQTT-3.3.4-7]. 3.1.1 knows no receive maximum; there it bounds only what waits for us.
  std::size_t unanswered = session.unanswered.size();
  if (v5 && received != nullptr) unanswered += received->of_connection();
  if (unanswered < config.receive_maximum) return true;
  end(connection, ReasonCode::receive_maximum_exceeded, Detached::protocol_error);
  return false;
}

/// The answer is known; it leaves behind those of earlier publishes.
void Broker::Impl::answer_at_once(Session& session, const mqtt::Publish& packet,
                                  ReasonCode reason) {
  const bool taken = packet.qos == QoS::exactly_once && reason < ReasonCode::unspecified_error;
  // Before the answer: if the connection ends now, what comes again is known.
  if (taken) open_of(session).received.add(packet.packet_id);
  session.unanswered.add_answered(packet.packet_id, packet.qos, reason, taken);
  send_publish_answers(session);
}

// Answers of clients.

void Broker::Impl::on(Connection& connection, const mqtt::Puback& packet) {
  if (connection.session == nullptr) {
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  // A reason of 0x80 or more ends the delivery all the same [MQTT-4.4.0-2]; an unknown identifier
  // may stem from a delivery that is forgotten.
  Session& session = *connection.session;
  if (open.on() && OutgoingMessages::owns(packet.packet_id)) {
    auto* one = session.open ? session.open->outgoing.find(packet.packet_id) : nullptr;
    if (one == nullptr) return;
    if (one->what.qos != QoS::at_least_once) {
      return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
    }
    return finish_open(session, *one);
  }
  const auto tag = session.inflight.acknowledge(packet.packet_id);
  if (tag) handler.delivered(session.id, *tag);
}

void Broker::Impl::on(Connection& connection, const mqtt::Pubrec& packet) {
  if (connection.session == nullptr || !open.on()) {
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  Session& session = *connection.session;
  auto* one = session.open ? session.open->outgoing.find(packet.packet_id) : nullptr;
  if (one != nullptr && one->what.qos != QoS::exactly_once) {
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  if (packet.reason >= ReasonCode::unspecified_error) {  // [MQTT-4.3.3-4]: it ends here.
    if (one != nullptr) finish_open(session, *one);
    return;
  }
  mqtt::Pubrel pubrel;
  pubrel.packet_id = packet.packet_id;
  if (one == nullptr) {
    pubrel.reason = ReasonCode::packet_identifier_not_found;
  } else {
    const std::size_t held = session.open->outgoing.bytes();
    session.open->outgoing.release(*one);
    open.queued_bytes += session.open->outgoing.bytes() - held;
  }
  send(connection, mqtt::Packet{pubrel});
}

void Broker::Impl::on(Connection& connection, const mqtt::Pubrel& packet) {
  if (connection.session == nullptr || !open.on()) {
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  const auto& session = *connection.session;
  const bool known = session.open && session.open->received.release(packet.packet_id);
  mqtt::Pubcomp pubcomp;
  pubcomp.packet_id = packet.packet_id;
  if (!known) pubcomp.reason = ReasonCode::packet_identifier_not_found;
  send(connection, mqtt::Packet{pubcomp});  // [MQTT-4.3.3-11]
}

void Broker::Impl::on(Connection& connection, const mqtt::Pubcomp& packet) {
  if (connection.session == nullptr || !open.on()) {
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  Session& session = *connection.session;
  auto* one = session.open ? session.open->outgoing.find(packet.packet_id) : nullptr;
  if (one == nullptr) return;
  if (one->stage != OutgoingMessages::Stage::released) {
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  finish_open(session, *one);
}

}  // namespace claims::server
