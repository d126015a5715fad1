#include <algorithm>
#include <cassert>
#include <limits>

#include "simulator/scenario/expression.h"
#include "simulator/scenario/sampling_tables.h"

namespace claims::storm {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kOne = std::uint64_t{1} << 30U;  // Fixed point of this file: 2^-30.
constexpr std::uint64_t kLongestUs = std::uint64_t{366} * 24 * 3600 * 1'000'000;

/// log2 of numerator/denominator >= 1 in 2^-30, digit by digit: squaring doubles the logarithm.
std::uint64_t log2_of_ratio(std::uint64_t numerator, std::uint64_t denominator) {
  std::uint64_t whole = 0;
  while (numerator / 2 >= denominator && whole < 63) {
    denominator *= 2;
    ++whole;
  }
  // In [1, 2), with 62 binary places; a square of it fits 128 bits.
  auto x = static_cast<std::uint64_t>((Wide{numerator} << 62U) / denominator);
  std::uint64_t fraction = 0;
  for (int bit = 29; bit >= 0; --bit) {
    const Wide square = (Wide{x} * x) >> 62U;
    const bool two_or_more = (square >> 63U) != 0;
    if (two_or_more) fraction |= std::uint64_t{1} << static_cast<unsigned>(bit);
    x = static_cast<std::uint64_t>(two_or_more ? square >> 1U : square);
  }
  return whole * kOne + fraction;
}

/// 2^(exponent/2^30) in 2^-30, exponent below 32 * 2^30.
std::uint64_t power_of_two(std::uint64_t exponent) {
  const std::uint64_t place = (exponent >> 22U) & 255U;
  const std::uint64_t rest = exponent & ((std::uint64_t{1} << 22U) - 1);
  const std::uint64_t low = tables::kPowerOfTwo[place];
  const std::uint64_t high = tables::kPowerOfTwo[place + 1];
  return (low + (((high - low) * rest) >> 22U)) << (exponent >> 30U);
}

/// |z| / z(p90) of a normal number, in 2^-30.
std::uint64_t half_normal(Random& random) {
  const std::uint64_t draw = random.next();
  const std::uint64_t place = draw >> 56U;
  const auto between = [](std::uint64_t low, std::uint64_t high, std::uint64_t of_2_32) {
    return low + (((high - low) * of_2_32) >> 32U);
  };
  if (place < 255) {
    return between(tables::kHalfNormal[place], tables::kHalfNormal[place + 1],
                   (draw >> 24U) & 0xFFFFFFFFU);
  }
  const std::uint64_t tail = (draw >> 48U) & 255U;
  return between(tables::kHalfNormalTail[tail], tables::kHalfNormalTail[tail + 1],
                 (draw >> 16U) & 0xFFFFFFFFU);
}

std::uint64_t log_normal(std::uint64_t median_us, std::uint64_t p90_us, Random& random) {
  const bool shorter = (random.next() >> 63U) != 0;
  const std::uint64_t deviation = half_normal(random);
  if (median_us == 0 || p90_us <= median_us) return median_us;
  const Wide exponent = (Wide{log2_of_ratio(p90_us, median_us)} * deviation) >> 30U;
  if (shorter) {
    if (exponent >= Wide{32} * kOne) return 0;
    return static_cast<std::uint64_t>((Wide{median_us} << 30U) /
                                      power_of_two(static_cast<std::uint64_t>(exponent)));
  }
  if (exponent >= Wide{32} * kOne) return kLongestUs;
  const Wide longer = (Wide{median_us} * power_of_two(static_cast<std::uint64_t>(exponent))) >> 30U;
  return static_cast<std::uint64_t>(std::min(longer, Wide{kLongestUs}));
}

}  // namespace

Microseconds ThinkTime::sample(Random& random) const {
  switch (kind) {
    case Kind::constant:
      return first;
    case Kind::uniform: {
      assert(second >= first);
      const auto range = static_cast<std::uint64_t>((second - first).count());
      return first + Microseconds(static_cast<std::int64_t>(random.below(range + 1)));
    }
    case Kind::log_normal: {
      const Microseconds time(static_cast<std::int64_t>(
          log_normal(static_cast<std::uint64_t>(first.count()),
                     static_cast<std::uint64_t>(second.count()), random)));
      return most.count() > 0 ? std::min(time, most) : time;
    }
  }
  assert(false);
  return first;
}

}  // namespace claims::storm
