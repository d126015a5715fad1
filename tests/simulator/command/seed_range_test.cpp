#include "simulator/command/seed_range.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

TEST(SeedRange, HasBothEnds) {
  const auto seeds = parse_seed_range("5..9");
  ASSERT_TRUE(seeds);
  EXPECT_EQ(seeds->first, 5U);
  EXPECT_EQ(seeds->last, 9U);
  EXPECT_EQ(seeds->count(), 5U);
  const auto one = parse_seed_range("18446744073709551615..18446744073709551615");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->count(), 1U);
}

TEST(SeedRange, TellsWhatIsAllowed) {
  for (const char* text : {"", "5", "..", "5..", "..9", "5...9", "-1..3", "a..b", "5..9 ",
                           "0..18446744073709551616"}) {
    const auto seeds = parse_seed_range(text);
    ASSERT_FALSE(seeds) << text;
    EXPECT_THAT(seeds.error(), testing::HasSubstr("allowed is FIRST..LAST, as 1..1000"));
  }
  EXPECT_THAT(parse_seed_range("9..5").error(), testing::HasSubstr("greater"));
}

TEST(SeedRange, IsBounded) {
  EXPECT_TRUE(parse_seed_range("1..10000000"));
  EXPECT_THAT(parse_seed_range("0..10000000").error(), testing::HasSubstr("too many"));
  EXPECT_FALSE(parse_seed_range("0..18446744073709551615"));
}

}  // namespace
}  // namespace claims::storm
