#include "reference-server/broker/received_publishes.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

TEST(ReceivedPublishes, AreHeldUntilReleased) {
  ReceivedPublishes all;
  for (const std::uint16_t id : {7, 3, 65'535, 1}) all.add(id);
  EXPECT_TRUE(all.holds(3));
  EXPECT_FALSE(all.holds(2));
  EXPECT_EQ(all.of_connection(), 4U);
  EXPECT_TRUE(all.release(3));
  EXPECT_FALSE(all.release(3));
  EXPECT_FALSE(all.holds(3));
  EXPECT_TRUE(all.holds(65'535));
  EXPECT_EQ(all.of_connection(), 3U);
}

TEST(ReceivedPublishes, OfEarlierConnectionsAreHeldAndNotCounted) {
  ReceivedPublishes all;
  all.add(1);
  all.connection_lost();
  EXPECT_TRUE(all.holds(1));
  EXPECT_EQ(all.of_connection(), 0U);
  all.add(2);
  EXPECT_TRUE(all.release(1));
  EXPECT_EQ(all.of_connection(), 1U);
}

}  // namespace
}  // namespace claims::server
