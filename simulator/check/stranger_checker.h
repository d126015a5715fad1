#pragma once
// StrangerChecker: who is no member of a room gets nothing of it, and a garage never sees, finds or
// joins a negotiation (CPC-002-2, Alp-001).
//
// Proves it wherever something of a room reaches somebody: an event, a row of unread counts, an
// accepted question or command. Membership is the RoomModel's.

#include <cstdint>
#include <string_view>

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class StrangerChecker {
 public:
  explicit StrangerChecker(Scene& scene) : scene_(scene) {}

  /// It got an event and is no member.
  void delivered(const Room& room, SessionNumber session, const EventView& event);
  void delivered(const Room& room, SessionNumber session, chat::Seq seq, std::string_view told,
                 std::string_view cmd);
  /// Unread counts show it the room, and it is no member.
  void counted(const Room& room, const Ask& ask);
  /// ok:true to what it asked about the room, or did in it, first at `tick`. False, and told, for
  /// one who is none.
  bool answered(const Room& room, const Ask& ask, std::uint64_t tick);
  /// Somebody is said to have joined.
  void joined(const Room& room, const EventView& event);

 private:
  void hidden(const Room& room, UserNumber user, std::string_view ko, std::string_view en);

  Scene& scene_;
};

}  // namespace claims::storm::audit
