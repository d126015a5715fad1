#include "simulator/actor/inbox.h"

#include <algorithm>
#include <cassert>

#include "simulator/limits.h"

namespace claims::storm {

void Inbox::enter(RoleKey role) {
  entered_.push_back({role, {}});
  unsettled_.push_back(role);
}

void Inbox::settle(RoleKey role) {
  std::erase(unsettled_, role);
  if (unsettled_.empty()) kept_.clear();
}

void Inbox::leave(RoleKey role) {
  settle(role);
  const auto entered = std::find_if(entered_.begin(), entered_.end(),
                                    [&](const Entered& one) { return one.role == role; });
  if (entered == entered_.end()) return;
  for (const chat::RoomId room : entered->rooms) {
    const auto bound = bound_.find(room);
    std::erase(bound->second, role);
    if (bound->second.empty()) bound_.erase(bound);
  }
  entered_.erase(entered);
}

std::vector<StoredEvent> Inbox::bind(RoleKey role, chat::RoomId room) {
  std::vector<StoredEvent> events;
  if (is_bound(role, room)) return events;
  const auto entered = std::find_if(entered_.begin(), entered_.end(),
                                    [&](const Entered& one) { return one.role == role; });
  assert(entered != entered_.end());
  entered->rooms.push_back(room);
  bound_[room].push_back(role);
  for (const StoredEvent& event : kept_) {
    if (event.room == room) events.push_back(event);
  }
  return events;
}

std::vector<RoleKey> Inbox::bound(chat::RoomId room) const {
  const auto found = bound_.find(room);
  return found == bound_.end() ? std::vector<RoleKey>{} : found->second;
}

bool Inbox::is_bound(RoleKey role, chat::RoomId room) const {
  const auto found = bound_.find(room);
  return found != bound_.end() &&
         std::find(found->second.begin(), found->second.end(), role) != found->second.end();
}

void Inbox::keep(StoredEvent event) {
  assert(kept_.empty() || kept_.back().number < event.number);
  kept_.push_back(std::move(event));
  if (kept_.size() > limits::kUnboundEventsPerUser) kept_.pop_front();
}

void Inbox::forget(std::uint64_t number) {
  const auto found = std::lower_bound(
      kept_.begin(), kept_.end(), number,
      [](const StoredEvent& event, std::uint64_t wanted) { return event.number < wanted; });
  if (found != kept_.end() && found->number == number) kept_.erase(found);
}

StoredEvent Inbox::take(std::size_t index) {
  assert(index < kept_.size());
  StoredEvent event = std::move(kept_[index]);
  kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(index));
  return event;
}

}  // namespace claims::storm
