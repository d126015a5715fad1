#pragma once
// VehicleChecker: in a general room every message is about the vehicle that was sent with it, or
// about the room's only one; each vehicle comes in once; a page of one vehicle holds exactly the
// events about it (CPC-004-1). A message stored without its vehicle was a defect of an earlier
// system.
//
// Proves it with the plates of each general room and a byte for each of its events: which plate it
// is about. What depends on what came before is judged where everything before was seen.

#include <string_view>
#include <vector>

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class VehicleChecker {
 public:
  explicit VehicleChecker(Scene& scene) : scene_(scene) {}

  /// An event of rightful origin was seen for the first time.
  void seen(Room& room, const EventView& event, const Traced& traced);
  /// A page of room.messages with the filter ask.vehicle, which covers (ask.after, `to`].
  void page(const Ask& ask, const Room& room, const std::vector<chat::Seq>& page, chat::Seq to);
  /// An event of such a page.
  bool belongs(const Ask& ask, const Room& room, const EventView& event);

 private:
  void added(Room& room, const EventView& event, const Traced& traced);
  void message(const Room& room, const EventView& event, const Traced& traced);
  void tell(const Room& room, const EventView& event, std::string_view ko, std::string_view en);

  Scene& scene_;
};

}  // namespace claims::storm::audit
