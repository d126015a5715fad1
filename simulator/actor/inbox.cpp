#include "simulator/actor/inbox.h"

#include <algorithm>
#include <cassert>

#include "simulator/limits.h"

namespace claims::storm {

void Inbox::enter(RoleKey role) {
  roles_.push_back(role);
}

void Inbox::leave(RoleKey role) {
  std::erase(roles_, role);
  for (const Binding& binding : bindings_) {
    if (binding.role != role) continue;
    left_.push_back(binding.room);
    if (left_.size() > kLeftRooms) left_.erase(left_.begin());
  }
  std::erase_if(bindings_, [&](const Binding& binding) { return binding.role == role; });
  if (roles_.empty()) kept_.clear();
}

std::vector<StoredEvent> Inbox::bind(RoleKey role, chat::RoomId room) {
  std::vector<StoredEvent> events;
  if (is_bound(role, room)) return events;
  bindings_.push_back({room, role});
  std::erase(left_, room);
  for (const StoredEvent& event : kept_) {
    if (event.room == room) events.push_back(event);
  }
  return events;
}

std::vector<RoleKey> Inbox::bound(chat::RoomId room) const {
  std::vector<RoleKey> roles;
  for (const Binding& binding : bindings_) {
    if (binding.room == room) roles.push_back(binding.role);
  }
  return roles;
}

bool Inbox::is_bound(RoleKey role) const {
  return std::any_of(bindings_.begin(), bindings_.end(),
                     [&](const Binding& binding) { return binding.role == role; });
}

bool Inbox::is_bound(RoleKey role, chat::RoomId room) const {
  return std::any_of(bindings_.begin(), bindings_.end(), [&](const Binding& binding) {
    return binding.room == room && binding.role == role;
  });
}

bool Inbox::knows(chat::RoomId room) const {
  return std::find(left_.begin(), left_.end(), room) != left_.end() ||
         std::any_of(bindings_.begin(), bindings_.end(),
                     [&](const Binding& binding) { return binding.room == room; });
}

void Inbox::keep(StoredEvent event) {
  event.number = ++keeps_;
  kept_.push_back(std::move(event));
  if (kept_.size() > limits::kUnboundEventsPerUser) kept_.erase(kept_.begin());
}

void Inbox::forget(std::uint64_t number) {
  std::erase_if(kept_, [&](const StoredEvent& event) { return event.number == number; });
}

StoredEvent Inbox::take(std::size_t index) {
  assert(index < kept_.size());
  StoredEvent event = std::move(kept_[index]);
  kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(index));
  return event;
}

}  // namespace claims::storm
