#pragma once
// SeedRange: the seeds of many simulations, first and last included.

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/result.h"

namespace claims::storm {

struct SeedRange {
  static constexpr std::uint64_t kCountMax = 10'000'000;

  std::uint64_t first = 1, last = 1;  ///< first <= last, at most kCountMax seeds.

  std::uint64_t count() const { return last - first + 1; }
  bool single() const { return first == last; }
};

/// "17". The error says what is allowed.
Result<std::uint64_t, std::string> parse_seed(std::string_view text);
/// "1..1000".
Result<SeedRange, std::string> parse_seed_range(std::string_view text);

}  // namespace claims::storm
