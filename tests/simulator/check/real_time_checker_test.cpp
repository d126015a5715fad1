#include "simulator/check/real_time_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

TEST(RealTimeChecker, TellsASeqNotGreaterThanOneAcknowledgedBeforeSending) {
  ScriptedHistory history = scenario_a();
  history.send("garage-1", "r1", "먼저", 13);
  history.drain();  // Acknowledged as 13, though 12 is not decided yet.
  const std::string second = history.send("adjuster-1", "r1", "나중", 12);
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::real_time), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-1 (김보상)"));
  EXPECT_THAT(audit.en(), HasSubstr("seq 13 of room r1 was acknowledged before"));
  EXPECT_THAT(audit.en(), HasSubstr(second + " was sent, yet this became seq 12"));
}

TEST(RealTimeChecker, LeavesConcurrentCommandsTheirOrder) {
  ScriptedHistory history = scenario_a();
  history.send("garage-1", "r1", "먼저", 13);
  history.send("adjuster-1", "r1", "나중", 12);  // Sent before the other was acknowledged.
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

}  // namespace
}  // namespace claims::storm
