#include "simulator/command/seed_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace claims::storm {
namespace {

[[noreturn]] void hang() {
  for (;;) pause();
}

SeedReport passed(std::uint64_t seed) {
  SeedReport report;
  report.seed = seed;
  report.events = 10;
  report.virtual_time = Microseconds(1'000'000);
  return report;
}

SeedReport failed(std::uint64_t seed) {
  SeedReport report = passed(seed);
  report.kind = SeedReport::Kind::failed;
  report.sign = "delivery";
  return report;
}

std::vector<std::uint64_t> seeds_of(const std::vector<SeedReport>& reports) {
  std::vector<std::uint64_t> seeds;
  seeds.reserve(reports.size());
  for (const SeedReport& report : reports) seeds.push_back(report.seed);
  return seeds;
}

void ignore(const SeedTotals&) {}

TEST(PlaySeeds, SumsThemUp) {
  const SeedTotals totals =
      play_seeds({.seeds = {5, 24}, .limits = {.workers = 4}}, passed, ignore);
  EXPECT_EQ(totals.passed, 20U);
  EXPECT_EQ(totals.failed, 0U);
  EXPECT_EQ(totals.events, 200U);
  EXPECT_EQ(totals.virtual_time, Microseconds(20'000'000));
  EXPECT_FALSE(totals.interrupted);
}

TEST(PlaySeeds, StopsAtTheFirstFailureInTheirOrderOnHoweverManyCores) {
  for (const std::size_t workers : {1, 2, 8}) {
    const SeedTotals totals = play_seeds(
        {.seeds = {1, 1'000}, .limits = {.workers = workers}},
        [](std::uint64_t seed) { return seed >= 17 ? failed(seed) : passed(seed); }, ignore);
    EXPECT_EQ(totals.passed, 16U);
    EXPECT_EQ(totals.failed, 1U);
    EXPECT_EQ(totals.events, 170U);
    EXPECT_EQ(seeds_of(totals.failures), (std::vector<std::uint64_t>{17}));
  }
}

TEST(PlaySeeds, GoesOnAfterFailuresCrashesAndHangs) {
  const SeedTotals totals = play_seeds(
      {.seeds = {1, 9},
       .keep_going = true,
       .limits = {.workers = 3, .time_max = std::chrono::milliseconds(1'000)}},
      [](std::uint64_t seed) {
        if (seed == 2) return failed(seed);
        if (seed == 4) std::abort();
        if (seed == 6) hang();
        return passed(seed);
      },
      ignore);
  EXPECT_EQ(totals.passed, 6U);
  EXPECT_EQ(totals.failed, 3U);
  ASSERT_EQ(seeds_of(totals.failures), (std::vector<std::uint64_t>{2, 4, 6}));
  EXPECT_EQ(totals.failures[0].sign, "delivery");
  EXPECT_EQ(totals.failures[1].sign, "crash");
  EXPECT_EQ(totals.failures[2].sign, "hang");
}

TEST(PlaySeeds, WhatProvesNothingIsNoFailure) {
  const SeedTotals totals = play_seeds(
      {.seeds = {1, 3}},
      [](std::uint64_t seed) {
        SeedReport report = passed(seed);
        if (seed == 2) report.kind = SeedReport::Kind::invalid;
        return report;
      },
      ignore);
  EXPECT_EQ(totals.passed, 2U);
  EXPECT_EQ(totals.invalid, 1U);
  ASSERT_TRUE(totals.first_invalid);
  EXPECT_EQ(totals.first_invalid->seed, 2U);
}

TEST(PlaySeeds, ASignalEndsItWithWhatThereIs) {
  const pid_t parent = getpid();
  const SeedTotals totals = play_seeds(
      {.seeds = {1, 1'000'000}},
      [parent](std::uint64_t seed) {
        if (seed == 3) kill(parent, SIGINT);
        if (seed == 3) hang();
        return passed(seed);
      },
      ignore);
  EXPECT_TRUE(totals.interrupted);
  EXPECT_EQ(totals.passed, 2U);
}

TEST(PlaySeeds, TheLastSeedOfAllIsPlayed) {
  constexpr std::uint64_t kLast = ~std::uint64_t{0};
  const SeedTotals totals = play_seeds({.seeds = {kLast - 1, kLast}}, passed, ignore);
  EXPECT_EQ(totals.passed, 2U);
}

}  // namespace
}  // namespace claims::storm
