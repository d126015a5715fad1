// How connections and sessions end.

#include <algorithm>
#include <limits>
#include <utility>

#include "protocol/mqtt/reason_codes.h"
#include "reference-server/broker/broker_impl.h"

namespace claims::server {
namespace {

using mqtt::ReasonCode;

constexpr std::uint32_t kNeverExpires = std::numeric_limits<std::uint32_t>::max();

bool may_carry(mqtt::PacketType type, ReasonCode reason) {
  return mqtt::reason_allowed(type, mqtt::Decoder::Side::client, reason);
}

/// DISCONNECT has no code for some of what CONNACK can say (5.0 section 3.14.2.1).
ReasonCode disconnect_reason(ReasonCode reason) {
  if (may_carry(mqtt::PacketType::disconnect, reason)) return reason;
  return reason == ReasonCode::server_unavailable ? ReasonCode::server_busy
                                                  : ReasonCode::unspecified_error;
}

}  // namespace

void Broker::Impl::end(Connection& connection, ReasonCode reason, Detached why) {
  if (connection.state == Connection::State::closing) return;
  if (why == Detached::protocol_error) ++counts.protocol_errors_total;
  const bool v5 = connection.version == mqtt::Version::v5_0;
  if (connection.state == Connection::State::open && v5) {
    connection.append(mqtt::Disconnect{disconnect_reason(reason), {}});
  } else if (connection.state == Connection::State::held) {
    // No packet may come before CONNACK [MQTT-3.2.0-1], so the CONNACK tells, where it can.
    connection.output.clear();
    const bool tells = v5 ? may_carry(mqtt::PacketType::connack, reason)
                          : reason == ReasonCode::server_unavailable;
    if (tells) connection.append(mqtt::Connack{false, reason, {}});
  }
  close(connection);
  detach(connection, why);
}

void Broker::Impl::doom(Connection& connection, Detached why) {
  if (connection.state == Connection::State::closing) return;
  if (why == Detached::protocol_error) ++counts.protocol_errors_total;
  std::string().swap(connection.output);
  count_output(connection);
  close(connection);
  doomed.emplace_back(connection.id, why);
}

void Broker::Impl::close(Connection& connection) {
  connection.state = Connection::State::closing;
  std::string().swap(connection.connack);
  connection_deadlines.cancel(connection.id, connection.deadline);
  mark(connection);
}

void Broker::Impl::detach(Connection& connection, Detached why) {
  Session* session = std::exchange(connection.session, nullptr);
  if (session == nullptr) return;
  const std::size_t held = session->open ? session->open->outgoing.bytes() : 0;
  session->connection_lost(config.inflight_max);
  if (session->open) open.queued_bytes += session->open->outgoing.bytes() - held;
  count_output(connection);
  expire_from(*session, now.steady);
  if (!session->open_only) handler.detached(session->id, why);
  leave_will(*session, why);
  if (session->state.expiry_s == 0) end_session(*session);
}

/// Idempotent, since the handler may act while it is told.
void Broker::Impl::end_session(Session& session) {
  if (sessions.find(session.id) != &session) return;
  session_ends.cancel(session.id, session.ends_at);
  if (!session.open_only) handler.ended(session.id);
  const SessionId id = session.id;
  remove_session(session);
  // [MQTT-3.1.2-8]: whatever its delay, it comes with the session's end.
  if (const auto will = open.wills.take(id)) publish_will(*will);
}

void Broker::Impl::remove_session(Session& session) {
  if (sessions.find(session.id) != &session) return;
  session_ends.cancel(session.id, session.ends_at);
  leave_open_topics(session);
  gone.push_back(sessions.remove(session));
}

void Broker::Impl::expire_from(Session& session, Microseconds since) {
  session.offline_since = since;
  if (session.open_only && session.connection == nullptr) open_offline.emplace(since, session.id);
  if (session.connection != nullptr || session.state.expiry_s == kNeverExpires) return;
  const Microseconds expiry{std::int64_t{session.state.expiry_s} * 1'000'000};
  session_ends.schedule(session.id, session.ends_at, since + expiry);
}

std::vector<Connection*> Broker::Impl::connections_in_order() {
  std::vector<Connection*> ordered;
  ordered.reserve(connections.size());
  connections.for_each([&](Connection& connection) { ordered.push_back(&connection); });
  std::ranges::sort(ordered, {}, &Connection::id);
  return ordered;
}

}  // namespace claims::server
