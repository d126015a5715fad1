#pragma once
// OutcomeChecker: what was acknowledged happened exactly once, as it was asked; what was refused
// never; what got no reply at most once.
//
// Proves it by matching commands, replies and events through `cmd`, in whichever order they come. A
// command is settled when its outcome is known and its events were seen; the byte it leaves tells a
// second effect from a first. What is still open at the end is judged in finish(). What opens rooms
// is the FoundingChecker's and the BulkChecker's.

#include <cstdint>
#include <string>
#include <string_view>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class OutcomeChecker {
 public:
  explicit OutcomeChecker(Scene& scene) : scene_(scene) {}

  /// An event of rightful origin was seen for the first time.
  void happened(Room& room, const EventView& event, const Traced& traced);
  /// ok:true to a command whose outcome was open.
  void acknowledged(Command& command, const ResultView& result);
  /// ok:false to it. `repeated`: asked more than once.
  void refused(Command& command, std::string_view code);
  /// A reply to a command whose outcome was known already.
  void answered_again(SessionNumber session, const Ask& ask, const ReplyView& reply,
                      const ResultView& result);
  /// It was acknowledged, and nothing more is to come of it.
  static bool done(const Command& command);
  /// It is still open at the end.
  void finish(const Command& command);

 private:
  void same_number(Command& command, std::string_view number);
  void compare_state(Command& command, chat::NegotiationState state);
  void compare_content(const Room& room, const EventView& event, Command& command);
  void compare_seq(const Room& room, Command& command);
  void tell(const CommandKey& key, CommandType type, std::string_view ko, std::string_view en);

  Scene& scene_;
};

/// A refusal with one of these codes does not use up its id (docs/contract.md).
bool leaves_id_unused(std::string_view code);

}  // namespace claims::storm::audit
