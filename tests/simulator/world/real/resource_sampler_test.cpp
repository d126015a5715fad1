#include "simulator/world/real/resource_sampler.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace claims::storm {
namespace {

// proc(5): pid, name, state, then 49 numbers; utime and stime are fields 14 and 15, rss is 24.
const std::string kStat =
    "4242 (a) b (c) S 1 4242 4242 0 -1 4194560 1000 0 0 0 250 150 0 0 20 0 3 0 100 123456789 "
    "2048 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n";

TEST(ResourceSampler, ReadsCpuAndMemoryWhateverTheProgramIsCalled) {
  const auto reading = parse_process_stat(kStat, 100, 4096);
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->cpu, Microseconds{4'000'000});
  EXPECT_EQ(reading->resident_bytes, 2048U * 4096U);
}

TEST(ResourceSampler, WhatIsNoStatIsNothing) {
  EXPECT_FALSE(parse_process_stat("", 100, 4096));
  EXPECT_FALSE(parse_process_stat("4242 (name) S 1 2 3", 100, 4096));
  EXPECT_FALSE(parse_process_stat(kStat, 0, 4096));
}

TEST(ResourceSampler, SamplesItsOwnProcess) {
  ResourceSampler sampler(getpid());
  sampler.sample(Microseconds{1'000'000});
  EXPECT_TRUE(sampler.samples().empty());  // There is nothing to compare with yet.
  sampler.sample(Microseconds{2'000'000});
  ASSERT_EQ(sampler.samples().size(), 1U);
  EXPECT_GT(sampler.samples()[0].resident_bytes, 100'000U);
  EXPECT_EQ(sampler.resident_bytes_max(), sampler.samples()[0].resident_bytes);
}

}  // namespace
}  // namespace claims::storm
