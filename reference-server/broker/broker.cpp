// Inputs and outputs of the broker.

#include "reference-server/broker/broker.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "reference-server/broker/broker_impl.h"

namespace claims::server {

Broker::Broker(const BrokerConfig& config, BrokerHandler& handler)
    : impl_(std::make_unique<Impl>(config, handler)) {
  assert(config.receive_maximum > 0 && config.inflight_max > 0);
  assert(config.inflight_max < 32'768 && "packet identifiers must never run out");
}

Broker::~Broker() = default;

// Inputs.

Broker::Impl::Turn::Turn(Impl& impl, const Now& now) : impl_(impl) {
  impl_.now = now;
  if (impl_.turns++ > 0) return;
  impl_.gone.clear();
  for (const SessionId id : std::exchange(impl_.restored, {})) {
    Session* session = impl_.sessions.find(id);
    if (session != nullptr) impl_.expire_from(*session, now.steady);
  }
  impl_.settle();
}

Broker::Impl::Turn::~Turn() {
  if (impl_.turns == 1) impl_.settle();
  --impl_.turns;
}

/// Tells the handler what outputs caused. What telling causes again waits for the next input.
void Broker::Impl::settle() {
  for (const auto& [id, tag] : std::exchange(discarded, {})) {
    if (sessions.find(id) != nullptr) handler.delivered(id, tag);
  }
  for (const auto& [id, why] : std::exchange(doomed, {})) {
    if (Connection* connection = find(id)) detach(*connection, why);
  }
}

void Broker::opened(ConnectionId id, const Now& now) {
  const Impl::Turn turn(*impl_, now);
  const bool full = impl_->connections.size() >= impl_->config.connections_max;
  Connection& connection = impl_->connections.add(
      std::make_unique<Connection>(id, impl_->config.packet_bytes_max, now.steady));
  if (full || impl_->shutting_down) {
    impl_->close(connection);
  } else {
    impl_->schedule(connection);
  }
}

void Broker::received(ConnectionId id, std::string_view bytes, const Now& now) {
  const Impl::Turn turn(*impl_, now);
  Connection* connection = impl_->find(id);
  if (connection == nullptr) return;
  impl_->counts.bytes_received_total += bytes.size();
  impl_->received(*connection, bytes);
}

void Broker::Impl::received(Connection& connection, std::string_view bytes) {
  if (connection.state == Connection::State::closing) return;
  if (connection.session != nullptr && connection.token_expired(now)) {
    return end(connection, mqtt::ReasonCode::not_authorized, Detached::token_expired);
  }
  connection.decoder.feed(bytes);
  while (connection.state != Connection::State::closing) {
    const auto next = connection.decoder.next();
    if (!next) break;
    if (next->has_error()) return broken(connection, next->error());
    // Before CONNECT this is the time of opening: nothing else may extend the deadline.
    if (connection.session != nullptr) connection.last_packet = now.steady;
    std::visit([&](const auto& packet) { on(connection, packet); }, **next);
  }
  if (connection.session == nullptr) return;
  send_replies(*connection.session);
  // What the client acknowledged of the handler's makes room for open topics as well.
  send_waiting(*connection.session);
  check_room(*connection.session);
}

void Broker::written(ConnectionId id, std::size_t bytes, const Now& now) {
  const Impl::Turn turn(*impl_, now);
  Connection* connection = impl_->find(id);
  if (connection == nullptr) return;
  assert(bytes <= connection->unwritten);
  connection->unwritten -= bytes;
  impl_->count_output(*connection);
  if (connection->session == nullptr) return;
  impl_->send_waiting(*connection->session);
  impl_->check_room(*connection->session);
}

void Broker::closed(ConnectionId id, const Now& now) {
  const Impl::Turn turn(*impl_, now);
  Connection* connection = impl_->find(id);
  if (connection == nullptr) return;
  impl_->detach(*connection, Detached::closed);
  impl_->connection_deadlines.cancel(id, connection->deadline);
  if (connection->dirty_place) impl_->dirty[*connection->dirty_place] = nullptr;
  impl_->output_total -= connection->counted;
  impl_->connections.remove(id);
}

void Broker::tick(const Now& now) {
  const Impl::Turn turn(*impl_, now);
  impl_->tick_connections();
  impl_->tick_sessions();
  impl_->tick_wills();
}

void Broker::Impl::schedule(Connection& connection) {
  if (const auto when = connection.true_deadline(config.connect_deadline, now)) {
    connection_deadlines.schedule(connection.id, connection.deadline, *when);
  } else {
    connection_deadlines.cancel(connection.id, connection.deadline);
  }
}

void Broker::Impl::tick_connections() {
  while (const auto id = connection_deadlines.due(now.steady)) {
    Connection& connection = *find(*id);
    if (connection.session == nullptr) {
      // Nothing may be sent before a CONNECT.
      end(connection, mqtt::ReasonCode::success, Detached::keep_alive);
    } else if (connection.token_expired(now)) {
      end(connection, mqtt::ReasonCode::not_authorized, Detached::token_expired);
    } else if (connection.keep_alive_expired(now)) {
      end(connection, mqtt::ReasonCode::keep_alive_timeout, Detached::keep_alive);
    } else {
      schedule(connection);
    }
  }
}

void Broker::Impl::tick_sessions() {
  while (const auto id = session_ends.due(now.steady)) end_session(*sessions.find(*id));
}

std::optional<Microseconds> Broker::next_deadline() const {
  if (!impl_->doomed.empty() || !impl_->discarded.empty()) return impl_->now.steady;
  std::optional<Microseconds> next = impl_->connection_deadlines.next();
  for (const auto other : {impl_->session_ends.next(), impl_->open.wills.next_deadline()}) {
    if (other && (!next || *other < *next)) next = other;
  }
  return next;
}

void Broker::forget_deliveries(SessionId id) {
  if (Session* session = impl_->sessions.find(id)) session->inflight.forget_kept();
}

void Broker::disconnect(SessionId id, mqtt::ReasonCode reason, const Now& now) {
  const Impl::Turn turn(*impl_, now);
  Session* session = impl_->sessions.find(id);
  if (session == nullptr || session->connection == nullptr) return;
  impl_->end(*session->connection, reason, Detached::disconnect);
}

void Broker::set_available(bool available, const Now& now) {
  const Impl::Turn turn(*impl_, now);
  impl_->available = available;
  if (available) return;
  // Those that have not sent CONNECT yet stay, to be told.
  for (Connection* connection : impl_->connections_in_order()) {
    if (connection->session == nullptr) continue;
    impl_->end(*connection, mqtt::ReasonCode::server_unavailable, Detached::shutdown);
  }
}

void Broker::shut_down(const Now& now) {
  const Impl::Turn turn(*impl_, now);
  impl_->shutting_down = true;
  for (Connection* connection : impl_->connections_in_order()) {
    impl_->end(*connection, mqtt::ReasonCode::server_shutting_down, Detached::shutdown);
  }
}

// Outputs.

void Broker::Impl::mark(Connection& connection) {
  if (connection.dirty_place || connection.state == Connection::State::held) return;
  connection.dirty_place = dirty.size();
  dirty.push_back(&connection);
}

void Broker::drain(std::vector<ConnectionOutput>& out) {
  for (Connection* connection : impl_->dirty) {
    if (connection == nullptr) continue;
    connection->dirty_place.reset();
    connection->unwritten += connection->output.size();
    impl_->counts.bytes_sent_total += connection->output.size();
    out.push_back({connection->id, std::exchange(connection->output, {}),
                   connection->state == Connection::State::closing});
  }
  impl_->dirty.clear();
}

// State.

SessionId Broker::restore(const SessionState& state, const Now& now) {
  Session* session = impl_->sessions.find(state.key.user, state.key.client_id);
  if (session == nullptr) session = &impl_->sessions.create(state);
  assert(session->connection == nullptr && "restored before anything is opened");
  session->state = state;
  session->offline_since = now.steady;
  impl_->restored.push_back(session->id);
  return session->id;
}

void Broker::forget(SessionId id) {
  Session* session = impl_->sessions.find(id);
  if (session == nullptr) return;
  assert(session->connection == nullptr && "forgotten before anything is opened");
  impl_->remove_session(*session);
}

std::optional<SessionId> Broker::find(const SessionKey& key) const {
  const Session* session = impl_->sessions.find(key.user, key.client_id);
  if (session == nullptr) return std::nullopt;
  return session->id;
}

const SessionState* Broker::state_of(SessionId id) const {
  const Session* session = impl_->sessions.find(id);
  return session == nullptr ? nullptr : &session->state;
}

bool Broker::connected(SessionId id) const {
  const Session* session = impl_->sessions.find(id);
  return session != nullptr && session->connection != nullptr &&
         session->connection->state != Connection::State::closing;
}

BrokerCounters Broker::counters() const {
  BrokerCounters counters = impl_->counts;
  counters.connections = impl_->connections.size();
  counters.sessions = impl_->sessions.size();
  counters.open_subscriptions = impl_->open.subscriptions.size();
  counters.retained_messages = impl_->open.retained.size();
  counters.queued_bytes = impl_->open.queued_bytes;
  return counters;
}

}  // namespace claims::server
