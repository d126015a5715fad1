#include "simulator/check/reconciliation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

TEST(Reconciliation, TellsAHistoryThatLacksItsAcknowledgedEnd) {
  Script script = scenario_a().finish();
  script.actions.erase(script.history("r1", 11));
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::reconciliation), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(),
              HasSubstr("room r1 (garage-1 (한빛정비), adjuster-1 (김보상)) ends at seq "
                        "10, and everything up to seq 11 was delivered"));
}

TEST(Reconciliation, TellsAHoleInTheHistory) {
  Script script = scenario_a().finish();
  script.actions.erase(script.history("r1", 6));
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::reconciliation), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("seq 6 is due and seq 7 of room r1 is there"));
}

TEST(Reconciliation, TellsAnExtraEventThatNobodyAskedFor) {
  Script script = scenario_a().finish();
  Action extra = *script.history("r1", 11);
  extra.seq = 12;
  extra.body["seq"] = 12;
  extra.body["cmd"] = "garage-1:1714500000000.99";
  script.actions.insert(script.history("r1", 11) + 1, extra);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::reconciliation), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("garage-1:1714500000000.99"));
}

TEST(Reconciliation, TellsAnotherContentThanWasDelivered) {
  Script script = scenario_a().finish();
  script.history("r1", 6)->body["body"].as_object()["text"] = "사진은 필요 없습니다.";
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::reconciliation), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("room r1, seq 6 differs from what"));
}

TEST(Reconciliation, TellsAHistoryThatCouldNotBeRead) {
  Script script = scenario_a().finish();
  std::erase_if(script.actions,
                [](const Action& it) { return it.kind == Action::Kind::history_end; });
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::reconciliation), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("1 rooms were not read"));
}

TEST(Reconciliation, ComparesPagesReadDuringTheRunWithWhatWasDelivered) {
  ScriptedHistory history = scenario_a();
  const std::string id = history.page("garage-1", "r1", 4, 5);
  Script script = history.finish();
  ASSERT_EQ(Audit(script).total(), 0U);
  json::array& events = script.reply(id)->body["result"].as_object()["events"].as_array();
  ASSERT_EQ(events.size(), 5U);
  events[1].as_object()["body"].as_object()["text"] = "사진은 필요 없습니다.";
  EXPECT_EQ(Audit(script).count(Checker::agreement), 1U);
}

TEST(Reconciliation, TellsAPageWithAHole) {
  ScriptedHistory history = scenario_a();
  const std::string id = history.page("garage-1", "r1", 4, 5);
  Script script = history.finish();
  json::array& events = script.reply(id)->body["result"].as_object()["events"].as_array();
  events.erase(events.begin() + 1);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::reconciliation), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("(" + id + "), seq 6 is due and 7 of room r1 is there"));
}

TEST(Reconciliation, TellsAPageThatIsOlderThanWhatWasAcknowledgedBefore) {
  ScriptedHistory history = scenario_a();
  const std::string id = history.page("garage-1", "r1", 4, 20);
  Script script = history.finish();
  json::object& reply = script.reply(id)->body;
  reply["result"].as_object()["events"].as_array().pop_back();
  reply["as_of"].as_object()["r1"] = 10;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::reconciliation), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("as_of is 10, and 11 was acknowledged before it asked"));
}

TEST(Reconciliation, TellsAPageThatEndsBeforeItsAsOf) {
  ScriptedHistory history = scenario_a();
  const std::string id = history.page("garage-1", "r1", 4, 20);
  Script script = history.finish();
  json::object& result = script.reply(id)->body["result"].as_object();
  result["events"].as_array().pop_back();
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::reconciliation), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("says there is no more, and lacks 11 to 11"));
  result["more"] = true;
  EXPECT_EQ(Audit(script).total(), 0U) << "then the next page has it";
  result["events"].as_array().clear();
  EXPECT_THAT(Audit(script).en(), HasSubstr("it has no event, and says there are more"));
}

TEST(Reconciliation, TellsAPageThatGoesBeyondItsAsOf) {
  ScriptedHistory history = scenario_a();
  history.send("garage-1", "r1", "아직 확인되지 않은 글");
  const std::string id = history.page("adjuster-1", "r1", 4, 20);
  Script script = history.finish();
  // The page was asked for before the message was acknowledged.
  const auto asked = std::find_if(script.actions.begin(), script.actions.end(), [&](auto& it) {
    return it.kind == Action::Kind::send && it.id == id;
  });
  ASSERT_NE(asked, script.actions.end());
  const Action ask = *asked;
  script.actions.erase(asked);
  script.actions.insert(script.delivery("garage-1", "r1", 11), ask);
  ASSERT_EQ(Audit(script).total(), 0U) << Audit(script).en();
  script.reply(id)->body["as_of"].as_object()["r1"] = 11;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::reconciliation), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("as_of is 11, and it goes up to 12"));
}

TEST(Reconciliation, TellsAPageOfARoomOfOthersAsASecret) {
  ScriptedHistory history = scenario_a();
  history.page("garage-2", "r1", 0, 10);
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(),
              HasSubstr("garage-2 (새길공업사) is not a member of room r1, and what it asked"));
}

}  // namespace
}  // namespace claims::storm
