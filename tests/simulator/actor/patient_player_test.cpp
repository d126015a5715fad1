// A player that expects faults.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "simulator/actor/player.h"
#include "simulator/actor/run_figures.h"
#include "tests/simulator/actor/theatre.h"

namespace claims::storm {
namespace {

using testing::Asked;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Play;
using ::testing::SizeIs;
using testing::Theatre;

constexpr Microseconds kMs{1'000}, kSecond{1'000'000};
constexpr Microseconds kLiveness = 20 * kSecond;

const std::string kSend = R"({"type":"message.send","room":"r7","text":"안녕하세요"})";
const std::string kSent = R"({"room":"r7","seq":5})";
const std::string kEvent =
    R"({"type":"message","room":"r7","seq":6,"body":{"text":"네"},"cursor":"c6"})";

ThresholdSpec threshold(const std::string& metric, const std::string& op, std::int64_t limit) {
  ThresholdSpec spec;
  spec.metric = metric;
  spec.op = op;
  spec.limit_milli = limit;
  return spec;
}

struct Patient : Theatre {
  explicit Patient(Scenario scenario) : Theatre(std::move(scenario)) {
    player.expect_faults(kLiveness);
    garage = id_of(chat::Role::garage);
  }
  auto connections() const { return std::count(subscribed.begin(), subscribed.end(), garage); }
  std::uint64_t completed() const { return player.progress(now()).completed; }
  std::string garage;
};

TEST(PatientPlayer, AsksAgainOverANewConnectionUntilItIsAnswered) {
  Patient theatre(Play().send("garage", kSend).hold(50 * kSecond).scenario);
  theatre.on_command = [&](const Asked& asked) {
    if (asked.text("type") == "sync") return theatre.ok(asked, R"({"cursor":"c0"})");
    if (theatre.asked_of("message.send").size() == 3) theatre.ok(asked, kSent);
  };
  theatre.play();
  const auto sends = theatre.asked_of("message.send");
  ASSERT_THAT(sends, SizeIs(3));
  EXPECT_EQ(sends[2].body, sends[0].body) << "under the same id";
  EXPECT_GE(sends[1].at - sends[0].at, 10 * kSecond);
  EXPECT_GE(sends[2].at - sends[1].at, 10 * kSecond);
  EXPECT_EQ(theatre.connections(), 3);
  EXPECT_EQ(theatre.completed(), 1U);
  EXPECT_EQ(theatre.player.steps().failures(), 0U);
  EXPECT_EQ(theatre.auditor.counts().timeouts, 1U) << "one sample, however often it is asked";
  EXPECT_GE(theatre.recorder.outage_seconds(), 18U);
}

TEST(PatientPlayer, AnAwaitOutlivesItsTime) {
  Patient theatre(
      Play().send("garage", kSend).await("garage", "message", {}, kSecond).hold(kSecond).scenario);
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, kSent);
    theatre.in(15 * kSecond, [&] { theatre.event(theatre.garage, kEvent); });
  };
  theatre.play();
  EXPECT_EQ(theatre.completed(), 1U);
  EXPECT_EQ(theatre.player.steps().failures(), 0U);
}

TEST(PatientPlayer, WhatIsOpenWhenPatienceEndsIsTold) {
  Patient theatre(
      Play().send("garage", kSend).await("garage", "message", {}, kSecond).hold(kSecond).scenario);
  theatre.on_command = [&](const Asked& asked) { theatre.ok(asked, kSent); };
  theatre.play();
  EXPECT_EQ(theatre.player.steps().failures(), 1U);
  ASSERT_THAT(theatre.player.steps().stories(), SizeIs(1));
  EXPECT_THAT(theatre.player.steps().stories()[0].text.en, HasSubstr("'message'"));
  EXPECT_THAT(theatre.player.steps().stories()[0].text.en, HasSubstr("none came"));
  EXPECT_GE(theatre.time(), Milliseconds{21'000});
  EXPECT_LE(theatre.time(), Milliseconds{23'000});
}

TEST(PatientPlayer, ACommandThatCouldNeverBeSentIsTold) {
  Patient theatre(
      Play().think("garage", 2 * kSecond).send("garage", kSend).hold(3 * kSecond).scenario);
  theatre.in(kSecond, [&] {
    theatre.accepts_connections = false;
    theatre.cut(theatre.garage);
  });
  theatre.play();
  ASSERT_THAT(theatre.player.steps().stories(), SizeIs(1));
  EXPECT_THAT(theatre.player.steps().stories()[0].text.en, HasSubstr("for want of a connection"));
}

TEST(PatientPlayer, OneThatIsNotLetInAgainIsTold) {
  for (const bool refused : {false, true}) {
    Patient theatre(Play().send("garage", kSend).hold(3 * kSecond).scenario);
    theatre.on_command = [&](const Asked& asked) { theatre.ok(asked, kSent); };
    theatre.in(kSecond, [&] {  // The adjuster has no part in any step.
      theatre.connack = refused ? mqtt::ReasonCode::not_authorized : mqtt::ReasonCode::server_busy;
      theatre.cut(theatre.id_of(chat::Role::adjuster));
    });
    theatre.play();
    EXPECT_EQ(theatre.completed(), 1U);
    EXPECT_EQ(theatre.player.steps().failures(), 0U);
    EXPECT_EQ(theatre.auditor.violations(Checker::completeness), 1U);
    ASSERT_THAT(theatre.auditor.stories(), Not(IsEmpty()));
    EXPECT_THAT(theatre.auditor.stories()[0].en,
                HasSubstr(refused ? "turned away as not authorized" : "could not connect again"));
  }
}

TEST(PatientPlayer, OneThatStillThinksOwesNothing) {
  Patient theatre(Play()
                      .think("garage", 3'600 * kSecond)
                      .send("garage", kSend)
                      .await("adjuster", "message")
                      .hold(kSecond)
                      .scenario);
  theatre.play();
  EXPECT_EQ(theatre.player.steps().failures(), 0U);
  EXPECT_EQ(theatre.completed(), 0U);
}

TEST(PatientPlayer, NoticesADeadConnectionWhenThePhasesEnd) {
  Patient theatre(Play().send("garage", kSend).await("garage", "message").hold(kSecond).scenario);
  theatre.answers_pings = false;
  theatre.on_command = [&](const Asked& asked) {
    if (asked.text("type") == "sync") {
      if (asked.user == theatre.garage) theatre.event(theatre.garage, kEvent);
      theatre.ok(asked, R"({"cursor":"c0"})");
      if (asked.user == theatre.garage) theatre.event(theatre.garage, kEvent);
      theatre.answers_pings = true;
    } else {
      theatre.ok(asked, kSent);
    }
  };
  theatre.play();
  EXPECT_EQ(theatre.connections(), 2);
  EXPECT_EQ(theatre.completed(), 1U);
  EXPECT_LE(theatre.time(), Milliseconds{14'000});
}

TEST(PatientPlayer, ComesBackWhenItsSessionWasTakenOver) {
  Patient theatre(Play().send("garage", kSend).hold(5 * kSecond).scenario);
  theatre.on_command = [&](const Asked& asked) {
    if (theatre.asked_of("message.send").size() == 1) {
      theatre.disconnect(theatre.garage, mqtt::ReasonCode::session_taken_over);
    } else {
      theatre.ok(asked, kSent);
    }
  };
  theatre.play();
  EXPECT_EQ(theatre.connections(), 2);
  EXPECT_EQ(theatre.completed(), 1U);
}

TEST(PatientPlayer, GoesOnWithoutAReceiptThatWentWithAConnection) {
  for (const bool lost : {true, false}) {
    Patient theatre(Play()
                        .send("garage", kSend)
                        .await("garage", "read", {}, kSecond)
                        .proves("CPC-004-7/read-receipts")
                        .send("garage", kSend)
                        .hold(10 * kSecond)
                        .scenario);
    theatre.on_command = [&](const Asked& asked) {
      theatre.ok(asked, kSent);
      if (lost && theatre.asked.size() == 1) {
        theatre.in(200 * kMs, [&] { theatre.cut(theatre.garage); });
      }
    };
    theatre.play();
    EXPECT_EQ(theatre.completed(), lost ? 1U : 0U);
    EXPECT_EQ(theatre.player.steps().failures(), 0U);
    EXPECT_THAT(theatre.player.steps().clauses(), IsEmpty()) << "it proves nothing";
  }
}

TEST(PatientPlayer, ARepeatedCommandIsAnsweredTwiceAndPlayedOnce) {
  Patient theatre(Play().send("garage", kSend, "unknown_room").hold(5 * kSecond).scenario);
  theatre.on_command = [&](const Asked& asked) {
    theatre.in(5 * kMs, [&, asked] { theatre.refuse(asked, "unknown_room"); });
    if (theatre.asked.size() > 2) return;
    // Once before the answer, once long after it.
    const Microseconds after = theatre.asked.size() == 1 ? 2 * kMs : kSecond;
    theatre.in(after, [&] {
      theatre.player.repeat_command(theatre.number_of(theatre.garage), theatre.now());
    });
  };
  theatre.play();
  const auto sends = theatre.asked_of("message.send");
  ASSERT_THAT(sends, SizeIs(3));
  EXPECT_EQ(sends[1].body, sends[0].body);
  EXPECT_EQ(sends[2].body, sends[0].body);
  EXPECT_EQ(theatre.completed(), 1U);
  EXPECT_EQ(theatre.auditor.violations_total(), 0U);
}

TEST(PatientPlayer, ANumberIsTakenBackWhenTheLastAnswerToItHasCome) {
  Patient theatre(Play()
                      .send("garage", R"({"type":"message.send","room":7,"text":"x"})", "bad_field")
                      .send("garage", kSend)
                      .hold(5 * kSecond)
                      .scenario);
  theatre.on_command = [&](const Asked& asked) {
    if (asked.body.at("room").is_string()) return theatre.ok(asked, kSent);
    const bool first = theatre.asked.size() == 1;
    theatre.in(first ? 5 * kMs : 50 * kMs, [&, asked] { theatre.refuse(asked, "bad_field"); });
    if (!first) return;
    theatre.in(kMs, [&] {
      theatre.player.repeat_command(theatre.number_of(theatre.garage), theatre.now());
    });
  };
  theatre.play();
  const auto sends = theatre.asked_of("message.send");
  ASSERT_THAT(sends, SizeIs(3));
  EXPECT_GE(sends[2].at - sends[0].at, 50 * kMs);
  EXPECT_EQ(sends[2].text("id"), sends[0].text("id"));
  EXPECT_EQ(theatre.completed(), 1U);
}

TEST(PatientPlayer, IsJudgedByTheThresholdsOfItsFaults) {
  Play play = Play().send("garage", kSend).hold(5 * kSecond);
  play.scenario.thresholds = {
      threshold("delivery.p99_ms", "<", 1'000), threshold("reply.max_ms", "<", 1),
      threshold("outage.seconds", "==", 0), threshold("violations.steps", "==", 0)};
  play.scenario.faults.thresholds = {threshold("recovery.max_s", "<=", 5'000),
                                     threshold("reply.max_ms", "<", 500'000)};
  Patient theatre(play.scenario);
  theatre.on_command = [&](const Asked& asked) { theatre.ok(asked, kSent); };
  theatre.player.note_fault({{"끊김", "a cut"}, theatre.now().steady, theatre.now().steady});
  theatre.play();
  const report::RunResult result = run_figures(theatre.scenario, theatre.player, theatre.auditor,
                                               theatre.recorder, theatre.now());
  std::vector<std::string> metrics;
  for (const report::Threshold& threshold : result.thresholds) {
    metrics.push_back(threshold.metric);
    EXPECT_TRUE(threshold.ok) << threshold.metric;
  }
  EXPECT_THAT(metrics, ElementsAre("violations.steps", "recovery.max_s", "reply.max_ms"));
  ASSERT_THAT(result.faults, SizeIs(1));
  EXPECT_EQ(result.faults[0].en, "a cut");
}

}  // namespace
}  // namespace claims::storm
