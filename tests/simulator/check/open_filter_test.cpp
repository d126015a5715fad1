#include "simulator/check/open_filter.h"

#include <gtest/gtest.h>

namespace claims::storm {
namespace {

TEST(OpenFilter, CoversByLevels) {  // MQTT 5.0 section 4.7.1, with its examples.
  for (const auto& [filter, topic] : std::initializer_list<std::pair<const char*, const char*>>{
           {"a", "a"},
           {"a/b", "a/b"},
           {"#", "a/b/c"},
           {"sport/tennis/player1/#", "sport/tennis/player1"},
           {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"},
           {"sport/tennis/+", "sport/tennis/player1"},
           {"sport/+", "sport/"},
           {"+/+", "/finance"},
           {"/+", "/finance"},
           {"+/b/#", "a/b"}}) {
    EXPECT_TRUE(open_filter_covers(filter, topic)) << filter << " " << topic;
  }
  for (const auto& [filter, topic] : std::initializer_list<std::pair<const char*, const char*>>{
           {"a", "b"},
           {"a", "a/b"},
           {"a/b", "a"},
           {"sport/tennis/+", "sport/tennis/player1/ranking"},
           {"sport/+", "sport"},
           {"+", "/finance"},
           {"a/+/c", "a/b"},
           {"a/#", "b/a"}}) {
    EXPECT_FALSE(open_filter_covers(filter, topic)) << filter << " " << topic;
  }
}

}  // namespace
}  // namespace claims::storm
