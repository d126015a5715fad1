#include "simulator/command/seed_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

using testing::HasSubstr;
using testing::Not;

SeedTotals totals() {
  SeedTotals all;
  all.seeds = {1, 2'000};
  all.passed = 1'998;
  all.failed = 2;
  all.events = 1'234'567;
  all.virtual_time = Microseconds(7'200'000'000);
  all.cpu = Microseconds(3'600'000'000);
  SeedReport failure;
  failure.seed = 17;
  failure.kind = SeedReport::Kind::failed;
  failure.sign = "delivery";
  failure.story = {"하나가 없다", "one is missing"};
  SeedReport crash;
  crash.seed = 99;
  crash.kind = SeedReport::Kind::crashed;
  crash.sign = "crash";
  crash.story = {"죽음", "it died"};
  crash.words = "first\n\x1b[31mAssertion failed\n";
  all.failures = {failure, crash};
  return all;
}

std::string replay(std::uint64_t seed) {
  return "claimstorm simulate a.json --seed " + std::to_string(seed);
}

TEST(SeedSummary, TellsEachFailureAndHowToReplayIt) {
  EXPECT_EQ(seed_summary(totals(), replay),
            "seed 17: failed (delivery)\n"
            "  one is missing\n"
            "  claimstorm simulate a.json --seed 17\n"
            "\n"
            "seed 99: failed (crash)\n"
            "  it died\n"
            "  | first\n"
            "  |  [31mAssertion failed\n"
            "  claimstorm simulate a.json --seed 99\n"
            "\n"
            "seeds 1..2000: 1,998 passed, 2 failed\n"
            "7200.0 virtual s, 1,234,567 events, 3600.00 CPU s: 2.0 virtual s and 342 events per "
            "CPU s\n");
}

TEST(SeedSummary, InKorean) {
  const std::string text = seed_summary(totals(), replay, {.korean = true});
  EXPECT_THAT(text, HasSubstr("시드 17: 실패 (delivery)\n  하나가 없다\n"));
  EXPECT_THAT(text, HasSubstr("시드 1..2000: 통과 1,998, 실패 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("passed")));
}

TEST(SeedSummary, TellsWhyItStopped) {
  SeedTotals some = totals();
  some.passed = 5;
  EXPECT_THAT(seed_summary(some, replay), HasSubstr("stopped at the first failure"));
  some.interrupted = true;
  EXPECT_THAT(seed_summary(some, replay), HasSubstr("ended by a signal"));
  some.trouble = "no process for a worker";
  EXPECT_THAT(seed_summary(some, replay), HasSubstr("no process for a worker"));
  EXPECT_THAT(seed_summary(some, replay, {.korean = true}), HasSubstr("멈춤: no process"));
}

TEST(SeedSummary, CountsTheFailuresThatItDoesNotTell) {
  SeedTotals many = totals();
  many.failed = 1'502;
  EXPECT_THAT(seed_summary(many, replay), HasSubstr("and 1,500 more failing seeds"));
}

TEST(SimulationFigures, HaveTheTraceHash) {
  SeedReport report;
  report.trace_hash = "0123abcd";
  report.events = 5'000;
  report.virtual_time = Microseconds(62'400'000);
  report.cpu = Microseconds(500'000);
  EXPECT_EQ(simulation_figures(report),
            "  trace hash 0123abcd\n"
            "  62.4 virtual s, 5,000 events, 0.50 CPU s: 124.8 virtual s and 10,000 events per "
            "CPU s\n");
  report.cpu = Microseconds(0);
  EXPECT_THAT(simulation_figures(report, {.korean = true}), HasSubstr("가상 시간 ?초"));
}

TEST(SeedProgress, IsOneLine) {
  EXPECT_EQ(seed_progress(totals()), "2,000 of 2,000 seeds  2 failed  2.0 virtual h");
  EXPECT_EQ(seed_progress(totals(), {.korean = true}),
            "시드 2,000/2,000  실패 2  가상 시간 2.0시간");
}

}  // namespace
}  // namespace claims::storm
