#include "simulator/actor/service_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/actor/run_figures.h"
#include "tests/simulator/actor/theatre.h"

namespace claims::storm {
namespace {

using testing::Play;
using testing::Theatre;

constexpr Microseconds kMs{1'000};

/// A second's hold, in which somebody thinks.
Play second() {
  Play play;
  play.think("garage", 10 * kMs);
  play.scenario.credit_schedules = {
      {"s", {"가", "a"}, {{.below_milli = 99'900, .credit_percent = 10}, {75'000, 50}}}};
  return play;
}

report::RunResult figures(const Theatre& theatre) {
  return run_figures(theatre.scenario, theatre.player, theatre.auditor, theatre.recorder,
                     theatre.now());
}

/// Once the phases have begun, times since then.
void out_from(Theatre& theatre, Microseconds begin, Microseconds end) {
  theatre.in(900 * kMs, [&theatre, begin, end] {
    const Microseconds began = theatre.player.phases_began().value();
    theatre.player.note_outage({began + begin, began + end});
  });
}

TEST(ServiceFigures, AreThoseOfThePhasesFromTheOutagesNoted) {
  Play play = second();
  play.scenario.thresholds = {{"service.availability_percent", ">=", 75'000, 1'000, {}},
                              {"service.availability_percent", ">", 75'000, 1'000, {}}};
  Theatre theatre(play.scenario);
  // 250 ms of a second: 75 %, which is not below 75 %; and what comes after the phases.
  out_from(theatre, 200 * kMs, 450 * kMs);
  out_from(theatre, 1'500 * kMs, 1'600 * kMs);
  theatre.play();
  const report::RunResult result = figures(theatre);
  ASSERT_TRUE(result.service);
  EXPECT_DOUBLE_EQ(result.service->period_s, 1);
  EXPECT_DOUBLE_EQ(result.service->availability_percent, 75);
  EXPECT_EQ(result.service->outage_count, 1U);
  ASSERT_EQ(result.service->outages.size(), 1U);
  EXPECT_DOUBLE_EQ(result.service->outages[0].begin_s, 0.2);
  EXPECT_EQ(result.service->outages[0].grade, 4);
  ASSERT_EQ(result.service->credits.size(), 1U);
  EXPECT_EQ(result.service->credits[0].percent, 10);
  EXPECT_EQ(result.service->architecture, "single");
  EXPECT_TRUE(result.service->goal_met);
  ASSERT_EQ(result.thresholds.size(), 2U);
  EXPECT_TRUE(result.thresholds[0].ok);
  EXPECT_FALSE(result.thresholds[1].ok);
}

TEST(ServiceFigures, MaintenanceCountsInNeither) {
  Play play = second();
  play.scenario.service = ServiceSpec{.redundant = true, .maintenance = {{0 * kMs, 500 * kMs}}};
  Theatre theatre(play.scenario);
  out_from(theatre, 400 * kMs, 600 * kMs);
  theatre.play();
  const report::RunResult result = figures(theatre);
  ASSERT_TRUE(result.service);
  EXPECT_DOUBLE_EQ(result.service->period_s, 0.5);
  EXPECT_DOUBLE_EQ(result.service->maintenance_s, 0.5);
  EXPECT_DOUBLE_EQ(result.service->availability_percent, 80) << "100 of 500 ms";
  EXPECT_EQ(result.service->architecture, "redundant");
}

TEST(ServiceFigures, WithoutOutagesOnlyWhereAsked) {
  Theatre unasked(second().scenario);
  unasked.play();
  EXPECT_FALSE(figures(unasked).service);

  Play play = second();
  play.scenario.service.emplace();
  Theatre asked(play.scenario);
  asked.play();
  ASSERT_TRUE(figures(asked).service);
  EXPECT_DOUBLE_EQ(figures(asked).service->availability_percent, 100);

  play.scenario.service.reset();
  play.scenario.thresholds = {{"service.availability_percent", "==", 100'000, 1'000, {}}};
  Theatre by_threshold(play.scenario);
  by_threshold.play();
  EXPECT_TRUE(figures(by_threshold).thresholds.at(0).ok);
}

TEST(ServiceFigures, OfARunEndedEarlyAreThoseOfWhatWasPlayed) {
  Play play = second();
  Theatre theatre(play.scenario);
  theatre.in(700 * kMs, [&] {
    const Microseconds began = theatre.player.phases_began().value();
    theatre.player.note_outage({began, began + 100 * kMs});
    theatre.player.stop_early(theatre.now());
  });
  theatre.play();
  const report::RunResult result = figures(theatre);
  ASSERT_TRUE(result.service);
  EXPECT_LT(result.service->period_s, 0.71);
  EXPECT_GT(result.service->period_s, 0.6);
  EXPECT_DOUBLE_EQ(result.service->outage_s, 0.1);
}

}  // namespace
}  // namespace claims::storm
