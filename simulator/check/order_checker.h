#pragma once
// OrderChecker: all sessions of a user get the user's events in one order, over all rooms
// (CMO-001).
//
// Within a room seqs are the order, and completeness sees to it. Over rooms it is whatever the
// session that is furthest was told: the last events of that stream are kept, and no other session
// may get one of them behind a later one. What comes between a renewed subscription and the answer
// to `sync` does not count: live events may run ahead there. A session that is further behind than
// what is kept is compared again once it has caught up.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class OrderChecker {
 public:
  explicit OrderChecker(Scene& scene) : scene_(scene) {}

  /// An event that moved the session's place in the room forward, for good.
  void moved(const Room& room, SessionNumber session, const EventView& event);

 private:
  /// Events of a user's stream that are compared.
  static constexpr std::size_t kKept = 32;

  struct Told {
    chat::RoomId room{};
    chat::Seq seq = 0;
  };
  struct Place {
    SessionNumber session{};
    std::uint64_t next = 0;  // Everything it gets from now on has this number or a higher one.
  };
  struct Stream {
    std::uint64_t count = 0;  // Numbers given.
    std::vector<Told> last;   // A ring by number; see kKept.
    std::vector<Place> places;
  };
  static std::optional<std::uint64_t> number_of(const Stream& stream, const Told& told);
  bool came_to_another(const Room& room, SessionNumber session, chat::Seq seq) const;
  void tell(const Room& room, SessionNumber session, const EventView& event, const Told& later);

  Scene& scene_;
  std::map<UserNumber, Stream> streams_;  // Of users with several sessions.
};

}  // namespace claims::storm::audit
