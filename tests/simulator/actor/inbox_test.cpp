#include "simulator/actor/inbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/limits.h"

namespace claims::storm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr RoleKey kFirst{InstanceNumber{1}, 0}, kSecond{InstanceNumber{2}, 1};
constexpr chat::RoomId kRoom{7}, kOther{8};

StoredEvent event(chat::RoomId room, const std::string& payload, std::uint64_t number) {
  return {room, "message", payload, Microseconds{0}, number};
}

TEST(Inbox, BindingGivesTheRoomsKeptEventsInOrder) {
  Inbox inbox;
  inbox.enter(kFirst);
  inbox.keep(event(kRoom, "a", inbox.next_number()));
  inbox.keep(event(kOther, "b", inbox.next_number()));
  inbox.keep(event(kRoom, "c", inbox.next_number()));
  const auto events = inbox.bind(kFirst, kRoom);
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].payload, "a");
  EXPECT_EQ(events[1].payload, "c");
  EXPECT_THAT(inbox.bind(kFirst, kRoom), IsEmpty());
}

TEST(Inbox, WhatWasKeptIsThereForEveryRoleUntilOneTakesIt) {
  Inbox inbox;
  inbox.enter(kFirst);
  inbox.enter(kSecond);
  inbox.keep(event(kRoom, "a", inbox.next_number()));
  const auto first = inbox.bind(kFirst, kRoom);
  EXPECT_THAT(inbox.bind(kSecond, kRoom), SizeIs(1));
  inbox.forget(first.at(0).number);
  EXPECT_THAT(inbox.kept(), IsEmpty());
}

TEST(Inbox, ARoomMayBeBoundByTwoRoles) {
  Inbox inbox;
  inbox.enter(kFirst);
  inbox.enter(kSecond);
  inbox.bind(kFirst, kRoom);
  inbox.bind(kSecond, kRoom);
  EXPECT_THAT(inbox.bound(kRoom), ElementsAre(kFirst, kSecond));
  inbox.leave(kFirst);
  EXPECT_THAT(inbox.bound(kRoom), ElementsAre(kSecond));
}

TEST(Inbox, KnowsWhichRoomsARoleIsBoundToUntilItLeaves) {
  Inbox inbox;
  inbox.enter(kFirst);
  inbox.enter(kSecond);
  inbox.bind(kFirst, kRoom);
  EXPECT_TRUE(inbox.is_bound(kFirst, kRoom));
  EXPECT_FALSE(inbox.is_bound(kFirst, kOther));
  EXPECT_FALSE(inbox.is_bound(kSecond, kRoom));
  inbox.leave(kFirst);
  EXPECT_FALSE(inbox.is_bound(kFirst, kRoom));
  EXPECT_FALSE(inbox.empty());
  inbox.leave(kSecond);
  EXPECT_TRUE(inbox.empty());
}

TEST(Inbox, KeepsTheLastEventsOnly) {
  Inbox inbox;
  inbox.enter(kFirst);
  for (std::size_t i = 0; i <= limits::kUnboundEventsPerUser; ++i) {
    inbox.keep(event(kRoom, std::to_string(i), inbox.next_number()));
  }
  ASSERT_THAT(inbox.kept(), SizeIs(limits::kUnboundEventsPerUser));
  EXPECT_EQ(inbox.kept().front().payload, "1");
}

TEST(Inbox, KeepsNothingForRolesThatComeToNoFurtherRoom) {
  Inbox inbox;
  inbox.enter(kFirst);
  inbox.enter(kSecond);
  inbox.bind(kFirst, kRoom);
  inbox.keep(event(kRoom, "a", inbox.next_number()));
  inbox.settle(kSecond);
  EXPECT_THAT(inbox.unsettled(), ElementsAre(kFirst));
  EXPECT_THAT(inbox.kept(), SizeIs(1));
  inbox.settle(kFirst);
  EXPECT_THAT(inbox.unsettled(), IsEmpty());
  EXPECT_THAT(inbox.kept(), IsEmpty());
  EXPECT_THAT(inbox.bound(kRoom), ElementsAre(kFirst));
}

TEST(Inbox, TheLastRoleToLeaveTakesTheKeptEventsWithIt) {
  Inbox inbox;
  inbox.enter(kFirst);
  inbox.enter(kSecond);
  inbox.keep(event(kRoom, "a", inbox.next_number()));
  inbox.leave(kFirst);
  EXPECT_THAT(inbox.kept(), SizeIs(1));
  inbox.leave(kSecond);
  EXPECT_THAT(inbox.kept(), IsEmpty());
}

}  // namespace
}  // namespace claims::storm
