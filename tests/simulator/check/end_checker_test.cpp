#include "simulator/check/end_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

json::object& result(Script& script, const std::string& id) {
  return script.reply(id)->body["result"].as_object();
}

TEST(EndChecker, AcceptsTheStatusOfBothSides) {
  ScriptedHistory history = negotiated();
  history.negotiation_status("adjuster-1", "r1");
  history.negotiation_status("adjuster-2", "r1");
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(EndChecker, TellsASideThatNeverSawTheEnd) {
  Script script = negotiated().finish();
  script.actions.erase(script.delivery("adjuster-2", "r1", 6));
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::same_end), 1U);
  EXPECT_EQ(audit.count(Checker::completeness), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-1 (김보상) saw agreed 40:60, adjuster-2 (이담당) saw "
                                    "discussing 40:60"));
  EXPECT_THAT(audit.ko(), HasSubstr("끝이 서로 다르게 보입니다"));
}

TEST(EndChecker, TellsASideThatSawAnotherEnd) {
  Script script = negotiated().finish();
  script.delivery("adjuster-2", "r1", 6)->body["body"].as_object()["ratio"] = "70:30";
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::same_end), 1U);
  EXPECT_EQ(audit.count(Checker::agreement), 1U);
}

TEST(EndChecker, AllowsAPhoneThatCameAfterTheEnd) {
  ScriptedHistory history = negotiated();
  history.add_session("adjuster-2");
  history.send("adjuster-1", "r1", "수고하셨습니다.");
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(EndChecker, TellsAWrongStatusAtTheEnd) {
  const std::pair<std::string_view, json::value> kEdits[] = {{"state", "discussing"},
                                                             {"ratio", "70:30"},
                                                             {"turn", "initiator"},
                                                             {"objections", 2},
                                                             {"reason", "not_liable"}};
  for (const auto& [key, value] : kEdits) {
    ScriptedHistory history = negotiated();
    const std::string id = history.negotiation_status("adjuster-2", "r1");
    Script script = history.finish();
    result(script, id)[key] = value;
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::same_end), 1U) << key;
    EXPECT_EQ(audit.total(), 1U) << key;
    EXPECT_THAT(audit.en(), HasSubstr("as of seq 6 the status (adjuster-2 (이담당), " + id + ")"));
  }
}

TEST(EndChecker, TellsAWrongStatusOnTheWay) {
  ScriptedHistory history = negotiated();
  const std::string id = history.negotiation_status("adjuster-2", "r1");
  Script script = history.finish();
  // It stands for seq 5, where the objection was still open.
  script.reply(id)->body["as_of"].as_object()["r1"] = 5;
  json::object& status = result(script, id);
  status["state"] = "discussing";
  status["turn"] = "initiator";
  for (Action& action : script.actions) {  // It was asked before the end was acknowledged.
    if (action.kind == Action::Kind::send && action.id == id) {
      Action early = action;
      script.actions.erase(std::find_if(script.actions.begin(), script.actions.end(),
                                        [&](const Action& it) { return it.id == id; }));
      script.insert_before("r1", 6, early);
      break;
    }
  }
  EXPECT_EQ(Audit(script).total(), 0U);
  result(script, id)["turn"] = "counterpart";
  EXPECT_EQ(Audit(script).count(Checker::legal_negotiation_steps), 1U);
}

TEST(EndChecker, WaitsUntilEverythingUpToAsOfWasSeen) {
  ScriptedHistory history = negotiated();
  const std::string id = history.negotiation_status("adjuster-2", "r1");
  Script script = history.finish();
  const Action reply = *script.reply(id);
  const Action ask = *std::find_if(script.actions.begin(), script.actions.end(),
                                   [&](const Action& it) { return it.id == id; });
  script.actions.erase(script.reply(id));
  script.actions.erase(std::find_if(script.actions.begin(), script.actions.end(),
                                    [&](const Action& it) { return it.id == id; }));
  script.insert_before("r1", 6, ask);
  script.insert_before("r1", 6, reply);
  EXPECT_EQ(Audit(script).total(), 0U);
  result(script, id)["ratio"] = "41:59";
  EXPECT_EQ(Audit(script).count(Checker::same_end), 1U);
  result(script, id)["ratio"] = "40:60";
  script.reply(id)->body["as_of"].as_object()["r1"] = 60;
  EXPECT_THAT(Audit(script).en(), HasSubstr("is as of 60, and the room's last seq is 6"));
}

TEST(EndChecker, TellsOtherPeopleInTheStatus) {
  ScriptedHistory history = negotiated();
  const std::string id = history.negotiation_status("adjuster-2", "r1");
  Script script = history.finish();
  result(script, id)["initiator"] = "adjuster-2";
  EXPECT_EQ(Audit(script).count(Checker::legal_negotiation_steps), 1U);
}

TEST(EndChecker, TellsWhatFollowsTheEnd) {
  ScriptedHistory history = negotiated();
  // The server takes what it must refuse.
  const std::string id = history.refused_act("adjuster-1", "r1", "refer", "illegal_action");
  Script script = history.finish();
  script.actions.erase(script.reply(id));
  json::object step = script.history("r1", 6)->body;
  step["seq"] = 7;
  step["cmd"] = "adjuster-1:" + id;
  json::object& body = step["body"].as_object();
  body["action"] = "refer";
  body["state"] = "referred";
  body["ratio"] = "";
  script.append_event("r1", step);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::same_end), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("refer by the initiator follows the end (agreed"));
}

}  // namespace
}  // namespace claims::storm
