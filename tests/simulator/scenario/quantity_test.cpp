#include "simulator/scenario/quantity.h"

#include <gtest/gtest.h>

#include "simulator/scenario/load.h"

namespace claims::storm {
namespace {

std::int64_t microseconds(std::string_view text) {
  const auto duration = parse_duration(text);
  return duration ? duration->count() : -1;
}
std::int64_t milli(std::string_view text) {
  const auto rate = parse_rate(text);
  return rate ? *rate : -1;
}
std::int64_t permille(std::string_view text) {
  const auto share = parse_percent(text);
  return share ? *share : -1;
}

TEST(Duration, HasFiveUnitsAndUpToThreePlaces) {
  EXPECT_EQ(microseconds("250ms"), 250'000);
  EXPECT_EQ(microseconds("10s"), 10'000'000);
  EXPECT_EQ(microseconds("1.5 s"), 1'500'000);
  EXPECT_EQ(microseconds("8m"), 480'000'000);
  EXPECT_EQ(microseconds("4h"), 14'400'000'000);
  EXPECT_EQ(microseconds("2d"), 172'800'000'000);
  EXPECT_EQ(microseconds("0s"), 0);
  EXPECT_EQ(microseconds("366d"), 366LL * 86'400'000'000);
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text : {"", "10", "s", "-1s", "1.s", "1.2345s", "10 seconds", "367d", "1e3s",
                           "99999999999999999999s", "1s2m", "١s"}) {
    EXPECT_EQ(microseconds(text), -1) << text;
  }
}

TEST(Rate, IsCountedPerThousandSeconds) {
  EXPECT_EQ(milli("50/s"), 50'000);
  EXPECT_EQ(milli("0.8/s"), 800);
  EXPECT_EQ(milli("30/min"), 500);
  EXPECT_EQ(milli("3600 / h"), 1'000);
  for (const char* text : {"", "50", "0/s", "1/h", "50/d", "-1/s", "2000000/s", "50/ss"}) {
    EXPECT_EQ(milli(text), -1) << text;
  }
}

TEST(Percent, IsCountedInPermille) {
  EXPECT_EQ(permille("80 %"), 800);
  EXPECT_EQ(permille("0%"), 0);
  EXPECT_EQ(permille("99.9 %"), 999);
  for (const char* text : {"80", "%", "99.99 %", "10001 %", "-5 %"}) {
    EXPECT_EQ(permille(text), -1) << text;
  }
}

TEST(ThinkTimeText, IsADurationOrARange) {
  const auto constant = parse_think_time("5s");
  ASSERT_TRUE(constant);
  EXPECT_EQ(constant->kind, ThinkTime::Kind::constant);
  const auto range = parse_think_time("5s..1m");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->kind, ThinkTime::Kind::uniform);
  EXPECT_EQ(range->first.count(), 5'000'000);
  EXPECT_EQ(range->second.count(), 60'000'000);
  EXPECT_FALSE(parse_think_time("20s..5s"));
  EXPECT_FALSE(parse_think_time("5s..x"));
  EXPECT_FALSE(parse_think_time("..5s"));
}

TEST(LimitText, IsAnOperatorAndANumber) {
  const auto limit = parse_limit("<= 1000");
  ASSERT_TRUE(limit);
  EXPECT_EQ(limit->op, "<=");
  EXPECT_EQ(limit->milli, 1'000'000);
  EXPECT_EQ(parse_limit(">99.95")->milli, 99'950);
  EXPECT_EQ(parse_limit("== 0")->op, "==");
  for (const char* text : {"", "1000", "<=", "=< 5", "!= 3", "<= five", "<= 5 ms", "<= -1"}) {
    EXPECT_FALSE(parse_limit(text)) << text;
  }
}

}  // namespace
}  // namespace claims::storm
