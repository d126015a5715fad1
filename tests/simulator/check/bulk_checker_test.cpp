#include "simulator/check/bulk_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

json::object refusal(std::string_view re, std::string_view code) {
  return {{"type", "reply"},
          {"re", re},
          {"ok", false},
          {"error",
           {{"code", code}, {"message", {{"ko", "거절"}, {"en", "refused"}}}, {"field", nullptr}}}};
}

json::array& outcomes(Script& script, const std::string& read) {
  return script.reply(read)->body["result"].as_object()["outcomes"].as_array();
}

TEST(BulkChecker, AcceptsScenarioB) {
  std::string bulk;
  ScriptedHistory history = scenario_b(&bulk);
  history.bulk_outcomes("adjuster-1", bulk);
  history.unread_counts("adjuster-1");
  history.unread_counts("garage-1");
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(BulkChecker, AcceptsAReplyBehindAllEvents) {
  std::string bulk;
  Script script = scenario_b(&bulk).finish();
  const Action reply = *script.reply(bulk);
  script.actions.erase(script.reply(bulk));
  script.actions.insert(script.first_history(), reply);
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(BulkChecker, TellsAGarageThatNeverGotIt) {
  Script script = scenario_b().finish();
  for (const chat::Seq seq : {6, 5}) script.erase_event("r1", seq);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::bulk_once_per_garage), 1U);
  EXPECT_THAT(audit.en(),
              HasSubstr("adjuster-1 (김보상)'s bulk message adjuster-1:1714500000001.1, "
                        "to garage-1 (한빛정비): it was acknowledged"));
  EXPECT_THAT(audit.ko(), HasSubstr("이 정비공장에는 전달되지 않았습니다"));
}

TEST(BulkChecker, AllowsAnUnansweredOneToReachSomeOnly) {
  std::string bulk;
  Script script = scenario_b(&bulk).finish();
  script.actions.erase(script.reply(bulk));
  std::erase_if(script.actions, [](const Action& it) { return it.room == "r2"; });
  std::erase_if(script.actions, [&](const Action& it) {
    const bool to_r2 =
        it.kind == Action::Kind::send && it.body.contains("room") && it.body.at("room") == "r2";
    return to_r2 || (it.kind == Action::Kind::reply && it.id.empty() &&
                     it.body.at("re") == "1714500000004.1");
  });
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(BulkChecker, TellsAGarageThatGotItTwice) {
  Script script = scenario_b().finish();
  json::object again = script.history("r1", 5)->body;
  again["seq"] = 7;
  again["at"] = script.history("r1", 6)->body.at("at");
  script.append_event("r1", again);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::bulk_once_per_garage), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("had reached every target already"));
  EXPECT_THAT(audit.en(), HasSubstr("room r1, seq 7"));
}

TEST(BulkChecker, TellsItTooWhileNobodyAnswered) {
  std::string bulk;
  Script script = scenario_b(&bulk).finish();
  script.actions.erase(script.reply(bulk));
  json::object again = script.history("r1", 5)->body;
  again["seq"] = 7;
  again["at"] = script.history("r1", 6)->body.at("at");
  script.append_event("r1", again);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::bulk_once_per_garage), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("it came twice, in room r1 at seq 5 and at room r1, seq 7"));
}

TEST(BulkChecker, TellsARefusedOneThatReachedAGarage) {
  std::string bulk;
  Script script = scenario_b(&bulk).finish();
  const auto reply = script.reply(bulk);
  reply->body = refusal(bulk, "limit_reached");
  const Action early = *reply;
  script.actions.erase(reply);
  for (const bool first : {true, false}) {
    Script one = script;
    one.actions.insert(one.actions.begin() + 6, first ? early : Action{});
    if (!first) {
      one.actions.erase(one.actions.begin() + 6);
      one.actions.insert(one.first_history(), early);
    }
    const Audit audit(one);
    EXPECT_GE(audit.count(Checker::bulk_once_per_garage), 2U) << "both garages got it";
    EXPECT_THAT(audit.en(), HasSubstr("it was refused, yet"));
  }
}

TEST(BulkChecker, TellsAnotherTextAnotherCountAndAStranger) {
  std::string bulk;
  const Script right = scenario_b(&bulk).finish();
  Script text = right;
  text.edit_event(
      "r2", 5, [](json::object& event) { event["body"].as_object()["text"] = "다른 글입니다."; });
  EXPECT_EQ(Audit(text).count(Checker::bulk_once_per_garage), 1U);
  EXPECT_THAT(Audit(text).en(), HasSubstr("to garage-2 (새길공업사): the text at room r2, seq 5"));

  Script count = right;
  count.reply(bulk)->body["result"].as_object()["garages"] = 3;
  EXPECT_EQ(Audit(count).count(Checker::bulk_once_per_garage), 1U);
  EXPECT_THAT(Audit(count).en(), HasSubstr("it has 2 targets, and its reply says 3"));

  // The message to garage-2 says that it is for garage-3, which is no target.
  Script other = right;
  other.edit_event("r2", 5, [](json::object& event) {
    event["cmd"] = std::string(event.at("cmd").as_string().c_str()).substr(0, 27) + "garage-3";
  });
  EXPECT_GE(Audit(other).count(Checker::bulk_once_per_garage), 1U);
  EXPECT_THAT(Audit(other).en(), HasSubstr("the garage is none of its targets"));
}

TEST(BulkChecker, TellsAMessageInAnotherGaragesRoom) {
  Script script = scenario_b().finish();
  // What was for garage-2 comes in garage-1's room.
  json::object lost = script.history("r2", 5)->body;
  lost["room"] = "r1";
  lost["seq"] = 7;
  lost["vehicle"] = "12가3456";
  lost["at"] = script.history("r1", 6)->body.at("at");
  script.erase_event("r2", 6);
  script.erase_event("r2", 5);
  script.append_event("r1", lost);
  const Audit audit(script);
  EXPECT_THAT(audit.en(), HasSubstr("it came in another room, at room r1, seq 7"));
}

TEST(BulkChecker, TellsOutcomesThatDifferFromWhatWasSeen) {
  for (const bool settled : {true, false}) {
    std::string bulk;
    ScriptedHistory history = scenario_b(&bulk);
    const std::string read = history.bulk_outcomes("adjuster-1", bulk);
    Script script = history.finish();
    if (!settled) script.actions.erase(script.reply(bulk));
    outcomes(script, read)[1].as_object()["seq"] = 4;
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::bulk_once_per_garage), 1U);
    EXPECT_EQ(audit.total(), 1U);
    EXPECT_THAT(audit.en(), HasSubstr(settled ? "differs from what was seen to reach its 2 garages"
                                              : "bulk.outcomes says room r2, seq 4; it came"));
  }
}

TEST(BulkChecker, TellsOutcomesThatWereClaimedBeforeTheEvent) {
  std::string bulk;
  ScriptedHistory history = cast();
  bulk = history.bulk("adjuster-1", {{"garage-1", "12가3456", ""}}, "확인해 주세요.");
  const std::string read = history.bulk_outcomes("adjuster-1", bulk);
  Script script = history.finish();
  const Action reply = *script.reply(read);
  script.actions.erase(script.reply(read));
  script.insert_before("r1", 1, reply);
  EXPECT_EQ(Audit(script).total(), 0U);
  outcomes(script, read)[0].as_object()["seq"] = 6;
  EXPECT_THAT(Audit(script).en(), HasSubstr("bulk.outcomes says room r1, seq 6, and it came at"));
}

TEST(BulkChecker, AcceptsTargetsThatCannotBeReached) {
  ScriptedHistory history = cast();
  const std::string bulk = history.bulk("adjuster-1",
                                        {{"garage-1", "12가3456", ""},
                                         {"garage-9", "34나5678", "unknown_user"},
                                         {"garage-2", "56다7890", "limit_reached"}},
                                        "확인해 주세요.");
  history.drain();
  const std::string read = history.bulk_outcomes("adjuster-1", bulk);
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  // Without the outcomes nothing excuses garage-2; garage-9 is not in the directory.
  Script silent = script;
  silent.actions.erase(silent.reply(read));
  EXPECT_EQ(Audit(silent).total(), 1U);
  EXPECT_THAT(Audit(silent).en(), HasSubstr("to garage-2 (새길공업사)"));
  // That garage is there.
  outcomes(script, read)[2].as_object()["code"] = "unknown_user";
  EXPECT_THAT(Audit(script).en(), HasSubstr("refused with unknown_user; there is no reason"));
}

TEST(BulkChecker, TellsOutcomesOfNothing) {
  ScriptedHistory history = scenario_b();
  const std::string read = history.bulk_outcomes("adjuster-1", "1714500000001.9");
  Script script = history.finish();
  script.reply(read)->body["result"].as_object()["bulk"] = "1714500000001.9";
  EXPECT_EQ(Audit(script).count(Checker::bulk_once_per_garage), 1U);
}

TEST(BulkChecker, TellsAnEventOfACommandThatNoBulkMessageBroughtAbout) {
  ScriptedHistory history = scenario_b();
  const std::string id = history.send("garage-1", "r1", "하나 더");
  Script script = history.finish();
  script.edit_event("r1", 7,
                    [&](json::object& event) { event["cmd"] = "garage-1:" + id + "/garage-1"; });
  EXPECT_GE(Audit(script).count(Checker::origin), 1U);
}

}  // namespace
}  // namespace claims::storm
