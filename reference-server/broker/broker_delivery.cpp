// What clients get: deliveries, and the answers that were held back.

#include <algorithm>
#include <utility>

#include "reference-server/broker/broker_impl.h"

namespace claims::server {

using mqtt::QoS;

template <class Packet>
void Broker::Impl::send(Connection& connection, const Packet& packet) {
  // Of these only a SUBACK may be too large, and a client cannot do without.
  if (!connection.append(packet)) return doom(connection, Detached::protocol_error);
  mark(connection);
  check_hard_bound(connection);
}
template void Broker::Impl::send(Connection& connection, const mqtt::Packet& packet);

void Broker::Impl::count_output(Connection& connection) {
  const std::size_t queued =
      connection.session == nullptr ? 0 : connection.session->replies.bytes();
  output_total -= connection.counted;
  connection.counted = connection.outstanding() + queued;
  output_total += connection.counted;
}

/// Who grows holds at most an equal share while memory is short, so the total stays below twice its
/// bound.
void Broker::Impl::check_hard_bound(Connection& connection) {
  count_output(connection);
  const std::size_t bound = short_of_memory()
                                ? std::min(config.output_bytes_hard_max,
                                           config.output_bytes_total_max / connections.size())
                                : config.output_bytes_hard_max;
  if (connection.counted > bound) doom(connection, Detached::refused_output);
}

bool Broker::Impl::takes_events(const Connection& connection) const {
  return short_of_memory() ? connection.outstanding() == 0
                           : connection.outstanding() < config.output_bytes_max;
}

// Deliveries.

Broker::Delivery Broker::deliver(SessionId id, std::string_view topic, std::string_view payload,
                                 std::string_view payload_end, mqtt::QoS qos, std::uint64_t tag,
                                 bool bounded) {
  Session* session = impl_->sessions.find(id);
  if (session == nullptr || session->connection == nullptr) return Delivery::offline;
  return impl_->deliver(*session, topic, payload, payload_end, qos, tag, bounded);
}

Broker::Delivery Broker::Impl::deliver(Session& session, std::string_view topic,
                                       std::string_view payload, std::string_view payload_end,
                                       QoS qos, std::uint64_t tag, bool bounded) {
  Connection& connection = *session.connection;
  // Closing, and the handler not told yet: what is bounded waits for detached().
  if (connection.state == Connection::State::closing) {
    return bounded ? Delivery::full : Delivery::offline;
  }
  const Subscription* subscription = session.subscription_to(topic);
  if (subscription == nullptr) return Delivery::no_subscription;
  qos = std::min(qos, subscription->qos);
  const bool waits = qos == QoS::at_least_once &&
                     (!session.replies.empty() || session.in_flight() >= connection.window);
  if (bounded && (waits || !takes_events(connection))) {
    session.wants_room = true;
    return Delivery::full;
  }
  const auto result = qos == QoS::at_least_once ? Delivery::in_flight : Delivery::sent;
  if (waits) {
    QueuedReply reply{std::string(topic), {}, tag};
    reply.payload.reserve(payload.size() + payload_end.size());
    reply.payload.append(payload).append(payload_end);
    session.replies.add(std::move(reply));
    check_hard_bound(connection);
    return result;
  }
  if (!payload_end.empty()) {
    joined_payload.assign(payload).append(payload_end);
    payload = joined_payload;
  }
  send_publish(session, qos, topic, payload, tag, subscription->identifier);
  return result;
}

void Broker::Impl::send_publish(Session& session, QoS qos, std::string_view topic,
                                std::string_view payload, std::uint64_t tag,
                                std::uint32_t identifier) {
  Connection& connection = *session.connection;
  mqtt::Publish publish{.topic = topic, .payload = payload, .qos = qos};
  if (identifier != 0) {  // [MQTT-3.3.4-3]
    publish.properties.push_back(
        {.id = mqtt::PropertyId::subscription_identifier, .number = identifier});
  }
  if (qos == QoS::at_least_once) {
    const bool kept = tag != 0;
    if (const auto old_id = kept ? session.inflight.send_again(tag) : std::nullopt) {
      publish.packet_id = *old_id;
      publish.dup = true;  // [MQTT-3.3.1-1]
    } else {
      publish.packet_id = session.inflight.add(tag, kept);
    }
  }
  if (connection.append(publish)) {
    ++counts.deliveries_total;
    mark(connection);
    return check_hard_bound(connection);
  }
  // As if it had been sent and acknowledged [MQTT-3.1.2-25].
  if (qos == QoS::at_most_once) return;
  session.inflight.acknowledge(publish.packet_id);
  discarded.emplace_back(session.id, tag);
}

/// Replies that waited, as far as the window has room now.
void Broker::Impl::send_replies(Session& session) {
  while (!session.replies.empty() && session.connection != nullptr &&
         session.connection->state != Connection::State::closing &&
         session.in_flight() < session.connection->window) {
    const QueuedReply reply = session.replies.take();
    const Subscription* subscription = session.subscription_to(reply.topic);
    send_publish(session, QoS::at_least_once, reply.topic, reply.payload, reply.tag,
                 subscription == nullptr ? 0 : subscription->identifier);
  }
}

void Broker::Impl::check_room(Session& session) {
  if (!session.wants_room || session.connection == nullptr) return;
  const Connection& connection = *session.connection;
  // Half of each, so that a handler which reads on from a disk does not do so for every packet.
  const bool room = connection.state != Connection::State::closing && session.replies.empty() &&
                    session.in_flight() <= connection.window / 2U &&
                    connection.outstanding() <= config.output_bytes_max / 2 &&
                    takes_events(connection);
  if (!room) return;
  session.wants_room = false;
  handler.room_for_output(session.id);
}

// Answers.

void Broker::acknowledge(SessionId id, std::uint16_t packet_id, mqtt::ReasonCode reason) {
  Session* session = impl_->sessions.find(id);
  if (session == nullptr || !connected(id)) return;
  session->unanswered.answer(packet_id, reason);
  impl_->send_publish_answers(*session);
}

void Broker::Impl::send_publish_answers(Session& session) {
  Connection& connection = *session.connection;
  UnansweredPublishes::Publish publish;
  while (connection.state != Connection::State::closing && session.unanswered.take(publish)) {
    // Four bytes: whoever took the CONNACK takes them.
    if (publish.qos == QoS::at_least_once) {
      mqtt::Puback puback;
      puback.packet_id = publish.packet_id;
      puback.reason = publish.reason;
      connection.append(puback);
    } else {
      mqtt::Pubrec pubrec;
      pubrec.packet_id = publish.packet_id;
      pubrec.reason = publish.reason;
      connection.append(mqtt::Packet{pubrec});
      const bool taken = publish.reason < mqtt::ReasonCode::unspecified_error;
      if (taken && !publish.recorded) open_of(session).received.add(publish.packet_id);
    }
    mark(connection);
    check_hard_bound(connection);
  }
}

void Broker::complete(SessionId id, std::uint16_t packet_id) {
  Session* session = impl_->sessions.find(id);
  if (session == nullptr || !connected(id)) return;
  if (auto answer = session->held_answers.take(packet_id)) {
    impl_->send_answer(*session->connection, std::move(*answer));
  }
}

void Broker::Impl::send_answer(Connection& connection, HeldAnswer answer) {
  if (!answer.unsubscribe) {
    return send(connection,
                mqtt::Packet{mqtt::Suback{answer.packet_id, std::move(answer.reasons), {}}});
  }
  if (connection.version == mqtt::Version::v3_1_1) answer.reasons.clear();
  send(connection, mqtt::Packet{mqtt::Unsuback{answer.packet_id, std::move(answer.reasons), {}}});
}

}  // namespace claims::server
