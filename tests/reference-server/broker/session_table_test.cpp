#include "reference-server/broker/session_table.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

TEST(SessionTable, FindsByNumberAndByName) {
  SessionTable table;
  Session& one = table.create({{"alice", "c1"}, true, 0, {}});
  Session& two = table.create({{"alice", "c2"}, true, 0, {}});
  EXPECT_EQ(table.find(one.id), &one);
  EXPECT_EQ(table.find("alice", "c2"), &two);
  EXPECT_EQ(table.find("alice", "c3"), nullptr);
  EXPECT_EQ(table.find("bob", "c1"), nullptr);
  EXPECT_EQ(table.find(SessionId{0}), nullptr);
  EXPECT_EQ(table.find(SessionId{4'000'000'000}), nullptr);
}

TEST(SessionTable, NeverReusesANumber) {
  SessionTable table;
  for (std::uint32_t i = 1; i <= 2'000; ++i) {
    Session& session = table.create({{"alice", "c1"}, true, 0, {}});
    EXPECT_EQ(session.id, SessionId{i});
    table.remove(session);
    EXPECT_EQ(table.find(SessionId{i}), nullptr);
    EXPECT_EQ(table.find("alice", "c1"), nullptr);
  }
  EXPECT_EQ(table.size(), 0U);
  EXPECT_TRUE(table.of_user("alice").empty());
}

TEST(SessionTable, EachSessionsDeliveriesBeginAtTheFirstPacketIdentifier) {
  SessionTable table(65'534);
  for (const char* client : {"c1", "c2"}) {
    Session& session = table.create({{"alice", client}, true, 0, {}});
    EXPECT_EQ(session.inflight.add(1, true), 65'534U);
    EXPECT_EQ(session.inflight.add(2, true), 65'535U);
    EXPECT_EQ(session.inflight.add(3, true), 1U);
  }
}

}  // namespace
}  // namespace claims::server
