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

TEST(Duration, HasSixUnitsAndUpToThreePlaces) {
  EXPECT_EQ(microseconds("12345678us"), 12'345'678);
  EXPECT_EQ(microseconds("86399999999us"), 86'399'999'999);
  EXPECT_EQ(microseconds("0.001ms"), 1);
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
                           "99999999999999999999s", "1s2m", "١s", "1.5us"}) {
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

TEST(DurationText, IsReadBackExactly) {
  for (const std::int64_t us : {0LL, 1LL, 1'500LL, 12'345'678LL, 60'000'000LL, 86'400'000'001LL}) {
    EXPECT_EQ(microseconds(write_duration(Microseconds(us))), us) << us;
  }
  EXPECT_EQ(write_duration(Microseconds{1'500}), "1500us");
}

TEST(DurationRange, IsOneOrTwoDurations) {
  EXPECT_EQ(*parse_duration_range("2s"),
            std::pair(Microseconds{2'000'000}, Microseconds{2'000'000}));
  EXPECT_EQ(*parse_duration_range("100us .. 2s"),
            std::pair(Microseconds{100}, Microseconds{2'000'000}));
  for (const char* text : {"", "2", "2s..1s", "..2s", "2s..", "1s..2s..3s", "-1s..1s"}) {
    EXPECT_FALSE(parse_duration_range(text)) << text;
  }
}

TEST(SignedRange, GoesBothWays) {
  using Pair = std::pair<std::int64_t, std::int64_t>;
  EXPECT_EQ(*parse_signed_duration_range("-30s..1500ms"), Pair(-30'000, 1'500));
  EXPECT_EQ(*parse_signed_duration_range("-2s..-1s"), Pair(-2'000, -1'000));
  EXPECT_EQ(*parse_signed_duration_range("+1h"), Pair(3'600'000, 3'600'000));
  EXPECT_EQ(*parse_signed_range("-200..200", -500, 500), Pair(-200, 200));
  EXPECT_EQ(*parse_signed_range("-7", -500, 500), Pair(-7, -7));
  for (const char* text : {"", "--1s", "1s..-1s", "5", "10us", "-..1s"}) {
    EXPECT_FALSE(parse_signed_duration_range(text)) << text;
  }
  for (const char* text : {"", "501", "-501..0", "5..-5", "1.5", "x", "- 5 5"}) {
    EXPECT_FALSE(parse_signed_range(text, -500, 500)) << text;
  }
}

TEST(LimitText, IsAnOperatorAndANumber) {
  const auto limit = parse_limit("<= 1000");
  ASSERT_TRUE(limit);
  EXPECT_EQ(limit->op, "<=");
  EXPECT_EQ(limit->milli, 1'000'000);
  EXPECT_EQ(parse_limit(">99.95")->milli, 99'950);
  EXPECT_EQ(parse_limit("== 0")->op, "==");
  for (const char* text :
       {"", "1000", "<=", "=< 5", "!= 3", "<= five", "<= 5 ms", "<= -1", "<= 1000000001"}) {
    EXPECT_FALSE(parse_limit(text)) << text;
  }
}

}  // namespace
}  // namespace claims::storm
