#include "simulator/command/seed_range.h"

#include <fmt/format.h>

#include <charconv>

namespace claims::storm {

using boost::system::in_place_error;
using boost::system::in_place_value;

Result<std::uint64_t, std::string> parse_seed(std::string_view text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return {in_place_error, "allowed is a whole number from 0 to 2^64 - 1"};
  }
  return {in_place_value, seed};
}

Result<SeedRange, std::string> parse_seed_range(std::string_view text) {
  const std::string allowed =
      fmt::format("allowed is FIRST..LAST, as 1..1000, of at most {} seeds", SeedRange::kCountMax);
  constexpr std::string_view kBetween = "..";
  const std::size_t dots = text.find(kBetween);
  if (dots == std::string_view::npos) return {in_place_error, allowed};
  const auto first = parse_seed(text.substr(0, dots));
  const auto last = parse_seed(text.substr(dots + kBetween.size()));
  if (!first || !last) return {in_place_error, allowed};
  if (*first > *last) {
    return {in_place_error, fmt::format("the first is greater than the last; {}", allowed)};
  }
  if (*last - *first >= SeedRange::kCountMax) {
    return {in_place_error, fmt::format("too many seeds; {}", allowed)};
  }
  return {in_place_value, SeedRange{*first, *last}};
}

}  // namespace claims::storm
