#include "reference-server/node/kept_sessions.h"

#include <algorithm>
#include <utility>

#include "protocol/chat/topics.h"
#include "reference-server/chat/row_archive.h"
#include "reference-server/node/session_record.h"

namespace claims::server {

bool takes_events(const SessionState& state) {
  const std::string events = chat::event_topic(state.key.user);
  return std::ranges::any_of(state.subscriptions,
                             [&](const Subscription& one) { return one.filter == events; });
}

/// As StateCodec: a member that is new does not compile until it is named here.
struct SessionCodec {
  static void fields(auto& archive, IsRow<SessionKey> auto& value) {
    auto& [user, client_id] = value;
    archive(user, client_id);
  }
  static void fields(auto& archive, IsRow<Subscription> auto& value) {
    auto& [filter, qos, identifier] = value;
    archive(filter, qos, identifier);
  }
  static void fields(auto& archive, IsRow<SessionState> auto& value) {
    auto& [key, clean, expiry_s, subscriptions] = value;
    archive(key, clean, expiry_s, subscriptions);
  }
  static void fields(auto& archive, IsRow<KeptSession> auto& value) {
    auto& [state, begun, cursor, stored] = value;
    archive(state, begun, cursor, stored);
  }

  static std::string key_of(const SessionKey& key) {
    std::string text(1, static_cast<char>(RowKind::session));
    RowWriter<SessionCodec>{text}(key);
    return text;
  }
};

Result<void, std::string> KeptSessions::fold(const Record& record, Position position) {
  if (record.kind == RecordKind::session) return fold_session(record, position);
  if (record.kind == RecordKind::session_end) {
    const auto key = parse_session_end(record.payload);
    if (!key) return key.error();
    sessions_.erase(*key);
    note(*key);
    return {};
  }
  const auto stored = parse_cursor(record.payload);
  if (!stored) return stored.error();
  const auto found = sessions_.find(stored->key);
  if (found == sessions_.end()) return {};
  found->second.cursor = found->second.stored = stored->cursor;
  note(stored->key);
  return {};
}

Result<void, std::string> KeptSessions::fold_session(const Record& record, Position position) {
  auto state = parse_session(record.payload);
  if (!state) return state.error();
  const auto [found, added] = sessions_.try_emplace(state->key);
  KeptSession& session = found->second;
  if (added) session.begun = position;
  session.state = std::move(*state);
  if (!takes_events(session.state)) {
    session.cursor.reset();
  } else if (!session.cursor) {
    session.cursor = position;
  }
  note(found->first);
  return {};
}

void KeptSessions::note(const SessionKey& key) {
  if (noting_) changed_.push_back(key);
}

std::vector<const KeptSession*> KeptSessions::by_age() const {
  std::vector<const KeptSession*> all;
  all.reserve(sessions_.size());
  for (const auto& [key, session] : sessions_) all.push_back(&session);
  std::ranges::sort(all, {}, [](const KeptSession* one) { return one->begun; });
  return all;
}

void KeptSessions::write_changes(RowBatch& rows) {
  std::ranges::sort(changed_);
  const auto repeated = std::ranges::unique(changed_);
  changed_.erase(repeated.begin(), repeated.end());
  for (const SessionKey& key : changed_) {
    const auto found = sessions_.find(key);
    if (found == sessions_.end()) {
      rows.erase(SessionCodec::key_of(key));
    } else {
      RowWriter<SessionCodec>{rows.add(SessionCodec::key_of(key))}(found->second);
    }
  }
  changed_.clear();
}

Result<void, std::string> KeptSessions::load(std::string_view key, std::string_view value) {
  KeptSession session;
  RowReader<SessionCodec> archive(value);
  archive(session);
  if (std::string wrong = archive.finish(); !wrong.empty()) return wrong;
  const SessionKey own = session.state.key;
  if (std::string_view(SessionCodec::key_of(own)).substr(1) != key) {
    return std::string("a session's row has another's key");
  }
  for (const Subscription& one : session.state.subscriptions) {
    if (one.qos > mqtt::QoS::exactly_once) return std::string("a subscription has no such QoS");
  }
  sessions_.emplace(own, std::move(session));
  return {};
}

}  // namespace claims::server
