// The life of sessions: what the broker tells of them, and what of them is in the log.

#include <algorithm>
#include <utility>

#include "protocol/chat/topics.h"
#include "reference-server/limits.h"
#include "reference-server/node/node_impl.h"
#include "reference-server/node/session_record.h"

namespace claims::server {

// From the log.

/// The broker's sessions, the oldest first: its numbers, and with them who makes room for whom, are
/// the same whichever way the node was restored.
Result<void, std::string> Node::Impl::restore_sessions() {
  for (const KeptSession* kept : kept_sessions.by_age()) {
    const auto user = service.user_index(kept->state.key.user);
    if (!user) return "session of an unknown user: " + kept->state.key.user;
    const SessionId id = broker.restore(kept->state, Now{});
    ChatSession& session = sessions[id];
    session.user = *user;
    session.persistent = true;
    session.expiry_s = kept->state.expiry_s;
    if (kept->cursor) session.start_at(*kept->cursor);
    session.stored = kept->stored;
  }
  return {};
}

// Into the log.

void Node::Impl::log_session(ChatSession& session, const SessionState& state) {
  log(Record{RecordKind::session, {}, 0, write_session(state), {}});
  session.persistent = true;
  session.expiry_s = state.expiry_s;
}

void Node::Impl::log_end(ChatSession& session, const SessionKey& key) {
  log(Record{RecordKind::session_end, {}, 0, write_session_end(key), {}});
  session.persistent = false;
}

void Node::Impl::store_cursor(SessionId id, ChatSession& session) {
  if (!session.persistent || !session.has_cursor || session.stored == session.cursor) return;
  const SessionState* state = broker.state_of(id);
  if (state == nullptr) return;
  log(Record{RecordKind::cursor, {}, 0, write_cursor({state->key, session.cursor}), {}});
  session.stored = session.cursor;
  session.passed = 0;
}

void Node::Impl::log_sync(SessionId id, ChatSession& session, const SyncRead& sync) {
  if (!session.persistent || !sync.cursor) return;
  const auto cursor = parse_cursor_text(*sync.cursor);
  if (!cursor || *cursor >= queue.next_position()) return;  // To be refused.
  log(Record{RecordKind::cursor, {}, 0, write_cursor({broker.state_of(id)->key, *cursor}), {}});
  session.stored = *cursor;
  session.passed = 0;
  ++session.syncs;
}

void Node::Impl::store_lagging_cursor(SessionId id, ChatSession& session) {
  if (session.passed < limits::kCursorLag || shutting_down || !is_available) return;
  if (session.syncs > 0) return;  // It is about to go elsewhere.
  store_cursor(id, session);
}

// What the broker tells.

void Node::attached(SessionId id, const SessionState& state, bool /*present*/,
                    const std::vector<std::uint64_t>& /*inflight*/) {
  ChatSession& session = impl_->sessions[id];
  const std::uint32_t generation = ++session.generation;
  session.user = *impl_->service.user_index(state.key.user);
  session.requests = session.syncs = 0;
  const auto user = static_cast<std::size_t>(session.user);
  if (user >= impl_->attached_of.size()) impl_->attached_of.resize(user + 1);
  impl_->attached_of[user].push_back(id);
  if (state.clean) {
    // It was kept until now, and ends with this connection, also when the process ends first.
    if (session.persistent) impl_->log_end(session, state.key);
  } else if (!session.persistent || session.expiry_s != state.expiry_s) {
    impl_->log_session(session, state);
  }
  impl_->after_durable(AcceptSession{{id, generation}});
}

void Node::detached(SessionId id, Detached /*why*/) {
  ChatSession& session = impl_->session(id);
  session.feed = ChatSession::Feed::off;
  std::erase(impl_->attached_of[static_cast<std::size_t>(session.user)], id);
  impl_->drop_held(session);
  if (impl_->shutting_down || !impl_->is_available) return;
  impl_->store_cursor(id, session);
  // A DISCONNECT may have changed the expiry; without one the session has ended.
  const SessionState& state = *impl_->broker.state_of(id);
  if (session.persistent && !state.clean && session.expiry_s != state.expiry_s) {
    impl_->log_session(session, state);
  }
}

/// Answers that wait behind a page read go with their connection.
void Node::Impl::drop_held(ChatSession& session) {
  session.page_query = 0;
  for (const Effect& effect : std::exchange(session.held, {})) gone(effect);
}

void Node::ended(SessionId id) {
  ChatSession& session = impl_->session(id);
  if (session.persistent && impl_->is_available) {
    impl_->log_end(session, impl_->broker.state_of(id)->key);
  }
  impl_->sessions.erase(id);
}

void Node::subscriptions_changed(SessionId id, const SessionState& state, std::uint16_t packet_id) {
  ChatSession& session = impl_->session(id);
  if (session.persistent) impl_->log_session(session, state);
  impl_->after_durable(CompleteSubscription{{id, session.generation}, packet_id});
}

void Node::delivered(SessionId id, std::uint64_t tag) {
  if (tag == 0) return;
  ChatSession& session = impl_->session(id);
  session.acknowledged(Position{tag});
  impl_->store_lagging_cursor(id, session);
}

}  // namespace claims::server
