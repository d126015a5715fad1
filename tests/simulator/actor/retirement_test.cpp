// A user whom a step retires: it is refused, and that is right; and nothing is waited for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "simulator/actor/player.h"
#include "tests/simulator/actor/theatre.h"

namespace claims::storm {
namespace {

using testing::Asked;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Play;
using ::testing::SizeIs;
using testing::Theatre;

constexpr Microseconds kMs{1'000}, kSecond{1'000'000};

Play retirement() {
  Play play;
  play.scenario.population.adjusters = 2;
  play.scenario.workflows[0].roles.push_back({.name = "successor",
                                              .kind = chat::Role::adjuster,
                                              .choice = RoleSpec::Choice::colleague_of,
                                              .relative_to = 0});
  play.send("insurer", R"({"type":"adjuster.hand_over","adjuster":"${adjuster.id}",)"
                       R"("to":"${successor.id}","reason":"retired"})");
  return play;
}

struct Retired : Theatre {
  explicit Retired(Scenario scenario) : Theatre(std::move(scenario)) {
    on_command = [this](const Asked& command) {
      if (command.text("type") != "adjuster.hand_over") return;
      adjuster = command.text("adjuster");
      end_connection();
      in(2 * kMs, [this, command] { ok(command, R"({"rooms":0})"); });
    };
  }
  void end_connection() {
    if (!ends) return;
    if (lets_in_no_more) connack = mqtt::ReasonCode::not_authorized;
    if (scenario.mqtt_version == 5) return disconnect(adjuster, mqtt::ReasonCode::not_authorized);
    cut(adjuster);
  }
  auto attempts() const { return std::count(opened.begin(), opened.end(), adjuster); }
  Progress progress() const { return player.progress(now()); }

  std::string adjuster;
  bool ends = true, lets_in_no_more = true;
};

TEST(Retirement, WhoHasRetiredIsRefusedAndNobodyWaits) {
  for (const std::uint8_t version : {std::uint8_t{5}, std::uint8_t{4}}) {
    Play play = retirement();
    play.scenario.mqtt_version = version;
    Retired theatre(play.scenario);
    theatre.play();
    EXPECT_EQ(theatre.player.end(), Player::End::finished);
    EXPECT_EQ(theatre.progress().completed, 1U);
    EXPECT_EQ(theatre.auditor.violations_total(), 0U);
    EXPECT_THAT(theatre.auditor.stories(), IsEmpty());
    EXPECT_EQ(theatre.attempts(), 3) << "at first, after it was ended, and when the phases end";
    EXPECT_EQ(theatre.progress().connections_lost, 0U) << "it was ended, not lost";
    EXPECT_LT(theatre.now().steady - Theatre::kStart, 5 * kSecond);
  }
}

TEST(Retirement, OneThatIsNotDisconnectedIsTold) {
  Retired theatre(retirement().scenario);
  theatre.ends = false;
  theatre.play();
  EXPECT_EQ(theatre.auditor.violations(Checker::in_charge), 1U);
  EXPECT_EQ(theatre.auditor.violations_total(), 1U);
  EXPECT_THAT(theatre.auditor.stories()[0].en, HasSubstr("was not turned away until the end"));
}

TEST(Retirement, OneThatIsLetInAgainIsTold) {
  Retired theatre(retirement().scenario);
  theatre.lets_in_no_more = false;
  theatre.play();
  EXPECT_EQ(theatre.auditor.violations(Checker::in_charge), 1U);
  EXPECT_EQ(theatre.auditor.violations_total(), 1U);
  EXPECT_THAT(theatre.auditor.stories()[0].en, HasSubstr("and was let in"));
}

TEST(Retirement, OneThatIsLetInWhenThePhasesEndIsTold) {
  Retired theatre(retirement().scenario);
  theatre.in(900 * kMs, [&] { theatre.connack = mqtt::ReasonCode::success; });
  theatre.play();
  EXPECT_EQ(theatre.attempts(), 3);
  EXPECT_EQ(theatre.auditor.violations(Checker::in_charge), 1U);
}

TEST(Retirement, OneThatNobodyRetiredIsTold) {
  Retired theatre(retirement().scenario);
  theatre.in(500 * kMs, [&] {
    theatre.disconnect(theatre.id_of(chat::Role::garage), mqtt::ReasonCode::not_authorized);
  });
  theatre.play();
  EXPECT_EQ(theatre.auditor.violations(Checker::completeness), 1U);
  EXPECT_EQ(theatre.auditor.violations_total(), 1U);
}

/// That the server ended it so is enough: with 5.0 it says why.
TEST(Retirement, OneThatIsShownOutNeedNotBeRefusedBesides) {
  Retired theatre(retirement().scenario);
  theatre.lets_in_no_more = false;
  const auto order = theatre.on_command;
  theatre.on_command = [&, order](const Asked& command) {
    theatre.connack = mqtt::ReasonCode::server_busy;
    order(command);
  };
  theatre.play();
  EXPECT_GT(theatre.attempts(), 1);
  EXPECT_EQ(theatre.auditor.violations_total(), 0U);
}

TEST(Retirement, OneWhoseTokenHasEndedEndsTheRunAndAccusesNobody) {
  Retired theatre(retirement().scenario);
  for (Person& person : theatre.population.people) {
    person.token_expires_s = theatre.now().wall.count() / 1'000;
  }
  theatre.in(500 * kMs, [&] {
    theatre.disconnect(theatre.id_of(chat::Role::garage), mqtt::ReasonCode::not_authorized);
  });
  theatre.play();
  EXPECT_EQ(theatre.player.end(), Player::End::refused);
  EXPECT_THAT(theatre.player.end_reason().en, HasSubstr("the token of user gar-"));
  EXPECT_THAT(theatre.player.end_reason().ko, HasSubstr("토큰이 끝나"));
  EXPECT_EQ(theatre.auditor.violations_total(), 0U);
}

TEST(Retirement, WhatItHadAskedIsNotWaitedFor) {
  Play play = retirement();
  play.send("adjuster", R"({"type":"conversions.count"})");
  Retired theatre(play.scenario);
  theatre.player.expect_faults(60 * kSecond);
  theatre.play();
  ASSERT_THAT(theatre.player.steps().stories(), SizeIs(1)) << "no workflow may ask so";
  EXPECT_LT(theatre.now().steady - Theatre::kStart, 5 * kSecond);
  EXPECT_EQ(theatre.auditor.violations_total(), 0U);
  EXPECT_EQ(theatre.recorder.outage_seconds(), 0U);
}

}  // namespace
}  // namespace claims::storm
