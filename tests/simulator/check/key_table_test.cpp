#include "simulator/check/key_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

namespace claims::storm::audit {
namespace {

TEST(KeyTable, FindsWhatWasPutUntilItIsErased) {
  KeyTable<std::string> table;
  EXPECT_EQ(table.find({1, 2, 3}), nullptr);
  table.put({1, 2, 3}) = "one";
  table.put({1, 2, 4}) = "two";
  ASSERT_NE(table.find({1, 2, 3}), nullptr);
  EXPECT_EQ(*table.find({1, 2, 3}), "one");
  table.erase({1, 2, 3});
  table.erase({9, 9, 9});
  EXPECT_EQ(table.find({1, 2, 3}), nullptr);
  EXPECT_EQ(*table.find({1, 2, 4}), "two");
  EXPECT_EQ(table.size(), 1U);
}

TEST(KeyTable, AgreesWithAMapOverRandomWork) {
  KeyTable<std::uint64_t> table;
  std::map<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>, std::uint64_t> map;
  std::uint64_t state = 5;
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const std::uint64_t draw = state >> 33U;
    const TableKey key{draw % 7, draw / 7 % 11, draw / 77 % 13};
    const auto in_map = std::tuple(key.first, key.second, key.third);
    if (draw % 3 == 0) {
      table.erase(key);
      map.erase(in_map);
    } else {
      table.put(key) = i;
      map[in_map] = i;
    }
    ASSERT_EQ(table.size(), map.size());
  }
  for (const auto& [key, value] : map) {
    const auto* found = table.find({std::get<0>(key), std::get<1>(key), std::get<2>(key)});
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(*found, value);
  }
}

TEST(KeyTable, KeepsReferencesWhileItGrows) {
  KeyTable<std::uint64_t> table;
  std::uint64_t& first = table.put({0, 0, 0});
  for (std::uint64_t i = 1; i < 1'000; ++i) table.put({i, 0, 0}) = i;
  first = 77;
  EXPECT_EQ(*table.find({0, 0, 0}), 77U);
}

}  // namespace
}  // namespace claims::storm::audit
