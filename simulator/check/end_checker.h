#pragma once
// EndChecker: both sides of a negotiation see the same end, in the chat and on the work screen.
//
// Proves it from what each session was delivered last of the negotiation, compared at the end of
// the run, and from the replies to negotiation.status, compared with the model's state at their
// as_of (which waits until everything up to there was seen). That nothing follows an end is told by
// the NegotiationChecker.

#include <optional>
#include <string>
#include <string_view>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class EndChecker {
 public:
  explicit EndChecker(Scene& scene) : scene_(scene) {}

  /// A session got a step.
  static void delivered(Observer& observer, const EventView& event);
  /// What is wrong with the shape of a negotiation.status reply, if anything.
  std::optional<std::string> status_replied(const Ask& ask, const ReplyView& reply);
  /// More of the room was seen without a gap.
  void advanced(Room& room);
  void finish(Room& room);

 private:
  void compare(const Room& room, const PendingStatus& status);
  void tell(const Room& room, std::string_view ko, std::string_view en, Checker checker);

  Scene& scene_;
};

}  // namespace claims::storm::audit
