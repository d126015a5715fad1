#include "simulator/actor/deadlines.h"

#include <gtest/gtest.h>

namespace claims::storm {
namespace {

Deadlines::Due due(std::int64_t at, std::uint32_t index) {
  return {Microseconds{at}, Deadlines::Kind::user, 0, index};
}

TEST(Deadlines, ComeInOrderOfTimeThenOfEntry) {
  Deadlines deadlines;
  deadlines.add(due(20, 1));
  deadlines.add(due(10, 2));
  deadlines.add(due(20, 3));
  deadlines.add(due(10, 4));
  EXPECT_EQ(deadlines.next(), Microseconds{10});
  for (const std::uint32_t index : {2U, 4U, 1U, 3U}) {
    const auto next = deadlines.take(Microseconds{20});
    ASSERT_TRUE(next);
    EXPECT_EQ(next->index, index);
  }
  EXPECT_FALSE(deadlines.next());
}

TEST(Deadlines, NothingIsTakenBeforeItsTime) {
  Deadlines deadlines;
  deadlines.add(due(10, 1));
  EXPECT_FALSE(deadlines.take(Microseconds{9}));
  EXPECT_TRUE(deadlines.take(Microseconds{10}));
}

TEST(Deadlines, ForgetsTheStaleOnceThereAreMany) {
  Deadlines deadlines;
  const auto meant = [](const Deadlines::Due& one) { return one.index % 10 == 0; };
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    deadlines.add(due(1'000'000 - i, i));
    deadlines.drop_stale(meant);
  }
  EXPECT_LT(deadlines.size(), 25'000U);
  std::uint32_t taken = 0;
  Microseconds last{0};
  while (const auto next = deadlines.take(Microseconds{1'000'000})) {
    EXPECT_GE(next->at, last) << "still in order";
    last = next->at;
    taken += meant(*next) ? 1 : 0;
  }
  EXPECT_EQ(taken, 10'000U) << "none that is meant was forgotten";
}

}  // namespace
}  // namespace claims::storm
