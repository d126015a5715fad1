#pragma once
// FieldChecker: what a person must see on every event is there: names, vehicle, time, texts.
//
// Proves for each event, once, when it is first seen: the sender's name is the directory's name for
// that id and never the id; the vehicle is the receipt's plate (in general rooms it is the
// VehicleChecker's matter); `at` is a time and never goes back in the room; no text shows an
// object's type or an unfilled template; the greeting names the adjuster. (Each was a defect of an
// earlier system.)

#include <string_view>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class FieldChecker {
 public:
  explicit FieldChecker(Scene& scene) : scene_(scene) {}

  void check(Room& room, const EventView& event, const Traced& traced);
  /// The vehicle in the reply to an intake or pre-estimate.
  void opening_reply(const Command& command, const ResultView& result);

 private:
  void sender(const Room& room, const EventView& event, const Traced& traced);
  void person(const Room& room, const EventView& event, std::string_view id, std::string_view name);
  void joined(const Room& room, const EventView& event);
  void vehicle(const Room& room, const EventView& event, const Traced& traced);
  void time(Room& room, const EventView& event);
  void texts(const Room& room, const EventView& event);
  void tell(const Room& room, const EventView& event, std::string_view ko, std::string_view en);

  Scene& scene_;
};

}  // namespace claims::storm::audit
