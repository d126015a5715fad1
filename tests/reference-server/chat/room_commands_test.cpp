// General rooms, and the vehicles that messages are about.

#include <gmock/gmock.h>

#include "protocol/chat/event.h"
#include "protocol/limits.h"
#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class RoomCommandsTest : public CommandingTest {
 protected:
  PlayedService::Answer open_general(const std::string& vehicles, const char* adjuster = "adj-1") {
    return send("gar-1", "general.open",
                R"("adjuster":")" + std::string(adjuster) + R"(","vehicles":[)" + vehicles + ']');
  }
  std::string say_about(const std::string& user, const std::string& room,
                        const std::string& vehicle) {
    return code(user, "message.send",
                R"("room":")" + room + R"(","text":"네","vehicle":")" + vehicle + '"');
  }
};

TEST_F(RoomCommandsTest, AGarageAndAnAdjusterHaveOneGeneralRoom) {
  const auto opened = open_general(R"("12가3456","13가3456")");
  EXPECT_THAT(opened.reply,
              HasSubstr(R"("room":"r1","created":true,"added":["12가3456","13가3456"])"));
  EXPECT_THAT(told(opened), ElementsAre("joined ", "joined ", "vehicle_added 12가3456",
                                        "vehicle_added 13가3456", "greeting "));
  EXPECT_THAT(opened.deliveries[4].event,
              HasSubstr("안녕하세요, 한빛자동차공업사. 12가3456, 13가3456 담당 김민준입니다."));
  for (const auto& delivery : opened.deliveries) {
    EXPECT_THAT(delivery.recipients, ElementsAre("gar-1", "adj-1"));
  }
  const auto again = open_general(R"("13가3456","14가3456")");
  EXPECT_THAT(again.reply, HasSubstr(R"("room":"r1","created":false,"added":["14가3456"])"));
  EXPECT_THAT(told(again), ElementsAre("vehicle_added 14가3456"));
  const auto same = open_general(R"("13가3456")");
  EXPECT_THAT(same.reply, HasSubstr(R"("created":false,"added":[])"));
  EXPECT_THAT(told(same), IsEmpty());
  EXPECT_THAT(open_general(R"("13가3456")", "adj-2").reply, HasSubstr(R"("room":"r2")"));
}

TEST_F(RoomCommandsTest, OpeningIsCheckedInOrder) {
  const char* fields = R"("adjuster":"adj-9","vehicles":["12가3456"])";
  EXPECT_EQ(code("adj-1", "general.open", fields), "not_permitted");
  EXPECT_EQ(code("core-01", "general.open", fields), "not_permitted");
  EXPECT_EQ(code("gar-1", "general.open", fields), "unknown_user");
  EXPECT_EQ(code("gar-1", "general.open", R"("adjuster":"gar-2","vehicles":["12가3456"])"),
            "unknown_user");
}

TEST_F(RoomCommandsTest, AMessageTellsItsVehicleWhereThereAreSeveral) {
  open_general(R"("12가3456")");
  EXPECT_EQ(say_about("adj-1", "r1", "13가3456"), "unknown_vehicle");
  EXPECT_THAT(told(say("adj-1", "r1")), ElementsAre("message 12가3456")) << "there is but one";
  open_general(R"("13가3456")");
  const std::string refused = say("adj-1", "r1").reply;
  EXPECT_THAT(refused, HasSubstr("unknown_vehicle"));
  EXPECT_THAT(refused, HasSubstr("12가3456, 13가3456")) << "the allowed ones are named";
  EXPECT_EQ(say_about("adj-1", "r1", "13가3456"), "ok");
  EXPECT_EQ(say_about("gar-2", "r1", "77가3456"), "unknown_room") << "the room before the vehicle";
}

TEST_F(RoomCommandsTest, APageAboutAVehicleHoldsItsEventsAndNoOthers) {
  open_general(R"("12가3456","13가3456")");
  for (int i = 0; i < 6; ++i) say_about("adj-1", "r1", i % 2 == 0 ? "12가3456" : "13가3456");
  const auto page = [&](const std::string& more) {
    return read("gar-1", "room.messages", R"("room":"r1","vehicle":"13가3456")" + more);
  };
  const std::string all = page("");
  EXPECT_THAT(all, Not(HasSubstr(R"("vehicle":"12가3456")")));
  EXPECT_THAT(all, Not(HasSubstr("greeting")));
  for (const char* seq : {"4", "7", "9", "11"}) {
    EXPECT_THAT(all, HasSubstr(R"("seq":)" + std::string(seq) + ','));
  }
  EXPECT_THAT(all, HasSubstr(R"("more":false)"));
  EXPECT_THAT(page(R"(,"limit":3)"), HasSubstr(R"("more":true)"));
  EXPECT_THAT(page(R"(,"limit":4)"), HasSubstr(R"("more":false)")) << "exactly so many";
  EXPECT_THAT(page(R"(,"limit":3,"after":4)"), HasSubstr(R"("more":false)"));
  EXPECT_THAT(read("gar-1", "room.messages", R"("room":"r1","vehicle":"99가3456")"),
              HasSubstr("unknown_vehicle"));
}

TEST_F(RoomCommandsTest, RepairAndClaimAreForInboundRooms) {
  open_general(R"("12가3456")");
  EXPECT_EQ(step("r1", "out"), "wrong_kind");
  EXPECT_EQ(code("gar-1", "claim.convert", R"("room":"r1")"), "wrong_kind");
  EXPECT_EQ(code("adj-1", "claim.convert", R"("room":"r1")"), "not_permitted") << "the role first";
  EXPECT_EQ(code("gar-2", "claim.convert", R"("room":"r1")"), "unknown_room");
  EXPECT_EQ(code("adj-1", "negotiation.act", R"("room":"r1","action":"refer")"), "wrong_kind");
}

TEST_F(RoomCommandsTest, ARoomHoldsAHundredVehicles) {
  std::string vehicles;
  for (int i = 0; i < 100; ++i) {
    vehicles += (vehicles.empty() ? "\"" : ",\"") + std::to_string(10 + i / 10) + "가345" +
                std::to_string(i % 10) + '"';
    if (i % 20 != 19) continue;
    EXPECT_THAT(open_general(vehicles).reply, HasSubstr(R"("ok":true)"));
    vehicles.clear();
  }
  EXPECT_THAT(open_general(R"("77가7777")").reply, HasSubstr("limit_reached"));
  EXPECT_THAT(open_general(R"("10가3450")").reply, HasSubstr(R"("added":[])"));
  const std::string refused = say("adj-1", "r1").reply;
  EXPECT_LT(refused.size(), 2'000U) << "not all of them are named";
}

TEST_F(RoomCommandsTest, UnreadCountsMessagesInRoomsOfEachKind) {
  open_room();
  open_general(R"("12가3456")");
  send("adj-1", "negotiation.open", R"("receipt":"2024-1","counterpart":"adj-2","ratio":"70:30")");
  for (const char* room : {"r1", "r2", "r3"}) say("adj-1", room);
  EXPECT_THAT(read("gar-1", "unread.counts", R"("room":"r1")"), HasSubstr(R"("unread":1})"));
  EXPECT_THAT(read("gar-1", "unread.counts", R"("room":"r2")"), HasSubstr(R"("unread":1})"));
  EXPECT_THAT(read("adj-2", "unread.counts", R"("room":"r3")"), HasSubstr(R"("unread":1})"));
}

TEST_F(RoomCommandsTest, AReadIsToldToTheMembersWhenItMoves) {
  open_room();
  const auto read_to = [&](int seq) {
    return send("gar-1", "room.read", R"("room":"r1","seq":)" + std::to_string(seq));
  };
  const auto moved = read_to(4);
  ASSERT_EQ(moved.receipts.size(), 1U);
  EXPECT_EQ(moved.receipts[0].event, R"({"type":"read","room":"r1","at":1714521600000,)"
                                     R"("user":{"id":"gar-1","name":"한빛자동차공업사"},"seq":4})");
  EXPECT_THAT(moved.receipts[0].recipients, ElementsAre("gar-1", "adj-1"));
  EXPECT_THAT(read_to(3).receipts, IsEmpty());
  EXPECT_THAT(read_to(9).receipts, IsEmpty());
  EXPECT_EQ(read("adj-1", "room.reads", R"("room":"r1")"),
            R"({"room":"r1","members":[{"user":"gar-1","name":"한빛자동차공업사","role":"garage",)"
            R"("from":1,"read":4},{"user":"adj-1","name":"김민준","role":"adjuster","from":1,)"
            R"("read":0}]})");
  EXPECT_THAT(read("gar-2", "room.reads", R"("room":"r1")"), HasSubstr("unknown_room"));
}

}  // namespace
}  // namespace claims::server
