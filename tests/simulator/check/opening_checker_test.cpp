#include "simulator/check/opening_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

TEST(OpeningChecker, TellsASecondGreeting) {
  Script script = scenario_a().finish();
  json::object greeting = script.history("r1", 4)->body;
  greeting["seq"] = 12;
  greeting["at"] = script.history("r1", 11)->body.at("at");
  script.append_event("r1", greeting);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::one_room_per_intake), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("greeting number 2 at room r1, seq 12"));
  EXPECT_THAT(audit.en(), HasSubstr("garage-1 (한빛정비) and adjuster-1 (김보상)"));
  EXPECT_THAT(audit.ko(), HasSubstr("인사말이 2번째"));
}

TEST(OpeningChecker, TellsASecondRoomForTheIntake) {
  Script script = scenario_a().finish();
  std::vector<Action> second;
  for (const Action& action : script.actions) {
    if (action.kind != Action::Kind::deliver || action.seq > 4) continue;
    second.push_back(action);
    second.back().room = "r2";
    second.back().body["room"] = "r2";
    second.back().at = script.first_history()->at;
  }
  for (chat::Seq seq = 1; seq <= 4; ++seq) {
    second.push_back(*script.history("r1", seq));
    second.back().room = "r2";
    second.back().body["room"] = "r2";
    second.back().body["unread_by"] = second.back().body.at("sender").at("id") == "system" ? 2 : 1;
  }
  second.push_back({Action::Kind::history_end, 0, {}, false, "", "r2", 0, second.back().at});
  script.actions.insert(script.first_history(), second.begin(), second.end());
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::one_room_per_intake), 1U);
  EXPECT_EQ(audit.total(), 1U) << audit.en();
  EXPECT_THAT(audit.en(),
              HasSubstr("receipt 2024-1234567 has inbound room r1 already, and room r2"));
}

TEST(OpeningChecker, AcceptsASecondIntakeThatFindsTheRoomThere) {
  ScriptedHistory history = scenario_a();
  history.intake("garage-1", "2024-1234567");
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(OpeningChecker, TellsASecondIntakeThatSaysItOpenedTheRoom) {
  ScriptedHistory history = scenario_a();
  const std::string id = history.intake("garage-1", "2024-1234567");
  Script script = history.finish();
  script.reply(id)->body["result"].as_object()["created"] = true;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::one_room_per_intake), 1U);
  EXPECT_EQ(audit.count(Checker::outcome), 1U) << "created, and no event";
  EXPECT_THAT(audit.en(), HasSubstr(id));
}

TEST(OpeningChecker, TellsAReplyThatNamesAnotherRoom) {
  ScriptedHistory history = scenario_a();
  history.register_receipt("insurer-1", "2024-7654321", "45다6789", "adjuster-1");
  history.drain();
  history.intake("garage-2", "2024-7654321");
  history.drain();
  const std::string id = history.intake("garage-1", "2024-1234567");
  Script script = history.finish();
  ASSERT_EQ(Audit(script).total(), 0U);
  script.reply(id)->body["result"].as_object()["room"] = "r2";
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::one_room_per_intake), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("its reply says room r2"));
}

TEST(OpeningChecker, LinksARoomByTheReplyWhenThatComesFirst) {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  const std::string id = history.intake("garage-1", "2024-1234567");
  Script script = history.finish();
  Action reply = *script.reply(id);
  script.actions.erase(script.reply(id));
  auto first = script.delivery("garage-1", "r1", 1);
  const auto other = script.delivery("adjuster-1", "r1", 1);
  if (other < first) first = other;
  script.actions.insert(first, reply);
  EXPECT_EQ(Audit(script).total(), 0U);
}

}  // namespace
}  // namespace claims::storm
