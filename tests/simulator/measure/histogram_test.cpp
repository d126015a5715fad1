#include "simulator/measure/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace claims::storm {
namespace {

using namespace std::chrono_literals;

constexpr Microseconds kMonth = 30 * 24h;

/// A small generator, the same on every machine.
std::uint64_t next(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

/// Latencies spread over all magnitudes from 1 µs to a month.
std::vector<std::int64_t> spread_values(std::size_t count, std::uint64_t seed) {
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t magnitude = std::uint64_t{1} << (next(seed) % 41);
    values.push_back(static_cast<std::int64_t>(
        std::min<std::uint64_t>(kMonth.count(), magnitude + next(seed) % magnitude)));
  }
  return values;
}

TEST(Histogram, IsSilentWhenEmpty) {
  const Histogram empty;
  EXPECT_EQ(empty.count(), 0U);
  EXPECT_FALSE(empty.mean());
  EXPECT_FALSE(empty.max());
  EXPECT_FALSE(empty.percentile(5000));
  EXPECT_FALSE(empty.percentile_unguarded(5000));
}

TEST(Histogram, ErrsByAtMostATenthOfAPercentUpwardsOverTheWholeRange) {
  // Around each power of two, where buckets change their width, and at both ends.
  for (int bit = 0; bit < 45; ++bit) {
    for (const std::int64_t offset : {-1, 0, 1, 37}) {
      const std::int64_t value =
          std::clamp<std::int64_t>((std::int64_t{1} << bit) + offset, 0, Histogram::kMax.count());
      Histogram one;
      one.record(Microseconds(value));
      one.record(Histogram::kMax);  // So that the maximum does not hide the bucket's edge.
      const std::int64_t read = one.percentile_unguarded(5000)->count();
      EXPECT_GE(read, value);
      EXPECT_LE(static_cast<double>(read - value), 0.001 * static_cast<double>(value)) << value;
    }
  }
}

TEST(Histogram, CountsSmallValuesExactly) {
  Histogram histogram;
  for (std::int64_t value = 0; value < 2048; ++value) histogram.record(Microseconds(value));
  EXPECT_EQ(histogram.percentile_unguarded(5000), 1023us);
  EXPECT_EQ(histogram.percentile_unguarded(1), 0us);
  EXPECT_EQ(histogram.percentile_unguarded(10'000), 2047us);
}

TEST(Histogram, ClampsToItsRange) {
  Histogram histogram;
  histogram.record(-5us);
  histogram.record(Histogram::kMax + 1us);
  EXPECT_EQ(histogram.percentile_unguarded(1), 0us);
  EXPECT_EQ(histogram.max(), Histogram::kMax);
}

TEST(Histogram, AgreesWithASortedVector) {
  std::vector<std::int64_t> values = spread_values(50'000, 7);
  Histogram histogram;
  std::uint64_t sum = 0;
  for (const std::int64_t value : values) {
    histogram.record(Microseconds(value));
    sum += static_cast<std::uint64_t>(value);
  }
  std::sort(values.begin(), values.end());
  for (const int of_10000 : {1, 100, 2500, 5000, 9000, 9500, 9900, 9990, 9997}) {
    const std::size_t rank = (values.size() * static_cast<std::size_t>(of_10000) + 9'999) / 10'000;
    const auto expected = static_cast<double>(values[rank - 1]);
    const auto read = static_cast<double>(histogram.percentile(of_10000)->count());
    EXPECT_GE(read, expected) << of_10000;
    EXPECT_LE(read, expected * 1.001) << of_10000;
  }
  EXPECT_EQ(histogram.max()->count(), values.back());
  EXPECT_EQ(histogram.mean()->count(),
            static_cast<std::int64_t>((sum + values.size() / 2) / values.size()));
}

TEST(Histogram, MergesToTheUnion) {
  const std::vector<std::int64_t> values = spread_values(3'000, 11);
  Histogram all, low, high;
  for (const std::int64_t value : values) {
    all.record(Microseconds(value));
    (value < 5'000 ? low : high).record(Microseconds(value));
  }
  low.merge(high);
  EXPECT_EQ(low.count(), all.count());
  EXPECT_EQ(low.mean(), all.mean());
  EXPECT_EQ(low.max(), all.max());
  for (int of_10000 = 0; of_10000 <= 10'000; of_10000 += 50) {
    EXPECT_EQ(low.percentile(of_10000), all.percentile(of_10000)) << of_10000;
  }
}

TEST(Histogram, GivesAPercentileOnlyWithTenSamplesBeyondIt) {
  Histogram histogram;
  for (int i = 0; i < 999; ++i) histogram.record(1ms);
  EXPECT_FALSE(histogram.percentile(9900)) << "9 beyond";
  histogram.record(1ms);
  EXPECT_EQ(histogram.percentile(9900), 1000us) << "10 beyond";
  EXPECT_FALSE(histogram.percentile(9990));
  EXPECT_EQ(histogram.percentile_unguarded(9990), 1000us);
}

TEST(Histogram, ForgetsWhenCleared) {
  Histogram histogram;
  histogram.record(1s, 100);
  histogram.clear();
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_FALSE(histogram.max());
  histogram.record(3us, 100);
  EXPECT_EQ(histogram.percentile(5000), 3us);
}

}  // namespace
}  // namespace claims::storm
