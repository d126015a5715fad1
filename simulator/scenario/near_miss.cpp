#include "simulator/scenario/near_miss.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <limits>

namespace claims::storm {
namespace {

constexpr std::size_t kNameBytesMax = 64;  // Longer ones are no slip of a name.

/// Levenshtein's distance, a swap of neighbours counted as one.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string nearest(std::string_view text, const std::vector<std::string>& candidates) {
  if (text.size() > kNameBytesMax) return {};
  std::string best;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kNameBytesMax) continue;
    const std::size_t far = distance(text, candidate);
    if (far < least) {
      least = far;
      best = candidate;
    }
  }
  // One slip in three characters, no more.
  const bool near = least <= std::max<std::size_t>(1, text.size() / 3);
  return near && least < std::min(text.size(), best.size()) ? best : std::string();
}

std::string allowed_names(std::string_view found, const std::vector<std::string>& candidates) {
  if (candidates.empty()) return "nothing (there is none)";
  constexpr std::size_t kShown = 40;
  const std::string near = nearest(found, candidates);
  if (candidates.size() > kShown && !near.empty()) return fmt::format("did you mean {}?", near);
  const std::size_t shown = std::min(kShown, candidates.size());
  std::string list = fmt::format(
      "{}{}", fmt::join(candidates.begin(), candidates.begin() + static_cast<long>(shown), ", "),
      shown < candidates.size() ? ", …" : "");
  if (!near.empty()) list += fmt::format(" (did you mean {}?)", near);
  return list;
}

}  // namespace claims::storm
