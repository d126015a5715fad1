// Receipts, intakes, pre-estimates: what follows what in an inbound room.

#include <gmock/gmock.h>

#include "protocol/chat/event.h"
#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RepairCommandsTest : public CommandingTest {
 protected:
  PlayedService::Answer estimate(const std::string& garage, const std::string& receipt) {
    return send(garage, "pre_estimate.write", R"("receipt":")" + receipt + R"(","amount":1234567)");
  }
  std::string estimate_code(const std::string& garage, const std::string& receipt) {
    return code(garage, "pre_estimate.write", R"("receipt":")" + receipt + R"(","amount":5)");
  }
};

TEST_F(RepairCommandsTest, APreEstimateOpensTheRoomAndTheIntakeAddsItsNoticeAlone) {
  register_receipt("2024-1");
  const auto written = estimate("gar-1", "2024-1");
  EXPECT_THAT(written.reply,
              HasSubstr(R"("room":"r1","created":true,"vehicle":"12가3456","seq":3)"));
  EXPECT_THAT(told(written), ElementsAre("joined 12가3456", "joined 12가3456",
                                         "pre_estimate 12가3456", "greeting 12가3456"));
  EXPECT_THAT(written.deliveries[2].event, HasSubstr("1,234,567원"));
  EXPECT_EQ(step("r1", "in_repair"), "illegal_step") << "it is not in";
  EXPECT_EQ(code("gar-1", "claim.convert", R"("room":"r1")"), "illegal_step");
  EXPECT_EQ(code("gar-2", "intake.register", R"("receipt":"2024-1")"), "receipt_in_use");
  const auto in = intake("gar-1", "2024-1");
  EXPECT_THAT(in.reply, HasSubstr(R"("room":"r1","created":false)"));
  EXPECT_THAT(told(in), ElementsAre("notice 12가3456"));
  EXPECT_THAT(told(intake("gar-1", "2024-1")), IsEmpty()) << "once";
  EXPECT_EQ(step("r1", "in_repair"), "ok");
}

TEST_F(RepairCommandsTest, APreEstimateAfterTheIntakeGreetsNobodyAgain) {
  open_room();
  const auto written = estimate("gar-1", "2024-1");
  EXPECT_THAT(written.reply, HasSubstr(R"("created":false,"vehicle":"12가3456","seq":5)"));
  EXPECT_THAT(told(written), ElementsAre("pre_estimate 12가3456"));
  EXPECT_EQ(estimate_code("gar-1", "2024-1"), "already_estimated");
}

TEST_F(RepairCommandsTest, APreEstimateIsCheckedInOrder) {
  EXPECT_EQ(estimate_code("adj-1", "2024-9"), "not_permitted") << "the role before the receipt";
  EXPECT_EQ(estimate_code("gar-1", "2024-9"), "unknown_receipt");
  open_room();
  EXPECT_EQ(estimate_code("gar-2", "2024-1"), "receipt_in_use");
  EXPECT_EQ(step("r1", "in_repair"), "ok");
  EXPECT_EQ(step("r1", "repaired"), "ok");
  EXPECT_EQ(estimate_code("gar-1", "2024-1"), "illegal_step");
}

TEST_F(RepairCommandsTest, AnIntakeIsCancelledBeforeTheRepairAndRegisteredAgain) {
  open_room();
  EXPECT_EQ(in_room("adj-1", "intake.cancel", "r1"), "not_permitted");
  EXPECT_EQ(in_room("gar-2", "intake.cancel", "r1"), "unknown_room");
  const auto cancelled = send("gar-1", "intake.cancel", R"("room":"r1")");
  EXPECT_THAT(cancelled.reply, HasSubstr(R"("result":{"room":"r1","seq":5,"state":"cancelled"})"));
  EXPECT_THAT(cancelled.deliveries.at(0).event, HasSubstr(R"("body":{"state":"cancelled",)"));
  EXPECT_EQ(in_room("gar-1", "intake.cancel", "r1"), "illegal_step");
  EXPECT_EQ(step("r1", "in_repair"), "illegal_step");
  EXPECT_EQ(in_room("gar-1", "claim.convert", "r1"), "illegal_step");
  EXPECT_EQ(estimate_code("gar-1", "2024-1"), "illegal_step");
  const auto again = intake("gar-1", "2024-1");
  EXPECT_THAT(again.reply, HasSubstr(R"("room":"r1","created":false)"));
  EXPECT_THAT(told(again), ElementsAre("notice 12가3456")) << "nobody is greeted again";
  EXPECT_EQ(step("r1", "in_repair"), "ok");
  EXPECT_EQ(in_room("gar-1", "intake.cancel", "r1"), "illegal_step");
}

TEST_F(RepairCommandsTest, ACancelledReceiptMayGoToAnotherGarage) {
  open_room();
  EXPECT_EQ(estimate_code("gar-1", "2024-1"), "ok");
  EXPECT_EQ(in_room("gar-1", "intake.cancel", "r1"), "ok");
  EXPECT_THAT(intake("gar-2", "2024-1").reply, HasSubstr(R"("room":"r2","created":true)"));
  EXPECT_THAT(intake("gar-1", "2024-1").reply, HasSubstr("receipt_in_use"));
  EXPECT_EQ(estimate_code("gar-2", "2024-1"), "ok") << "of its own room";
  EXPECT_THAT(say("gar-1", "r1").reply, HasSubstr(R"("ok":true)")) << "the room is there still";
  EXPECT_EQ(in_room("gar-1", "room.delete", "r1"), "ok");
  EXPECT_THAT(intake("gar-1", "2024-1").reply, HasSubstr("receipt_in_use"))
      << "what was deleted is not the receipt's room any more";
}

TEST_F(RepairCommandsTest, ADeletedRoomFreesItsReceipt) {
  register_receipt("2024-1");
  estimate("gar-1", "2024-1");
  EXPECT_EQ(in_room("gar-1", "room.delete", "r1"), "ok") << "without an intake";
  EXPECT_THAT(intake("gar-1", "2024-1").reply, HasSubstr(R"("room":"r2","created":true)"));
  EXPECT_EQ(in_room("gar-1", "intake.cancel", "r2"), "ok");
  EXPECT_EQ(in_room("adj-1", "room.delete", "r2"), "ok");
  EXPECT_THAT(told(estimate("gar-2", "2024-1")),
              ElementsAre("joined 12가3456", "joined 12가3456", "pre_estimate 12가3456",
                          "greeting 12가3456"));
}

TEST_F(RepairCommandsTest, FurtherEstimatesBelongToTheRepair) {
  const auto further = [&](const char* user) {
    return send(user, "estimate.further", R"("room":"r1","amount":1234567,"reason":"추가 손상")");
  };
  open_room();
  EXPECT_THAT(further("adj-1").reply, HasSubstr("not_permitted"));
  EXPECT_THAT(further("gar-2").reply, HasSubstr("unknown_room"));
  EXPECT_THAT(further("gar-1").reply, HasSubstr("illegal_step"));
  ASSERT_EQ(step("r1", "in_repair"), "ok");
  const auto first = further("gar-1");
  EXPECT_THAT(first.reply, HasSubstr(R"("result":{"room":"r1","seq":6,"estimate":"F-2024-1-1"})"));
  EXPECT_THAT(
      first.deliveries.at(0).event,
      HasSubstr(R"("body":{"estimate":"F-2024-1-1","amount":1234567,"reason":"추가 손상",)"));
  for (int n = 2; n <= 20; ++n) EXPECT_THAT(further("gar-1").reply, HasSubstr(R"("ok":true)"));
  EXPECT_THAT(further("gar-1").reply, HasSubstr("limit_reached"));
  ASSERT_EQ(step("r1", "repaired"), "ok");
  EXPECT_THAT(further("gar-1").reply, HasSubstr("illegal_step"));
  EXPECT_EQ(read("core-01", "conversions.count", ""),
            R"({"pre_estimates":0,"further_estimates":20,"claims":0})");
}

TEST_F(RepairCommandsTest, APlateFindsItsReceipt) {
  const auto by_plate = [&](const char* user) {
    return send(user, "intake.by_plate", R"("plate":"12가3456")");
  };
  EXPECT_THAT(by_plate("adj-1").reply, HasSubstr("not_permitted"));
  EXPECT_THAT(by_plate("gar-1").reply, HasSubstr("unknown_plate"));
  register_receipt("2024-2");
  const auto taken = by_plate("gar-1");
  EXPECT_THAT(taken.reply, HasSubstr(R"({"room":"r1","created":true,"vehicle":"12가3456",)"
                                     R"("receipt":"2024-2"})"));
  EXPECT_EQ(taken.deliveries.size(), 4U);
  EXPECT_THAT(by_plate("gar-1").reply, HasSubstr(R"("room":"r1","created":false)"));
  EXPECT_THAT(by_plate("gar-2").reply, HasSubstr("receipt_in_use"));
  register_receipt("2024-1");
  EXPECT_THAT(by_plate("gar-2").reply, HasSubstr(R"("receipt":"2024-1"})"));
  register_receipt("2024-0");
  const auto several = by_plate("gar-1");
  EXPECT_THAT(several.reply,
              HasSubstr(R"("result":{"choices":[{"receipt":"2024-0","insurer":"ins-01",)"
                        R"("insurer_name":"한마음손해보험","model":"쏘나타"},)"
                        R"({"receipt":"2024-2",)"))
      << "2024-1 is the other garage's";
  EXPECT_THAT(several.deliveries, IsEmpty());
  for (const char* to : {"in_repair", "repaired", "out"}) ASSERT_EQ(step("r1", to), "ok");
  EXPECT_THAT(by_plate("gar-1").reply, HasSubstr(R"("receipt":"2024-0"})")) << "one is out";
}

TEST(RepairBounds, ARoomBeyondThemIsRefusedAndLeavesNothing) {
  PlayedService played(kSmallDirectory, {4, 1, 9});
  for (int n = 1; n <= 2; ++n) {
    played.ok("core-01", R"({"type":"receipt.register","id":"5.)" + std::to_string(n) +
                             R"(","receipt":")" + std::to_string(n) +
                             R"(","plate":"12가3456","model":"m","adjuster":"adj-1"})");
  }
  played.ok("gar-1", R"({"type":"pre_estimate.write","id":"5.1","receipt":"1","amount":1})");
  EXPECT_EQ(
      played.code("gar-1", R"({"type":"pre_estimate.write","id":"5.2","receipt":"2","amount":1})"),
      "limit_reached");
  EXPECT_EQ(played.code("gar-1", R"({"type":"intake.register","id":"5.3","receipt":"1"})"),
            "limit_reached")
      << "the room is full";
  EXPECT_EQ(played.service().counters().rooms, 1U);
}

}  // namespace
}  // namespace claims::server
