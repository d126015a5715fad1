#pragma once
// Inbox: which roles of one user an event concerns, and the events that no role could take yet.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/time.h"

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
  Microseconds begin{0};     ///< Steady time of the loop turn that read it.
  std::uint64_t number = 0;  ///< Among those that the inbox kept; 0: it was not kept.
};

/// A role is bound to a room as soon as it has named it (sent, saved or awaited); from then on it
/// gets that room's events. A room may outlive a workflow and be shared by several (a general
/// room), so what no role took is kept for those that may still come to it: the last
/// limits::kUnboundEventsPerUser, as long as the user plays any role.
class Inbox {
 public:
  void enter(RoleKey role);
  /// Unbinds the role.
  void leave(RoleKey role);
  bool empty() const { return roles_.empty(); }

  /// Binds; gives copies of the events of that room that were kept, in order of arrival.
  std::vector<StoredEvent> bind(RoleKey role, chat::RoomId room);
  std::vector<RoleKey> bound(chat::RoomId room) const;
  /// All roles, in order of entry.
  const std::vector<RoleKey>& roles() const { return roles_; }
  bool is_bound(RoleKey role) const;                     ///< To any room.
  bool is_bound(RoleKey role, chat::RoomId room) const;  ///< To this one.
  /// A role is bound to it, or one of those that ended last was.
  bool knows(chat::RoomId room) const;

  void keep(StoredEvent event);
  const std::vector<StoredEvent>& kept() const { return kept_; }
  StoredEvent take(std::size_t index);
  /// A copy of it was taken.
  void forget(std::uint64_t number);

 private:
  struct Binding {
    chat::RoomId room{};
    RoleKey role;
  };
  static constexpr std::size_t kLeftRooms = 16;

  std::vector<RoleKey> roles_;
  std::vector<Binding> bindings_;
  std::vector<chat::RoomId> left_;  // Rooms of the roles that ended last.
  std::vector<StoredEvent> kept_;
  std::uint64_t keeps_ = 0;
};

}  // namespace claims::storm
