#pragma once
// When workflows of one kind begin: an open schedule, known from phases, rate and seed alone.
//
// With a rate, arrivals are a Poisson process whose rate follows the phases (linear in a ramp).
// With a count they are exactly that many, evenly spaced over the hold phases, the first at their
// start. Integers only: the same seed gives the same microseconds on every machine.

#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/time.h"
#include "simulator/scenario/expression.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

class ArrivalSchedule {
 public:
  ArrivalSchedule(std::vector<Phase> phases, const ArrivalSpec& spec, Random random);
  /// Time of the next arrival since the beginning of the first phase, never going back; nothing
  /// after the last.
  std::optional<Microseconds> next();

 private:
  __extension__ using Wide = unsigned __int128;

  std::optional<Microseconds> next_random();
  std::optional<Microseconds> next_even();
  Wide expected(const Phase& phase, std::uint64_t elapsed_us) const;

  std::vector<Phase> phases_;
  std::uint64_t rate_milli_;
  std::uint64_t count_;
  Random random_;
  std::size_t phase_ = 0;  // Where the last arrival was.
  Microseconds phase_start_{0};
  Wide before_phase_ = 0;    // Expected arrivals until phase_start_, in 1e-12.
  Wide target_ = 0;          // Expected arrivals until the last arrival, in 1e-12.
  std::uint64_t given_ = 0;  // Of count_.
};

/// An exponentially distributed number of mean 1, in units of 2^-32, from an integer table.
std::uint64_t sample_exponential(Random& random);

}  // namespace claims::storm
