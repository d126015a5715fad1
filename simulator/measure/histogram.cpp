#include "simulator/measure/histogram.h"

#include <algorithm>
#include <bit>

namespace claims::storm {
namespace {

// A value keeps its 11 highest bits: 1,024 steps for each doubling.
constexpr int kKeptBits = 11;
constexpr std::size_t kStepsPerDoubling = std::size_t{1} << (kKeptBits - 1);
constexpr std::uint64_t kSamplesBeyond = 10;
constexpr std::uint64_t kWhole = 10'000;

int dropped_bits(std::uint64_t value) {
  return std::max(0, static_cast<int>(std::bit_width(value)) - kKeptBits);
}

std::size_t bucket_of(std::uint64_t value) {
  const int dropped = dropped_bits(value);
  return static_cast<std::size_t>(dropped) * kStepsPerDoubling +
         static_cast<std::size_t>(value >> dropped);
}

std::uint64_t upper_edge(std::size_t bucket) {
  if (bucket < 2 * kStepsPerDoubling) return bucket;
  const std::size_t dropped = bucket / kStepsPerDoubling - 1;
  const std::uint64_t kept = bucket - dropped * kStepsPerDoubling;
  return ((kept + 1) << dropped) - 1;
}

}  // namespace

void Histogram::record(Microseconds value, std::uint64_t count) {
  if (count == 0) return;
  value = std::clamp(value, Microseconds{0}, kMax);
  const auto us = static_cast<std::uint64_t>(value.count());
  const std::size_t bucket = bucket_of(us);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  buckets_[bucket] += count;
  count_ += count;
  sum_us_ += Wide{us} * count;
  max_ = std::max(max_, value);
}

void Histogram::merge(const Histogram& other) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_us_ += other.sum_us_;
  max_ = std::max(max_, other.max_);
}

void Histogram::clear() {
  buckets_.clear();
  count_ = 0;
  sum_us_ = 0;
  max_ = Microseconds{0};
}

std::optional<Microseconds> Histogram::mean() const {
  if (count_ == 0) return std::nullopt;
  return Microseconds(static_cast<std::int64_t>((sum_us_ + count_ / 2) / count_));
}

std::optional<Microseconds> Histogram::max() const {
  if (count_ == 0) return std::nullopt;
  return max_;
}

// The how-manieth sample in ascending order it is, from 1.
std::uint64_t Histogram::rank(int of_10000) const {
  const auto share = static_cast<std::uint64_t>(std::clamp(of_10000, 0, static_cast<int>(kWhole)));
  return std::max<std::uint64_t>(1, (count_ * share + kWhole - 1) / kWhole);
}

std::optional<Microseconds> Histogram::percentile(int of_10000) const {
  if (count_ == 0 || count_ - rank(of_10000) < kSamplesBeyond) return std::nullopt;
  return percentile_unguarded(of_10000);
}

std::optional<Microseconds> Histogram::percentile_unguarded(int of_10000) const {
  if (count_ == 0) return std::nullopt;
  const std::uint64_t wanted = rank(of_10000);
  std::uint64_t passed = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    passed += buckets_[bucket];
    if (passed >= wanted) {
      return std::min(max_, Microseconds(static_cast<std::int64_t>(upper_edge(bucket))));
    }
  }
  return max_;
}

}  // namespace claims::storm
