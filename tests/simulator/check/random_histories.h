#pragma once
// RandomHistories: correct histories drawn from a seed.

#include <cstddef>
#include <cstdint>

#include "scripted_history.h"

namespace claims::storm {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state_ >> 33U) % bound;
  }

 private:
  std::uint64_t state_;
};

/// Two or three inbound rooms, random commands and reads, every session reading at its own pace.
Script random_history(std::uint64_t seed, bool with_losses);
/// Rooms of all kinds: intakes and pre-estimates, bulk messages, general rooms of several vehicles,
/// negotiations with legal and illegal steps, messages that are deleted or made from templates;
/// adjuster-1 and garage-1 have two sessions each.
Script random_mixed_history(std::uint64_t seed, bool with_losses);

}  // namespace claims::storm
