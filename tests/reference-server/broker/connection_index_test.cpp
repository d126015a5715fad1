#include "reference-server/broker/connection_index.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace claims::server {
namespace {

std::unique_ptr<Connection> connection(std::uint64_t number) {
  return std::make_unique<Connection>(ConnectionId{number}, 100, Microseconds{0});
}

TEST(ConnectionIndex, FindsWhatIsThere) {
  ConnectionIndex index;
  EXPECT_EQ(index.find(ConnectionId{1}), nullptr);
  Connection& one = index.add(connection(1));
  for (std::uint64_t i = 2; i < 500; ++i) index.add(connection(i << 20U | i));
  EXPECT_EQ(index.find(ConnectionId{1}), &one) << "growing moves no connection";
  EXPECT_EQ(index.find(ConnectionId{2}), nullptr);
  EXPECT_EQ(index.size(), 499U);
  index.remove(ConnectionId{1});
  index.remove(ConnectionId{1});
  EXPECT_EQ(index.find(ConnectionId{1}), nullptr);
  EXPECT_EQ(index.size(), 498U);
}

TEST(ConnectionIndex, AgreesWithASet) {
  std::mt19937_64 random(3);  // NOLINT: the same each time
  ConnectionIndex index;
  std::set<std::uint64_t> expected;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t number = random() % 300 << 20U | random() % 4;
    if (random() % 2 == 0) {
      if (expected.insert(number).second) index.add(connection(number));
    } else {
      expected.erase(number);
      index.remove(ConnectionId{number});
    }
    const std::uint64_t asked = random() % 300 << 20U | random() % 4;
    const Connection* found = index.find(ConnectionId{asked});
    ASSERT_EQ(found != nullptr, expected.contains(asked));
    ASSERT_TRUE(found == nullptr || found->id == ConnectionId{asked});
  }
  std::set<std::uint64_t> all;
  index.for_each([&](const Connection& one) { all.insert(static_cast<std::uint64_t>(one.id)); });
  EXPECT_EQ(all, expected);
  EXPECT_EQ(index.size(), expected.size());
}

}  // namespace
}  // namespace claims::server
