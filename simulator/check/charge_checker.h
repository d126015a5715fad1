#pragma once
// ChargeChecker: who is in charge of a room, and that its hand-over is one (CPC-004-4, MAN-001).
//
// Proves it by folding the hand-overs of each room in the order of seq, as far as every event was
// seen. Who opened a room, or whom its receipt names, is in charge first. A `handed_over` must come
// from who is in charge there, or from the insurer; name whom the command named; give the room to a
// member, a colleague of the same insurer. Of a hand-over of all rooms of an adjuster it proves
// that each room that the adjuster was certainly in charge of when it was sent was handed over,
// once, and as many rooms as its reply says.

#include <string_view>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class ChargeChecker {
 public:
  explicit ChargeChecker(Scene& scene) : scene_(scene) {}

  /// adjuster.hand_over or adjuster.back goes out; was acknowledged; was refused.
  void sent(const Command& command);
  void acknowledged(const Command& command, const ResultView& result);
  void refused(const Command& command);
  /// A `handed_over` of rightful origin was seen for the first time.
  void seen(Room& room, const EventView& event, const Traced& traced);
  void fold(Room& room, const RoomChange& change);
  void finish();

 private:
  void tell(const Room& room, const RoomChange& change, std::string_view ko, std::string_view en);
  void finish(const Absence& absence);

  Scene& scene_;
};

}  // namespace claims::storm::audit
