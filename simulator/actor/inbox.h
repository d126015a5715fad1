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
  Microseconds begin{0};  ///< Steady time of the loop turn that read it.
};

/// A role is bound to a room as soon as it has named it (sent, saved or awaited); from then on it
/// alone gets that room's events. Events of rooms that nobody has named are kept, the last
/// limits::kUnboundEventsPerUser, as long as the user plays any role.
class Inbox {
 public:
  void enter(RoleKey role);
  /// Unbinds the role. What still comes from its rooms concerns nobody.
  void leave(RoleKey role);
  bool empty() const { return roles_.empty(); }

  /// Binds; gives the events of that room that were kept, in order of arrival.
  std::vector<StoredEvent> bind(RoleKey role, chat::RoomId room);
  std::vector<RoleKey> bound(chat::RoomId room) const;
  /// All roles, in order of entry: those that may be waiting for an event of a room not bound.
  const std::vector<RoleKey>& roles() const { return roles_; }
  bool left(chat::RoomId room) const;

  void keep(StoredEvent event);
  const std::vector<StoredEvent>& kept() const { return kept_; }
  StoredEvent take(std::size_t index);

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
};

}  // namespace claims::storm
