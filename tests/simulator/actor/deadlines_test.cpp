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

}  // namespace
}  // namespace claims::storm
