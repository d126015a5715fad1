#pragma once
// IntakeChecker: one room and one greeting for each intake (receipt and adjuster).
//
// Proves it by linking every room to the intake command that its first event, or that command's
// reply, names, and each receipt to the first room it got. A second room, another room in a reply,
// or a second greeting is told. This is where a room gets its members (see room_model.h).

#include <string_view>
#include <vector>

#include "simulator/check/delivery_checker.h"
#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class IntakeChecker {
 public:
  IntakeChecker(Scene& scene, DeliveryChecker& deliveries)
      : scene_(scene), deliveries_(deliveries) {}

  /// An event of an intake command was seen in `room` for the first time.
  void opened(Room& room, const Traced& traced);
  void greeted(Room& room, const EventView& event);
  /// ok:true to an intake command.
  void replied(Command& command, const ResultView& result);

 private:
  void link(Room& room, const Command& command);
  void link_second(Room& room, const CommandKey& key, const Room* first);
  void tell(const CommandKey& key, std::string_view ko, std::string_view en);

  Scene& scene_;
  DeliveryChecker& deliveries_;
};

}  // namespace claims::storm::audit
