// Who comes into a room, who leaves it and who is in charge: role by role, refusal by refusal.

#include <gmock/gmock.h>

#include <array>

#include "protocol/limits.h"
#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class MemberCommandsTest : public CommandingTest {
 protected:
  void open_general() {
    ASSERT_EQ(code("gar-1", "general.open", R"("adjuster":"adj-1","vehicles":["12가3456"])"), "ok");
  }
  void open_negotiation() {
    register_receipt("2024-1");
    ASSERT_EQ(code("adj-1", "negotiation.open",
                   R"("receipt":"2024-1","counterpart":"adj-2","ratio":"70:30")"),
              "ok");
  }
  std::string hand_over(const std::string& caller, const std::string& room,
                        const std::string& user) {
    return code(caller, "room.hand_over", R"("room":")" + room + R"(","user":")" + user + '"');
  }
  std::vector<std::array<std::uint64_t, 3>> ranges(const char* user) {
    std::vector<std::array<std::uint64_t, 3>> found;
    for (const StreamRange& range :
         played.service().stream_ranges(played.index(user), Position{0})) {
      found.push_back({static_cast<std::uint64_t>(range.room), range.first, range.last});
    }
    return found;
  }
  using Ranges = std::vector<std::array<std::uint64_t, 3>>;
};

TEST_F(MemberCommandsTest, AColleagueSeesTheRoomFromItsBeginningAndAGuestFromItsJoining) {
  open_room();
  const auto colleague =
      send("adj-1", "room.invite", R"("room":"r1","user":"adj-3","as":"colleague")");
  EXPECT_THAT(colleague.reply, HasSubstr(R"("result":{"room":"r1","seq":5,"from":1})"));
  ASSERT_EQ(colleague.deliveries.size(), 1U);
  EXPECT_THAT(colleague.deliveries[0].recipients, ElementsAre("gar-1", "adj-1", "adj-3"));
  EXPECT_THAT(
      colleague.deliveries[0].event,
      HasSubstr(R"("body":{"user":{"id":"adj-3","name":"박지훈","role":"adjuster"},"from":1,)"
                R"("kind":"inbound","receipt":"2024-1","model":"쏘나타","as":"colleague"})"));
  const auto guest = send("gar-1", "room.invite", R"("room":"r1","user":"gar-2","as":"guest")");
  EXPECT_THAT(guest.reply, HasSubstr(R"("seq":6,"from":6)"));
  say("adj-3", "r1");
  EXPECT_THAT(page("adj-3", "r1"), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(page("gar-2", "r1"), ElementsAre(6, 7));
  EXPECT_EQ(ranges("adj-3"), (Ranges{{1, 5, 7}})) << "live delivery begins at the own joined";
  EXPECT_EQ(ranges("gar-2"), (Ranges{{1, 6, 7}}));
}

TEST_F(MemberCommandsTest, WhoMayInviteWhom) {
  open_room();
  EXPECT_EQ(invite("adj-3", "r1", "adj-4", "colleague"), "unknown_room");
  EXPECT_EQ(invite("core-01", "r1", "adj-4", "colleague"), "unknown_room");
  EXPECT_EQ(invite("gar-1", "r1", "adj-3", "colleague"), "not_permitted");
  EXPECT_EQ(invite("adj-1", "r1", "adj-9", "colleague"), "unknown_user");
  EXPECT_EQ(invite("adj-1", "r1", "core-01", "guest"), "unknown_user");
  EXPECT_EQ(invite("adj-1", "r1", "gar-2", "colleague"), "unknown_user");
  EXPECT_EQ(invite("adj-1", "r1", "adj-2", "colleague"), "foreign_adjuster");
  EXPECT_EQ(invite("adj-1", "r1", "adj-3", "guest"), "own_colleague");
  EXPECT_EQ(invite("gar-1", "r1", "adj-3", "guest"), "own_colleague");
  EXPECT_EQ(invite("adj-1", "r1", "gar-1", "guest"), "already_member");
  EXPECT_EQ(invite("adj-1", "r1", "adj-2", "guest"), "ok");
  EXPECT_EQ(invite("gar-1", "r1", "gar-2", "guest"), "ok");
  EXPECT_EQ(invite("adj-2", "r1", "adj-5", "colleague"), "not_permitted") << "a guest";
  EXPECT_EQ(invite("adj-2", "r1", "adj-5", "guest"), "not_permitted");
  EXPECT_EQ(invite("gar-2", "r1", "adj-5", "guest"), "not_permitted");
  EXPECT_EQ(invite("adj-1", "r1", "adj-3", "colleague"), "ok");
  EXPECT_EQ(invite("adj-3", "r1", "adj-5", "guest"), "ok") << "a colleague invites, too";
}

TEST_F(MemberCommandsTest, InANegotiationEachSideInvitesItsOwnAndNobodyIsAGuest) {
  open_negotiation();
  EXPECT_EQ(invite("adj-1", "r1", "gar-1", "guest"), "wrong_kind");
  EXPECT_EQ(invite("adj-1", "r1", "adj-5", "colleague"), "foreign_adjuster");
  EXPECT_EQ(invite("adj-2", "r1", "adj-5", "colleague"), "ok");
  EXPECT_EQ(invite("adj-1", "r1", "adj-3", "colleague"), "ok");
  EXPECT_EQ(code("adj-3", "negotiation.act", R"("room":"r1","action":"refer")"), "not_permitted");
  EXPECT_EQ(code("adj-5", "message.send", R"("room":"r1","text":"#면책")"), "not_permitted");
  EXPECT_EQ(code("adj-5", "message.send", R"("room":"r1","text":"면책")"), "ok");
}

TEST_F(MemberCommandsTest, WhoLeavesSeesTheOwnLeftAndNothingAfterIt) {
  open_room();
  invite("adj-1", "r1", "adj-3", "colleague");
  invite("adj-1", "r1", "gar-2", "guest");
  say("gar-2", "r1");  // 7
  const auto left = send("gar-2", "room.leave", R"("room":"r1")");
  EXPECT_THAT(left.reply, HasSubstr(R"("result":{"room":"r1","seq":8})"));
  EXPECT_THAT(left.deliveries.at(0).recipients, ElementsAre("gar-1", "adj-1", "adj-3", "gar-2"));
  EXPECT_THAT(say("gar-1", "r1").deliveries.at(0).recipients,
              ElementsAre("gar-1", "adj-1", "adj-3"));
  EXPECT_EQ(in_room("gar-2", "room.leave", "r1"), "unknown_room");
  EXPECT_THAT(say("gar-2", "r1").reply, HasSubstr("unknown_room"));
  EXPECT_THAT(page("gar-2", "r1"), ElementsAre(6, 7, 8));
  EXPECT_THAT(read("gar-2", "unread.counts", R"("room":"r1")"), HasSubstr("unknown_room"));
  EXPECT_THAT(read("adj-1", "room.reads", R"("room":"r1")"), Not(HasSubstr("gar-2")));
  EXPECT_EQ(invite("gar-1", "r1", "gar-2", "guest"), "ok");  // 10
  say("gar-1", "r1");
  EXPECT_THAT(page("gar-2", "r1"), ElementsAre(6, 7, 8, 10, 11)) << "both stays";
  EXPECT_THAT(page("gar-2", "r1", R"(,"limit":2)"), ElementsAre(6, 7));
  EXPECT_THAT(page("gar-2", "r1", R"(,"limit":2,"after":7)"), ElementsAre(8, 10));
  EXPECT_THAT(page("gar-2", "r1", R"(,"after":8)"), ElementsAre(10, 11));
  EXPECT_THAT(page("gar-2", "r1", R"(,"after":11)"), IsEmpty());
  EXPECT_EQ(ranges("gar-2"), (Ranges{{1, 6, 8}, {1, 10, 11}}));
  EXPECT_THAT(read("gar-2", "unread.counts", R"("room":"r1")"), HasSubstr(R"("unread":1})"));
}

TEST_F(MemberCommandsTest, WhatAColleagueHasReadStaysReadWhenItComesAgain) {
  open_room();
  say("gar-1", "r1");
  invite("adj-1", "r1", "adj-3", "colleague");
  EXPECT_EQ(code("adj-3", "room.read", R"("room":"r1","seq":6)"), "ok");
  EXPECT_EQ(in_room("adj-3", "room.leave", "r1"), "ok");
  say("gar-1", "r1");
  invite("adj-1", "r1", "adj-3", "colleague");
  EXPECT_THAT(read("adj-3", "unread.counts", R"("room":"r1")"), HasSubstr(R"("unread":1})"));
  EXPECT_THAT(page("adj-3", "r1"), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9)) << "each event once";
}

TEST_F(MemberCommandsTest, WhoIsInChargeAndTheGarageStay) {
  open_room();
  EXPECT_EQ(in_room("gar-1", "room.leave", "r1"), "must_stay");
  EXPECT_EQ(in_room("adj-1", "room.leave", "r1"), "must_stay");
  open_general();
  EXPECT_EQ(in_room("gar-1", "room.leave", "r2"), "must_stay");
}

TEST_F(MemberCommandsTest, ARoomIsHandedOverToAColleague) {
  open_room();
  EXPECT_EQ(hand_over("gar-1", "r1", "adj-3"), "not_permitted");
  EXPECT_EQ(hand_over("adj-3", "r1", "adj-4"), "unknown_room");
  EXPECT_EQ(hand_over("adj-1", "r1", "adj-9"), "unknown_user");
  EXPECT_EQ(hand_over("adj-1", "r1", "adj-2"), "foreign_adjuster");
  EXPECT_EQ(hand_over("adj-1", "r1", "adj-1"), "bad_value");
  const auto handed = send("adj-1", "room.hand_over", R"("room":"r1","user":"adj-3")");
  EXPECT_THAT(handed.reply, HasSubstr(R"("result":{"room":"r1","seq":6})"));
  EXPECT_THAT(told(handed), ElementsAre("joined 12가3456", "handed_over 12가3456"));
  EXPECT_THAT(handed.deliveries[0].event, HasSubstr(R"("as":"successor"})"));
  EXPECT_THAT(handed.deliveries[0].recipients, ElementsAre("gar-1", "adj-1", "adj-3"));
  EXPECT_EQ(hand_over("adj-1", "r1", "adj-4"), "not_permitted") << "not in charge any more";
  EXPECT_EQ(in_room("adj-3", "room.leave", "r1"), "must_stay");
  EXPECT_EQ(in_room("adj-1", "room.leave", "r1"), "ok");
  invite("adj-3", "r1", "adj-4", "colleague");
  EXPECT_THAT(told(send("adj-3", "room.hand_over", R"("room":"r1","user":"adj-4")")),
              ElementsAre("handed_over 12가3456"))
      << "a member does not join again";
}

TEST_F(MemberCommandsTest, TheSideOfANegotiationMoves) {
  open_negotiation();
  EXPECT_EQ(hand_over("adj-2", "r1", "adj-5"), "ok");
  const auto act = [&](const char* user) {
    return code(user, "negotiation.act", R"("room":"r1","action":"accept")");
  };
  EXPECT_EQ(act("adj-2"), "not_permitted");
  EXPECT_THAT(read("adj-1", "negotiation.status", R"("room":"r1")"),
              HasSubstr(R"("initiator":"adj-1","counterpart":"adj-5")"));
  EXPECT_EQ(act("adj-5"), "ok");
}

TEST_F(MemberCommandsTest, AGeneralRoomFollowsWhoIsInCharge) {
  open_general();
  EXPECT_EQ(hand_over("adj-1", "r1", "adj-3"), "ok");
  const auto open_with = [&](const char* adjuster) {
    return send("gar-1", "general.open",
                R"("adjuster":")" + std::string(adjuster) + R"(","vehicles":["12가3456"])")
        .reply;
  };
  EXPECT_THAT(open_with("adj-3"), HasSubstr(R"("room":"r1","created":false)"));
  EXPECT_THAT(open_with("adj-1"), HasSubstr(R"("room":"r2","created":true)"));
  EXPECT_EQ(hand_over("adj-1", "r2", "adj-3"), "ok");
  EXPECT_THAT(open_with("adj-3"), HasSubstr(R"("room":"r1")")) << "the one that was there first";
}

TEST_F(MemberCommandsTest, ARoomTakesSoManyMembershipsOverTime) {
  open_room();
  for (std::size_t i = 2; i < claims::limits::kMembershipsPerRoomMax; ++i) {
    ASSERT_EQ(invite("adj-1", "r1", "gar-2", "guest"), "ok") << i;
    ASSERT_EQ(in_room("gar-2", "room.leave", "r1"), "ok") << i;
  }
  EXPECT_EQ(invite("adj-1", "r1", "gar-2", "guest"), "limit_reached");
  EXPECT_EQ(hand_over("adj-1", "r1", "adj-3"), "limit_reached");
  EXPECT_LT(read("adj-1", "room.show", R"("room":"r1")").size(), 64U * 1024);
}

TEST_F(MemberCommandsTest, ATitleIsGivenByAnyMemberButAGuest) {
  open_room();
  invite("adj-1", "r1", "adj-3", "colleague");
  invite("adj-1", "r1", "gar-2", "guest");
  const char* fields = R"("room":"r1","title":"쏘나타 앞범퍼")";
  EXPECT_EQ(code("gar-2", "room.change", fields), "not_permitted");
  EXPECT_EQ(code("adj-2", "room.change", fields), "unknown_room");
  const auto changed = send("adj-3", "room.change", fields);
  EXPECT_THAT(changed.reply,
              HasSubstr(R"("result":{"room":"r1","seq":7,"title":"쏘나타 앞범퍼"})"));
  EXPECT_THAT(told(changed), ElementsAre("room_changed 12가3456"));
}

TEST_F(MemberCommandsTest, ADeletedRoomIsTheEndForAllItsMembers) {
  open_general();
  invite("gar-1", "r1", "gar-2", "guest");
  EXPECT_EQ(in_room("gar-2", "room.delete", "r1"), "not_permitted");
  EXPECT_EQ(in_room("adj-3", "room.delete", "r1"), "unknown_room");
  const auto deleted = send("adj-1", "room.delete", R"("room":"r1")");
  EXPECT_THAT(deleted.reply, HasSubstr(R"("result":{"room":"r1","seq":6})"));
  EXPECT_THAT(deleted.deliveries.at(0).recipients, ElementsAre("gar-1", "adj-1", "gar-2"));
  EXPECT_THAT(say("gar-1", "r1").reply, HasSubstr("unknown_room"));
  EXPECT_EQ(in_room("adj-1", "room.delete", "r1"), "unknown_room");
  EXPECT_THAT(page("gar-2", "r1"), ElementsAre(5, 6));
  EXPECT_THAT(page("gar-1", "r1"), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(read("gar-1", "unread.counts", ""), HasSubstr(R"("rooms":[])"));
  const auto again = send("gar-1", "general.open", R"("adjuster":"adj-1","vehicles":["12가3456"])");
  EXPECT_THAT(again.reply, HasSubstr(R"("room":"r2","created":true)"));
}

TEST_F(MemberCommandsTest, AnInboundRoomIsDeletedBeforeOrAfterTheRepair) {
  open_room();
  EXPECT_EQ(in_room("gar-1", "room.delete", "r1"), "illegal_step");
  for (const char* to : {"in_repair", "repaired"}) {
    ASSERT_EQ(step("r1", to), "ok");
    EXPECT_EQ(in_room("adj-1", "room.delete", "r1"), "illegal_step") << to;
  }
  ASSERT_EQ(step("r1", "out"), "ok");
  EXPECT_EQ(in_room("adj-1", "room.delete", "r1"), "ok");
  EXPECT_THAT(intake("gar-1", "2024-1").reply, HasSubstr("illegal_step")) << "it has been out";
  EXPECT_THAT(intake("gar-2", "2024-1").reply, HasSubstr("receipt_in_use"));
  ASSERT_EQ(code("adj-1", "negotiation.open",
                 R"("receipt":"2024-1","counterpart":"adj-2","ratio":"70:30")"),
            "ok");
  EXPECT_EQ(in_room("adj-1", "room.delete", "r2"), "wrong_kind");
}

}  // namespace
}  // namespace claims::server
