// One message to many garages: each target on its own, exactly once.

#include <gmock/gmock.h>

#include "protocol/chat/event.h"
#include "protocol/limits.h"
#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kTargets =
    R"("targets":[{"garage":"gar-2","vehicle":"12가3456"},{"garage":"gar-9","vehicle":"13가3456"},)"
    R"({"garage":"gar-1","vehicle":"14가3456"}],"text":"입고 확인 부탁드립니다.")";

using BulkCommandsTest = CommandingTest;

TEST_F(BulkCommandsTest, EachGarageGetsTheMessageInItsOwnRoom) {
  const auto answer = send("adj-1", "bulk.send", kTargets);
  EXPECT_THAT(answer.reply, HasSubstr(R"("result":{"garages":3})"));
  EXPECT_THAT(told(answer), ElementsAre("joined ", "joined ", "vehicle_added 12가3456", "greeting ",
                                        "message 12가3456", "joined ", "joined ",
                                        "vehicle_added 14가3456", "greeting ", "message 14가3456"));
  for (std::size_t i = 0; i < 10; ++i) {
    const std::string garage = i < 5 ? "gar-2" : "gar-1";
    EXPECT_THAT(answer.deliveries[i].recipients, ElementsAre("adj-1", garage))
        << "no other sees it";
    EXPECT_THAT(answer.deliveries[i].event, HasSubstr(R"("cmd":"adj-1:5.1/)" + garage + '"'));
  }
  EXPECT_EQ(read("adj-1", "bulk.outcomes", R"("bulk":"5.1")"),
            R"({"bulk":"5.1","outcomes":[{"garage":"gar-2","ok":true,"room":"r1","seq":5},)"
            R"({"garage":"gar-9","ok":false,"code":"unknown_user"},)"
            R"({"garage":"gar-1","ok":true,"room":"r2","seq":5}],"open":0})");
}

TEST_F(BulkCommandsTest, ARoomThatIsThereIsUsedAndGetsTheVehicleOnce) {
  send("gar-2", "general.open", R"("adjuster":"adj-1","vehicles":["12가3456"])");
  send("gar-1", "general.open", R"("adjuster":"adj-1","vehicles":["12가3456"])");
  EXPECT_THAT(told(send("adj-1", "bulk.send", kTargets)),
              ElementsAre("message 12가3456", "vehicle_added 14가3456", "message 14가3456"));
  EXPECT_THAT(told(send("adj-1", "bulk.send", kTargets)),
              ElementsAre("message 12가3456", "message 14가3456"));
  EXPECT_EQ(played.service().counters().rooms, 2U);
}

TEST_F(BulkCommandsTest, ARepeatGetsTheSameReplyAndNoSecondEffect) {
  const std::string payload = command("adj-1", "bulk.send", kTargets);
  const auto first = played.send("adj-1", payload);
  const auto again = played.send("adj-1", payload);
  EXPECT_EQ(again.reply, first.reply);
  EXPECT_THAT(again.deliveries, IsEmpty());
  EXPECT_FALSE(played.service().has_orders());
}

TEST_F(BulkCommandsTest, OutcomesTellWhatIsOpen) {
  played.carries_out_orders = false;
  auto answer = send("adj-1", "bulk.send", kTargets);
  EXPECT_THAT(answer.deliveries, IsEmpty());
  EXPECT_THAT(read("adj-1", "bulk.outcomes", R"("bulk":"5.1")"),
              HasSubstr(R"("outcomes":[],"open":3)"));
  played.carry_out_order(answer);
  EXPECT_THAT(read("adj-1", "bulk.outcomes", R"("bulk":"5.1")"),
              HasSubstr(R"([{"garage":"gar-2","ok":true,"room":"r1","seq":5}],"open":2)"));
}

TEST_F(BulkCommandsTest, TwoToTheSameGarageOpenOneRoom) {
  played.carries_out_orders = false;
  auto answer = send("adj-1", "bulk.send", kTargets);
  send("adj-1", "bulk.send", kTargets);
  while (played.service().has_orders()) played.carry_out_order(answer);
  EXPECT_EQ(played.service().counters().rooms, 2U);
  EXPECT_EQ(played.service().counters().bulk_messages_total, 4U);
  EXPECT_THAT(read("adj-1", "bulk.outcomes", R"("bulk":"5.2")"),
              HasSubstr(R"({"garage":"gar-2","ok":true,"room":"r1","seq":6})"));
}

TEST_F(BulkCommandsTest, OnlyAdjustersSendAndOnlyTheSenderKnows) {
  EXPECT_EQ(code("gar-1", "bulk.send", kTargets), "not_permitted");
  EXPECT_EQ(code("core-01", "bulk.send", kTargets), "not_permitted");
  EXPECT_EQ(code("adj-1", "bulk.send", kTargets), "ok");
  EXPECT_THAT(read("adj-2", "bulk.outcomes", R"("bulk":"5.1")"), HasSubstr("unknown_bulk"));
  EXPECT_THAT(read("adj-1", "bulk.outcomes", R"("bulk":"5.2")"), HasSubstr("unknown_bulk"));
}

TEST_F(BulkCommandsTest, TheLast16AreKnownAndThoseUnderWayAreNotForgotten) {
  for (int i = 1; i <= 17; ++i) send("adj-1", "bulk.send", kTargets);
  EXPECT_THAT(read("adj-1", "bulk.outcomes", R"("bulk":"5.1")"), HasSubstr("unknown_bulk"));
  EXPECT_THAT(read("adj-1", "bulk.outcomes", R"("bulk":"5.2")"), HasSubstr(R"("open":0)"));
  played.carries_out_orders = false;
  for (int i = 18; i <= 33; ++i) EXPECT_EQ(code("adj-1", "bulk.send", kTargets), "ok");
  EXPECT_EQ(code("adj-1", "bulk.send", kTargets), "limit_reached");
  PlayedService::Answer answer;
  while (played.service().has_orders()) played.carry_out_order(answer);
  EXPECT_EQ(code("adj-1", "bulk.send", kTargets), "ok");
  EXPECT_EQ(told(answer).size(), 32U) << "two messages each, in rooms that were there";
}

class BoundedBulkTest : public CommandingTest {
 protected:
  BoundedBulkTest() : CommandingTest(kSmallDirectory, {6, 1, 9}) {}
};

TEST_F(BoundedBulkTest, OneTargetsBoundDoesNotTouchTheOthers) {
  send("adj-1", "bulk.send", kTargets);
  EXPECT_THAT(read("adj-1", "bulk.outcomes", R"("bulk":"5.1")"),
              HasSubstr(R"({"garage":"gar-1","ok":false,"code":"limit_reached"})"))
      << "one room is allowed";
  EXPECT_THAT(told(send("adj-1", "bulk.send", kTargets)), ElementsAre("message 12가3456"));
  EXPECT_THAT(told(send("adj-1", "bulk.send", kTargets)), IsEmpty()) << "the room is full";
  EXPECT_THAT(read("adj-1", "bulk.outcomes", R"("bulk":"5.3")"),
              HasSubstr(R"({"garage":"gar-2","ok":false,"code":"limit_reached"})"));
}

}  // namespace
}  // namespace claims::server
