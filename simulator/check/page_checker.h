#pragma once
// PageChecker: a page of `room.messages` read during the run.
//
// Proves that the reader is a member, that the page follows on `after` without a gap and keeps its
// bound (of a page of one vehicle, that it is in order and holds exactly the events about it), that
// it is not older than what was acknowledged before it was asked for and ends where it says, and
// hands every event of it to the auditor, which compares it with what others saw.

#include <functional>
#include <optional>
#include <string>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"
#include "simulator/check/vehicle_checker.h"

namespace claims::storm::audit {

class PageChecker {
 public:
  PageChecker(Scene& scene, VehicleChecker& vehicles) : scene_(scene), vehicles_(vehicles) {}

  /// What is wrong with the page's shape, if anything. `seen` gets each event in order.
  std::optional<std::string> replied(const Ask& ask, const ReplyView& reply,
                                     const std::function<void(Room&, const EventView&)>& seen);

 private:
  /// Where it ends: as of no earlier than what was acknowledged before it was asked for, and there
  /// alone unless there is more.
  void ends(const Ask& ask, const Room& room, chat::Seq as_of, const std::vector<chat::Seq>& page,
            chat::Seq due, bool more);
  bool follows(const Ask& ask, const Room& room, chat::Seq due, const EventView& event);

  Scene& scene_;
  VehicleChecker& vehicles_;
};

}  // namespace claims::storm::audit
