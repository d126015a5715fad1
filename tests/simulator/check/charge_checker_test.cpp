#include "simulator/check/charge_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

/// garage-1 and adjuster-1 in r1, four events; adjuster-3 is a colleague.
ScriptedHistory opened() {
  ScriptedHistory history = cast();
  history.add_user("adjuster-3", "박동료", chat::Role::adjuster, "ins-1");
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  history.intake("garage-1", "2024-1234567");
  history.drain();
  return history;
}

TEST(ChargeChecker, AcceptsAHandOver) {
  ScriptedHistory history = opened();
  history.hand_over("adjuster-1", "r1", "adjuster-3");
  history.send("adjuster-3", "r1", "맡았습니다.");
  history.drain();
  history.leave("adjuster-1", "r1");
  history.send("garage-1", "r1", "네.");
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(ChargeChecker, TellsAHandOverByOneWhoIsNotInCharge) {
  ScriptedHistory history = opened();
  history.invite("adjuster-1", "r1", "adjuster-3", "colleague");
  history.drain();
  history.hand_over("adjuster-3", "r1", "adjuster-1");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::in_charge), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-3 (박동료) is not in charge there"));
}

TEST(ChargeChecker, TellsAHandOverToAnotherInsurer) {
  ScriptedHistory history = opened();
  history.hand_over("adjuster-1", "r1", "adjuster-2");
  EXPECT_THAT(Audit(history.finish()).en(), HasSubstr("is no colleague of adjuster-1"));
}

TEST(ChargeChecker, TellsAHandOverToAnotherThanWasAsked) {
  ScriptedHistory history = opened();
  history.hand_over("adjuster-1", "r1", "adjuster-3");
  Script script = history.finish();
  script.edit_event("r1", 6, [](json::object& event) {
    event["body"].as_object()["to"] = {{"id", "garage-1"}, {"name", "한빛정비"}};
  });
  EXPECT_EQ(Audit(script).count(Checker::in_charge), 1U);
}

TEST(ChargeChecker, TellsOneInChargeWhoLeaves) {
  ScriptedHistory history = opened();
  history.hand_over("adjuster-1", "r1", "adjuster-3");
  history.drain();
  history.leave("adjuster-3", "r1");
  EXPECT_EQ(Audit(history.finish()).count(Checker::membership), 1U);
}

TEST(ChargeChecker, AcceptsTheHandOverOfAnAdjuster) {
  ScriptedHistory history = opened();
  history.hand_over_all("insurer-1", "adjuster-1", "adjuster-3", {"r1"});
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(ChargeChecker, TellsARoomThatIsLeftBehind) {
  ScriptedHistory history = opened();
  history.hand_over_all("insurer-1", "adjuster-1", "adjuster-3", {});
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::in_charge), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("room r1 is still the absent one's"));
}

TEST(ChargeChecker, TellsAnotherNumberOfRooms) {
  ScriptedHistory history = opened();
  const std::string id = history.hand_over_all("insurer-1", "adjuster-1", "adjuster-3", {"r1"});
  Script script = history.finish();
  script.reply(id)->body["result"].as_object()["rooms"] = 2;
  EXPECT_EQ(Audit(script).count(Checker::in_charge), 1U);
}

TEST(ChargeChecker, KnowsWhoAReceiptOpensWithWhileItsAdjusterIsAway) {
  for (const bool right : {true, false}) {
    ScriptedHistory history = opened();
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
