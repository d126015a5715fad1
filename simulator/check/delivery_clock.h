#pragma once
// DeliveryClock: how long events and replies took, from the intended time of their command.
//
// `delivery` covers sessions connected from the intended time until receipt; what comes to others
// is `catch_up`. `delivery_last_member` leaves out the sender's sessions and is taken when the last
// session that was connected at the first sight got it. What was wrong is never a sample.

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class DeliveryClock {
 public:
  explicit DeliveryClock(Scene& scene) : scene_(scene) {}

  /// An event that `observer` was expected to get, for the first time.
  void delivered(const Room& room, const Observer& observer, SeenEvent& seen, Microseconds handled);
  void answered(const Ask& ask, bool error, Microseconds handled);
  /// Its sample is the time-out's value.
  void unanswered(const Ask& ask, Microseconds now);

 private:
  Scene& scene_;
};

}  // namespace claims::storm::audit
