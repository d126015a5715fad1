#pragma once
// Inbox: which roles of one user an event that comes to one of its devices concerns, and the events
// that no role could take yet.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/time.h"
#include "simulator/scenario/device.h"

namespace claims::storm {

/// One workflow that was started, numbered from 1 in a run, never reused.
enum class InstanceNumber : std::uint64_t {};

/// One role of one workflow instance, as one user plays it.
struct RoleKey {
  InstanceNumber instance{};
  std::uint32_t role = 0;  ///< Into the instance's cast.
  bool operator==(const RoleKey&) const = default;
};

/// An event that waits for an `await`: its text, since it is read again only when one begins.
struct StoredEvent {
  chat::RoomId room{};
  std::string type;
  std::string payload;
  Microseconds begin{0};       ///< Steady time of the loop turn that read it.
  std::uint64_t number = 0;    ///< Among all that came to the inbox: copies of one event share it.
  Device device = Device::pc;  ///< That it came to.
};

/// A role is bound to a room as soon as it has named it (sent, saved or awaited); from then on it
/// gets that room's events, each of which may serve every role that is bound. A room may outlive a
/// workflow and be shared by several (a general room), so what no role took is kept for the roles
/// that may still come to it, of which one may take it: the last limits::kUnboundEventsPerUser, as
/// long as there is such a role.
class Inbox {
 public:
  /// The role may come to any room.
  void enter(RoleKey role);
  /// From now on it comes to no further one.
  void settle(RoleKey role);
  /// Unbinds the role.
  void leave(RoleKey role);
  bool empty() const { return entered_.empty(); }

  /// Binds; gives copies of the events of that room that were kept, in order of arrival.
  std::vector<StoredEvent> bind(RoleKey role, chat::RoomId room);
  std::vector<RoleKey> bound(chat::RoomId room) const;
  bool is_bound(RoleKey role, chat::RoomId room) const;
  /// The roles that are not settled, in order of entry.
  const std::vector<RoleKey>& unsettled() const { return unsettled_; }

  /// For the next event that comes.
  std::uint64_t next_number() { return ++numbers_; }
  /// In order of their numbers.
  void keep(StoredEvent event);
  const std::deque<StoredEvent>& kept() const { return kept_; }
  StoredEvent take(std::size_t index);
  /// A copy of it was taken.
  void forget(std::uint64_t number);

 private:
  struct Entered {
    RoleKey role;
    std::vector<chat::RoomId> rooms;
  };

  std::vector<Entered> entered_;
  std::vector<RoleKey> unsettled_;
  std::map<chat::RoomId, std::vector<RoleKey>> bound_;
  std::deque<StoredEvent> kept_;
  std::uint64_t numbers_ = 0;
};

}  // namespace claims::storm
