#include "simulator/check/roster.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace claims::storm::audit {

UserNumber Roster::know(std::string_view id, std::string_view name, chat::Role role,
                        std::string_view insurer) {
  const UserNumber number = intern(id);
  User& user = this->user(number);
  user.name = name;
  user.role = role;
  user.known = true;
  user.insurer = insurer;
  return number;
}

void Roster::know_insurer(std::string_view id, std::string_view name) {
  insurers_.insert_or_assign(std::string(id), std::string(name));
}

std::string_view Roster::insurer_name(std::string_view id) const {
  const auto found = insurers_.find(id);
  return found == insurers_.end() ? std::string_view{} : std::string_view(found->second);
}

UserNumber Roster::intern(std::string_view id) {
  if (const auto found = find(id)) return *found;
  const UserNumber number{static_cast<std::uint32_t>(users_.size())};
  users_.emplace_back().id = id;
  numbers_.emplace(id, number);
  return number;
}

std::optional<UserNumber> Roster::find(std::string_view id) const {
  const auto found = numbers_.find(id);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

SessionNumber Roster::add_session(std::string_view user) {
  const SessionNumber number{static_cast<std::uint32_t>(sessions_.size())};
  const UserNumber owner = intern(user);
  sessions_.emplace_back().user = owner;
  this->user(owner).sessions.push_back(number);
  return number;
}

User& Roster::user(UserNumber number) {
  assert(static_cast<std::size_t>(number) < users_.size());
  return users_[static_cast<std::size_t>(number)];
}

const User& Roster::user(UserNumber number) const {
  assert(static_cast<std::size_t>(number) < users_.size());
  return users_[static_cast<std::size_t>(number)];
}

Session& Roster::session(SessionNumber number) {
  assert(static_cast<std::size_t>(number) < sessions_.size());
  return sessions_[static_cast<std::size_t>(number)];
}

const Session& Roster::session(SessionNumber number) const {
  assert(static_cast<std::size_t>(number) < sessions_.size());
  return sessions_[static_cast<std::size_t>(number)];
}

std::string Roster::who(UserNumber number) const {
  if (number == kNobody) return "?";
  const User& user = this->user(number);
  return user.known ? user.id + " (" + user.name + ")" : user.id;
}

std::string Roster::who(SessionNumber number) const {
  const User& user = this->user(session(number).user);
  std::string text = who(session(number).user);
  if (user.sessions.size() > 1) {
    const auto at = std::find(user.sessions.begin(), user.sessions.end(), number);
    text += " [" + std::to_string(at - user.sessions.begin() + 1) + "]";
  }
  return text;
}

}  // namespace claims::storm::audit
