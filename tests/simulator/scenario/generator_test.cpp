#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <map>
#include <regex>
#include <set>

#include "protocol/chat/ids.h"
#include "protocol/chat/text.h"
#include "simulator/scenario/expression.h"
#include "tests/effort.h"

namespace claims::storm {
namespace {

constexpr int kDraws = 10'000;

std::vector<std::string> draws(std::string_view generator, int count = kDraws,
                               std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<std::string> values;
  for (int i = 0; i < count; ++i) {
    const Value value = generate_value(generator, random, seed, static_cast<std::uint64_t>(i));
    values.emplace_back(value.is_string() ? value.get_string().c_str()
                                          : boost::json::serialize(value).c_str());
  }
  return values;
}

// Written from the rules of the domain, independently of the generator. Syllables of three bytes.
const std::string kOwn =
    "(?:가|나|다|라|마|거|너|더|러|머|버|서|어|저|고|노|도|로|모|보|소|오|조|구|누|두|루|무|부|수|"
    "우|"
    "주)";
const std::string kRegion =
    "(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주)";

TEST(Plates, AreOfAClassThatThereIsWithItsLetters) {
  const std::map<std::string, std::regex> kinds = {
      {"private", std::regex("(?:0[1-9]|[1-9][0-9]|[1-9][0-9][0-9])" + kOwn + "[0-9]{4}")},
      {"rental", std::regex("(?:0[1-9]|[1-6][0-9]|[1-6][0-9][0-9])(?:하|허|호)[0-9]{4}")},
      {"commercial", std::regex(kRegion + "(?:0[1-9]|[1-9][0-9])(?:바|사|아|자)[0-9]{4}")},
      {"courier", std::regex(kRegion + "(?:8[0-9]|9[0-7])배[0-9]{4}")},
      {"old", std::regex(kRegion + "(?:[1-9]|0[1-9]|[1-6][0-9])" + kOwn + "[0-9]{4}")}};
  std::map<std::string, int> seen;
  for (const std::string& plate : draws("plate")) {
    int matched = 0;
    for (const auto& [kind, pattern] : kinds) {
      if (!std::regex_match(plate, pattern)) continue;
      ++matched;
      ++seen[kind];
    }
    ASSERT_EQ(matched, 1) << plate;
    ASSERT_EQ(chat::normalise_plate(plate), plate);
  }
  for (const auto& [kind, pattern] : kinds) EXPECT_GT(seen[kind], 30) << kind;
  EXPECT_GT(seen["private"], 7'500);
}

TEST(Plates, HaveEveryClassOfVehicle) {
  const std::regex pattern("([0-9]{1,3})[^0-9]+[0-9]{4}$");
  std::map<std::string, int> seen;
  for (const std::string& plate : draws("plate")) {
    std::smatch match;
    ASSERT_TRUE(std::regex_search(plate, match, pattern));
    const int number = std::stoi(match[1]);
    const bool three = match[1].length() == 3;
    const auto in = [&](int a, int b, int c, int d) {
      return three ? number >= c && number <= d : number >= a && number <= b;
    };
    ++seen[in(1, 69, 100, 699)    ? "car"
           : in(70, 79, 700, 799) ? "van"
           : in(80, 97, 800, 979) ? "truck"
           : in(98, 99, 980, 997) ? "special"
                                  : "emergency"];
  }
  EXPECT_GT(seen["car"], 7'000);
  EXPECT_GT(seen["van"], 300);
  EXPECT_GT(seen["truck"], 800);
  EXPECT_GT(seen["special"], 40);
  EXPECT_GT(seen["emergency"], 15);
}

TEST(Vins, Have17CharactersWithoutIOQ) {
  const std::regex pattern("[A-HJ-NPR-Z0-9]{17}");
  for (const std::string& vin : draws("vin")) {
    ASSERT_TRUE(std::regex_match(vin, pattern)) << vin;
    ASSERT_EQ(chat::normalise_plate(vin), vin);
  }
}

TEST(Receipts, HaveTheThreeForms) {
  const std::regex year("20[0-9]{2}-[0-9]{7}");
  const std::regex short_year("[0-9]{2}-[0-9]{8}");
  const std::regex date("[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-[0-9]{7}");
  std::array<int, 3> seen{};
  for (const std::string& receipt : draws("receipt")) {
    const bool a = std::regex_match(receipt, year);
    const bool b = std::regex_match(receipt, short_year);
    const bool c = std::regex_match(receipt, date);
    ASSERT_EQ(a + b + c, 1) << receipt;
    ASSERT_TRUE(chat::is_receipt_number(receipt));
    seen[0] += a;
    seen[1] += b;
    seen[2] += c;
  }
  for (const int count : seen) EXPECT_GT(count, 3'000);
}

TEST(Receipts, NeverRepeatWithinASeedOrBetweenSeeds) {
  std::set<std::string> all;
  constexpr int kSeeds = times(60);
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (std::string& receipt : draws("receipt", kDraws, seed)) all.insert(std::move(receipt));
  }
  EXPECT_EQ(all.size(), std::size_t{kSeeds} * kDraws);
}

TEST(Receipts, DependOnSeedAndSerialAlone) {
  Random one(1);
  Random two(2);
  EXPECT_EQ(generate_value("receipt", one, 5, 77), generate_value("receipt", two, 5, 77));
  EXPECT_NE(generate_value("receipt", one, 5, 77), generate_value("receipt", one, 6, 77));
  EXPECT_NE(generate_value("receipt", one, 5, 77), generate_value("receipt", one, 5, 78));
}

TEST(Names, AreKoreanAndSpreadAsInTheCensus) {
  std::map<std::string, int> surnames;
  std::set<std::string> names;
  for (const std::string& name : draws("person")) {
    ASSERT_GE(name.size(), 6U);
    ASSERT_LE(name.size(), 12U);
    ASSERT_EQ(chat::normalise_text(name), name);
    ++surnames[name.substr(0, 3)];
    names.insert(name);
  }
  EXPECT_NEAR(surnames["김"], 2'150, 250);
  EXPECT_NEAR(surnames["이"], 1'470, 220);
  EXPECT_NEAR(surnames["박"], 840, 180);
  EXPECT_GT(surnames.size(), 40U);
  EXPECT_GT(names.size(), 1'500U);
}

TEST(Texts, VaryAndHoldNothingLikePersonalData) {
  const std::regex digits("[0-9]{2}");
  const std::regex suspicious("계좌|은행|주민|면허|여권|카드|전화|휴대폰|공일공|영일영|①|０");
  for (const char* generator : {"garage_text", "adjuster_text"}) {
    std::set<std::string> texts;
    for (std::string& text : draws(generator)) {
      ASSERT_FALSE(std::regex_search(text, digits)) << text;
      ASSERT_FALSE(std::regex_search(text, suspicious)) << text;
      ASSERT_EQ(text.find_first_of("{}"), std::string::npos) << text;
      ASSERT_EQ(text.find("  "), std::string::npos) << text;
      ASSERT_EQ(chat::normalise_text(text), text);
      ASSERT_GE(chat::count_characters(text), 10U) << text;
      ASSERT_LE(chat::count_characters(text), 200U) << text;
      ASSERT_TRUE(text.ends_with('.') || text.ends_with('?')) << text;
      texts.insert(std::move(text));
    }
    EXPECT_GT(texts.size(), 4'500U) << generator;
  }
}

TEST(Ratios, SumToAHundredMostlyInTens) {
  int tens = 0;
  int fives = 0;
  std::set<int> own_shares;
  const std::regex two_numbers("([0-9]{1,3}):([0-9]{1,3})");
  for (const std::string& ratio : draws("ratio")) {
    std::smatch match;
    ASSERT_TRUE(std::regex_match(ratio, match, two_numbers)) << ratio;
    const int own = std::stoi(match[1]);
    ASSERT_EQ(own + std::stoi(match[2]), 100) << ratio;
    ASSERT_EQ(ratio, std::to_string(own) + ":" + std::to_string(100 - own)) << "no zeros before";
    tens += static_cast<int>(own % 10 == 0);
    fives += static_cast<int>(own % 10 == 5);
    own_shares.insert(own);
  }
  EXPECT_NEAR(tens, 7'550, 250);
  EXPECT_NEAR(fives, 2'050, 200);
  EXPECT_EQ(*own_shares.begin(), 0);
  EXPECT_EQ(*own_shares.rbegin(), 100);
}

TEST(Amounts, AreWonInTenThousandsAndSmallOnesMoreOften) {
  Random random(1);
  int below_three_million = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Value value = generate_value("amount", random, 1, 0);
    ASSERT_TRUE(value.is_int64());
    ASSERT_GE(value.get_int64(), 200'000);
    ASSERT_LE(value.get_int64(), 8'000'000);
    ASSERT_EQ(value.get_int64() % 10'000, 0);
    below_three_million += static_cast<int>(value.get_int64() < 3'000'000);
  }
  EXPECT_NEAR(below_three_million, 5'880, 250);
}

TEST(ObjectionReasons, AreSentencesWithoutPersonalData) {
  const std::regex digits("[0-9]{2}");
  std::set<std::string> reasons;
  for (std::string& reason : draws("objection_reason")) {
    ASSERT_FALSE(std::regex_search(reason, digits)) << reason;
    ASSERT_EQ(chat::normalise_text(reason), reason);
    ASSERT_TRUE(reason.ends_with('.')) << reason;
    ASSERT_GE(chat::count_characters(reason), 20U) << reason;
    ASSERT_LE(chat::count_characters(reason), 200U) << reason;
    reasons.insert(std::move(reason));
  }
  EXPECT_GT(reasons.size(), 3'000U);
}

TEST(Models, RegionsAndGarageNamesAreNeverEmptyOrLong) {
  for (const char* generator : {"model", "region", "garage_name"}) {
    std::set<std::string> values;
    for (std::string& value : draws(generator)) {
      ASSERT_FALSE(value.empty());
      ASSERT_LE(chat::count_characters(value), 30U);
      ASSERT_EQ(chat::normalise_text(value), value);
      values.insert(std::move(value));
    }
    EXPECT_GE(values.size(), 17U) << generator;
  }
}

TEST(Generators, AreKnownByNameAndDeterministic) {
  const auto names = generator_names();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (const std::string& name : names) {
    EXPECT_TRUE(is_generator(name));
    EXPECT_EQ(draws(name, 100, 3), draws(name, 100, 3));
    EXPECT_NE(draws(name, 100, 3), draws(name, 100, 4));
  }
  EXPECT_FALSE(is_generator("plates"));
}

}  // namespace
}  // namespace claims::storm
