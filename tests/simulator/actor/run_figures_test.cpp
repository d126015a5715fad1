#include "simulator/actor/run_figures.h"

#include <gtest/gtest.h>

#include "reports/checker_text.h"
#include "simulator/scenario/metric_name.h"
#include "tests/simulator/actor/theatre.h"
#include "tests/simulator/actor/written_scenario.h"

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

TEST(RunFigures, TellEachKindOfWorkflowAndWhatItIsBesideTheCountry) {
  Play play = registration();
  play.scenario.workflows[0].name = "inbound";
  play.scenario.workflows[0].title = {"입고", "Inbound"};
  play.scenario.workflows.push_back(play.scenario.workflows[0]);
  play.scenario.workflows[1].name = "other";
  play.scenario.arrivals = {{.workflow = 0, .rate_milli = 0, .count = 4},
                            {.workflow = 1, .rate_milli = 0, .count = 2}};
  Theatre theatre(play.scenario);
  int asked = 0;
  theatre.on_command = [&](const Asked& one) {
    if (++asked == 1) return theatre.refuse(one, "not_permitted");
    theatre.ok(one, R"({"receipt":")" + one.text("receipt") + R"("})");
  };
  theatre.play();
  const Catalogues catalogues{
      {}, {{"근거", "basis"}, {{"inbound", {"입고", "Inbound"}, {"inbound"}, 400, 800}}}};
  const report::RunResult result = run_figures(theatre.scenario, theatre.player, theatre.auditor,
                                               theatre.recorder, theatre.now(), catalogues);
  ASSERT_EQ(result.workflows.size(), 2U);
  EXPECT_EQ(result.workflows[0].target_rate, 4);
  EXPECT_EQ(result.workflows[0].started + result.workflows[1].started, 6U);
  EXPECT_EQ(result.workflows[0].failed + result.workflows[1].failed, 1U);
  EXPECT_EQ(result.workflows[1].latency_ms.count, result.workflows[1].completed);
  EXPECT_EQ(result.target_rate, 6);
  EXPECT_EQ(result.achieved_rate, 6);
  ASSERT_EQ(result.load.country.size(), 1U);
  EXPECT_EQ(result.load.country[0].target_rate, 4);
  EXPECT_EQ(result.load.country[0].peak_rate, 0.8);
  EXPECT_EQ(result.load.garages, 1U);
  EXPECT_EQ(result.active_users, 1U) << "the insurer's system alone did a step";
  ASSERT_EQ(result.errors.size(), 1U);
  EXPECT_EQ(result.errors[0].code, "not_permitted");
  EXPECT_EQ(result.errors[0].count, 1U);
  EXPECT_NE(result.errors[0].message.ko, "");
  EXPECT_TRUE(result.steps_ms.contains("inbound/receipt.register"));
  EXPECT_EQ(result.curves_ms.at("reply").corrected.back().percent, 100);
}

TEST(RunFigures, EveryCheckerMayHaveAThresholdAndIsDescribed) {
  const Theatre theatre(registration().scenario);
  const report::RunResult result = figures(theatre);
  EXPECT_GE(result.violations.size(), 19U);
  for (const auto& [checker, count] : result.violations) {
    EXPECT_TRUE(is_metric("violations." + checker)) << checker;
    EXPECT_NE(report::checker_text(checker).en, "") << checker;
  }
}

/// Plays arrivals and phases, each workflow being one command, answered at once.
report::RunResult played(const std::string& arrivals, const std::string& phases,
                         Microseconds stop_after = {}) {
  testing::Written written;
  written.arrivals = arrivals;
  written.phases = phases;
  written.steps = R"({"role": "garage", "send": {"type": "hello"}})";
  Theatre theatre(testing::loaded(written));
  theatre.on_command = [&](const Asked& asked) { theatre.ok(asked, "{}"); };
  if (stop_after.count() > 0) {
    theatre.in(stop_after, [&] { theatre.player.stop_early(theatre.now()); });
  }
  theatre.play();
  return figures(theatre);
}

TEST(RunFigures, TheTargetIsTheMeanOverTheMeasuredPhases) {
  const std::string at_100 = R"([{"workflow": "w", "rate": "100/s"}])";
  EXPECT_DOUBLE_EQ(played(at_100, R"([{"hold": "4s", "at": "50 %"}])").target_rate, 50);
  EXPECT_DOUBLE_EQ(
      played(at_100, R"([{"hold": "3s"}, {"spike": "1s", "at": "300 %"}])").target_rate, 150);
  const report::RunResult curve =
      played(at_100,
             R"([{"curve": "10s", "points": [["0s", "0 %"], ["5s", "100 %"], ["10s", "100 %"]]}])");
  EXPECT_DOUBLE_EQ(curve.target_rate, 75);
  EXPECT_NEAR(curve.achieved_rate, 75, 12) << "four standard deviations";
  const report::RunResult ramped =
      played(at_100, R"([{"ramp": "2s", "from": "0 %", "to": "100 %"}, {"hold": "1s"}])");
  EXPECT_DOUBLE_EQ(ramped.target_rate, 100) << "a ramp is not measured";
}

TEST(RunFigures, TheTargetIsOfWhatWasPlayedWhenItEndedEarly) {
  // Rising from 0 to 100 %, and ended at half: 25 % on the mean.
  const report::RunResult result =
      played(R"([{"workflow": "w", "rate": "100/s"}])",
             R"([{"curve": "10s", "points": [["0s", "0 %"], ["10s", "100 %"]]}])", 5'000 * kMs);
  EXPECT_NEAR(result.target_rate, 25, 0.5);
  EXPECT_NEAR(result.achieved_rate, 25, 9);
}

TEST(RunFigures, CountsAreSpreadEvenlyWhateverThePhasesShare) {
  const report::RunResult result = played(R"([{"workflow": "w", "count": 20}])",
                                          R"([{"hold": "2s", "at": "50 %"}, {"hold": "2s"}])");
  EXPECT_DOUBLE_EQ(result.target_rate, 5);
  EXPECT_DOUBLE_EQ(result.achieved_rate, 5);
}

TEST(RunFigures, ClosedArrivalsHaveNoTargetAndReachNone) {
  const report::RunResult result = played(
      R"([{"workflow": "w", "count": 8}, {"workflow": "w", "concurrent": 4, "pause": "100ms"}])",
      R"([{"hold": "2s"}, {"hold": "2s", "at": "50 %"}])");
  EXPECT_DOUBLE_EQ(result.target_rate, 2);
  EXPECT_DOUBLE_EQ(result.achieved_rate, 2);
  EXPECT_DOUBLE_EQ(result.closed_at_a_time, 3);
  EXPECT_GT(result.closed_rate, 20);
  ASSERT_EQ(result.workflows.size(), 1U);
  EXPECT_DOUBLE_EQ(result.workflows[0].achieved_rate, 2);
  EXPECT_DOUBLE_EQ(result.workflows[0].closed_rate, result.closed_rate);
  EXPECT_EQ(result.workflows[0].started, result.counts.workflows_started);
}

TEST(RunFigures, TellThePhasesAsTheyWerePlayed) {
  Play play = registration();
  play.scenario.phases.insert(play.scenario.phases.begin(),
                              Phase{.name = "warm up", .hold = false, .length = 500 * kMs});
  Theatre theatre(play.scenario);
  answers(theatre);
  theatre.play();
  const report::RunResult result = figures(theatre);
  std::vector<std::string> kinds;
  double before = 0;
  for (const report::PlayedPhase& phase : result.phases) {
    kinds.push_back(phase.kind);
    EXPECT_EQ(phase.begin_s, before) << phase.kind;
    EXPECT_GE(phase.end_s, phase.begin_s) << phase.kind;
    before = phase.end_s;
  }
  EXPECT_EQ(kinds, (std::vector<std::string>{"connecting", "ramp", "hold", "drain", "reading"}));
  EXPECT_EQ(result.phases[1].name, "warm up");
  EXPECT_DOUBLE_EQ(result.phases[1].end_s - result.phases[1].begin_s, 0.5);
  EXPECT_DOUBLE_EQ(result.phases[2].end_s - result.phases[2].begin_s, 1);
}

}  // namespace
}  // namespace claims::storm
