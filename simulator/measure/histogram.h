#pragma once
// Histogram: HDR-style, 3 significant digits, 1 µs to 400 days (no run is longer), mergeable.
//
// Values below 2,048 µs are counted exactly; above, a bucket is at most 1/1,024 of its values wide,
// and a percentile is the upper edge of its bucket (never more than the maximum): it is never below
// the true value and less than 0.1 % above it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/time.h"

namespace claims::storm {

class Histogram {
 public:
  static constexpr Microseconds kMax{400LL * 24 * 3'600'000'000};

  void record(Microseconds value, std::uint64_t count = 1);  ///< Clamped to [0, kMax].
  void merge(const Histogram& other);
  void clear();  ///< Keeps its memory.
  std::uint64_t count() const { return count_; }
  std::optional<Microseconds> mean() const;
  std::optional<Microseconds> max() const;
  /// `permille_times_10` of 10,000: 5000 = p50, 9990 = p99.9. Nothing with fewer than 10 samples
  /// beyond it (docs/checking.md).
  std::optional<Microseconds> percentile(int of_10000) const;
  /// The same without the rule of ten; for pictures.
  std::optional<Microseconds> percentile_unguarded(int of_10000) const;

 private:
  std::uint64_t rank(int of_10000) const;

  std::vector<std::uint64_t> buckets_;  // Grown to what was recorded.
  std::uint64_t count_ = 0;
  __extension__ using Wide = unsigned __int128;
  Wide sum_us_ = 0;  // A million workflows of days exceed 64 bits.
  Microseconds max_{0};
};

}  // namespace claims::storm
