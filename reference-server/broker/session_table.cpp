#include "reference-server/broker/session_table.h"

#include <cassert>
#include <limits>
#include <utility>

namespace claims::server {

SessionTable::SessionTable(std::uint16_t first_packet_id, std::uint16_t last_packet_id)
    : first_packet_id_(first_packet_id), last_packet_id_(last_packet_id) {}
SessionTable::~SessionTable() = default;

Session& SessionTable::create(SessionState state) {
  assert(last_id_ < std::numeric_limits<std::uint32_t>::max());
  const std::uint32_t number = ++last_id_;
  auto session = std::make_unique<Session>();
  session->id = SessionId{number};
  session->state = std::move(state);
  session->inflight = InflightWindow(first_packet_id_, last_packet_id_);
  const SessionKey& key = session->state.key;
  if (key.user.empty()) {
    without_user_.emplace(key.client_id, session.get());
  } else {
    users_[key.user].push_back(session.get());
  }
  ++size_;

  const std::size_t page = number / kPageSize;
  if (page >= pages_.size()) pages_.resize(page + 1);
  if (!pages_[page]) pages_[page] = std::make_unique<Page>();
  ++pages_[page]->used;
  auto& place = pages_[page]->sessions[number % kPageSize];
  place = std::move(session);
  return *place;
}

std::unique_ptr<Session> SessionTable::remove(Session& session) {
  const auto number = static_cast<std::size_t>(session.id);
  std::unique_ptr<Page>& page = pages_[number / kPageSize];
  std::unique_ptr<Session> removed = std::move(page->sessions[number % kPageSize]);
  assert(removed.get() == &session);
  if (--page->used == 0) page.reset();
  --size_;
  if (session.state.key.user.empty()) {
    without_user_.erase(session.state.key.client_id);
    return removed;
  }
  const auto user = users_.find(session.state.key.user);
  std::erase(user->second, &session);
  if (user->second.empty()) users_.erase(user);
  return removed;
}

Session* SessionTable::find(std::string_view user, std::string_view client_id) const {
  if (user.empty()) {
    const auto found = without_user_.find(client_id);
    return found == without_user_.end() ? nullptr : found->second;
  }
  for (Session* session : of_user(user)) {
    if (session->state.key.client_id == client_id) return session;
  }
  return nullptr;
}

const UserSessions& SessionTable::of_user(std::string_view user) const {
  const auto found = users_.find(user);
  return found == users_.end() ? nobody_ : found->second;
}

}  // namespace claims::server
