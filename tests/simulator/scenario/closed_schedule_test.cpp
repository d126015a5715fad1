#include "simulator/scenario/closed_schedule.h"

#include <gmock/gmock.h>

#include <vector>

namespace claims::storm {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr Microseconds kSecond{1'000'000};

Phase ramp(std::int64_t seconds, std::int64_t from, std::int64_t to) {
  return {"ramp", false, seconds * kSecond, from, to};
}
Phase hold(std::int64_t seconds, std::int64_t at = 1'000) {
  return {"hold", true, seconds * kSecond, at, at};
}

/// All beginnings, in ms, when each workflow takes so long.
std::vector<std::int64_t> begun(ClosedSchedule schedule, Microseconds length) {
  std::vector<std::int64_t> times;
  while (const auto start = schedule.next()) {
    schedule.begin(*start);
    times.push_back(start->at.count() / 1'000);
    schedule.ended(start->place, start->at + length);
  }
  return times;
}

/// The most and the fewest that are open at a time within [from, to), by steps of 1 ms.
std::pair<int, int> open_between(const std::vector<std::int64_t>& times, Microseconds length,
                                 int from, int to) {
  int most = 0;
  int fewest = 1'000'000;
  for (int ms = from; ms < to; ++ms) {
    int open = 0;
    for (const auto at : times)
      open += static_cast<int>(at <= ms && ms < at + length.count() / 1'000);
    most = std::max(most, open);
    fewest = std::min(fewest, open);
  }
  return {fewest, most};
}

TEST(ClosedSchedule, AHoldBeginsOverItsFirstSecondAndKeepsTheNumber) {
  const auto times = begun(ClosedSchedule({hold(10)}, 4, Microseconds(0)), 2 * kSecond);
  ASSERT_GE(times.size(), 4U);
  EXPECT_THAT(std::vector(times.begin(), times.begin() + 4), ElementsAre(0, 250, 500, 750));
  EXPECT_THAT(times, SizeIs(20));  // Five in each place.
  EXPECT_EQ(open_between(times, 2 * kSecond, 760, 9'900), (std::pair{4, 4}));
}

TEST(ClosedSchedule, ThePauseIsBetweenAnEndAndTheNextBeginning) {
  EXPECT_THAT(begun(ClosedSchedule({hold(10)}, 1, 3 * kSecond), kSecond),
              ElementsAre(0, 4'000, 8'000));
}

TEST(ClosedSchedule, ARampOpensOnePlaceAfterTheOther) {
  const auto times =
      begun(ClosedSchedule({ramp(10, 0, 1'000), hold(10)}, 5, Microseconds(0)), 100 * kSecond);
  EXPECT_THAT(times, ElementsAre(0, 2'000, 4'000, 6'000, 8'000));
}

TEST(ClosedSchedule, WhatClosesBeginsNoOther) {
  const auto times =
      begun(ClosedSchedule({hold(5), hold(5, 500), hold(5)}, 4, Microseconds(0)), kSecond);
  EXPECT_EQ(open_between(times, kSecond, 800, 4'900), (std::pair{4, 4}));
  EXPECT_EQ(open_between(times, kSecond, 6'000, 9'900), (std::pair{2, 2}));
  EXPECT_EQ(open_between(times, kSecond, 11'000, 14'900), (std::pair{4, 4}));
}

TEST(ClosedSchedule, ASpikeOpensMoreAndNobodyBeginsAfterTheEnd) {
  const auto times =
      begun(ClosedSchedule({hold(5), hold(2, 3'000), hold(5)}, 3, Microseconds(0)), kSecond / 2);
  EXPECT_EQ(open_between(times, kSecond / 2, 5'001, 6'900), (std::pair{9, 9}));
  EXPECT_EQ(open_between(times, kSecond / 2, 8'000, 11'400), (std::pair{3, 3}));
  EXPECT_LT(times.back(), 12'000);
}

TEST(ClosedSchedule, AWorkflowWithoutAnyTimeDoesNotStopTheClock) {
  ClosedSchedule schedule({hold(10)}, 1, Microseconds(0));
  const auto first = *schedule.next();
  schedule.begin(first);
  EXPECT_FALSE(schedule.next());
  schedule.ended(first.place, first.at);
  EXPECT_GT(schedule.next()->at, first.at);
}

}  // namespace
}  // namespace claims::storm
