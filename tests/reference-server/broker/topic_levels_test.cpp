#include "reference-server/broker/topic_levels.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

TEST(TopicLevels, AreBetweenSlashes) {
  TopicLevels levels{"left over"};
  split_levels("/a//b/", levels);
  EXPECT_EQ(levels, (TopicLevels{"", "a", "", "b", ""}));
  split_levels("", levels);
  EXPECT_EQ(levels, TopicLevels{""});
}

TEST(TopicLevels, CoverWhatEveryTopicOfTheOtherIsMatchedBy) {
  for (const auto& [wide, filter] :
       std::vector<std::pair<const char*, const char*>>{{"a", "a"},
                                                        {"#", "a/b"},
                                                        {"#", "#"},
                                                        {"#", "+/a"},
                                                        {"a/#", "a"},
                                                        {"a/#", "a/#"},
                                                        {"a/#", "a/+/c"},
                                                        {"+", "a"},
                                                        {"+/b", "a/b"},
                                                        {"a/+", "a/+"},
                                                        {"+/#", "a/#"}}) {
    EXPECT_TRUE(filter_covers(wide, filter)) << wide << " " << filter;
  }
  for (const auto& [wide, filter] :
       std::vector<std::pair<const char*, const char*>>{{"a", "b"},
                                                        {"a", "a/b"},
                                                        {"a/b", "a"},
                                                        {"a", "a/#"},
                                                        {"a/b", "a/+"},
                                                        {"+", "#"},
                                                        {"a/+", "a/#"},
                                                        {"#", "$SYS/a"},
                                                        {"+/a", "$SYS/a"},
                                                        {"+", "a/b"}}) {
    EXPECT_FALSE(filter_covers(wide, filter)) << wide << " " << filter;
  }
}

TEST(TopicLevels, OfASharedFilterBeginBehindItsGroup) {
  const auto shared = parse_shared("$share/g/a/+");
  ASSERT_TRUE(shared.has_value());
  EXPECT_EQ(shared->group, "g");
  EXPECT_EQ(shared->filter, "a/+");
  EXPECT_FALSE(parse_shared("a/$share/g/a").has_value());
  EXPECT_FALSE(parse_shared("$share/g").has_value());
}

}  // namespace
}  // namespace claims::server
