#pragma once
// NegotiationChecker: only legal steps of a fault negotiation, by whose turn it is (Alp-001).
//
// Proves it by folding the steps of each negotiation in the order of seq, as far as every event was
// seen, with Negotiation::apply of protocol/chat/negotiation.h: the step that its command sent must
// be legal there, and the event must show what the negotiation becomes by it. A hashtag's step
// follows its message at once; a quoted or templated one makes none. The server refers the
// negotiation after the fifth objection, at once, and at no other time. A refusal is wrong when the
// step was legal in every state that it may have met: from what was seen when it was sent to the
// last event of a command that went out before the refusal came. What follows an end is told as
// same_end.

#include <string>
#include <string_view>

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class NegotiationChecker {
 public:
  explicit NegotiationChecker(Scene& scene) : scene_(scene) {}

  /// A command goes out: a step, or a message that may carry a hashtag.
  void sent(Command& command);
  /// ok:true to it, or its event was seen.
  void accepted(const Command& command);
  void refused(const Command& command, std::string_view code);
  /// An event of rightful origin was seen for the first time.
  void seen(Room& room, const EventView& event, const Traced& traced);
  /// Everything up to `seq` was seen.
  void fold(Room& room, chat::Seq seq);
  void finish(Room& room);

 private:
  void step(Room& room, NegotiationRecord& record, const NegotiationStep& step);
  void opening(Room& room, NegotiationRecord& record, const NegotiationStep& step);
  void referral(Room& room, NegotiationRecord& record, const NegotiationStep& step);
  void illegal(const Room& room, const NegotiationStep& step, const chat::Negotiation& before);
  void compare(const Room& room, const NegotiationStep& step, const chat::Negotiation& due);
  static void advance(NegotiationRecord& record, chat::Seq seq, const chat::Negotiation& next);
  void must_come(Room& room, NegotiationRecord& record, const NegotiationStep* step, chat::Seq seq);
  void judge_refusals(const Room& room, NegotiationRecord& record, std::uint64_t before_tick);
  void tell(const Room& room, chat::Seq seq, std::string_view cmd, std::string_view ko,
            std::string_view en, Checker checker = Checker::legal_negotiation_steps);

  Scene& scene_;
};

/// The side that a user is on.
std::optional<chat::Side> side_of(const Room& room, UserNumber user, chat::Seq seq = kOpenEnd);
/// "agreed, ratio 70:30, turn -".
std::string told(chat::NegotiationState state, std::optional<chat::Ratio> ratio,
                 std::optional<chat::Side> turn);

}  // namespace claims::storm::audit
