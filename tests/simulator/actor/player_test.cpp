#include "simulator/actor/player.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/actor/run_figures.h"
#include "simulator/limits.h"
#include "tests/simulator/actor/theatre.h"
#include "tests/simulator/actor/written_scenario.h"

namespace claims::storm {
namespace {

using testing::Asked;
using ::testing::HasSubstr;
using testing::Play;
using ::testing::SizeIs;
using testing::Theatre;

constexpr Microseconds kMs{1'000};
constexpr Microseconds kSecond{1'000'000};

const std::string kRegister =
    R"({"type":"receipt.register","receipt":"${receipt}","plate":"12가3456","model":"아반떼",)"
    R"("adjuster":"${adjuster.id}"})";

Play registration() {
  Play play;
  play.let("receipt", "gen.receipt").send("insurer", kRegister).proves("CPC-003/receipt");
  return play;
}

TEST(Player, PlaysATinyWorkflowToAPass) {
  Theatre theatre(registration().scenario);
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, R"({"receipt":")" + asked.text("receipt") + R"("})");
  };
  theatre.play();

  ASSERT_TRUE(theatre.player.done());
  EXPECT_EQ(theatre.player.end(), Player::End::finished);
  const auto asked = theatre.asked_of("receipt.register");
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].user, theatre.id_of(chat::Role::insurer));
  EXPECT_EQ(asked[0].text("id"), "1700000000000.1");
  EXPECT_EQ(asked[0].text("adjuster"), theatre.id_of(chat::Role::adjuster));

  const report::RunResult result = run_figures(theatre.scenario, theatre.player, theatre.auditor,
                                               theatre.recorder, theatre.now());
  EXPECT_EQ(result.verdict, report::Verdict::pass);
  EXPECT_EQ(result.counts.workflows_started, 1U);
  EXPECT_EQ(result.counts.workflows_completed, 1U);
  EXPECT_EQ(result.counts.acknowledged, 1U);
  EXPECT_EQ(result.violations_total, 0U);
  EXPECT_EQ(result.users, 3U);
  EXPECT_DOUBLE_EQ(result.duration_s, 1.0);
  EXPECT_EQ(theatre.player.steps().clauses().at("CPC-003/receipt").passed, 1U);
}

TEST(Player, SubscribesEveryUserAndPacesTheirConnections) {
  Play play = registration();
  play.scenario.connects_per_second = 10;
  Theatre theatre(play.scenario);
  theatre.play(Microseconds{50'000});
  EXPECT_THAT(theatre.subscribed, SizeIs(1));
  theatre.play(Microseconds{150'000});
  EXPECT_THAT(theatre.subscribed, SizeIs(2));
  theatre.play(Microseconds{250'000});
  EXPECT_THAT(theatre.subscribed, SizeIs(3));
}

TEST(Player, AReceiptThatIsKnownAlreadyEndsTheRun) {
  Theatre theatre(registration().scenario);
  theatre.on_command = [&](const Asked& asked) { theatre.refuse(asked, "receipt_exists"); };
  theatre.play();
  ASSERT_TRUE(theatre.player.done());
  EXPECT_EQ(theatre.player.end(), Player::End::seed_used);
  EXPECT_THAT(theatre.player.end_reason().en, HasSubstr("receipt_exists"));
}

TEST(Player, AServerThatRefusesTheLoginEndsTheRun) {
  Theatre theatre(registration().scenario);
  theatre.connack = mqtt::ReasonCode::bad_user_name_or_password;
  theatre.play();
  ASSERT_TRUE(theatre.player.done());
  EXPECT_EQ(theatre.player.end(), Player::End::refused);
  EXPECT_THAT(theatre.player.end_reason().en, HasSubstr("0x86"));
}

TEST(Player, NobodyThereIsFoundOutWithinTenSeconds) {
  Theatre theatre(registration().scenario);
  theatre.accepts_connections = false;
  theatre.play();
  ASSERT_TRUE(theatre.player.done());
  EXPECT_EQ(theatre.player.end(), Player::End::unreachable);
  EXPECT_LE(theatre.time(), Milliseconds{10'000});
}

TEST(Player, AServerThatDoesNotKnowTheTokenIsSaidInWords) {
  Theatre theatre(registration().scenario);
  theatre.connack = mqtt::ReasonCode::bad_user_name_or_password;
  theatre.play();
  EXPECT_EQ(theatre.player.end(), Player::End::refused);
  EXPECT_THAT(theatre.player.end_reason().en, HasSubstr("0x86 (user name or token refused"));
  EXPECT_THAT(theatre.player.end_reason().en, HasSubstr("whom an earlier run retired there is"));
}

TEST(Player, WhatSpeaksNoMqttIsToldByItsFirstBytes) {
  Theatre theatre(registration().scenario);
  const std::string http = "HTTP/1.1 400 Bad Request\r\n";
  // After CONNECT and before its answer.
  theatre.in(Theatre::kLatency * 3 / 2, [&] {
    theatre.player.received(ConnectionNumber{0}, http, {theatre.now(), theatre.now().steady});
  });
  theatre.play(Microseconds{1'000'000});
  EXPECT_EQ(theatre.player.end(), Player::End::refused);
  EXPECT_THAT(theatre.player.end_reason().en, HasSubstr("no MQTT"));
  EXPECT_THAT(theatre.player.end_reason().en, HasSubstr("HTTP/1.1 400"));
  EXPECT_EQ(theatre.auditor.violations_total(), 0U);
}

TEST(Player, AServerThatEndedEndsTheRunAtOnceAndAccusesNobody) {
  Theatre theatre(registration().scenario);  // Nothing is answered.
  theatre.in(Microseconds{500'000}, [&] { theatre.player.server_ended(theatre.now()); });
  theatre.play();
  ASSERT_TRUE(theatre.player.done());
  EXPECT_LE(theatre.time(), Milliseconds{500});
  EXPECT_EQ(theatre.player.end(), Player::End::finished);
  EXPECT_EQ(theatre.auditor.violations_total() + theatre.player.steps().failures(), 0U);
}

TEST(Player, EndingEarlyStartsNothingMoreAndSaysSo) {
  Play play = registration();
  play.scenario.arrivals[0].count = 10;  // One each 100 ms.
  Theatre theatre(play.scenario);
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, R"({"receipt":")" + asked.text("receipt") + R"("})");
  };
  theatre.in(Microseconds{350'000}, [&] { theatre.player.stop_early(theatre.now()); });
  theatre.play();
  ASSERT_TRUE(theatre.player.done());
  EXPECT_TRUE(theatre.player.ended_early());
  const report::RunResult result = run_figures(theatre.scenario, theatre.player, theatre.auditor,
                                               theatre.recorder, theatre.now());
  EXPECT_EQ(result.verdict, report::Verdict::invalid);
  EXPECT_EQ(result.counts.workflows_started, 4U);
  EXPECT_EQ(result.counts.workflows_completed, 4U);
  EXPECT_LT(result.duration_s, 0.4);
}

TEST(Player, TheSameSeedGivesTheSameBytesAndAnotherOneOthers) {
  const auto trace = [](std::uint64_t seed) {
    Play play = registration();
    play.scenario.arrivals[0] = {.workflow = 0, .rate_milli = 20'000, .count = 0};
    Theatre theatre(play.scenario, seed);
    theatre.on_command = [&](const Asked& asked) {
      theatre.ok(asked, R"({"receipt":")" + asked.text("receipt") + R"("})");
    };
    theatre.play();
    EXPECT_TRUE(theatre.player.done());
    EXPECT_GT(theatre.asked.size(), 5U);
    return theatre.trace;
  };
  const std::string first = trace(1);
  EXPECT_EQ(first, trace(1));
  EXPECT_NE(first, trace(2));
}

TEST(Player, CountsTheFirstStepFromItsScheduledArrival) {
  Theatre theatre(registration().scenario);
  theatre.tick_delay = 7 * kMs;
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, R"({"receipt":")" + asked.text("receipt") + R"("})");
  };
  theatre.play();
  // The tick that started it came 7 ms after its time, and the reply 1 ms after the command.
  EXPECT_EQ(theatre.recorder.corrected(Figure::lateness).max(), 7 * kMs);
  const auto reply = theatre.recorder.corrected(Figure::reply).max();
  ASSERT_TRUE(reply);
  EXPECT_NEAR(static_cast<double>(reply->count()), 8'000, 10);
  EXPECT_NEAR(static_cast<double>(theatre.recorder.uncorrected(Figure::reply).max()->count()),
              1'000, 2);
  EXPECT_NEAR(static_cast<double>(theatre.recorder.corrected(Figure::workflow).max()->count()),
              8'000, 10);
}

TEST(Player, CountsAWorkflowFromItsFirstSendAlsoWhenThatIsOnTime) {
  Play play = registration();
  play.think("insurer", 100 * kMs)
      .send("insurer", R"({"type":"receipt.register","receipt":"${receipt}-2"})");
  Theatre theatre(play.scenario);
  theatre.on_command = [&](const Asked& asked) { theatre.ok(asked, "{}"); };
  theatre.play();
  const auto corrected = theatre.recorder.corrected(Figure::workflow).max();
  ASSERT_TRUE(corrected);
  EXPECT_GT(*corrected, 100 * kMs);
  EXPECT_EQ(theatre.recorder.uncorrected(Figure::workflow).max(), corrected);
}

TEST(Player, ReadsTheHistoryOfEveryRoomPageByPage) {
  Play play = registration();
  play.send("garage", R"({"type":"intake.register","receipt":"${receipt}"})").after(0);
  Theatre theatre(play.scenario);
  const std::string garage = theatre.id_of(chat::Role::garage);
  const auto joined = [&](int seq) {
    return R"({"type":"joined","room":"r1","seq":)" + std::to_string(seq) + "}";
  };
  theatre.on_command = [&](const Asked& asked) {
    const std::string type = asked.text("type");
    if (type == "receipt.register") {
      theatre.ok(asked, R"({"receipt":")" + asked.text("receipt") + R"("})");
    } else if (type == "intake.register") {
      theatre.ok(asked, R"({"room":"r1","created":true,"vehicle":"12가3456"})");
    } else if (asked.body.at("after").to_number<int>() == 0) {
      theatre.ok(asked, R"({"events":[)" + joined(1) + "," + joined(2) + R"(],"more":true})");
    } else {
      theatre.ok(asked, R"({"events":[)" + joined(3) + R"(],"more":false})");
    }
  };
  theatre.play();
  ASSERT_TRUE(theatre.player.done());
  const auto pages = theatre.asked_of("room.messages");
  ASSERT_THAT(pages, SizeIs(2));
  EXPECT_EQ(pages[0].text("room"), "r1");
  EXPECT_EQ(pages[0].text("id"), "q2");
  EXPECT_EQ(pages[1].body.at("after").to_number<int>(), 2);
  EXPECT_EQ(theatre.player.progress(theatre.now()).rooms_read, 1U);
}

TEST(Player, ADrainEndsAfterItsTimeThoughAWorkflowIsOpen) {
  Play play = registration();
  play.await("garage", "greeting", {}, Microseconds{3'600'000'000});
  play.scenario.drain = 5 * kSecond;
  Theatre theatre(play.scenario);
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, R"({"receipt":")" + asked.text("receipt") + R"("})");
  };
  theatre.play();
  ASSERT_TRUE(theatre.player.done());
  EXPECT_LT(theatre.time(), Milliseconds{7'000});
  const Progress progress = theatre.player.progress(theatre.now());
  EXPECT_EQ(progress.started, 1U);
  EXPECT_EQ(progress.completed, 0U);
  EXPECT_EQ(theatre.player.steps().failures(), 0U);  // Not completed is no failed step.
}

/// What it did then would be delivered, and stand in no history that was read.
TEST(Player, AWorkflowThatIsOpenAfterTheDrainDoesNothingWhileTheHistoryIsRead) {
  Play play = registration();
  play.send("garage", R"({"type":"intake.register","receipt":"${receipt}"})").after(0);
  for (int i = 0; i < 60; ++i) {
    play.think("insurer", 100 * kMs)
        .send("insurer",
              R"({"type":"receipt.register","receipt":"${receipt}-)" + std::to_string(i) + R"("})");
  }
  play.scenario.drain = 2 * kSecond;
  Theatre theatre(play.scenario);
  theatre.on_command = [&](const Asked& asked) {
    const std::string type = asked.text("type");
    if (type == "receipt.register") {
      theatre.in(50 * kMs, [&theatre, asked] { theatre.ok(asked, "{}"); });
    } else if (type == "intake.register") {
      theatre.ok(asked, R"({"room":"r1","created":true,"vehicle":"12가3456"})");
    } else {
      theatre.in(2 * kSecond, [&theatre, asked] {
        theatre.ok(asked, R"({"events":[{"type":"joined","room":"r1","seq":1}],"more":false})");
      });
    }
  };
  theatre.play();
  ASSERT_TRUE(theatre.player.done());
  const auto registered = theatre.asked_of("receipt.register");
  const auto read = theatre.asked_of("room.messages");
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_GT(registered.size(), 10U);
  EXPECT_LT(registered.size(), 40U);
  EXPECT_LT(registered.back().at + 50 * kMs, read[0].at) << "its reply came before";
  EXPECT_EQ(theatre.player.progress(theatre.now()).completed, 0U);
}

TEST(Player, KeepsSoManyWorkflowsOpenAsAreWanted) {
  testing::Written written;
  written.arrivals = R"([{"workflow": "w", "concurrent": 3, "pause": "200ms"}])";
  written.phases = R"([{"hold": "10s"}])";
  written.steps =
      R"({"role": "garage", "send": {"type": "hello"}}, {"role": "garage", "think": "1s"},
                     {"role": "garage", "send": {"type": "bye"}})";
  written.more = R"(, "time_scale": 2)";
  Theatre theatre(testing::loaded(written));
  theatre.on_command = [&](const Asked& asked) { theatre.ok(asked, "{}"); };
  theatre.play();
  ASSERT_TRUE(theatre.player.done());
  const Progress progress = theatre.player.progress(theatre.now());
  // Each takes 500 ms of thinking and some ms for replies, and then come 100 ms of pause.
  EXPECT_GE(progress.started, 3U * 15U);
  EXPECT_LE(progress.started, 3U * 17U);
  EXPECT_EQ(progress.completed, progress.started);
  int open = 0;
  for (const Asked& asked : theatre.asked) {
    open += asked.text("type") == "hello" ? 1 : -1;
    EXPECT_LE(open, 3);
  }
}

TEST(Player, ShowsTheRateOfOpenArrivalsApartFromThatOfClosedOnes) {
  testing::Written written;
  written.arrivals =
      R"([{"workflow": "w", "count": 30}, {"workflow": "w", "concurrent": 4, "pause": "500ms"}])";
  written.phases = R"([{"hold": "2s", "at": "50 %"}, {"hold": "1s"}])";
  written.steps = R"({"role": "garage", "think": "0ms"})";
  Theatre theatre(testing::loaded(written));
  Progress progress;
  theatre.in(1'700 * kMs, [&] { progress = theatre.player.progress(theatre.now()); });
  theatre.play();
  EXPECT_EQ(progress.rate_milli, 10'000);
  EXPECT_EQ(progress.target_milli, 10'000);
  // Two places, each a little less than twice a second.
  EXPECT_GE(progress.closed_milli, 3'000);
  EXPECT_LE(progress.closed_milli, 4'000);
}

TEST(Player, AWorkflowThatFailsAtOnceDoesNotBeginAgainAsFastAsItFails) {
  testing::Written written;
  written.arrivals = R"([{"workflow": "w", "concurrent": 1}])";
  written.steps = R"({"role": "garage", "assert": "1 == 2", "says": {"ko": "ㄱ", "en": "a"}})";
  Theatre theatre(testing::loaded(written));
  theatre.play();
  const Progress progress = theatre.player.progress(theatre.now());
  EXPECT_GE(progress.failed, 5U);
  EXPECT_LE(progress.failed, 10U) << "in a second, with 100 ms after each";
}

TEST(Player, AFailedWorkflowMakesRoomForTheNextToo) {
  testing::Written written;
  written.arrivals = R"([{"workflow": "w", "concurrent": 1, "pause": "1s"}])";
  written.phases = R"([{"hold": "5s"}])";
  written.steps = R"({"role": "garage", "assert": "1 == 2", "says": {"ko": "가", "en": "a"}})";
  Theatre theatre(testing::loaded(written));
  theatre.play();
  EXPECT_EQ(theatre.player.progress(theatre.now()).failed, 5U);
}

TEST(Player, EventsThatNobodyWaitsForTakeNoRoomFromOthers) {
  Theatre theatre(testing::loaded(
      R"({"role": "garage", "send": {"type": "hello"}}, {"role": "garage", "think": "500ms"},
         {"role": "garage", "await": {"type": "answer"}})"));
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, "{}");
    const auto event = [&](const std::string& type, std::size_t room) {
      theatre.event(asked.user, R"({"type":")" + type + R"(","room":"r)" + std::to_string(room) +
                                    R"(","seq":1,"cursor":"c"})");
    };
    event("answer", 1);
    for (std::size_t i = 0; i <= limits::kUnboundEventsPerUser; ++i) event("noise", 2 + i);
  };
  theatre.play();
  EXPECT_EQ(theatre.player.progress(theatre.now()).completed, 1U);
}

}  // namespace
}  // namespace claims::storm
