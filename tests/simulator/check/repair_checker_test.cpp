#include "simulator/check/repair_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

ScriptedHistory opened() {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  history.intake("garage-1", "2024-1234567");
  history.drain();
  return history;
}

TEST(RepairChecker, TellsAStepThatSkipsOne) {
  ScriptedHistory history = opened();
  const std::string id = history.step("garage-1", "r1", "repaired");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::legal_repair_steps), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("room r1, seq 5: the repair cannot go from in to repaired"));
  EXPECT_THAT(audit.en(), HasSubstr("garage-1:" + id));
  EXPECT_THAT(audit.ko(), HasSubstr("garage-1 (한빛정비)"));
}

TEST(RepairChecker, TellsANoticeThatComesTwice) {
  ScriptedHistory history = opened();
  history.step("garage-1", "r1", "in_repair");
  history.step("garage-1", "r1", "in_repair");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::legal_repair_steps), 1U);
}

TEST(RepairChecker, TellsAClaimBeforeTheRepairIsDone) {
  ScriptedHistory history = opened();
  history.convert("garage-1", "r1");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::legal_repair_steps), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("a claim cannot come in state in"));
}

TEST(RepairChecker, TellsASecondClaim) {
  ScriptedHistory history = scenario_a();
  history.convert("garage-1", "r1");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::legal_repair_steps), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("converted again"));
}

TEST(RepairChecker, TellsAStepThatTheGarageDidNotTake) {
  ScriptedHistory history = opened();
  history.step("adjuster-1", "r1", "in_repair");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::legal_repair_steps), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("done by adjuster-1 (김보상); only the garage garage-1"));
}

}  // namespace
}  // namespace claims::storm
