#include "simulator/check/unread_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

/// garage-1 has read up to 6 in scenario A; adjuster-1 then writes two.
ScriptedHistory two_unread() {
  ScriptedHistory history = scenario_a();
  history.send("adjuster-1", "r1", "하나");
  history.send("adjuster-1", "r1", "둘");
  history.drain();
  return history;
}

void set_total(Script& script, const std::string& id, std::int64_t total) {
  script.reply(id)->body["result"].as_object()["total"] = total;
}

json::object& counted(Script& script, const std::string& id) {
  return script.reply(id)->body["result"].as_object()["rooms"].as_array()[0].as_object();
}

TEST(UnreadChecker, TellsAWrongCount) {
  ScriptedHistory history = two_unread();
  const std::string id = history.unread_counts("garage-1");
  Script script = history.finish();
  ASSERT_EQ(counted(script, id).at("unread").as_int64(), 2);
  ASSERT_EQ(Audit(script).total(), 0U);
  for (const int wrong : {1, 3}) {
    counted(script, id)["unread"] = wrong;
    set_total(script, id, wrong);
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::unread_counts), 1U);
    EXPECT_EQ(audit.total(), 1U);
    EXPECT_THAT(audit.en(),
                HasSubstr("garage-1 (한빛정비), room r1: having read up to 6, 2 are unread"));
  }
}

TEST(UnreadChecker, TellsATotalThatIsNotTheSum) {
  ScriptedHistory history = two_unread();
  const std::string id = history.unread_counts("garage-1");
  Script script = history.finish();
  set_total(script, id, 3);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::unread_counts), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("sum to 2, and total says 3 (" + id + ")"));
}

TEST(UnreadChecker, WaitsUntilEverythingUpToAsOfWasSeen) {
  ScriptedHistory history = scenario_a();
  history.send("adjuster-1", "r1", "아직 오지 않은 글");
  const std::string id = history.unread_counts("garage-1");
  Script script = history.finish();
  // The counts come before anybody saw event 12.
  Action reply = *script.reply(id);
  script.actions.erase(script.reply(id));
  auto first = script.delivery("garage-1", "r1", 12);
  const auto other = script.delivery("adjuster-1", "r1", 12);
  if (other < first) first = other;
  script.actions.insert(first, reply);
  EXPECT_EQ(Audit(script).total(), 0U);
  counted(script, id)["unread"] = 0;
  set_total(script, id, 0);
  EXPECT_EQ(Audit(script).count(Checker::unread_counts), 1U);
}

TEST(UnreadChecker, TellsAnAsOfThatIsBeyondTheRoom) {
  ScriptedHistory history = two_unread();
  const std::string id = history.unread_counts("garage-1");
  Script script = history.finish();
  script.reply(id)->body["as_of"].as_object()["r1"] = 40;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::unread_counts), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("as_of is 40, and the room's last seq is 13"));
}

TEST(UnreadChecker, KeepsABoundedNumberOfRepliesThatAreAhead) {
  ScriptedHistory history = two_unread();
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < audit::Room::kPendingUnreadMax + 10; ++i) {
    ids.push_back(history.unread_counts("garage-1"));
  }
  Script script = history.finish();
  for (const std::string& id : ids) script.reply(id)->body["as_of"].as_object()["r1"] = 40;
  EXPECT_EQ(Audit(script).count(Checker::unread_counts), audit::Room::kPendingUnreadMax);
}

TEST(UnreadChecker, TellsARoomWithUnreadMessagesThatIsLeftOut) {
  ScriptedHistory history = two_unread();
  const std::string id = history.unread_counts("garage-1");
  Script script = history.finish();
  script.reply(id)->body["result"].as_object()["rooms"].as_array().clear();
  set_total(script, id, 0);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::unread_counts), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("12 is unread, and the reply (" + id + ") lacks the room"));
}

TEST(UnreadChecker, TellsARoomOfOthersAsASecret) {
  ScriptedHistory history = two_unread();
  const std::string id = history.unread_counts("garage-2");
  Script script = history.finish();
  json::object& body = script.reply(id)->body;
  body["result"].as_object()["rooms"].as_array().push_back({{"room", "r1"}, {"unread", 0}});
  body["as_of"].as_object()["r1"] = 13;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
  EXPECT_EQ(audit.total(), 1U);
}

TEST(UnreadChecker, TellsAWrongCountInTheReplyToRead) {
  ScriptedHistory history = two_unread();
  const std::string id = history.read("garage-1", "r1", 12);
  Script script = history.finish();
  ASSERT_EQ(Audit(script).total(), 0U);
  script.reply(id)->body["result"].as_object()["unread"] = 2;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::unread_counts), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("having read up to 12, 1 to 1 are unread, and it says 2"));
}

TEST(UnreadChecker, TellsAReadSeqThatGoesBack) {
  ScriptedHistory history = two_unread();
  history.read("garage-1", "r1", 12);
  history.drain();
  const std::string id = history.read("garage-1", "r1", 5);
  Script script = history.finish();
  ASSERT_EQ(Audit(script).total(), 0U) << "it stays at 12";
  script.reply(id)->body["result"].as_object()["seq"] = 5;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::unread_counts), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("must be 12 to 12, and it says 5"));
}

TEST(UnreadChecker, LeavesRoomForAReadThatIsOnItsWay) {
  for (const bool before : {true, false}) {
    ScriptedHistory history = two_unread();
    // Its own connection: which of the two the server takes first is open.
    const std::string counts = history.unread_counts("garage-1");
    const std::string read = history.read("garage-1", "r1", 13);
    Script script = history.finish();
    if (!before) {
      counted(script, counts)["unread"] = 0;
      set_total(script, counts, 0);
    }
    EXPECT_EQ(Audit(script).total(), 0U) << read;
  }
}

TEST(UnreadChecker, TellsAWrongUnreadByInTheFinalHistory) {
  Script script = scenario_a().finish();
  ASSERT_EQ(script.history("r1", 5)->body.at("unread_by").as_int64(), 0) << "the adjuster read it";
  script.history("r1", 5)->body["unread_by"] = 1;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::unread_counts), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("Room r1: in the history, 0 have not read seq 5"));
}

TEST(UnreadChecker, CountsInGeneralRoomsAndNegotiations) {
  // Messages of others: the bulk message; in a negotiation what was written, not the steps.
  for (const bool negotiation : {true, false}) {
    ScriptedHistory history = negotiation ? negotiated() : scenario_b();
    const std::string id = history.unread_counts(negotiation ? "adjuster-2" : "garage-1");
    Script script = history.finish();
    ASSERT_EQ(counted(script, id).at("unread").as_int64(), 1);
    ASSERT_EQ(Audit(script).total(), 0U);
    for (const int wrong : {0, 2}) {
      counted(script, id)["unread"] = wrong;
      set_total(script, id, wrong);
      EXPECT_EQ(Audit(script).count(Checker::unread_counts), 1U);
      EXPECT_EQ(Audit(script).total(), 1U);
    }
  }
}

TEST(UnreadChecker, LeavesRoomForABulkMessageThatIsOnItsWay) {
  // The reply to room.read counts a bulk message that nobody saw yet.
  ScriptedHistory history = scenario_b();
  history.bulk("adjuster-1", {{"garage-1", "12가3456", ""}}, "하나 더 확인해 주세요.");
  const std::string id = history.read("garage-1", "r1", 6);
  Script script = history.finish();
  const Action reply = *script.reply(id);
  ASSERT_EQ(reply.body.at("result").at("unread"), 1);
  script.actions.erase(script.reply(id));
  // The question, too, came before anybody saw it.
  const auto ask = std::find_if(script.actions.begin(), script.actions.end(),
                                [&](const Action& it) { return it.id == id; });
  const Action asked = *ask;
  script.actions.erase(ask);
  script.insert_before("r1", 7, asked);
  script.insert_before("r1", 7, reply);
  EXPECT_EQ(Audit(script).total(), 0U);
  script.reply(id)->body["result"].as_object()["unread"] = 2;
  EXPECT_EQ(Audit(script).count(Checker::unread_counts), 1U);
}

TEST(UnreadChecker, DoesNotMissARoomThatWasJoinedAfterTheQuestion) {
  ScriptedHistory history = opened_with_colleague();
  history.send("garage-1", "r1", "먼저 쓴 글");
  history.drain();
  history.unread_counts("adjuster-3");
  history.invite("adjuster-1", "r1", "adjuster-3", "colleague");
  // The others see it come in before the counts, without the room, arrive.
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

}  // namespace
}  // namespace claims::storm
