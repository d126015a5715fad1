#include "simulator/actor/recovery.h"

#include <gtest/gtest.h>

namespace claims::storm {
namespace {

constexpr Microseconds kSecond{1'000'000}, kMs{1'000};
constexpr Microseconds kBegan = 100 * kSecond;

NotedFault fault(Microseconds begin, Microseconds end) {
  return {.what = {"고장", "fault"}, .begin = kBegan + begin, .end = kBegan + end};
}

Microseconds longest(const std::vector<NotedFault>& faults, const std::vector<SlowSecond>& slow,
                     const std::vector<Outage>& outages = {}) {
  return longest_recovery(faults, outages, slow, kBegan, 1'000 * kMs);
}

TEST(Recovery, IsNothingWithoutASlowSecondAfterAFault) {
  EXPECT_EQ(longest({}, {{5, 2'000 * kMs}}), Microseconds{0});
  EXPECT_EQ(longest({fault(3 * kSecond, 6 * kSecond)}, {{4, 2'000 * kMs}, {5, 2'000 * kMs}}),
            Microseconds{0});
}

TEST(Recovery, EndsWithTheLastSlowSecond) {
  EXPECT_EQ(longest({fault(3 * kSecond, 4'500 * kMs)},
                    {{4, 2'000 * kMs}, {6, 2'000 * kMs}, {9, 999 * kMs}}),
            2'500 * kMs);
}

TEST(Recovery, IsTakenUntilTheNextFaultBegins) {
  const std::vector<NotedFault> faults{fault(3 * kSecond, 4 * kSecond),
                                       fault(8'500 * kMs, 20 * kSecond)};
  EXPECT_EQ(longest(faults, {{7, 2'000 * kMs}, {8, 2'000 * kMs}, {12, 2'000 * kMs}}), 4 * kSecond);
}

TEST(Recovery, CountsFromTheEndOfTheLastOfFaultsThatOverlap) {
  const std::vector<NotedFault> faults{fault(3 * kSecond, 10 * kSecond),
                                       fault(4 * kSecond, 5 * kSecond)};
  EXPECT_EQ(longest(faults, {{7, 2'000 * kMs}, {11, 2'000 * kMs}}), 2 * kSecond);
  EXPECT_EQ(longest({fault(3 * kSecond, 5 * kSecond)}, {{7, 2'000 * kMs}},
                    {{.begin = kBegan + 4 * kSecond, .end = kBegan + 7 * kSecond}}),
            kSecond);
}

TEST(Recovery, KeepsSecondsAboveTheLeastLimit) {
  ThresholdSpec slow;
  slow.metric = "recovery.max_s";
  ThresholdSpec fast = slow;
  fast.recovered_below_ms = 200;
  EXPECT_EQ(slow_above({slow, fast}), 200 * kMs);
  ThresholdSpec other;
  other.metric = "delivery.p99_ms";
  EXPECT_EQ(slow_above({other}), std::nullopt);
}

}  // namespace
}  // namespace claims::storm
