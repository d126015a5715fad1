#include "simulator/scenario/arrival_schedule.h"

#include <bit>
#include <cassert>
#include <utility>

#include "simulator/scenario/sampling_tables.h"

namespace claims::storm {

// Expected arrivals are counted in 1e-12, which makes them integers: a rate in 1e-3 per second,
// times a share of it in 1e-3, times microseconds.

std::uint64_t sample_exponential(Random& random) {
  // -ln V for V uniform in (0, 1), V = 2^-(k+1) (1+f): k leading zeros, then the fraction f.
  std::uint64_t zeros = 0;
  std::uint64_t draw = random.next();
  while (draw == 0) {
    zeros += 64;
    draw = random.next();
  }
  zeros += static_cast<std::uint64_t>(std::countl_zero(draw));
  const std::uint64_t fraction = random.next();
  const std::uint64_t place = fraction >> 56U;
  const std::uint64_t rest = (fraction >> 24U) & 0xFFFFFFFFU;
  const std::uint64_t low = tables::kLogarithm[place];
  const std::uint64_t high = tables::kLogarithm[place + 1];
  return (zeros + 1) * tables::kLogarithmOfTwo - (low + (((high - low) * rest) >> 32U));
}

ArrivalSchedule::ArrivalSchedule(std::vector<Phase> phases, const ArrivalSpec& spec, Random random)
    : phases_(std::move(phases)),
      rate_milli_(static_cast<std::uint64_t>(spec.rate_milli)),
      count_(static_cast<std::uint64_t>(spec.count)),
      random_(random) {
  assert(spec.rate_milli >= 0 && spec.count >= 0);
}

std::optional<Microseconds> ArrivalSchedule::next() {
  return count_ > 0 ? next_even() : next_random();
}

ArrivalSchedule::Wide ArrivalSchedule::expected(const Phase& phase,
                                                std::uint64_t elapsed_us) const {
  const auto length = static_cast<std::uint64_t>(phase.length.count());
  if (length == 0) return 0;
  const auto from = static_cast<std::uint64_t>(phase.from_permille);
  const auto to = static_cast<std::uint64_t>(phase.to_permille);
  // The mean share over [0, elapsed], times elapsed: from e + (to - from) e² / 2 length.
  const Wide e = elapsed_us;
  const Wide slope = (e * e * (to > from ? to - from : from - to)) / (2 * Wide{length});
  const Wide share = to > from ? from * e + slope : from * e - slope;
  return share * rate_milli_;
}

std::optional<Microseconds> ArrivalSchedule::next_random() {
  if (rate_milli_ == 0) return std::nullopt;
  target_ += (Wide{sample_exponential(random_)} * 1'000'000'000'000U) >> 32U;
  for (; phase_ < phases_.size(); ++phase_) {
    const Phase& phase = phases_[phase_];
    const auto length = static_cast<std::uint64_t>(phase.length.count());
    const Wide whole = expected(phase, length);
    if (before_phase_ + whole < target_) {
      before_phase_ += whole;
      phase_start_ += phase.length;
      continue;
    }
    std::uint64_t least = 0;
    std::uint64_t enough = length;
    while (least < enough) {
      const std::uint64_t middle = least + (enough - least) / 2;
      if (before_phase_ + expected(phase, middle) >= target_) {
        enough = middle;
      } else {
        least = middle + 1;
      }
    }
    return phase_start_ + Microseconds(static_cast<std::int64_t>(enough));
  }
  return std::nullopt;
}

std::optional<Microseconds> ArrivalSchedule::next_even() {
  if (given_ == count_) return std::nullopt;
  Microseconds hold{0};
  for (const Phase& phase : phases_) {
    if (phase.hold) hold += phase.length;
  }
  auto into_hold = Microseconds(
      static_cast<std::int64_t>(Wide{given_} * static_cast<std::uint64_t>(hold.count()) / count_));
  ++given_;
  Microseconds start{0};
  for (const Phase& phase : phases_) {
    if (phase.hold) {
      if (into_hold < phase.length) return start + into_hold;
      into_hold -= phase.length;
    }
    start += phase.length;
  }
  return std::nullopt;  // No hold phase at all.
}

}  // namespace claims::storm
