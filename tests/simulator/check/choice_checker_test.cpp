#include "simulator/check/choice_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kPlate = "12가3456";

/// Receipts 1 and 2 of ins-1, 3 of ins-2, all of one vehicle; garage-1 has taken in 1.
ScriptedHistory three_receipts() {
  ScriptedHistory history = cast();
  history.add_user("insurer-2", "다라화재", chat::Role::insurer, "ins-2");
  history.register_receipt("insurer-1", "1", kPlate, "adjuster-1");
  history.register_receipt("insurer-1", "2", kPlate, "adjuster-1");
  history.register_receipt("insurer-2", "3", kPlate, "adjuster-2");
  history.register_receipt("insurer-2", "4", "99허9999", "adjuster-2");
  history.drain();
  history.intake("garage-1", "1");
  history.drain();
  return history;
}

json::object& choice(Script& script, const std::string& id, std::size_t index) {
  return script.reply(id)->body["result"].as_object()["choices"].as_array()[index].as_object();
}

TEST(ChoiceChecker, AcceptsWhatIsOpenToEach) {
  ScriptedHistory history = three_receipts();
  history.by_plate("garage-1", kPlate, {"1", "2", "3"});
  history.by_plate("garage-2", kPlate, {"2", "3"});
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(ChoiceChecker, TellsOneTooFew) {
  ScriptedHistory history = three_receipts();
  history.by_plate("garage-1", kPlate, {"1", "3"});
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::one_room_per_intake), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("receipt 2 of vehicle 12가3456 is open to this garage, too"));
  EXPECT_THAT(audit.ko(), HasSubstr("응답에 없습니다"));
}

TEST(ChoiceChecker, TellsWhatAnotherGarageHas) {
  ScriptedHistory history = three_receipts();
  history.by_plate("garage-2", kPlate, {"1", "2", "3"});
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::one_room_per_intake), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("has no such receipt that is open to this garage"));
}

TEST(ChoiceChecker, TellsAnotherVehiclesReceipt) {
  ScriptedHistory history = three_receipts();
  history.by_plate("garage-2", kPlate, {"2", "3", "4"});
  EXPECT_EQ(Audit(history.finish()).count(Checker::one_room_per_intake), 1U);
}

TEST(ChoiceChecker, TellsAnotherInsurerNameOrModel) {
  for (const std::string_view field : {"insurer", "insurer_name", "model"}) {
    ScriptedHistory history = three_receipts();
    const std::string id = history.by_plate("garage-1", kPlate, {"1", "2", "3"});
    Script script = history.finish();
    choice(script, id, 2)[field] = choice(script, id, 0)[field];
    if (field == "model") choice(script, id, 2)[field] = "티코";
    EXPECT_EQ(Audit(script).count(Checker::one_room_per_intake), 1U) << field;
  }
}

TEST(ChoiceChecker, TellsAnotherOrderAndAChoiceOfOne) {
  ScriptedHistory history = three_receipts();
  history.by_plate("garage-1", kPlate, {"2", "1", "3"});
  EXPECT_EQ(Audit(history.finish()).count(Checker::one_room_per_intake), 1U);
  ScriptedHistory other = three_receipts();
  other.by_plate("garage-2", "99허9999", {"4"});
  EXPECT_EQ(Audit(other.finish()).count(Checker::one_room_per_intake), 1U);
}

TEST(ChoiceChecker, TellsARefusalThoughOneIsOpen) {
  ScriptedHistory history = three_receipts();
  history.by_plate("garage-2", "99허9999", {});
  EXPECT_EQ(Audit(history.finish()).count(Checker::one_room_per_intake), 1U);
  ScriptedHistory right = three_receipts();
  right.by_plate("garage-2", "01가0001", {});
  EXPECT_EQ(Audit(right.finish()).total(), 0U);
}

TEST(ChoiceChecker, TellsOneRoomWhereThereIsAChoice) {
  ScriptedHistory history = three_receipts();
  const std::string id = history.by_plate("garage-1", kPlate, {"1", "2", "3"});
  Script script = history.finish();
  script.reply(id)->body["result"] = {
      {"room", "r1"}, {"created", false}, {"vehicle", kPlate}, {"receipt", "1"}};
  EXPECT_EQ(Audit(script).count(Checker::one_room_per_intake), 2U) << "2 and 3 are open";
}

TEST(ChoiceChecker, LeavesRoomForARegistrationThatIsOnItsWay) {
  for (const bool was_there : {true, false}) {
    ScriptedHistory history = three_receipts();
    history.register_receipt("insurer-1", "5", kPlate, "adjuster-1");
    std::vector<std::string> offered{"1", "2", "3"};
    if (was_there) offered.emplace_back("5");
    history.by_plate("garage-1", kPlate, offered);
    EXPECT_EQ(Audit(history.finish()).total(), 0U);
  }
}

TEST(ChoiceChecker, LeavesRoomForAnIntakeThatIsOnItsWay) {
  for (const bool was_there : {true, false}) {
    ScriptedHistory history = three_receipts();
    history.register_receipt("insurer-1", "5", kPlate, "adjuster-1");
    history.drain();
    history.intake("garage-1", "2");
    std::vector<std::string> offered{"3", "5"};
    if (was_there) offered.insert(offered.begin(), "2");
    history.by_plate("garage-2", kPlate, offered);
    EXPECT_EQ(Audit(history.finish()).total(), 0U);
  }
}

TEST(ChoiceChecker, LeavesRoomForAnotherIntakeByThePlate) {
  for (const bool answered : {true, false}) {
    ScriptedHistory history = three_receipts();
    history.register_receipt("insurer-1", "5", kPlate, "adjuster-1");
    history.drain();
    history.by_plate("garage-1", kPlate, {"1", "2", "3", "5"});
    if (answered) history.drain();
    history.by_plate("garage-2", kPlate, {"3", "5"});
    Script script = history.finish();
    if (!answered) {  // It may have taken in the second.
      std::erase_if(script.actions, [&](const Action& it) {
        return it.kind == Action::Kind::reply && it.session == script.session_of("garage-1") &&
               it.body.at("result").as_object().contains("choices");
      });
    }
    EXPECT_EQ(Audit(script).count(Checker::one_room_per_intake), answered ? 1U : 0U);
  }
}

TEST(ChoiceChecker, KnowsThatAVehicleIsOut) {
  for (const bool offered : {true, false}) {
    ScriptedHistory history = three_receipts();
    for (const char* step : {"in_repair", "repaired", "out"}) history.step("garage-1", "r1", step);
    history.drain();
    history.by_plate(
        "garage-1", kPlate,
        offered ? std::vector<std::string>{"1", "2", "3"} : std::vector<std::string>{"2", "3"});
    EXPECT_EQ(Audit(history.finish()).count(Checker::one_room_per_intake), offered ? 1U : 0U);
  }
}

/// What is never answered may have changed what it names, and nothing else.
TEST(ChoiceChecker, OneThatIsNeverAnsweredLeavesTheOtherReceiptsToBeJudged) {
  struct Case {
    const char *type, *field, *value;
    bool judged;
  };
  for (const Case& it : {Case{"intake.register", "receipt", "9999", true},
                         {"intake.cancel", "room", "r2", true},
                         {"intake.cancel", "room", "r77", false}}) {
    ScriptedHistory history = three_receipts();
    history.intake("garage-2", "4");
    const std::string id = history.by_plate("garage-1", kPlate, {"1", "3"});
    Script script = history.finish();
    const auto asked = std::find_if(
        script.actions.begin(), script.actions.end(),
        [&](const Action& action) { return action.kind == Action::Kind::send && action.id == id; });
    ASSERT_NE(asked, script.actions.end());
    Action lost = *asked;
    lost.session = script.session_of("garage-2");
    lost.id = "1714500000000.99";
    lost.body = {{"type", it.type}, {"id", lost.id}, {it.field, it.value}};
    // Before anybody sees r2.
    const auto first =
        std::find_if(script.actions.begin(), script.actions.end(), [](const Action& action) {
          return action.kind == Action::Kind::send && action.body.at("type") == "intake.register";
        });
    lost.at = first->at;
    script.actions.insert(first, lost);
    EXPECT_EQ(Audit(script).count(Checker::one_room_per_intake), it.judged ? 1U : 0U)
        << it.type << ' ' << it.value;
  }
}

}  // namespace
}  // namespace claims::storm
