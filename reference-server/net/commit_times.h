#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "protocol/time.h"

namespace claims::server {

/// How long commits took, counted in fixed buckets (a Prometheus histogram).
class CommitTimes {
 public:
  /// Upper bounds; what is above the last counts in a bucket without one.
  static constexpr std::array<Microseconds, 13> kBounds{
      Microseconds{100},      Microseconds{250},     Microseconds{500},     Microseconds{1'000},
      Microseconds{2'500},    Microseconds{5'000},   Microseconds{10'000},  Microseconds{25'000},
      Microseconds{50'000},   Microseconds{100'000}, Microseconds{250'000}, Microseconds{1'000'000},
      Microseconds{5'000'000}};

  void add(Microseconds took) {
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && took > kBounds.at(bucket)) ++bucket;
    ++counts_.at(bucket);
    sum_ += took;
    ++total_;
  }
  /// Commits that took at most kBounds[bound].
  std::uint64_t up_to(std::size_t bound) const {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= bound; ++i) count += counts_.at(i);
    return count;
  }
  std::uint64_t total() const { return total_; }
  Microseconds sum() const { return sum_; }

 private:
  std::array<std::uint64_t, kBounds.size() + 1> counts_{};
  std::uint64_t total_ = 0;
  Microseconds sum_{0};
};

}  // namespace claims::server
