// CONNECT: who may, which session, and the CONNACK.

#include <algorithm>
#include <cassert>
#include <limits>
#include <memory>
#include <utility>

#include "protocol/limits.h"
#include "reference-server/broker/broker_impl.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::ReasonCode;
using mqtt::Version;

constexpr std::uint32_t kNeverExpires = std::numeric_limits<std::uint32_t>::max();

bool is_client_id(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return text.size() <= claims::limits::kClientIdBytesMax && std::ranges::all_of(text, allowed);
}

/// A property that, when there, must not be 0 (5.0 sections 3.1.2.11.3 and 3.1.2.11.4).
bool is_zero(const mqtt::Connect& packet, PropertyId id) {
  const mqtt::Property* property = mqtt::find(packet.properties, id);
  return property != nullptr && property->number == 0;
}

/// 3.1.1 counts a session that is not clean as kept for ever (section 3.1.2.4).
std::uint32_t expiry_of(const mqtt::Connect& packet, std::uint32_t max_s) {
  if (packet.version == Version::v3_1_1) return packet.clean_start ? 0 : kNeverExpires;
  return std::min(max_s,
                  mqtt::number_or(packet.properties, PropertyId::session_expiry_interval, 0));
}

/// The server's where the client's is longer or none [MQTT-3.1.2-21]. 3.1.1 cannot be told, so it
/// keeps its own.
std::uint16_t keep_alive_of(const mqtt::Connect& packet, std::uint16_t longest_s) {
  const bool longer = packet.keep_alive_s == 0 || packet.keep_alive_s > longest_s;
  const bool ours = longest_s != 0 && longer && packet.version == Version::v5_0;
  return ours ? longest_s : packet.keep_alive_s;
}

/// What 3.1.1 can say (table 3.1): everything that has no code is "not authorized" or
/// "unavailable".
ReasonCode return_code_reason(ReasonCode reason) {
  switch (reason) {
    case ReasonCode::unsupported_protocol_version:
    case ReasonCode::client_identifier_not_valid:
    case ReasonCode::bad_user_name_or_password:
    case ReasonCode::server_unavailable:
      return reason;
    case ReasonCode::server_busy:
    case ReasonCode::quota_exceeded:
    case ReasonCode::server_shutting_down:
      return ReasonCode::server_unavailable;
    default:
      return ReasonCode::not_authorized;
  }
}

}  // namespace

void Broker::Impl::on(Connection& connection, const mqtt::Connect& packet) {
  if (connection.state != Connection::State::awaiting_connect) {  // [MQTT-3.1.0-2]
    return end(connection, ReasonCode::protocol_error, Detached::protocol_error);
  }
  ++counts.connects_total;
  connection.version = packet.version;
  connection.packet_bytes_max = mqtt::number_or(packet.properties, PropertyId::maximum_packet_size,
                                                std::numeric_limits<std::uint32_t>::max());
  if (const auto reason = refusal(connection, packet)) return refuse(connection, *reason);

  const ConnectRequest request{.version = packet.version,
                               .client_id = packet.client_id,
                               .username = packet.username.value_or(std::string_view{}),
                               .password = packet.password.value_or(std::string_view{}),
                               .has_username = packet.username.has_value(),
                               .has_password = packet.password.has_value()};
  ConnectDecision decision = handler.authenticate(request, now);
  if (decision.reason != ReasonCode::success) return refuse(connection, decision.reason);
  connection.token_expires = decision.expires;
  if (connection.token_expired(now)) return refuse(connection, ReasonCode::not_authorized);

  SessionState state;
  const bool fits = decision.open_only ? packet.client_id.size() <= limits::kOpenClientIdBytesMax
                                       : is_client_id(packet.client_id);
  if (!fits) return refuse(connection, ReasonCode::client_identifier_not_valid);
  assert(decision.open_only ? decision.user.empty() && open.on() : !decision.user.empty());
  state.key = {std::move(decision.user), client_id_for(connection, packet)};
  state.expiry_s = expiry_of(packet, config.session_expiry_max_s);
  state.clean = state.expiry_s == 0;
  attach(connection, packet, std::move(state), decision.open_only);
}

std::optional<ReasonCode> Broker::Impl::refusal(const Connection& connection,
                                                const mqtt::Connect& packet) const {
  if (is_zero(packet, PropertyId::receive_maximum) ||
      is_zero(packet, PropertyId::maximum_packet_size)) {
    return ReasonCode::protocol_error;
  }
  if (!available) return ReasonCode::server_unavailable;
  if (mqtt::find(packet.properties, PropertyId::authentication_method) != nullptr) {
    return ReasonCode::bad_authentication_method;
  }
  if (const auto reason = will_refusal(packet)) return reason;
  const bool must_be_kept = connection.version == Version::v3_1_1 && !packet.clean_start;
  if (packet.client_id.empty() && must_be_kept) {  // [MQTT-3.1.3-8]
    return ReasonCode::client_identifier_not_valid;
  }
  return std::nullopt;
}

/// A will is published like anything else, so to an open topic alone.
std::optional<ReasonCode> Broker::Impl::will_refusal(const mqtt::Connect& packet) const {
  if (!packet.will) return std::nullopt;
  if (!open.on()) return ReasonCode::implementation_specific_error;
  switch (open.kind_of_name(packet.will->topic)) {
    case TopicKind::open:
      if (open.wills.has_room(claims::limits::kConnectBytesMax)) return std::nullopt;
      return ReasonCode::quota_exceeded;
    case TopicKind::system:
      return ReasonCode::topic_name_invalid;
    case TopicKind::handled:
    case TopicKind::forbidden:
      break;
  }
  return ReasonCode::not_authorized;
}

/// The client's own, or one that no other client has [MQTT-3.1.3-6].
std::string Broker::Impl::client_id_for(const Connection& connection,
                                        const mqtt::Connect& packet) const {
  if (!packet.client_id.empty()) return std::string(packet.client_id);
  // The time tells apart those assigned before and after a restart.
  return "assigned-" + std::to_string(now.wall.count()) + "-" +
         std::to_string(static_cast<std::uint64_t>(connection.id));
}

void Broker::Impl::attach(Connection& connection, const mqtt::Connect& packet, SessionState state,
                          bool open_only) {
  Session* session = sessions.find(state.key.user, state.key.client_id);
  if (session != nullptr && session->connection != nullptr) {  // [MQTT-3.1.4-2], 5.0 -3
    end(*session->connection, ReasonCode::session_taken_over, Detached::taken_over);
    session = sessions.find(state.key.user, state.key.client_id);
  }
  if (session != nullptr && packet.clean_start) {  // [MQTT-3.1.2-6], 5.0 -4
    end_session(*session);
    session = nullptr;
  }
  const bool present = session != nullptr;
  if (!present) {
    const bool room = open_only ? make_open_room() : make_room(state.key.user);
    if (!room) return refuse(connection, ReasonCode::quota_exceeded);
    session = &sessions.create(std::move(state));
    session->open_only = open_only;
  } else {
    session_ends.cancel(session->id, session->ends_at);
    session->state.clean = state.clean;
    session->state.expiry_s = state.expiry_s;
    open_offline.erase({session->offline_since, session->id});
  }
  begin(connection, packet, *session);
  mqtt::encode(
      mqtt::Connack{present, ReasonCode::success, connack_properties(packet, session->state)},
      connection.version, connection.connack);
  schedule(connection);
  send_waiting(*session);
  if (open_only) return accept(*session);
  handler.attached(session->id, session->state, present, session->inflight.tags());
}

void Broker::Impl::begin(Connection& connection, const mqtt::Connect& packet, Session& session) {
  connection.session = &session;
  connection.state = Connection::State::held;
  connection.keep_alive_s = keep_alive_of(packet, config.server_keep_alive_s);
  connection.last_packet = now.steady;
  const auto client_window = static_cast<std::uint16_t>(
      mqtt::number_or(packet.properties, PropertyId::receive_maximum, 65'535));
  connection.window = std::min(client_window, config.inflight_max);
  const auto aliases = static_cast<std::uint16_t>(
      std::min(mqtt::number_or(packet.properties, PropertyId::topic_alias_maximum, 0),
               std::uint32_t{config.topic_alias_maximum}));
  if (aliases > 0) connection.sent_aliases = std::make_unique<SentAliases>(aliases);
  session.connection = &connection;
  keep_will(session, packet);
}

/// A will of an earlier connection that is not due yet is forgotten [MQTT-3.1.3-9].
void Broker::Impl::keep_will(const Session& session, const mqtt::Connect& packet) {
  open.wills.take(session.id);
  if (!packet.will) return;
  const mqtt::Will& will = *packet.will;
  forwarded.clear();
  mqtt::write_forwarded_properties(will.properties, forwarded);
  PendingWill pending;
  pending.text = std::make_shared<const Message>(MessageView{.topic = will.topic,
                                                             .payload = will.payload,
                                                             .properties = forwarded,
                                                             .qos = will.qos,
                                                             .retain = will.retain,
                                                             .publisher = publisher_of(session)});
  pending.delay_s = mqtt::number_or(will.properties, PropertyId::will_delay_interval, 0);
  if (const auto* expiry = mqtt::find(will.properties, PropertyId::message_expiry_interval)) {
    pending.message_expiry_s = expiry->number;
  }
  open.wills.set(session.id, std::move(pending));
}

bool Broker::Impl::make_open_room() {
  if (sessions.size_without_user() < config.open_topics.sessions_max) return true;
  if (open_offline.empty()) return false;
  end_session(*sessions.find(open_offline.begin()->second));
  return true;
}

bool Broker::Impl::make_room(std::string_view user) {
  const std::vector<Session*>& all = sessions.of_user(user);
  if (all.size() < config.sessions_per_user_max) return true;
  Session* longest_offline = nullptr;
  for (Session* session : all) {
    if (session->connection != nullptr) continue;
    if (longest_offline == nullptr || session->offline_since < longest_offline->offline_since) {
      longest_offline = session;
    }
  }
  if (longest_offline == nullptr) return false;
  end_session(*longest_offline);
  return true;
}

/// 5.0 section 3.2.2.3; what is left out has the value that its absence means.
mqtt::Properties Broker::Impl::connack_properties(const mqtt::Connect& packet,
                                                  const SessionState& state) const {
  if (packet.version == Version::v3_1_1) return {};
  mqtt::Properties properties;
  const auto add = [&properties](PropertyId id, std::size_t number) {
    properties.push_back({.id = id, .number = static_cast<std::uint32_t>(number)});
  };
  const std::uint32_t asked =
      mqtt::number_or(packet.properties, PropertyId::session_expiry_interval, 0);
  if (asked != state.expiry_s) add(PropertyId::session_expiry_interval, state.expiry_s);
  add(PropertyId::receive_maximum, config.receive_maximum);
  if (!open.on()) {
    add(PropertyId::maximum_qos, 1);
    add(PropertyId::retain_available, 0);
  }
  add(PropertyId::maximum_packet_size, config.packet_bytes_max);
  if (packet.client_id.empty()) {  // [MQTT-3.2.2-16]
    properties.push_back(
        {.id = PropertyId::assigned_client_identifier, .text = state.key.client_id});
  }
  add(PropertyId::topic_alias_maximum, config.topic_alias_maximum);
  if (!open.on()) add(PropertyId::subscription_identifier_available, 0);
  const std::uint16_t keep_alive_s = keep_alive_of(packet, config.server_keep_alive_s);
  if (keep_alive_s != packet.keep_alive_s) add(PropertyId::server_keep_alive, keep_alive_s);
  return properties;
}

void Broker::Impl::refuse(Connection& connection, ReasonCode reason) {
  ++counts.connects_refused_total;
  const bool v5 = connection.version == Version::v5_0;
  connection.append(mqtt::Connack{false, v5 ? reason : return_code_reason(reason), {}});
  close(connection);
}

void Broker::Impl::accept(Session& session) {
  Connection* connection = session.connection;
  if (connection == nullptr || connection->state != Connection::State::held) return;
  // A client that does not even take the CONNACK [MQTT-3.1.2-24].
  if (connection->connack.size() > connection->packet_bytes_max) {
    return doom(*connection, Detached::protocol_error);
  }
  connection->connack.append(connection->output);
  connection->output = std::exchange(connection->connack, {});
  connection->state = Connection::State::open;
  mark(*connection);
}

void Broker::accept(SessionId id) {
  if (Session* session = impl_->sessions.find(id)) impl_->accept(*session);
}

}  // namespace claims::server
