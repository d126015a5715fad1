// Adjusters who are away or retire: their rooms follow one by one, and receipts to come.

#include <gmock/gmock.h>

#include <utility>

#include "protocol/limits.h"
#include "reference-server/limits.h"
#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class AdjusterCommandsTest : public CommandingTest {
 protected:
  using CommandingTest::CommandingTest;

  static std::string fields(const std::string& adjuster, const std::string& to,
                            const std::string& reason) {
    return R"("adjuster":")" + adjuster + R"(","to":")" + to + R"(","reason":")" + reason + '"';
  }
  std::string hand_over(const std::string& adjuster, const std::string& to,
                        const std::string& reason = "away", const std::string& by = "core-01") {
    return code(by, "adjuster.hand_over", fields(adjuster, to, reason));
  }
  std::string back(const std::string& adjuster, const std::string& by = "core-01") {
    return code(by, "adjuster.back", R"("adjuster":")" + adjuster + '"');
  }
  std::string in_charge(const std::string& reader, const std::string& room) {
    const std::string shown = read(reader, "room.show", R"("room":")" + room + '"');
    const std::size_t at = shown.find(R"("adjuster":")") + 12;
    return shown.substr(at, shown.find('"', at) - at);
  }
  void open_three_rooms() {
    open_room();
    send("gar-1", "general.open", R"("adjuster":"adj-1","vehicles":["12가3456"])");
    send("adj-1", "negotiation.open",
         R"("receipt":"2024-1","counterpart":"adj-2","ratio":"70:30")");
  }
};

TEST_F(AdjusterCommandsTest, EachRoomIsHandedOverAsACommandOfItsOwn) {
  open_three_rooms();
  const auto answer = send("core-01", "adjuster.hand_over", fields("adj-1", "adj-3", "away"));
  EXPECT_THAT(answer.reply, HasSubstr(R"("result":{"rooms":3})"));
  EXPECT_THAT(told(answer), ElementsAre("joined 12가3456", "handed_over 12가3456", "joined ",
                                        "handed_over ", "joined 12가3456", "handed_over 12가3456"));
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_THAT(answer.deliveries[i].event,
                HasSubstr(R"("cmd":"core-01:5.2/r)" + std::to_string(1 + i / 2) + '"'));
    EXPECT_THAT(answer.deliveries[i].recipients, Not(testing::Contains("core-01")));
  }
  EXPECT_EQ(in_charge("gar-1", "r1"), "adj-3");
  EXPECT_THAT(read("adj-3", "negotiation.status", R"("room":"r3")"),
              HasSubstr(R"("initiator":"adj-3","counterpart":"adj-2")"));
  EXPECT_THAT(say("adj-1", "r1").reply, HasSubstr(R"("ok":true)")) << "away, and works";
  EXPECT_EQ(in_room("adj-1", "room.leave", "r1"), "ok");
}

TEST_F(AdjusterCommandsTest, WhoMayOrderItForWhom) {
  EXPECT_EQ(hand_over("adj-1", "adj-3", "away", "adj-1"), "not_permitted");
  EXPECT_EQ(hand_over("adj-1", "adj-3", "away", "gar-1"), "not_permitted");
  EXPECT_EQ(hand_over("adj-9", "adj-3"), "unknown_user");
  EXPECT_EQ(hand_over("gar-1", "adj-3"), "unknown_user");
  EXPECT_EQ(hand_over("adj-2", "adj-3"), "foreign_adjuster");
  EXPECT_EQ(hand_over("adj-1", "adj-2"), "foreign_adjuster");
  EXPECT_EQ(hand_over("adj-1", "adj-1"), "bad_value");
  EXPECT_EQ(hand_over("adj-1", "adj-3"), "ok");
  EXPECT_EQ(hand_over("adj-4", "adj-1"), "not_in_service");
  EXPECT_EQ(hand_over("adj-1", "adj-4", "retired"), "ok") << "who was away may retire";
  EXPECT_EQ(hand_over("adj-1", "adj-3", "away"), "not_in_service");
  EXPECT_EQ(back("adj-1"), "not_in_service");
}

TEST_F(AdjusterCommandsTest, WhoIsBackIsInServiceAgain) {
  EXPECT_EQ(back("adj-1", "adj-1"), "not_permitted");
  EXPECT_EQ(back("adj-9"), "unknown_user");
  EXPECT_EQ(back("adj-2"), "foreign_adjuster");
  EXPECT_EQ(back("adj-1"), "bad_value") << "it was not away";
  open_room();
  EXPECT_EQ(hand_over("adj-1", "adj-3"), "ok");
  EXPECT_EQ(in_room("adj-1", "room.leave", "r1"), "ok");
  EXPECT_EQ(invite("adj-3", "r1", "adj-1", "colleague"), "not_in_service");
  EXPECT_EQ(back("adj-1"), "ok");
  EXPECT_EQ(invite("adj-3", "r1", "adj-1", "colleague"), "ok");
  EXPECT_EQ(in_charge("gar-1", "r1"), "adj-3") << "rooms stay where they are";
  open_room("2024-2");
  EXPECT_EQ(in_charge("gar-1", "r2"), "adj-1");
}

TEST_F(AdjusterCommandsTest, ReceiptsToComeOpenWithWhoFollowed) {
  register_receipt("2024-1");
  EXPECT_EQ(hand_over("adj-1", "adj-3"), "ok");
  EXPECT_EQ(hand_over("adj-3", "adj-4", "retired"), "ok");
  EXPECT_THAT(intake("gar-1", "2024-1").reply, HasSubstr(R"("created":true)"));
  EXPECT_EQ(in_charge("gar-1", "r1"), "adj-4");
  register_receipt("2024-2");
  EXPECT_EQ(code("core-01", "receipt.register",
                 R"("receipt":"2024-3","plate":"12가3456","model":"쏘나타","adjuster":"adj-3")"),
            "not_in_service");
}

TEST_F(AdjusterCommandsTest, WhoHasRetiredDoesNothingMore) {
  open_three_rooms();
  register_receipt("2024-2");
  EXPECT_EQ(hand_over("adj-1", "adj-3", "retired"), "ok");
  EXPECT_TRUE(played.service().is_retired(played.index("adj-1")));
  EXPECT_FALSE(played.service().is_retired(played.index("adj-3")));
  EXPECT_THAT(say("adj-1", "r1").reply, HasSubstr("not_in_service"));
  EXPECT_EQ(code("gar-2", "general.open", R"("adjuster":"adj-1","vehicles":["12가3456"])"),
            "not_in_service");
  EXPECT_EQ(invite("adj-2", "r3", "adj-5", "colleague"), "ok");
  EXPECT_EQ(code("adj-3", "negotiation.open",
                 R"("receipt":"2024-2","counterpart":"adj-2","ratio":"70:30")"),
            "ok");
}

TEST_F(AdjusterCommandsTest, WhatWasHandedOnMeanwhileIsLeftAlone) {
  open_three_rooms();
  played.carries_out_orders = false;
  PlayedService::Answer answer;
  EXPECT_EQ(hand_over("adj-1", "adj-3"), "ok");
  EXPECT_EQ(hand_over("adj-3", "adj-4"), "ok") << "the successor goes before it has the rooms";
  EXPECT_EQ(code("adj-1", "room.hand_over", R"("room":"r1","user":"adj-4")"), "ok");
  EXPECT_EQ(in_room("gar-1", "room.delete", "r2"), "ok");
  while (played.service().has_orders()) played.carry_out_order(answer);
  EXPECT_THAT(told(answer), ElementsAre("joined 12가3456", "handed_over 12가3456"));
  EXPECT_THAT(read("adj-4", "negotiation.status", R"("room":"r3")"),
              HasSubstr(R"("initiator":"adj-4")"));
}

TEST_F(AdjusterCommandsTest, OrdersGoOnInTheirOrder) {
  open_three_rooms();
  played.carries_out_orders = false;
  EXPECT_EQ(hand_over("adj-1", "adj-3"), "ok");
  EXPECT_EQ(code("adj-1", "bulk.send",
                 R"("targets":[{"garage":"gar-1","vehicle":"12가3456"}],"text":"네")"),
            "ok");
  PlayedService::Answer answer;
  while (played.service().has_orders()) played.carry_out_order(answer);
  EXPECT_THAT(told(answer).back(), "message 12가3456");
  EXPECT_THAT(read("adj-1", "bulk.outcomes", R"("bulk":"5.2")"), HasSubstr(R"("room":"r4")"))
      << "the other general room is the successor's";
}

TEST_F(AdjusterCommandsTest, SoManyAreUnderWayAtOnce) {
  open_three_rooms();
  played.carries_out_orders = false;
  for (std::size_t i = 0; i < claims::limits::kHandOversPerUser; ++i) {
    EXPECT_EQ(hand_over("adj-1", i % 2 == 0 ? "adj-3" : "adj-4"), "ok");
  }
  EXPECT_EQ(hand_over("adj-1", "adj-3"), "limit_reached");
  PlayedService::Answer answer;
  while (played.service().has_orders()) played.carry_out_order(answer);
  EXPECT_EQ(hand_over("adj-1", "adj-3"), "ok");
}

/// Rooms that meet a bound: none is left with an adjuster who is away.
class FullRoomsTest : public AdjusterCommandsTest {
 protected:
  static constexpr std::size_t kMembers = claims::limits::kMembersPerRoomMax;
  static constexpr std::uint64_t kEvents = 60;

  FullRoomsTest() : AdjusterCommandsTest(with_garages(), {.events_per_room_max = kEvents}) {
    open_room("2024-1");
    open_room("2024-2");
  }
  /// gar-10 and the following, as many as a room has members.
  static const std::string& with_garages() {
    static const std::string kDirectory = [] {
      std::string all(kSmallDirectory.substr(0, kSmallDirectory.size() - 2));
      for (std::size_t i = 0; i < kMembers; ++i) {
        all += R"(,{"id":")" + guest(i) + R"(","role":"garage","name":"정비","region":"서울"})";
      }
      return all + "]}";
    }();
    return kDirectory;
  }
  static std::string guest(std::size_t number) { return "gar-" + std::to_string(10 + number); }
  /// Guests come into r1 until it has so many members; it has two without them.
  void fill(std::size_t members, std::size_t there = 2) {
    for (std::size_t i = 0; i + there < members; ++i) {
      ASSERT_EQ(invite("adj-1", "r1", guest(i), "guest"), "ok") << i;
    }
  }
  void carry_out() {
    PlayedService::Answer answer;
    while (played.service().has_orders()) played.carry_out_order(answer);
  }
  void expect_in_charge(const std::string& adjuster) {
    for (const char* room : {"r1", "r2"}) EXPECT_EQ(in_charge("gar-1", room), adjuster) << room;
  }
};

TEST_F(FullRoomsTest, OneThatCannotTakeTheSuccessorRefusesTheWholeOrder) {
  fill(kMembers);
  for (const char* reason : {"away", "retired"}) {
    const auto refused = send("core-01", "adjuster.hand_over", fields("adj-1", "adj-3", reason));
    EXPECT_THAT(refused.reply, HasSubstr(R"("code":"limit_reached")"));
    EXPECT_THAT(refused.reply, HasSubstr("Field: to. Found: r1. Allowed: <= 50 members."));
    EXPECT_THAT(told(refused), IsEmpty());
    EXPECT_FALSE(played.service().has_orders());
    expect_in_charge("adj-1");
  }
  EXPECT_EQ(code("gar-2", "general.open", R"("adjuster":"adj-1","vehicles":["12가3456"])"), "ok")
      << "who was not handed over is in service";
  EXPECT_EQ(in_room(guest(0), "room.leave", "r1"), "ok");
  EXPECT_EQ(hand_over("adj-1", "adj-3", "retired"), "ok");
  expect_in_charge("adj-3");
}

TEST_F(FullRoomsTest, OneOfItsMembersMayFollow) {
  ASSERT_EQ(invite("adj-1", "r1", "adj-3", "colleague"), "ok");
  fill(kMembers, 3);
  EXPECT_EQ(hand_over("adj-1", "adj-4"), "limit_reached");
  EXPECT_EQ(hand_over("adj-1", "adj-3"), "ok");
  expect_in_charge("adj-3");
}

TEST_F(FullRoomsTest, TheSuccessorsPlaceIsKeptUntilItsTurn) {
  fill(kMembers - 1);
  played.carries_out_orders = false;
  ASSERT_EQ(hand_over("adj-1", "adj-3"), "ok");
  EXPECT_EQ(invite("gar-1", "r1", guest(kMembers - 1), "guest"), "limit_reached");
  EXPECT_EQ(invite("gar-1", "r2", guest(kMembers - 1), "guest"), "ok") << "there are more there";
  carry_out();
  expect_in_charge("adj-3");
  EXPECT_EQ(in_room(guest(0), "room.leave", "r1"), "ok");
  EXPECT_EQ(invite("gar-1", "r1", guest(kMembers - 1), "guest"), "ok") << "it is kept no more";
}

TEST_F(FullRoomsTest, WhoGivesARoomAwayItselfTakesThePlaceThatIsKept) {
  fill(kMembers - 1);
  played.carries_out_orders = false;
  ASSERT_EQ(hand_over("adj-1", "adj-3"), "ok");
  EXPECT_EQ(code("adj-1", "room.hand_over", R"("room":"r1","user":"adj-4")"), "ok");
  carry_out();
  EXPECT_EQ(in_charge("gar-1", "r1"), "adj-4");
  EXPECT_EQ(in_charge("gar-1", "r2"), "adj-3");
}

/// The second order finds the room neither with the first's adjuster nor with its own.
TEST_F(FullRoomsTest, RoomsOnTheirWayToWhoGoesNextCount) {
  ASSERT_EQ(invite("adj-1", "r1", "adj-3", "colleague"), "ok");
  fill(kMembers, 3);
  played.carries_out_orders = false;
  ASSERT_EQ(hand_over("adj-1", "adj-3"), "ok");
  EXPECT_EQ(hand_over("adj-3", "adj-4"), "limit_reached");
  carry_out();
  expect_in_charge("adj-3");
}

/// Whoever the room comes to in the end takes the one place that is kept for its adjuster.
TEST_F(FullRoomsTest, RoomsOnTheirWayKeepOnePlaceAlone) {
  fill(kMembers - 1);
  played.carries_out_orders = false;
  ASSERT_EQ(hand_over("adj-1", "adj-3"), "ok");
  EXPECT_EQ(hand_over("adj-3", "adj-4"), "ok");
  EXPECT_EQ(invite("gar-1", "r1", guest(kMembers - 1), "guest"), "limit_reached");
  carry_out();
  expect_in_charge("adj-4");
}

TEST_F(FullRoomsTest, OneFullOfEventsChangesHandsAllTheSame) {
  while (say("gar-1", "r1").reply.find(R"("ok":true)") != std::string::npos) {
  }
  EXPECT_EQ(code("adj-1", "room.hand_over", R"("room":"r1","user":"adj-3")"), "limit_reached");
  EXPECT_EQ(hand_over("adj-1", "adj-3", "retired"), "ok");
  expect_in_charge("adj-3");
  // Not for ever, but then again as a whole.
  std::string here = "adj-3", there = "adj-4";
  std::uint64_t times = 0;
  while (times < 2 * limits::kHandOverEventsPerRoom && hand_over(here, there) == "ok") {
    ++times;
    ASSERT_EQ(in_charge("gar-1", "r1"), there);
    ASSERT_EQ(back(here), "ok");
    std::swap(here, there);
  }
  EXPECT_GT(times, limits::kHandOverEventsPerRoom / 2);
  EXPECT_LT(times, limits::kHandOverEventsPerRoom);
  EXPECT_THAT(send("core-01", "adjuster.hand_over", fields(here, there, "away")).reply,
              HasSubstr("Field: to. Found: r1. Allowed: <= 1060 events."));
  expect_in_charge(here);
}

}  // namespace
}  // namespace claims::server
