#pragma once
// OriginChecker: every event comes from a command that was sent.
//
// Proves it through `cmd`: it must name a command of ours, of a type that makes such an event, sent
// by one who is a member of the room then; "<user>:<id>/<garage>" only a bulk message. What the
// server makes by itself (greeting, notices) carries the command that caused it. Judged once for
// each event, when it is first seen.

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class OriginChecker {
 public:
  explicit OriginChecker(Scene& scene) : scene_(scene) {}

  /// False, and told as `teller`'s, when the event has no rightful origin.
  bool check(Room& room, const EventView& event, const Traced& traced, Checker teller);
  /// There are too many rooms that nobody opened.
  void too_many_rooms(const EventView& event);

 private:
  Scene& scene_;
};

}  // namespace claims::storm::audit
