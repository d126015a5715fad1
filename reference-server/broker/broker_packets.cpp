// What clients send after their CONNECT, but for publishing: subscriptions, PINGREQ, DISCONNECT.

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

/// Without wildcards and not shared (5.0 sections 4.7 and 4.8.2).
bool is_plain(std::string_view filter) {
  return filter.find_first_of("+#") == std::string_view::npos && !filter.starts_with("$share/");
}

/// [MQTT-3.3.1-9 to -11]; a share gets none (5.0 section 4.8.2).
bool wants_retained(const mqtt::TopicFilter& filter, bool fresh, ReasonCode reason) {
  if (reason >= ReasonCode::unspecified_error || parse_shared(filter.filter)) return false;
  return filter.retain_handling == 0 || (filter.retain_handling == 1 && fresh);
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

ReasonCode Broker::Impl::subscribe_handled(Session& session, const mqtt::TopicFilter& filter,
                                           std::uint32_t identifier) {
  const bool allowed = !session.open_only && is_plain(filter.filter) &&
                       handler.may_subscribe(session.id, filter.filter);
  if (!allowed) return ReasonCode::not_authorized;
  const QoS granted = std::min(filter.qos, QoS::at_least_once);  // [MQTT-3.8.4-8 in 5.0]
  if (!session.subscribe(filter.filter, granted, identifier, config.subscriptions_max)) {
    return ReasonCode::quota_exceeded;
  }
  return static_cast<ReasonCode>(granted);
}

/// Whose the topics of a filter are, shared or not.
TopicKind Broker::Impl::kind_of(const Connection& connection, std::string_view filter) const {
  // 3.1.1 knows no shared subscriptions: to it this begins with '$' like any other.
  const auto shared = connection.version == Version::v5_0 ? parse_shared(filter) : std::nullopt;
  if (!shared) return open.kind_of_filter(filter);
  const TopicKind kind = open.kind_of_filter(shared->filter);
  // The handler has no shares.
  return open.on() && kind == TopicKind::handled ? TopicKind::system : kind;
}

void Broker::Impl::on(Connection& connection, const mqtt::Subscribe& packet) {
  if (!may_hold_answer(connection, packet.packet_id)) return;
  const auto identifier = static_cast<std::uint32_t>(
      mqtt::number_or(packet.properties, PropertyId::subscription_identifier, 0));
  if (identifier != 0 && !open.on()) {  // 5.0 section 3.2.2.3.12
    return end(connection, ReasonCode::subscription_identifiers_not_supported,
               Detached::protocol_error);
  }
  Session& session = *connection.session;
  HeldAnswer answer{.packet_id = packet.packet_id};
  bool handled = false;
  std::vector<const mqtt::TopicFilter*> retained_wanted;
  for (const mqtt::TopicFilter& filter : packet.filters) {
    switch (kind_of(connection, filter.filter)) {
      case TopicKind::handled:
        answer.reasons.push_back(subscribe_handled(session, filter, identifier));
        handled = handled || answer.reasons.back() < ReasonCode::unspecified_error;
        break;
      case TopicKind::open: {
        const OpenSubscription made = subscribe_open(session, filter, identifier);
        answer.reasons.push_back(made.reason);
        if (wants_retained(filter, made.fresh, made.reason)) retained_wanted.push_back(&filter);
        break;
      }
      case TopicKind::system:
        answer.reasons.push_back(ReasonCode::not_authorized);
        break;
      case TopicKind::forbidden:  // The configuration is not told to clients.
        answer.reasons.push_back(ReasonCode::unspecified_error);
        break;
    }
  }
  if (!handled) {
    send_answer(connection, std::move(answer));
  } else {
    session.held_answers.add(std::move(answer));
    handler.subscriptions_changed(session.id, session.state, packet.packet_id);
  }
  for (const mqtt::TopicFilter* filter : retained_wanted) {
    send_retained(session, *filter, identifier);
  }
}

void Broker::Impl::on(Connection& connection, const mqtt::Unsubscribe& packet) {
  if (!may_hold_answer(connection, packet.packet_id)) return;
  Session& session = *connection.session;
  HeldAnswer answer{.packet_id = packet.packet_id, .unsubscribe = true};
  bool changed = false;
  for (const std::string_view filter : packet.filters) {
    const bool handled = kind_of(connection, filter) == TopicKind::handled;
    const bool existed = handled ? session.unsubscribe(filter) : unsubscribe_open(session, filter);
    changed = changed || (handled && existed);
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
  // [MQTT-3.14.4-3]; any other reason leaves the will to be published.
  if (packet.reason == ReasonCode::success) open.wills.take(connection.session->id);
  // What waits behind a CONNACK that never comes must not come either [MQTT-3.2.0-1].
  if (connection.state == Connection::State::held) connection.output.clear();
  close(connection);
  detach(connection, Detached::disconnect);
}

}  // namespace claims::server
