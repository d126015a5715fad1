#include <cassert>

#include "simulator/scenario/expression.h"

namespace claims::storm {
namespace {

constexpr std::uint64_t kGamma = 0x9E3779B97F4A7C15;

/// The output function of SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EB;
  return z ^ (z >> 31U);
}

}  // namespace

std::uint64_t Random::next() {
  state_ += kGamma;
  return mix(state_);
}

std::uint64_t Random::below(std::uint64_t bound) {
  assert(bound > 0);
  // Numbers below 2^64 mod bound would favour the small remainders.
  const std::uint64_t unfair = (0 - bound) % bound;
  for (;;) {
    const std::uint64_t number = next();
    if (number >= unfair) return number % bound;
  }
}

Random Random::split(std::uint64_t stream) const {
  // Mixed twice: neighbouring streams of neighbouring seeds must not meet.
  return Random(mix(mix(state_ ^ 0xD1B54A32D192ED03) + (stream + 1) * kGamma));
}

}  // namespace claims::storm
