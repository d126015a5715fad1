#pragma once
// FurtherEstimateChecker: further estimates (추가견적) are numbered, and not too many (CPC-004-5).
//
// Proves it by counting them in the order of seq, as far as every event was seen: the n-th of an
// inbound room is F-<receipt>-<n>, and there are at most limits::kFurtherEstimatesMax. That they
// come during the repair alone, from the garage alone, is the RepairChecker's; amount and reason
// are the OutcomeChecker's.

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class FurtherEstimateChecker {
 public:
  explicit FurtherEstimateChecker(Scene& scene) : scene_(scene) {}

  /// An event of rightful origin was seen for the first time.
  void seen(Room& room, const EventView& event, const Traced& traced);
  void fold(Room& room, const RoomChange& change);

 private:
  Scene& scene_;
};

}  // namespace claims::storm::audit
