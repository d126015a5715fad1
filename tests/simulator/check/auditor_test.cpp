#include "simulator/check/auditor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

TEST(Auditor, FindsNothingWrongWithACorrectScenarioA) {
  const Audit audit(scenario_a().finish());
  EXPECT_EQ(audit.total(), 0U) << audit.en();
  const AuditCounts& counts = audit.auditor().counts();
  EXPECT_EQ(counts.commands, 13U);
  EXPECT_EQ(counts.acknowledged, 12U);
  EXPECT_EQ(counts.error_replies, 1U);
  EXPECT_EQ(counts.deliveries_expected, 22U);
  EXPECT_EQ(counts.deliveries, 22U);
}

TEST(Auditor, WantsTheHistoryOfEveryRoomReadByAMember) {
  const Script script = scenario_a().finish();
  const Audit audit(script);
  const auto rooms = audit.auditor().rooms_to_read();
  ASSERT_EQ(rooms.size(), 1U);
  EXPECT_EQ(rooms[0].room, chat::RoomId{1});
  EXPECT_EQ(static_cast<std::size_t>(rooms[0].session), script.session_of("garage-1"));
}

TEST(Auditor, TellsAReplyOfAWrongShape) {
  Script script = scenario_a().finish();
  script.reply("q1")->body["result"].as_object().erase("more");
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::well_formed), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("garage-1 (한빛정비)"));
  EXPECT_THAT(audit.en(), HasSubstr("q1"));
}

TEST(Auditor, TellsAnErrorWithoutAKoreanMessageOrWithAForeignCode) {
  for (const bool code : {false, true}) {
    Script script = scenario_a().finish();
    const auto reply =
        std::find_if(script.actions.begin(), script.actions.end(), [](const Action& it) {
          return it.kind == Action::Kind::reply && !it.body.at("ok").as_bool();
        });
    json::object& error = reply->body["error"].as_object();
    if (code) {
      error["code"] = "oops";
    } else {
      error["message"].as_object()["ko"] = "";
    }
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::well_formed), 1U);
    EXPECT_THAT(audit.en(), HasSubstr(code ? "error.code" : "error.message.ko"));
  }
}

TEST(Auditor, TellsAnEventOfAWrongShape) {
  Script script = scenario_a().finish();
  script.delivery("adjuster-1", "r1", 11)->body["surprise"] = 1;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::well_formed), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("surprise is an unknown field"));
  EXPECT_THAT(audit.ko(), HasSubstr("adjuster-1 (김보상)"));
}

TEST(Auditor, TellsAPayloadThatIsNoJson) {
  Script script = scenario_a().finish();
  Action garbage;
  garbage.kind = Action::Kind::garbage;
  garbage.session = script.session_of("garage-1");
  garbage.room = "aos/v1/garage-1/evt";
  garbage.id = "{\"type\":";
  script.actions.insert(script.first_history(), garbage);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::well_formed), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("aos/v1/garage-1/evt"));
}

TEST(Auditor, TellsASecondAnswerToOneCommand) {
  Script script = scenario_a().finish();
  const auto reply = script.reply("1714500000003.2");
  script.actions.insert(reply + 1, *reply);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::well_formed), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("answered before"));
}

TEST(Auditor, AllowsASecondAnswerAfterAReconnect) {
  ScriptedHistory history = scenario_a();
  const std::size_t garage = 3;
  history.lose(garage);
  history.resume(garage);
  const std::string id = history.send("garage-1", "r1", "다시 연결된 뒤");
  Script script = history.finish();
  const auto reply = script.reply(id);
  script.actions.insert(reply + 1, *reply);
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(Auditor, AcceptsAnErrorWithoutReToWhatTheServerCouldNotRead) {
  ScriptedHistory history = scenario_a();
  Script script = history.finish();
  Action sent;
  sent.kind = Action::Kind::send;
  sent.session = script.session_of("garage-1");
  sent.id = "not an id";
  sent.body = {{"type", "message.send"}, {"id", "not an id"}};
  Action reply;
  reply.kind = Action::Kind::reply;
  reply.session = sent.session;
  reply.body = {
      {"type", "reply"},
      {"re", nullptr},
      {"ok", false},
      {"error",
       {{"code", "bad_field"}, {"message", {{"ko", "번호"}, {"en", "id"}}}, {"field", "id"}}}};
  script.actions.insert(script.first_history(), {sent, reply});
  EXPECT_EQ(Audit(script).total(), 0U);
  script.actions.insert(script.first_history(), reply);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::well_formed), 1U) << "nothing unreadable is left to be answered";
}

TEST(Auditor, NamesItsCheckers) {
  EXPECT_EQ(to_string(Checker::agreement), "agreement");
  EXPECT_EQ(to_string(Checker::real_time), "real_time");
  EXPECT_EQ(to_string(Checker::one_room_per_intake), "one_room_per_intake");
  EXPECT_EQ(to_string(Checker::well_formed), "well_formed");
}

}  // namespace
}  // namespace claims::storm
