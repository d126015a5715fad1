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
