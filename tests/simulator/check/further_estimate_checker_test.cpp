#include "simulator/check/further_estimate_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

ScriptedHistory in_repair() {
  ScriptedHistory history = opened_with_colleague();
  history.step("garage-1", "r1", "in_repair");
  history.drain();
  return history;
}

TEST(FurtherEstimateChecker, AcceptsThemDuringTheRepair) {
  ScriptedHistory history = in_repair();
  history.further("garage-1", "r1", 100'000);
  history.further("garage-1", "r1", 200'000);
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(FurtherEstimateChecker, TellsANumberThatIsNotTheNext) {
  ScriptedHistory history = in_repair();
  const std::string id = history.further("garage-1", "r1", 100'000);
  Script script = history.finish();
  script.edit_event("r1", 6, [](json::object& event) {
    event["body"].as_object()["estimate"] = "F-2024-1234567-2";
  });
  script.reply(id)->body["result"].as_object()["estimate"] = "F-2024-1234567-2";
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::legal_repair_steps), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("must be F-2024-1234567-1"));
}

TEST(FurtherEstimateChecker, TellsOneTooMany) {
  ScriptedHistory history = in_repair();
  for (int i = 0; i < 21; ++i) history.further("garage-1", "r1", 100'000);
  EXPECT_EQ(Audit(history.finish()).count(Checker::legal_repair_steps), 1U);
}

TEST(FurtherEstimateChecker, TellsOneBeforeTheRepair) {
  ScriptedHistory history = opened_with_colleague();
  history.further("garage-1", "r1", 100'000);
  EXPECT_THAT(Audit(history.finish()).en(), HasSubstr("cannot come in state in, only in repair"));
}

TEST(FurtherEstimateChecker, TellsAnotherAmount) {
  ScriptedHistory history = in_repair();
  history.further("garage-1", "r1", 100'000);
  Script script = history.finish();
  script.edit_event("r1", 6, [](json::object& event) { event["body"].as_object()["amount"] = 1; });
  EXPECT_EQ(Audit(script).count(Checker::outcome), 1U);
}

}  // namespace
}  // namespace claims::storm
