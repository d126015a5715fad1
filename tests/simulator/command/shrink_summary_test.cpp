#include "simulator/command/shrink_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

ShrinkOutcome outcome() {
  ShrinkOutcome shrunk;
  shrunk.before = {2'012, 1'234, 40, Microseconds(70'000'000)};
  shrunk.after = {6, 2, 1, Microseconds(1'500'000)};
  shrunk.failure.sign = "delivery";
  shrunk.failure.story = {"하나가 없다", "one is missing"};
  shrunk.attempts = 312;
  shrunk.file = "out/s.json";
  shrunk.replay = "claimstorm simulate out/s.json --seed 9";
  return shrunk;
}

TEST(ShrinkSummary, ComparesBeforeAndAfter) {
  EXPECT_EQ(shrink_summary(outcome()),
            "                            before     after\n"
            "  users                       2012         6\n"
            "  workflows started           1234         2\n"
            "  faults                        40         1\n"
            "  seconds                       70       1.5\n"
            "312 attempts; it still fails: delivery\n"
            "  one is missing\n"
            "  out/s.json\n"
            "  claimstorm simulate out/s.json --seed 9\n");
}

TEST(ShrinkSummary, InKorean) {
  ShrinkOutcome shrunk = outcome();
  shrunk.used_up = true;
  const std::string text = shrink_summary(shrunk, {.korean = true});
  EXPECT_THAT(text, testing::HasSubstr("사용자                      2012         6\n"));
  EXPECT_THAT(text, testing::HasSubstr("하나가 없다"));
  EXPECT_THAT(text, testing::HasSubstr("--budget"));
}

}  // namespace
}  // namespace claims::storm
