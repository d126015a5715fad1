#include "simulator/measure/recorder.h"

#include <gtest/gtest.h>

#include <string>

#include "simulator/limits.h"

namespace claims::storm {
namespace {

using namespace std::chrono_literals;

/// A run that starts at 100 s; its hold phase is 102 s to 110 s.
Recorder started() {
  Recorder recorder;
  recorder.begin(100s);
  recorder.hold(102s, 110s);
  return recorder;
}

void fill(Recorder& recorder, Figure figure, const Sample& sample, int count) {
  for (int i = 0; i < count; ++i) recorder.record(figure, sample);
}

TEST(Recorder, CorrectedCountsFromTheIntendedTimeUncorrectedFromTheSend) {
  Recorder recorder = started();
  fill(recorder, Figure::delivery, {103s, 103s + 40ms, 103s + 50ms}, 20);
  EXPECT_EQ(recorder.corrected(Figure::delivery).max(), 50ms);
  EXPECT_EQ(recorder.uncorrected(Figure::delivery).max(), 10ms);
}

TEST(Recorder, LeavesRampSamplesToTheTimeSeries) {
  Recorder recorder = started();
  recorder.count_command(101s);
  recorder.record(Figure::reply, {101s, 101s, 101s + 7ms});
  recorder.record_step("message.send", {101s, 101s, 101s + 7ms});
  recorder.record(Figure::connect, {100s, 100s, 100s + 2ms});
  recorder.advance(110s);
  EXPECT_EQ(recorder.corrected(Figure::reply).count(), 0U);
  EXPECT_TRUE(recorder.steps().empty());
  EXPECT_EQ(recorder.corrected(Figure::connect).count(), 1U) << "always kept";
  EXPECT_EQ(recorder.seconds().at(1).replies, 1U);
  EXPECT_EQ(recorder.seconds().at(1).reply_max, 7ms);
}

TEST(Recorder, ASampleBelongsToTheHoldThatItsIntendedTimeIsIn) {
  Recorder recorder = started();
  recorder.record(Figure::reply, {110s - 1us, 110s - 1us, 112s});
  recorder.record(Figure::reply, {110s, 110s, 110s + 1ms});
  EXPECT_EQ(recorder.corrected(Figure::reply).count(), 1U);
}

TEST(Recorder, WhatWasDueInTheHoldAndSentAfterItIsLate) {
  Recorder recorder = started();
  recorder.record_lateness(109s, 113s);  // The generator stood still across the hold's end.
  recorder.record(Figure::reply, {109s, 113s, 113s + 6ms});
  EXPECT_EQ(recorder.corrected(Figure::reply).max(), 4s + 6ms);
  EXPECT_EQ(recorder.corrected(Figure::lateness).max(), 4s) << "of the same request";

  recorder.record_lateness(101s, 103s);
  recorder.record_lateness(110s, 115s);
  EXPECT_EQ(recorder.corrected(Figure::lateness).count(), 1U) << "neither is due in the hold";
}

TEST(Recorder, WaitingForTheServerIsNotTheGeneratorsLateness) {
  Recorder recorder = started();
  recorder.record_lateness(103s, 107s + 2ms, 107s);
  EXPECT_EQ(recorder.corrected(Figure::lateness).max(), 2ms);
}

TEST(Recorder, ReadLagCountsThatTouchesAHoldOrASampleOfIt) {
  Recorder recorder = started();
  recorder.record_read_lag(101s, 101s + 5ms);
  recorder.record_read_lag(111s, 115s);
  recorder.record_read_lag(111s, 115s, 110s);
  EXPECT_EQ(recorder.corrected(Figure::read_lag).count(), 0U);
  recorder.record_read_lag(101s, 102s);
  recorder.record_read_lag(109s, 112s);
  recorder.record_read_lag(101s, 111s);
  EXPECT_EQ(recorder.corrected(Figure::read_lag).count(), 3U);
  recorder.record_read_lag(111s, 115s, 109s);
  EXPECT_EQ(recorder.corrected(Figure::read_lag).count(), 4U) << "it ends a sample of the hold";
}

TEST(Recorder, AHoldThatNeverBeganHasNoSamples) {
  Recorder recorder = started();
  recorder.hold(120s, 130s);
  recorder.end_holds(101s);  // Ctrl-C in the ramp: what is open is played to its end.
  recorder.record(Figure::reply, {103s, 103s, 103s + 1ms});
  recorder.record_step("message.send", {103s, 103s, 103s + 1ms});
  recorder.record_lateness(103s, 103s + 1ms);
  recorder.record_read_lag(103s, 103s + 1ms);
  recorder.record(Figure::reply, {125s, 125s, 125s + 1ms});
  EXPECT_EQ(recorder.corrected(Figure::reply).count(), 0U);
  EXPECT_EQ(recorder.corrected(Figure::lateness).count(), 0U);
  EXPECT_EQ(recorder.corrected(Figure::read_lag).count(), 0U);
  EXPECT_TRUE(recorder.steps().empty());
}

TEST(Recorder, AHoldThatIsCutShortKeepsWhatWasDueInIt) {
  Recorder recorder = started();
  recorder.end_holds(105s);
  recorder.record(Figure::reply, {105s - 1us, 105s, 106s});
  recorder.record(Figure::reply, {105s, 105s, 106s});
  EXPECT_EQ(recorder.corrected(Figure::reply).count(), 1U);
}

TEST(Recorder, KeepsAHistogramPerStep) {
  Recorder recorder = started();
  recorder.record_step("message.send", {103s, 103s, 103s + 1ms});
  recorder.record_step("message.send", {104s, 104s, 104s + 3ms});
  recorder.record_step("room.read", {104s, 104s, 104s + 2ms});
  ASSERT_EQ(recorder.steps().size(), 2U);
  EXPECT_EQ(recorder.steps().find("message.send")->second.max(), 3ms);
}

TEST(Recorder, ClosesASecondWithItsOwnPercentiles) {
  Recorder recorder = started();
  recorder.connected(5, 100s);
  fill(recorder, Figure::delivery, {102s, 102s, 102s + 5ms}, 980);
  fill(recorder, Figure::delivery, {102s, 102s, 102s + 100ms}, 20);
  recorder.record(Figure::delivery, {103s, 103s, 103s + 1ms});
  recorder.count_workflow_started(false, 103s + 1ms);
  recorder.connected(-2, 103s + 2ms);
  recorder.advance(104s);

  const auto& seconds = recorder.seconds();
  ASSERT_EQ(seconds.size(), 4U);
  EXPECT_EQ(seconds[2].second, 2);
  EXPECT_EQ(seconds[2].delivery_max, 100ms);
  ASSERT_TRUE(seconds[2].delivery_p50);
  EXPECT_GE(*seconds[2].delivery_p50, 5ms);
  EXPECT_LT(*seconds[2].delivery_p50, 5'006us);
  EXPECT_EQ(seconds[2].delivery_p99, 100ms);
  EXPECT_EQ(seconds[2].connected, 5U);
  EXPECT_EQ(seconds[3].delivery_max, 1ms) << "the second before does not stay in it";
  EXPECT_EQ(seconds[3].connected, 3U);
  EXPECT_EQ(seconds[3].workflows_started, 1U);
}

TEST(Recorder, ASecondWithoutSamplesHasNoLatency) {
  Recorder recorder = started();
  recorder.count_command(102s);
  recorder.advance(104s);
  const SecondOfRun& outage = recorder.seconds().at(3);
  EXPECT_FALSE(outage.reply_max || outage.reply_p99);
  EXPECT_FALSE(outage.delivery_max || outage.delivery_p50 || outage.delivery_p99);
  fill(recorder, Figure::delivery, {104s, 104s, 104s + 5ms}, 19);
  recorder.advance(105s);
  EXPECT_EQ(recorder.seconds().at(4).delivery_max, 5ms);
  EXPECT_FALSE(recorder.seconds().at(4).delivery_p50) << "9 samples beyond it";
}

TEST(Recorder, TheSecondsAddUpToTheWholeWithTheOneThatIsStillOpen) {
  Recorder recorder = started();
  for (const auto at : {102s + 100ms, 103s + 100ms, 104s + 100ms}) {
    recorder.count_command(at);
    recorder.record(Figure::reply, {at, at, at + 1ms});
    recorder.count_delivery(at + 2ms);
  }
  std::uint64_t commands = 0, replies = 0, deliveries = 0;
  auto seconds = recorder.seconds();
  seconds.push_back(recorder.unclosed());
  for (const SecondOfRun& second : seconds) {
    commands += second.commands;
    replies += second.replies;
    deliveries += second.deliveries;
  }
  EXPECT_EQ(commands, 3U);
  EXPECT_EQ(replies, 3U);
  EXPECT_EQ(deliveries, 3U);
  EXPECT_EQ(recorder.unclosed().second, 4);
  EXPECT_EQ(recorder.unclosed().reply_max, 1ms);
}

TEST(Recorder, AnOutageIsASecondThroughoutWhichCommandsWaitedAndNoneWasAnswered) {
  Recorder recorder = started();
  recorder.count_command(102s + 500ms);  // Second 2: not outstanding throughout.
  recorder.advance(105s);                // Seconds 3 and 4: nobody gets an answer.
  EXPECT_EQ(recorder.outage_seconds(), 2U);
  EXPECT_EQ(recorder.seconds().at(4).outstanding, 1U);

  recorder.count_command(105s + 100ms);
  recorder.record(Figure::reply, {102s + 500ms, 102s + 500ms, 105s + 200ms});
  recorder.advance(106s);  // Second 5: one was answered, the other still waits.
  EXPECT_EQ(recorder.outage_seconds(), 2U);
  recorder.record(Figure::reply, {105s, 105s, 106s + 100ms});
  recorder.advance(109s);  // Nothing outstanding.
  EXPECT_EQ(recorder.outage_seconds(), 2U);
}

TEST(Recorder, ATimeOutIsASampleButNoAnswer) {
  Recorder recorder = started();
  recorder.count_command(102s);
  recorder.count_command(102s);
  recorder.record_unanswered({102s, 102s, 112s}, 104s + 1ms);
  recorder.advance(105s);
  EXPECT_EQ(recorder.corrected(Figure::reply).max(), 10s);
  EXPECT_EQ(recorder.outage_seconds(), 2U) << "seconds 3 and 4: the other one waited throughout";
  EXPECT_EQ(recorder.seconds().at(4).replies, 0U);

  recorder.count_late_answer(105s + 1ms);
  recorder.advance(106s);
  EXPECT_EQ(recorder.outage_seconds(), 2U) << "the server answered, if late";
  EXPECT_EQ(recorder.corrected(Figure::reply).count(), 1U);
}

TEST(Recorder, ACommandThatIsDueAndCannotBeSentIsOutstanding) {
  Recorder recorder = started();
  recorder.command_held(102s + 500ms);
  recorder.command_held(103s + 500ms);
  recorder.advance(105s);
  EXPECT_EQ(recorder.outage_seconds(), 2U) << "seconds 3 and 4";
  recorder.held_command_sent(105s + 100ms);
  recorder.advance(106s);
  EXPECT_EQ(recorder.outage_seconds(), 3U) << "the second one waited throughout second 5";
  EXPECT_EQ(recorder.corrected(Figure::reply).count(), 0U);

  recorder.held_command_given_up({103s + 500ms, 103s + 500ms, 113s + 500ms}, 106s + 1ms);
  recorder.advance(108s);
  EXPECT_EQ(recorder.outage_seconds(), 3U) << "nobody waits any more";
  EXPECT_EQ(recorder.unsent(), 1U);
  EXPECT_EQ(recorder.corrected(Figure::reply).max(), 10s);
}

TEST(Recorder, StepsBeyondTheBoundShareOneHistogram) {
  Recorder recorder = started();
  for (std::size_t i = 0; i < limits::kStepFiguresMax + 5; ++i) {
    recorder.record_step("step-" + std::to_string(i), {103s, 103s, 103s + 1ms});
  }
  EXPECT_EQ(recorder.steps().size(), limits::kStepFiguresMax + 1);
  EXPECT_EQ(recorder.steps().find(Recorder::kOthers)->second.count(), 5U);
}

TEST(Recorder, KeepsTheDurationsOfEachKindOfWorkflow) {
  Recorder recorder = started();
  recorder.record_workflow("inbound", {103s, 103s, 105s});
  recorder.record_workflow("bulk", {103s, 103s, 104s});
  recorder.record_workflow("bulk", {101s, 101s, 104s});
  EXPECT_EQ(recorder.corrected(Figure::workflow).count(), 2U) << "the third arrived in the ramp";
  EXPECT_EQ(recorder.workflows().find("inbound")->second.max(), 2s);
  EXPECT_EQ(recorder.workflows().find("bulk")->second.count(), 1U);
}

TEST(Recorder, CountsErrorRepliesByCodeAlsoOutsideTheHolds) {
  Recorder recorder = started();
  recorder.record_error("illegal_step", {101s, 101s, 101s + 900ms}, "첫째", "first");
  recorder.record_error("illegal_step", {103s, 103s, 103s + 100ms}, "둘째", "second");
  const ErrorFigures& error = recorder.errors().find("illegal_step")->second;
  EXPECT_EQ(error.count, 2U);
  EXPECT_EQ(error.sum, 1s);
  EXPECT_EQ(error.max, 900ms);
  EXPECT_EQ(error.example_ko, "첫째");
  for (std::size_t i = 0; i < limits::kErrorCodesMax + 5; ++i) {
    recorder.record_error(std::to_string(i), {103s, 103s, 104s}, std::string(10'000, 'x'), "x");
  }
  EXPECT_EQ(recorder.errors().size(), limits::kErrorCodesMax + 1);
  EXPECT_EQ(recorder.errors().find("0")->second.example_ko.size(), limits::kErrorExampleBytesMax);
}

TEST(Recorder, ALongRunsSeriesGetsCoarserAndStillAddsUp) {
  Recorder recorder;
  recorder.begin(0s);
  constexpr std::int64_t kRun = 100'000;
  for (std::int64_t second = 0; second < kRun; ++second) {
    recorder.count_command(std::chrono::seconds(second));
    recorder.count_delivery(std::chrono::seconds(second));
    if (second == 70'007) recorder.record(Figure::delivery, {70'007s, 70'007s, 70'007s + 900ms});
  }
  recorder.advance(std::chrono::seconds(kRun));
  EXPECT_LE(recorder.seconds().size(), limits::kSeriesMax);
  std::uint64_t commands = 0, deliveries = 0;
  std::int64_t next = 0;
  for (const SecondOfRun& one : recorder.seconds()) {
    EXPECT_EQ(one.second, next) << "without a gap";
    next = one.second + one.seconds;
    commands += one.commands;
    deliveries += one.deliveries;
    const bool has_it = one.second <= 70'007 && 70'007 < next;
    EXPECT_EQ(one.delivery_max.value_or(0ms), has_it ? 900ms : 0ms);
  }
  EXPECT_EQ(next, kRun);
  EXPECT_EQ(commands, static_cast<std::uint64_t>(kRun));
  EXPECT_EQ(deliveries, static_cast<std::uint64_t>(kRun));
  EXPECT_EQ(recorder.seconds().front().seconds, 60);
  ASSERT_TRUE(recorder.last_second());
  EXPECT_EQ(recorder.last_second()->second, kRun - 1);
  EXPECT_EQ(recorder.last_second()->commands, 1U);
  EXPECT_EQ(recorder.outage_seconds(), static_cast<std::uint64_t>(kRun - 1))
      << "second by second, whatever the series' step";
}

TEST(Recorder, KeepsSlowSecondsAlsoOfFewSamples) {
  Recorder recorder = started();
  recorder.record(Figure::delivery, {101s, 101s, 101s + 500ms});
  recorder.keep_slow_seconds(200ms);
  recorder.record(Figure::delivery, {103s, 103s, 103s + 199ms});
  recorder.record(Figure::delivery, {105s, 105s, 105s + 200ms});
  recorder.advance(110s);
  ASSERT_EQ(recorder.slow_seconds().size(), 2U);
  EXPECT_EQ(recorder.slow_seconds()[1].second, 5);
  EXPECT_EQ(recorder.slow_seconds()[1].delivery_p99, 200ms);
}

TEST(Recorder, ACommandThatIsAskedAgainStaysOutstandingUntilItsLateAnswer) {
  Recorder recorder = started();
  recorder.count_command(102s);
  recorder.record_unanswered({102s, 102s, 112s}, 112s, true);
  recorder.advance(120s);
  EXPECT_EQ(recorder.seconds().back().outstanding, 1U);
  EXPECT_EQ(recorder.outage_seconds(), 17U);
  recorder.count_late_answer(120s, true);
  recorder.advance(130s);
  EXPECT_EQ(recorder.seconds().back().outstanding, 0U);
  EXPECT_EQ(recorder.outage_seconds(), 17U);
}

TEST(Recorder, CountsEventsByType) {
  Recorder recorder;
  recorder.count_event("greeting");
  recorder.count_event("greeting");
  EXPECT_EQ(recorder.events_seen("greeting"), 2U);
  EXPECT_EQ(recorder.events_seen("message"), 0U);
}

TEST(Recorder, TheRecentDeliveriesAreThoseOfTheLastClosedSeconds) {
  Recorder recorder = started();
  EXPECT_FALSE(recorder.recent_delivery_p99());
  recorder.record(Figure::delivery, {101s, 101s, 101s + 500ms});
  EXPECT_FALSE(recorder.recent_delivery_p99()) << "its second is still open";
  recorder.advance(102s);
  EXPECT_EQ(recorder.recent_delivery_p99(), 500ms);
  recorder.record(Figure::delivery, {103s, 103s, 103s + 20ms});
  recorder.advance(106s);
  EXPECT_EQ(recorder.recent_delivery_p99(), 500ms);
  recorder.advance(107s);
  EXPECT_EQ(recorder.recent_delivery_p99(), 20ms) << "the first is more than five seconds old";
  recorder.advance(109s);
  EXPECT_FALSE(recorder.recent_delivery_p99());
}

}  // namespace
}  // namespace claims::storm
