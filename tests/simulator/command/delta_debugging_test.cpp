#include "simulator/command/delta_debugging.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace claims::storm {
namespace {

/// Fails with all of these in it.
struct Needs {
  Subset needed;
  std::size_t asked = 0;

  std::optional<std::size_t> operator()(const std::vector<Subset>& subsets) {
    for (std::size_t i = 0; i < subsets.size(); ++i) {
      ++asked;
      if (std::includes(subsets[i].begin(), subsets[i].end(), needed.begin(), needed.end())) {
        return i;
      }
    }
    return std::nullopt;
  }
};

Subset least(std::size_t count, Needs& needs) {
  return minimize(count, [&](const std::vector<Subset>& subsets) { return needs(subsets); });
}

TEST(DeltaDebugging, FindsWhatIsNeeded) {
  for (const Subset& needed : {Subset{7}, Subset{0, 99}, Subset{3, 4, 50}, Subset{1, 30, 60, 90}}) {
    Needs needs{needed};
    EXPECT_EQ(least(100, needs), needed);
  }
}

TEST(DeltaDebugging, NothingMayBeNeeded) {
  Needs nothing;
  EXPECT_EQ(least(100, nothing), Subset{});
  EXPECT_EQ(nothing.asked, 1U);
  EXPECT_EQ(least(0, nothing), Subset{});
}

TEST(DeltaDebugging, AllMayBeNeeded) {
  Needs all{{0, 1, 2, 3, 4}};
  EXPECT_EQ(least(5, all), all.needed);
  Needs one{{0}};
  EXPECT_EQ(least(1, one), one.needed);
}

TEST(DeltaDebugging, OneOfManyTakesFewQuestions) {
  Needs one{{4'711}};
  EXPECT_EQ(least(10'000, one), one.needed);
  EXPECT_LE(one.asked, 40U);
}

}  // namespace
}  // namespace claims::storm
