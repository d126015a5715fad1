#include "simulator/command/quantity_text.h"

#include <gtest/gtest.h>

#include "simulator/scenario/load.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

TEST(QuantityText, IsReadAsWhatWasWritten) {
  for (const std::int64_t number : {1, 10, 125, 1'000, 1'250, 50'000}) {
    EXPECT_EQ(*parse_rate(write_rate(number)), number);
    if (number <= 10'000) {
      EXPECT_EQ(*parse_percent(write_percent(number)), number);
    }
  }
  EXPECT_EQ(write_rate(500), "0.5/s");
  EXPECT_EQ(write_percent(125), "12.5 %");
  EXPECT_EQ(write_thousandths(99'900), "99.9");
  EXPECT_EQ(write_thousandths(100'000), "100");
  EXPECT_EQ(write_thousandths(0), "0");
}

}  // namespace
}  // namespace claims::storm
