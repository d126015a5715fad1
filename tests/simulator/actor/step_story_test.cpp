#include "simulator/actor/step_story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

Value text(const std::string& value) {
  return Value(value);
}

TEST(SpokenDuration, HasMicrosecondsOnlyWhereTheyCount) {
  EXPECT_EQ(spoken_duration(Microseconds{10'000'000}), "10 s");
  EXPECT_EQ(spoken_duration(Microseconds{1'500'000}), "1500 ms");
  EXPECT_EQ(spoken_duration(Microseconds{250}), "250 µs");
  EXPECT_EQ(spoken_duration(Microseconds{314'346'618'964}), "314346.618 s");
}

TEST(BriefDifference, ShowsShortValuesWhole) {
  const auto [found, expected] = brief_difference(text("네"), text("아니요"));
  EXPECT_EQ(found, "\"네\"");
  EXPECT_EQ(expected, "\"아니요\"");
}

TEST(BriefDifference, ShowsLongOnesFromShortlyBeforeTheyDiffer) {
  std::string same;
  for (int i = 0; i < 200; ++i) same += "가";
  const auto [found, expected] = brief_difference(text(same + "나"), text(same + "다"));
  EXPECT_NE(found, expected);
  EXPECT_THAT(found, HasSubstr("가나\""));
  EXPECT_THAT(expected, HasSubstr("가다\""));
  EXPECT_TRUE(found.starts_with("…가")) << found;
}

TEST(BriefDifference, ShowsWhereOneGoesOn) {
  const std::string same(300, 'a');
  const auto [found, expected] = brief_difference(text(same), text(same + "bc"));
  EXPECT_TRUE(found.ends_with("a\"")) << found;
  EXPECT_TRUE(expected.ends_with("abc\"")) << expected;
}

}  // namespace
}  // namespace claims::storm
