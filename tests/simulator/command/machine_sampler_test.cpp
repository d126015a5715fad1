#include "simulator/command/machine_sampler.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace claims::storm {
namespace {

TEST(MachineSampler, ReadsTheTicksOfAllCores) {
  const auto ticks = parse_core_ticks("cpu  10 1 20 300 4 5 6 7 99 98\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
  ASSERT_TRUE(ticks.has_value());
  EXPECT_EQ(ticks->all, 353U) << "without guest times, which are in the first two";
  EXPECT_EQ(ticks->idle, 304U);
}

TEST(MachineSampler, WhatIsNoStatisticIsNone) {
  EXPECT_FALSE(parse_core_ticks("").has_value());
  EXPECT_FALSE(parse_core_ticks("cpu0 1 2 3 4 5 6 7 8").has_value());
  EXPECT_FALSE(parse_core_ticks("cpu 1 2 three 4 5 6 7 8").has_value());
  EXPECT_FALSE(parse_memory("MemTotal: 12 kB\n").has_value());
  EXPECT_FALSE(parse_memory("MemTotal: 12 kB\nMemAvailable: 13 kB\n").has_value());
}

TEST(MachineSampler, ReadsMemory) {
  const auto memory =
      parse_memory("MemTotal:       24000 kB\nMemFree: 1 kB\nMemAvailable:   18000 kB\n");
  ASSERT_TRUE(memory.has_value());
  EXPECT_EQ(memory->total, 24'000U);
  EXPECT_EQ(memory->available, 18'000U);
}

TEST(MachineSampler, OfThisMachineIsBetweenNothingAndAll) {
  MachineSampler sampler;
  // Until the kernel's ticks have moved on: two of them are some hundredths of a second apart.
  for (std::int64_t turn = 0; turn < 10'000'000 && sampler.samples().empty(); ++turn) {
    sampler.sample(Microseconds(turn));
  }
  ASSERT_FALSE(sampler.samples().empty());
  EXPECT_GE(sampler.samples()[0].cpu_percent, 0);
  EXPECT_LE(sampler.samples()[0].cpu_percent, 100);
  EXPECT_GT(sampler.samples()[0].memory_percent, 0);
  EXPECT_GT(sampler.memory_kilobytes(), 1'000U);
}

TEST(RunQueueDelay, OfAProcessThatIsNotThereIsNothing) {
  EXPECT_FALSE(run_queue_delay(-1).has_value());
  const auto own = run_queue_delay(getpid());
  if (own) {
    EXPECT_GE(own->count(), 0);
  }
}

}  // namespace
}  // namespace claims::storm
