#pragma once
// RoomChangeChecker: a room is changed and deleted only by those who may, as they asked, and
// nothing comes after its end (CPC-003).
//
// Proves it by folding room_changed and room_deleted in the order of seq, as far as every event was
// seen: a member who is no guest changes the title to what was sent; the room's garage or who is in
// charge deletes it, never a negotiation, an inbound room only without an intake, cancelled or out.
// No event follows a room_deleted: one that is seen before it is told here, one after it is
// nobody's (origin, secrecy). What a deleted room frees is the OpeningChecker's.

#include <string_view>

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class RoomChangeChecker {
 public:
  explicit RoomChangeChecker(Scene& scene) : scene_(scene) {}

  /// An event of rightful origin was seen for the first time.
  void seen(Room& room, const EventView& event, const Traced& traced);
  void fold(Room& room, const RoomChange& change);

 private:
  void deleted(const Room& room, const RoomChange& change);
  void tell(const Room& room, chat::Seq seq, std::string_view cmd, std::string_view ko,
            std::string_view en);

  Scene& scene_;
};

}  // namespace claims::storm::audit
