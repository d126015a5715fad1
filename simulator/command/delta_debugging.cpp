#include "simulator/command/delta_debugging.h"

#include <algorithm>
#include <utility>

namespace claims::storm {
namespace {

Subset piece(const Subset& whole, std::size_t pieces, std::size_t number, bool without) {
  const std::size_t begin = whole.size() * number / pieces;
  const std::size_t end = whole.size() * (number + 1) / pieces;
  Subset part;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if ((i >= begin && i < end) != without) part.push_back(whole[i]);
  }
  return part;
}

/// Asked in small numbers: of a long list all its parts would be a lot of memory.
std::optional<Subset> first_of(const Subset& whole, std::size_t pieces, bool without,
                               const FirstFailingSubset& first_failing) {
  constexpr std::size_t kAtOnce = 32;
  for (std::size_t begin = 0; begin < pieces; begin += kAtOnce) {
    std::vector<Subset> parts;
    for (std::size_t i = begin; i < std::min(begin + kAtOnce, pieces); ++i) {
      parts.push_back(piece(whole, pieces, i, without));
    }
    if (const auto found = first_failing(parts)) return std::move(parts[*found]);
  }
  return std::nullopt;
}

}  // namespace

Subset minimize(std::size_t count, const FirstFailingSubset& first_failing) {
  Subset whole;
  for (std::size_t i = 0; i < count; ++i) whole.push_back(i);
  if (whole.empty() || first_failing({Subset{}})) return {};
  std::size_t pieces = 2;
  while (whole.size() >= 2) {
    if (auto part = first_of(whole, pieces, false, first_failing)) {
      whole = std::move(*part);
      pieces = 2;
      continue;
    }
    // Of two pieces, each is the other's complement.
    if (pieces > 2) {
      if (auto rest = first_of(whole, pieces, true, first_failing)) {
        whole = std::move(*rest);
        --pieces;
        continue;
      }
    }
    if (pieces == whole.size()) break;
    pieces = std::min(2 * pieces, whole.size());
  }
  return whole;
}

}  // namespace claims::storm
