#include "simulator/actor/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

using report::RunResult;
using report::Verdict;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::vector<ThresholdSpec> kThresholds = {
    {.metric = "delivery.p99_ms", .op = "<=", .limit_milli = 1'000'000, .proves = {}},
    {.metric = "workflows.completed_percent", .op = ">=", .limit_milli = 100'000, .proves = {}},
};

report::Latency latency(double p99) {
  report::Latency value;
  value.count = 5'000;
  value.p99 = p99;
  return value;
}

RunResult good() {
  RunResult result;
  result.latency_ms["delivery"] = latency(12.5);
  result.counts.workflows_started = result.counts.workflows_completed = 50;
  result.violations["completeness"] = 0;
  result.violations["steps"] = 0;
  result.lateness_ms = latency(0.4);
  result.read_lag_ms = latency(0.2);
  return result;
}

RunResult decided(RunResult result) {
  decide_verdict(kThresholds, result);
  return result;
}

TEST(Verdict, PassesWhenEverythingHolds) {
  const RunResult result = decided(good());
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_THAT(result.reasons, IsEmpty());
  ASSERT_THAT(result.thresholds, SizeIs(2));
  EXPECT_TRUE(result.thresholds[0].ok);
  EXPECT_EQ(result.thresholds[0].limit, "<= 1000");
  EXPECT_EQ(result.thresholds[0].value, 12.5);
}

TEST(Verdict, AMissedThresholdFails) {
  RunResult result = good();
  result.counts.workflows_completed = 49;
  result = decided(result);
  EXPECT_EQ(result.verdict, Verdict::fail);
  ASSERT_THAT(result.reasons, SizeIs(1));
  EXPECT_THAT(result.reasons[0].en, HasSubstr("workflows.completed_percent = 98, limit"));
}

TEST(Verdict, AGeneratorThatWasTheLimitMakesAMissedThresholdInvalid) {
  RunResult result = good();
  result.latency_ms["delivery"].p99 = 2'000;
  result.lateness_ms.p99 = 100.1;  // A tenth of the limit on delivery is 100 ms.
  EXPECT_EQ(decided(result).verdict, Verdict::invalid);
  result.lateness_ms.p99 = 99.9;
  EXPECT_EQ(decided(result).verdict, Verdict::fail);
  result.read_lag_ms.p99 = 100.1;
  EXPECT_EQ(decided(result).verdict, Verdict::invalid);
}

TEST(Verdict, AShortStallOfTheGeneratorIsNotBlamedOnTheServer) {
  RunResult result = good();
  result.latency_ms["delivery"].max = 4'006;
  result.lateness_ms.max = 4'000;  // Of few requests: its p99 is small.
  const ThresholdSpec longest{
      .metric = "delivery.max_ms", .op = "<=", .limit_milli = 1'000'000, .proves = {}};
  RunResult stalled = result;
  decide_verdict({longest}, stalled);
  EXPECT_EQ(stalled.verdict, Verdict::invalid);
  ASSERT_THAT(stalled.reasons, SizeIs(1));
  EXPECT_THAT(stalled.reasons[0].en, HasSubstr("delivery.max_ms = 4006, limit"));

  result.lateness_ms.max = 3;
  decide_verdict({longest}, result);
  EXPECT_EQ(result.verdict, Verdict::fail) << "the generator was in time";
}

TEST(Verdict, TheGeneratorsLimitIsNeverBelowTenMilliseconds) {
  EXPECT_DOUBLE_EQ(generator_limit_ms({}), 10);
  EXPECT_DOUBLE_EQ(generator_limit_ms(kThresholds), 100);
  const ThresholdSpec tight{
      .metric = "delivery.p99_ms", .op = "<", .limit_milli = 20'000, .proves = {}};
  EXPECT_DOUBLE_EQ(generator_limit_ms({kThresholds[0], tight}), 10);
}

TEST(Verdict, TooFewSamplesForAPercentileIsInvalid) {
  RunResult result = good();
  result.latency_ms["delivery"].p99.reset();
  result = decided(result);
  EXPECT_EQ(result.verdict, Verdict::invalid);
  EXPECT_TRUE(result.thresholds[0].too_few_samples);
  EXPECT_FALSE(result.thresholds[0].ok);
}

TEST(Verdict, EndedEarlyIsInvalid) {
  RunResult result = good();
  result.ended_early = true;
  EXPECT_EQ(decided(result).verdict, Verdict::invalid);
}

TEST(Verdict, AViolationFailsWhateverElseThereIs) {
  RunResult result = good();
  result.ended_early = true;
  result.lateness_ms.p99 = 5'000;
  result.violations["completeness"] = result.violations_total = 2;
  result = decided(result);
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_THAT(result.reasons[0].en, HasSubstr("completeness 2"));
  EXPECT_THAT(result.reasons, SizeIs(3));
}

TEST(Verdict, KnowsTheFiguresByName) {
  RunResult result = good();
  result.counts.timeouts = 3;
  result.outage_seconds = 2;
  result.violations_total = 4;
  result.latency_ms["error_reply"].max = 7.5;
  EXPECT_EQ(metric_value(result, "counts.timeouts"), 3.0);
  EXPECT_EQ(metric_value(result, "outage.seconds"), 2.0);
  EXPECT_EQ(metric_value(result, "violations.total"), 4.0);
  EXPECT_EQ(metric_value(result, "violations.completeness"), 0.0);
  EXPECT_EQ(metric_value(result, "error_reply.max_ms"), 7.5);
  EXPECT_EQ(metric_value(result, "lateness.p99_ms"), 0.4);
  EXPECT_EQ(metric_value(result, "workflows.completed_percent"), 100.0);
  EXPECT_FALSE(metric_value(result, "delivery.p42_ms"));
  EXPECT_FALSE(metric_value(result, "nonsense"));
}

}  // namespace
}  // namespace claims::storm
