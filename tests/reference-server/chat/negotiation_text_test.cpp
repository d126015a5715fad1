#include "reference-server/chat/negotiation_text.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

using chat::ExemptionReason;
using chat::Negotiation;
using chat::NegotiationAction;
using chat::NegotiationMove;
using chat::Ratio;
using chat::Side;

constexpr NegotiationNames kNames{"김민준", "이서연"};

TEST(NegotiationText, IsOneSentenceWithNamesAndRatios) {
  struct Step {
    Side by;
    NegotiationMove move;
    const char* text;
  };
  const Ratio other{40, 60};
  const Step steps[] = {
      {Side::counterpart,
       {NegotiationAction::object, other, {}},
       "이서연님이 이의를 제기하며 과실 비율(김민준 40 : 이서연 60)을 제시했습니다."},
      {Side::initiator,
       {NegotiationAction::send_exemption, {}, ExemptionReason::not_covered},
       "김민준님이 면책(담보 외)을 전송했습니다."},
      {Side::counterpart,
       {NegotiationAction::object, {}, {}},
       "이서연님이 면책(담보 외)에 이의를 제기하여 과실 비율(김민준 40 : 이서연 60) 협의로 "
       "돌아갑니다."},
      {Side::counterpart,
       {NegotiationAction::send_prior_agreement, Ratio{55, 45}, {}},
       "이서연님이 기협의 과실 비율(김민준 55 : 이서연 45)을 전송했습니다."},
      {Side::initiator,
       {NegotiationAction::object, {}, {}},
       "김민준님이 기협의에 이의를 제기하여 과실 비율(김민준 40 : 이서연 60) 협의로 돌아갑니다."},
      {Side::initiator,
       {NegotiationAction::accept_objection, {}, {}},
       "김민준님이 이의를 수용하여 과실협의가 과실 비율(김민준 40 : 이서연 60) 합의로 끝났습니다."},
  };
  Negotiation negotiation = Negotiation::opened({70, 30});
  EXPECT_EQ(
      negotiation_text(NegotiationAction::open, Side::initiator, kNames, negotiation, negotiation),
      "김민준님이 과실 비율(김민준 70 : 이서연 30)을 제시하며 과실협의를 시작했습니다.");
  for (const Step& step : steps) {
    const auto after = negotiation.apply(step.by, step.move);
    ASSERT_TRUE(after.has_value()) << step.text;
    EXPECT_EQ(negotiation_text(step.move.action, step.by, kNames, negotiation, *after), step.text);
    negotiation = *after;
  }
}

TEST(NegotiationText, TellsHowItEnds) {
  const Negotiation opened = Negotiation::opened({70, 30});
  const auto end = [&](std::optional<NegotiationMove> sent, NegotiationAction action) {
    const Negotiation before = sent ? *opened.apply(Side::initiator, *sent) : opened;
    const auto after = before.apply(Side::counterpart, {action, {}, {}});
    return negotiation_text(action, Side::counterpart, kNames, before, *after);
  };
  EXPECT_EQ(end({}, NegotiationAction::accept),
            "이서연님이 과실 비율(김민준 70 : 이서연 30)을 수용하여 과실협의가 합의로 끝났습니다.");
  EXPECT_EQ(end(NegotiationMove{NegotiationAction::send_exemption, {}, {}},
                NegotiationAction::accept_exemption),
            "이서연님이 면책(책임 없음)을 수용하여 과실협의가 면책으로 끝났습니다.");
  EXPECT_EQ(end(NegotiationMove{NegotiationAction::send_prior_agreement, Ratio{80, 20}, {}},
                NegotiationAction::accept_prior_agreement),
            "이서연님이 기협의 과실 비율(김민준 80 : 이서연 20)을 수용하여 과실협의가 합의로 "
            "끝났습니다.");
  EXPECT_EQ(end({}, NegotiationAction::refer),
            "이서연님이 과실협의를 분쟁심의위원회에 회부했습니다.");
  EXPECT_EQ(negotiation_text(NegotiationAction::refer, std::nullopt, kNames, opened, opened),
            "이의제기가 5회에 이르러 과실협의가 분쟁심의위원회에 회부되었습니다.");
}

}  // namespace
}  // namespace claims::server
