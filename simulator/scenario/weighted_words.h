#pragma once
// Words drawn by how often they occur.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "simulator/scenario/expression.h"

namespace claims::storm {

struct WeightedWord {
  std::string_view word;
  std::uint32_t weight;
};

template <std::size_t N>
std::string_view draw(const std::array<WeightedWord, N>& words, Random& random) {
  std::uint64_t sum = 0;
  for (const WeightedWord& word : words) sum += word.weight;
  std::uint64_t at = random.below(sum);
  for (const WeightedWord& word : words) {
    if (at < word.weight) return word.word;
    at -= word.weight;
  }
  return words.back().word;
}

template <std::size_t N>
std::string_view draw(const std::array<std::string_view, N>& words, Random& random) {
  return words[random.below(N)];
}

}  // namespace claims::storm
