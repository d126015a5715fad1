#include "simulator/world/virtual/clock_guard.h"

#include <gtest/gtest.h>
#include <sys/random.h>
#include <sys/time.h>

#include <array>
#include <chrono>
#include <ctime>
#include <random>

namespace claims::storm {
namespace {

TEST(ClockGuard, LetsClocksBeReadWhenItIsGone) {
  { const ClockGuard guard; }
  EXPECT_GT(std::chrono::steady_clock::now().time_since_epoch().count(), 0);
  EXPECT_GT(std::time(nullptr), 1'600'000'000);
  std::array<char, 8> bytes{};
  EXPECT_EQ(getrandom(bytes.data(), bytes.size(), 0), 8);
  timeval now{};
  EXPECT_EQ(gettimeofday(&now, nullptr), 0);
}

TEST(ClockGuard, LetsTheProcessReadItsCpuTime) {
  const ClockGuard guard;
  timespec used{};
  EXPECT_EQ(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used), 0);
}

TEST(ClockGuardDeathTest, EndsTheProgramThatReadsTheSteadyClock) {
  EXPECT_DEATH(
      {
        const ClockGuard guard;
        static_cast<void>(std::chrono::steady_clock::now());
      },
      "clock_gettime was called while virtual time runs");
}

TEST(ClockGuardDeathTest, EndsTheProgramThatReadsTheTimeOfDay) {
  EXPECT_DEATH(
      {
        const ClockGuard guard;
        static_cast<void>(std::time(nullptr));
      },
      "time was called");
  EXPECT_DEATH(
      {
        const ClockGuard guard;
        timeval now{};
        static_cast<void>(gettimeofday(&now, nullptr));
      },
      "gettimeofday was called");
}

TEST(ClockGuardDeathTest, EndsTheProgramThatAsksForEntropy) {
  EXPECT_DEATH(
      {
        const ClockGuard guard;
        char byte = 0;
        static_cast<void>(getrandom(&byte, 1, 0));
      },
      "getrandom was called");
}

/// Nested simulations are nobody's wish, but must not open the door.
TEST(ClockGuardDeathTest, HoldsUntilTheLastOneIsGone) {
  EXPECT_DEATH(
      {
        const ClockGuard guard;
        { const ClockGuard inner; }
        static_cast<void>(std::time(nullptr));
      },
      "time was called");
}

}  // namespace
}  // namespace claims::storm
