#include "reference-server/broker/deadlines.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

TEST(Deadlines, GivesTheFirstDue) {
  Deadlines<int> deadlines;
  std::optional<Microseconds> one;
  std::optional<Microseconds> two;
  deadlines.schedule(1, one, Microseconds{20});
  deadlines.schedule(2, two, Microseconds{10});
  EXPECT_EQ(deadlines.next(), Microseconds{10});
  EXPECT_EQ(deadlines.due(Microseconds{9}), std::nullopt);
  EXPECT_EQ(deadlines.due(Microseconds{10}), 2);
  deadlines.schedule(2, two, Microseconds{30});
  EXPECT_EQ(deadlines.due(Microseconds{100}), 1);
  deadlines.cancel(1, one);
  EXPECT_EQ(deadlines.due(Microseconds{100}), 2);
  deadlines.cancel(2, two);
  deadlines.cancel(2, two);
  EXPECT_EQ(deadlines.next(), std::nullopt);
}

}  // namespace
}  // namespace claims::server
