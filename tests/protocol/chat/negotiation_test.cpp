#include "protocol/chat/negotiation.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/limits.h"

namespace claims::chat {
namespace {

using enum NegotiationAction;
using enum NegotiationState;

constexpr Ratio kFirst{70, 30}, kObjected{60, 40}, kOutside{50, 50};

NegotiationMove move(NegotiationAction action, std::optional<Ratio> ratio = {}) {
  return {action, ratio, ExemptionReason::not_covered};
}

/// Plays moves that are all legal.
class Talk {
 public:
  Talk& initiator(const NegotiationMove& move) { return play(Side::initiator, move); }
  Talk& counterpart(const NegotiationMove& move) { return play(Side::counterpart, move); }
  const Negotiation& now() const { return now_; }

 private:
  Talk& play(Side by, const NegotiationMove& move) {
    const auto next = now_.apply(by, move);
    EXPECT_TRUE(next) << to_string(by) << ' ' << to_string(move.action) << " in "
                      << to_string(now_.state);
    if (next) now_ = *next;
    return *this;
  }
  Negotiation now_ = Negotiation::opened(kFirst);
};

TEST(Ratio, IsTwoIntegersThatSumTo100) {
  EXPECT_EQ(parse_ratio("70:30"), kFirst);
  EXPECT_EQ(parse_ratio("0:100"), (Ratio{0, 100}));
  EXPECT_EQ(to_string(Ratio{100, 0}), "100:0");
  for (const char* text : {"", "70", "70:", ":30", "70:31", "-70:170", "+70:30", "70 :30", "070:30",
                           "70.0:30", "70:30:0", "256:100", "1e1:90"}) {
    EXPECT_FALSE(parse_ratio(text)) << text;
  }
  EXPECT_EQ(seen_from(Side::counterpart, Ratio{70, 30}), (Ratio{30, 70}));
  EXPECT_EQ(seen_from(Side::initiator, Ratio{70, 30}), (Ratio{70, 30}));
}

TEST(Negotiation, AcceptIsForTheSideToWhichTheRatioWasPut) {
  const Negotiation opened = Negotiation::opened(kFirst);
  EXPECT_EQ(opened.answers(), Side::counterpart);
  EXPECT_FALSE(opened.apply(Side::initiator, move(accept)));
  const auto agreed_now = opened.apply(Side::counterpart, move(accept));
  ASSERT_TRUE(agreed_now);
  EXPECT_EQ(agreed_now->state, agreed);
  EXPECT_EQ(agreed_now->shown_ratio(), kFirst);
}

TEST(Negotiation, AnObjectionsRatioStandsAndTheOtherSideAnswers) {
  Talk talk;
  talk.counterpart(move(object, kObjected));
  EXPECT_EQ(talk.now().shown_ratio(), kObjected);
  EXPECT_EQ(talk.now().answers(), Side::initiator);
  EXPECT_FALSE(talk.now().apply(Side::counterpart, move(object, kFirst)));
  EXPECT_FALSE(talk.now().apply(Side::counterpart, move(accept_objection)));
  talk.initiator(move(accept_objection));
  EXPECT_EQ(talk.now().state, agreed);
  EXPECT_EQ(talk.now().shown_ratio(), kObjected);
}

TEST(Negotiation, TheFirstRatioIsNoObjection) {
  const Negotiation opened = Negotiation::opened(kFirst);
  EXPECT_FALSE(opened.apply(Side::counterpart, move(accept_objection)));
}

TEST(Negotiation, AnObjectionCarriesARatioExactlyWhileOneIsDiscussed) {
  Talk talk;
  EXPECT_FALSE(talk.now().apply(Side::counterpart, move(object)));
  talk.initiator(move(send_exemption));
  EXPECT_FALSE(talk.now().apply(Side::counterpart, move(object, kObjected)));
  talk.counterpart(move(object));
  EXPECT_EQ(talk.now().state, discussing);
  EXPECT_EQ(talk.now().shown_ratio(), kFirst);
  EXPECT_EQ(talk.now().answers(), Side::counterpart);
}

TEST(Negotiation, ExemptionAndPriorAgreementAwaitTheOtherSide) {
  for (const Side sender : {Side::initiator, Side::counterpart}) {
    const Negotiation opened = Negotiation::opened(kFirst);
    const auto sent = opened.apply(sender, move(send_exemption));
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->state, exemption_sent);
    EXPECT_EQ(sent->exemption, ExemptionReason::not_covered);
    EXPECT_EQ(sent->answers(), other_side(sender));
    EXPECT_FALSE(sent->shown_ratio());
    EXPECT_FALSE(sent->apply(sender, move(accept_exemption)));
    EXPECT_FALSE(sent->apply(sender, move(object)));
    EXPECT_FALSE(sent->apply(other_side(sender), move(accept_prior_agreement)));
    EXPECT_FALSE(sent->apply(other_side(sender), move(accept)));
    const auto over = sent->apply(other_side(sender), move(accept_exemption));
    ASSERT_TRUE(over);
    EXPECT_EQ(over->state, exempt);
    EXPECT_FALSE(over->shown_ratio());

    EXPECT_FALSE(opened.apply(sender, move(send_prior_agreement)));
    const auto prior = opened.apply(sender, move(send_prior_agreement, kOutside));
    ASSERT_TRUE(prior);
    EXPECT_EQ(prior->shown_ratio(), kOutside);
    const auto settled = prior->apply(other_side(sender), move(accept_prior_agreement));
    ASSERT_TRUE(settled);
    EXPECT_EQ(settled->state, agreed);
    EXPECT_EQ(settled->shown_ratio(), kOutside);
  }
}

TEST(Negotiation, WhatIsSentLastWaits) {
  Talk talk;
  talk.initiator(move(send_exemption)).counterpart(move(send_prior_agreement, kOutside));
  EXPECT_EQ(talk.now().state, prior_agreement_sent);
  EXPECT_EQ(talk.now().answers(), Side::initiator);
}

TEST(Negotiation, AnObjectionAgainstWhatWasSentKeepsWhoseTurnItWas) {
  Talk talk;
  talk.counterpart(move(object, kObjected));
  talk.counterpart(move(send_prior_agreement, kOutside)).initiator(move(object));
  EXPECT_EQ(talk.now().shown_ratio(), kObjected);
  EXPECT_EQ(talk.now().answers(), Side::initiator);
  talk.initiator(move(accept_objection));
  EXPECT_EQ(talk.now().shown_ratio(), kObjected);
}

TEST(Negotiation, NothingFollowsAnEnd) {
  std::vector<Negotiation> ends;
  ends.push_back(Talk().counterpart(move(accept)).now());
  ends.push_back(Talk().counterpart(move(refer)).now());
  ends.push_back(Talk().initiator(move(refer)).now());
  ends.push_back(Talk().initiator(move(send_exemption)).counterpart(move(accept_exemption)).now());
  for (const Negotiation& end : ends) {
    EXPECT_TRUE(is_final(end.state));
    EXPECT_FALSE(end.answers());
    EXPECT_EQ(end.legal_actions(Side::initiator), "–");
    EXPECT_EQ(end.legal_actions(Side::counterpart), "–");
  }
}

TEST(Negotiation, RepeatedObjectionsGoToTheCommittee) {
  Talk talk;
  for (std::uint32_t i = 0; i < limits::kObjectionsMax; ++i) {
    EXPECT_FALSE(talk.now().must_refer()) << i;
    i % 2 == 0 ? talk.counterpart(move(object, kObjected)) : talk.initiator(move(object, kFirst));
  }
  EXPECT_TRUE(talk.now().must_refer());
  EXPECT_FALSE(talk.counterpart(move(refer)).now().must_refer());
}

TEST(Negotiation, TheLegalActionsAreNamed) {
  const Negotiation opened = Negotiation::opened(kFirst);
  EXPECT_EQ(opened.legal_actions(Side::initiator), "send_exemption, send_prior_agreement, refer");
  EXPECT_EQ(opened.legal_actions(Side::counterpart),
            "accept, object, send_exemption, send_prior_agreement, refer");
}

TEST(Negotiation, NamesAreReadBack) {
  for (int i = 0; i <= static_cast<int>(refer); ++i) {
    const auto action = static_cast<NegotiationAction>(i);
    EXPECT_EQ(parse_negotiation_action(to_string(action)), action);
  }
  for (int i = 0; i <= static_cast<int>(referred); ++i) {
    const auto state = static_cast<NegotiationState>(i);
    EXPECT_EQ(parse_negotiation_state(to_string(state)), state);
  }
  EXPECT_FALSE(parse_negotiation_action("Accept"));
}

}  // namespace
}  // namespace claims::chat
