#pragma once
// RealTimeChecker: what was acknowledged before a command was sent comes before it in the room.
//
// Proves it by the highest seq of the room that any reply had acknowledged at the moment of
// sending: the command's own seq, by its event or its reply, must be greater. (Together with
// agreement on one sequence per room this makes the room's order a linearization.)

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class RealTimeChecker {
 public:
  explicit RealTimeChecker(Scene& scene) : scene_(scene) {}
  void check(const Room& room, Command& command, chat::Seq seq);

 private:
  Scene& scene_;
};

}  // namespace claims::storm::audit
