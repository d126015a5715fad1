#include "simulator/check/charge_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

TEST(ChargeChecker, AcceptsAHandOver) {
  ScriptedHistory history = opened_with_colleague();
  history.hand_over("adjuster-1", "r1", "adjuster-3");
  history.send("adjuster-3", "r1", "맡았습니다.");
  history.drain();
  history.leave("adjuster-1", "r1");
  history.send("garage-1", "r1", "네.");
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(ChargeChecker, TellsAHandOverByOneWhoIsNotInCharge) {
  ScriptedHistory history = opened_with_colleague();
  history.invite("adjuster-1", "r1", "adjuster-3", "colleague");
  history.drain();
  history.hand_over("adjuster-3", "r1", "adjuster-1");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::in_charge), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-3 (박동료) is not in charge there"));
}

TEST(ChargeChecker, TellsAHandOverToAnotherInsurer) {
  ScriptedHistory history = opened_with_colleague();
  history.hand_over("adjuster-1", "r1", "adjuster-2");
  EXPECT_THAT(Audit(history.finish()).en(), HasSubstr("is no colleague of adjuster-1"));
}

TEST(ChargeChecker, TellsAHandOverToAnotherThanWasAsked) {
  ScriptedHistory history = opened_with_colleague();
  history.hand_over("adjuster-1", "r1", "adjuster-3");
  Script script = history.finish();
  script.edit_event("r1", 6, [](json::object& event) {
    event["body"].as_object()["to"] = {{"id", "garage-1"}, {"name", "한빛정비"}};
  });
  EXPECT_EQ(Audit(script).count(Checker::in_charge), 1U);
}

TEST(ChargeChecker, TellsOneInChargeWhoLeaves) {
  ScriptedHistory history = opened_with_colleague();
  history.hand_over("adjuster-1", "r1", "adjuster-3");
  history.drain();
  history.leave("adjuster-3", "r1");
  EXPECT_EQ(Audit(history.finish()).count(Checker::membership), 1U);
}

TEST(ChargeChecker, AcceptsTheHandOverOfAnAdjuster) {
  ScriptedHistory history = opened_with_colleague();
  history.hand_over_all("insurer-1", "adjuster-1", "adjuster-3", {"r1"});
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(ChargeChecker, TellsARoomThatIsLeftBehind) {
  ScriptedHistory history = opened_with_colleague();
  history.hand_over_all("insurer-1", "adjuster-1", "adjuster-3", {});
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::in_charge), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("room r1 is still the absent one's"));
}

TEST(ChargeChecker, TellsAnotherNumberOfRooms) {
  ScriptedHistory history = opened_with_colleague();
  const std::string id = history.hand_over_all("insurer-1", "adjuster-1", "adjuster-3", {"r1"});
  Script script = history.finish();
  script.reply(id)->body["result"].as_object()["rooms"] = 2;
  EXPECT_EQ(Audit(script).count(Checker::in_charge), 1U);
}

TEST(ChargeChecker, KnowsWhoAReceiptOpensWithWhileItsAdjusterIsAway) {
  for (const bool right : {true, false}) {
    ScriptedHistory history = opened_with_colleague();
    history.hand_over_all("insurer-1", "adjuster-1", "adjuster-3", {"r1"});
    history.drain();
    history.register_receipt("insurer-1", "2024-7654321", "45다6789",
                             right ? "adjuster-3" : "adjuster-1");
    history.drain();
    history.intake("garage-2", "2024-7654321");
    Script script = history.finish();
    // The receipt names the absent one either way.
    for (Action& action : script.actions) {
      if (action.kind == Action::Kind::send && action.body.contains("plate")) {
        action.body["adjuster"] = "adjuster-1";
      }
    }
    EXPECT_EQ(Audit(script).total() == 0, right);
  }
}

}  // namespace
}  // namespace claims::storm
