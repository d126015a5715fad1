#include "simulator/scenario/arrival_schedule.h"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

namespace claims::storm {
namespace {

using testing::ElementsAre;

Phase ramp(std::int64_t seconds, std::int64_t from, std::int64_t to) {
  return {"ramp", false, Microseconds(seconds * 1'000'000), from, to};
}
Phase hold(std::int64_t seconds, std::int64_t at = 1'000) {
  return {"hold", true, Microseconds(seconds * 1'000'000), at, at};
}

std::vector<std::int64_t> all(const std::vector<Phase>& phases, const ArrivalSpec& spec,
                              std::uint64_t seed = 1) {
  ArrivalSchedule schedule(phases, spec, Random(seed));
  std::vector<std::int64_t> times;
  while (const auto at = schedule.next()) times.push_back(at->count());
  return times;
}

ArrivalSpec rate(std::int64_t milli) {
  return {0, milli, 0};
}
ArrivalSpec count(std::int64_t number) {
  return {0, 0, number};
}

TEST(ExponentialSample, HasMeanAndVarianceOne) {
  Random random(4);
  double sum = 0;
  double squares = 0;
  int longer = 0;
  constexpr int kDraws = 400'000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = std::ldexp(static_cast<double>(sample_exponential(random)), -32);
    sum += x;
    squares += x * x;
    longer += static_cast<int>(x > 3);
  }
  const double mean = sum / kDraws;
  EXPECT_NEAR(mean, 1, 0.006);
  EXPECT_NEAR(squares / kDraws - mean * mean, 1, 0.02);
  EXPECT_NEAR(static_cast<double>(longer) / kDraws, std::exp(-3), 0.001);
}

TEST(ArrivalSchedule, AHoldIsAPoissonProcess) {
  const auto times = all({hold(2'000)}, rate(50'000));
  const auto n = static_cast<double>(times.size());
  EXPECT_NEAR(n, 100'000, 4 * std::sqrt(100'000));
  double squares = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    ASSERT_GE(times[i], times[i - 1]);
    const auto gap = static_cast<double>(times[i] - times[i - 1]);
    squares += gap * gap;
  }
  // Of exponential gaps the mean of squares is twice the square of the mean.
  EXPECT_NEAR(squares / n / (20'000.0 * 20'000.0), 2, 0.06);
  EXPECT_LT(times.back(), 2'000'000'000);
}

TEST(ArrivalSchedule, CountsPerSecondVaryAsTheirMean) {
  const auto times = all({hold(4'000)}, rate(20'000), 8);
  std::vector<double> seconds(4'000);
  for (const auto at : times) ++seconds[static_cast<std::size_t>(at / 1'000'000)];
  double variance = 0;
  for (const double in_second : seconds) variance += (in_second - 20) * (in_second - 20);
  EXPECT_NEAR(variance / 4'000, 20, 2);
}

TEST(ArrivalSchedule, ARampHasHalfOfItsEndAndRisesLinearly) {
  double whole = 0;
  double first_half = 0;
  constexpr int kSeeds = 200;
  for (int seed = 0; seed < kSeeds; ++seed) {
    for (const auto at : all({ramp(10, 0, 1'000)}, rate(100'000), static_cast<unsigned>(seed))) {
      ++whole;
      first_half += at < 5'000'000 ? 1 : 0;
    }
  }
  EXPECT_NEAR(whole / kSeeds, 500, 7);  // Standard error 1.6.
  EXPECT_NEAR(first_half / whole, 0.25, 0.006);
}

TEST(ArrivalSchedule, ARampDownAndASteadyRampAreExact) {
  double down = 0;
  double flat = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    down += static_cast<double>(all({ramp(10, 1'000, 200)}, rate(100'000), seed).size());
    flat += static_cast<double>(all({ramp(10, 500, 500)}, rate(100'000), seed).size());
  }
  EXPECT_NEAR(down / 200, 600, 8);
  EXPECT_NEAR(flat / 200, 500, 7);
}

TEST(ArrivalSchedule, PhasesFollowEachOther) {
  const auto times =
      all({hold(10), hold(10, 0), ramp(10, 0, 2'000), hold(10, 2'000)}, rate(100'000), 3);
  std::vector<double> by_phase(4);
  for (const auto at : times) ++by_phase[static_cast<std::size_t>(at / 10'000'001)];
  EXPECT_NEAR(by_phase[0], 1'000, 130);
  EXPECT_EQ(by_phase[1], 0);
  EXPECT_NEAR(by_phase[2], 1'000, 130);
  EXPECT_NEAR(by_phase[3], 2'000, 180);
}

TEST(ArrivalSchedule, TheSameSeedGivesTheSameMicroseconds) {
  const std::vector<Phase> phases = {ramp(10, 0, 1'000), hold(60)};
  EXPECT_EQ(all(phases, rate(50'000), 7), all(phases, rate(50'000), 7));
  EXPECT_NE(all(phases, rate(50'000), 7), all(phases, rate(50'000), 8));
  // Fixed: a change of tables or arithmetic would change every trace.
  const auto times = all(phases, rate(50'000), 7);
  ASSERT_GE(times.size(), 5U);
  EXPECT_THAT((std::vector(times.begin(), times.begin() + 5)),
              ElementsAre(740'175, 800'879, 1'052'070, 1'244'136, 1'497'106));
}

TEST(ArrivalSchedule, ACountIsExactAndEvenOverTheHolds) {
  EXPECT_THAT(all({hold(10)}, count(5)),
              ElementsAre(0, 2'000'000, 4'000'000, 6'000'000, 8'000'000));
  EXPECT_THAT(all({ramp(10, 0, 1'000), hold(3), ramp(2, 1'000, 500), hold(3)}, count(3)),
              ElementsAre(10'000'000, 12'000'000, 16'000'000));
  EXPECT_EQ(all({hold(1)}, count(9'999)).size(), 9'999U);
  EXPECT_THAT(all({ramp(10, 0, 1'000)}, count(3)), ElementsAre());
}

TEST(ArrivalSchedule, ExtremesStayInBounds) {
  EXPECT_THAT(all({hold(10)}, rate(0)), ElementsAre());
  EXPECT_THAT(all({hold(0)}, rate(1'000)), ElementsAre());
  ArrivalSchedule weeks({{"hold", true, Microseconds(7LL * 86'400'000'000), 10'000, 10'000}},
                        rate(1'000'000'000), Random(1));
  Microseconds last{0};
  for (int i = 0; i < 1'000; ++i) {
    const auto at = weeks.next();
    ASSERT_TRUE(at);
    ASSERT_GE(*at, last);
    last = *at;
  }
  EXPECT_LT(last.count(), 1'000);  // 10^7 a second: about 100 µs.
}

}  // namespace
}  // namespace claims::storm
