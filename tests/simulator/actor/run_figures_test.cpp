#include "simulator/actor/run_figures.h"

#include <gtest/gtest.h>

#include "tests/simulator/actor/theatre.h"

namespace claims::storm {
namespace {

using testing::Asked;
using testing::Play;
using testing::Theatre;

constexpr Microseconds kMs{1'000};

const std::string kRegister =
    R"({"type":"receipt.register","receipt":"${receipt}","plate":"12가3456","model":"아반떼",)"
    R"("adjuster":"${adjuster.id}"})";

Play registration() {
  Play play;
  play.let("receipt", "gen.receipt").send("insurer", kRegister);
  return play;
}

void answers(Theatre& theatre) {
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, R"({"receipt":")" + asked.text("receipt") + R"("})");
  };
}

report::RunResult figures(const Theatre& theatre) {
  return run_figures(theatre.scenario, theatre.player, theatre.auditor, theatre.recorder,
                     theatre.now());
}

TEST(RunFigures, TheSeriesAddsUpToTheCounts) {
  Theatre theatre(registration().scenario);
  answers(theatre);
  theatre.play();
  const report::RunResult result = figures(theatre);
  report::Counts sum;
  std::uint64_t replies = 0;
  for (const report::Second& second : result.series) {
    sum.commands += second.commands;
    sum.workflows_completed += second.workflows_completed;
    replies += second.replies;
    EXPECT_EQ(second.replies > 0, second.reply_max_ms.has_value()) << second.second;
  }
  EXPECT_EQ(sum.commands, result.counts.commands);
  EXPECT_EQ(replies, result.counts.acknowledged);
  EXPECT_EQ(sum.workflows_completed, 1U);
}

TEST(RunFigures, CtrlCInTheRampLeavesNoFigures) {
  Play play = registration();
  Phase ramp{.name = "ramp", .hold = false, .length = 1'000 * kMs};
  play.scenario.phases.insert(play.scenario.phases.begin(), ramp);
  play.scenario.arrivals[0] = {.workflow = 0, .rate_milli = 20'000, .count = 0};
  Theatre theatre(play.scenario);
  // Thinks past the hold's beginning: answered, and sent, when the hold would have been.
  theatre.on_command = [&](const Asked& asked) {
    theatre.in(1'500 * kMs, [&, asked] {
      theatre.ok(asked, R"({"receipt":")" + asked.text("receipt") + R"("})");
    });
  };
  theatre.in(500 * kMs, [&] { theatre.player.stop_early(theatre.now()); });
  theatre.play();
  const report::RunResult result = figures(theatre);
  EXPECT_GT(result.counts.acknowledged, 0U);
  EXPECT_EQ(result.latency_ms.at("reply").count, 0U);
  EXPECT_EQ(result.read_lag_ms.count, 0U) << "replies came when the hold would have been";
  EXPECT_EQ(result.duration_s, 0);
  EXPECT_EQ(result.verdict, report::Verdict::invalid);
}

TEST(RunFigures, WaitingForALostConnectionIsNotLatenessOfSending) {
  Play play = registration();
  play.scenario.workflows[0].steps.clear();
  play.think("insurer", 300 * kMs).send("insurer", kRegister);
  Theatre theatre(play.scenario);
  answers(theatre);
  theatre.in(200 * kMs, [&] {
    theatre.accepts_connections = false;
    theatre.cut(theatre.id_of(chat::Role::insurer));
  });
  theatre.in(900 * kMs, [&] { theatre.accepts_connections = true; });
  theatre.play();
  const report::RunResult result = figures(theatre);
  EXPECT_EQ(result.counts.workflows_completed, 1U);
  ASSERT_TRUE(result.latency_ms.at("reply").max && result.lateness_ms.max);
  EXPECT_GT(*result.latency_ms.at("reply").max, 300) << "the server is told of it";
  EXPECT_LT(*result.lateness_ms.max, 5) << "the generator is not";
}

}  // namespace
}  // namespace claims::storm
