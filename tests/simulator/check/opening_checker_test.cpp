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

/// A pre-estimate, then the intake, both of garage-1; r1.
ScriptedHistory estimated_first(std::string* estimate = nullptr, std::string* intake = nullptr) {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  const std::string first = history.pre_estimate("garage-1", "2024-1234567", 1'250'000);
  history.drain();
  const std::string second = history.intake("garage-1", "2024-1234567");
  if (estimate != nullptr) *estimate = first;
  if (intake != nullptr) *intake = second;
  history.drain();
  history.step("garage-1", "r1", "in_repair");
  return history;
}

TEST(OpeningChecker, AcceptsPreEstimatesBeforeAndAfterTheIntake) {
  EXPECT_EQ(Audit(estimated_first().finish()).total(), 0U);
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  history.intake("garage-1", "2024-1234567");
  history.pre_estimate("garage-1", "2024-1234567", 1'250'000);
  history.intake("garage-1", "2024-1234567");
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(OpeningChecker, TellsAGreetingOfTheIntakeThatFollowsAPreEstimate) {
  Script script = estimated_first().finish();
  json::object greeting = script.history("r1", 4)->body;
  greeting["seq"] = 7;
  greeting["at"] = script.history("r1", 6)->body.at("at");
  greeting["cmd"] = script.history("r1", 5)->body.at("cmd");
  script.append_event("r1", greeting);
  const Audit audit(script);
  EXPECT_GE(audit.count(Checker::one_room_per_intake), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("greeting number 2 at room r1, seq 7"));
}

TEST(OpeningChecker, TellsAnIntakeOfTheSameReceiptThatOpensAnotherRoom) {
  Script script = estimated_first().finish();
  // The notice of the intake comes first in a room of its own.
  for (Action& action : script.actions) {
    if (action.room != "r1" || action.seq < 5 || action.kind == Action::Kind::history_end) continue;
    action.room = "r2";
    action.seq -= 4;
    action.body["room"] = "r2";
    action.body["seq"] = static_cast<std::int64_t>(action.seq);
  }
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::one_room_per_intake), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("receipt 2024-1234567 has inbound room r1 already"));
}

TEST(OpeningChecker, TellsAnAcknowledgedIntakeWithoutItsNotice) {
  std::string intake;
  Script script = estimated_first(nullptr, &intake).finish();
  script.erase_event("r1", 6);
  script.erase_event("r1", 5);
  const Audit audit(script);
  EXPECT_THAT(audit.en(), HasSubstr(intake + ": it was acknowledged, and room r1 has no event"));
}

TEST(OpeningChecker, TellsAPreEstimateThatIsNotWhatWasSent) {
  for (const bool amount : {true, false}) {
    Script script = estimated_first().finish();
    script.edit_event("r1", 3, [&](json::object& event) {
      if (amount) {
        event["body"].as_object()["amount"] = 1'250'001;
      } else {
        event["body"].as_object()["estimate"] = "E-9";
      }
    });
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::outcome), 1U);
    EXPECT_EQ(audit.total(), 1U);
  }
}

TEST(OpeningChecker, TellsAPreEstimateThatComesTwiceOrTooLate) {
  std::string estimate;
  ScriptedHistory history = estimated_first(&estimate);
  history.step("garage-1", "r1", "repaired");
  history.pre_estimate("garage-1", "2024-1234567", 9);
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::legal_repair_steps), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("a pre-estimate was written again"));
  ScriptedHistory late = scenario_a();
  late.pre_estimate("garage-1", "2024-1234567", 9);
  EXPECT_THAT(Audit(late.finish()).en(), HasSubstr("a pre-estimate cannot come in state out"));
}

TEST(OpeningChecker, AcceptsOneGeneralRoomWhoeverOpensIt) {
  for (const bool bulk_first : {true, false}) {
    ScriptedHistory history = cast();
    // Neither side has seen anything when the other one asks.
    if (bulk_first) history.bulk("adjuster-1", {{"garage-1", "12가3456", ""}}, "안녕하세요.");
    history.open_general("garage-1", "adjuster-1", {"12가3456", "34나5678"});
    if (!bulk_first) history.bulk("adjuster-1", {{"garage-1", "12가3456", ""}}, "안녕하세요.");
    history.drain();
    history.room_reads("garage-1", "r1");
    EXPECT_EQ(Audit(history.finish()).total(), 0U);
  }
}

TEST(OpeningChecker, AcceptsAReplyToTheOneThatDidNotOpenItBeforeAnyEvent) {
  ScriptedHistory history = cast();
  history.bulk("adjuster-1", {{"garage-1", "12가3456", ""}}, "안녕하세요.");
  const std::string id = history.open_general("garage-1", "adjuster-1", {"12가3456"});
  Script script = history.finish();
  const Action reply = *script.reply(id);
  script.actions.erase(script.reply(id));
  script.insert_before("r1", 1, reply);
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(OpeningChecker, AcceptsARoomThatWasHandedOverBeforeAnyEventSaysSo) {
  for (const bool handed_over : {true, false}) {
    ScriptedHistory history = opened_with_colleague();
    history.open_general("garage-1", "adjuster-1", {"12가3456"});
    history.drain();
    const std::string room = history.general_of("garage-1", "adjuster-1");
    const chat::Seq joined = history.last(room) + 1;
    if (handed_over) history.hand_over_all("insurer-1", "adjuster-1", "adjuster-3", {"r1", room});
    const std::string id = history.open_general("garage-1", "adjuster-1", {"12가3456"});
    Script script = history.finish();
    for (Action& action : script.actions) {
      if (action.kind == Action::Kind::send && action.id == id) {
        action.body["adjuster"] = "adjuster-3";
      }
    }
    const Action reply = *script.reply(id);
    if (handed_over) {
      script.actions.erase(script.reply(id));
      script.insert_before(room, joined, reply);
    }
    EXPECT_EQ(Audit(script).count(Checker::one_room_per_intake), handed_over ? 0U : 1U);
  }
}

TEST(OpeningChecker, TellsASecondGeneralRoomOfTheSameTwo) {
  ScriptedHistory history = cast();
  history.open_general("garage-1", "adjuster-1", {"12가3456"});
  history.drain();
  const std::string id = history.open_general("garage-1", "adjuster-1", {"12가3456"});
  Script script = history.finish();
  json::object& result = script.reply(id)->body["result"].as_object();
  result["room"] = "r2";
  result["created"] = true;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::one_room_per_intake), 1U);
  EXPECT_THAT(audit.en(),
              HasSubstr("garage-1 (한빛정비), adjuster-1 (김보상) has general room r1"));
}

TEST(OpeningChecker, TellsTheFirstEventsInTheOrderOfAnotherOpening) {
  ScriptedHistory history = cast();
  history.bulk("adjuster-1", {{"garage-1", "12가3456", ""}}, "안녕하세요.");
  Script script = history.finish();
  // The garage joined first, as if it had opened the room.
  const json::value first = script.history("r1", 1)->body.at("body");
  const json::value second = script.history("r1", 2)->body.at("body");
  script.edit_event("r1", 1, [&](json::object& event) { event["body"] = second; });
  script.edit_event("r1", 2, [&](json::object& event) { event["body"] = first; });
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::bulk_once_per_garage), 2U);
  EXPECT_THAT(audit.en(), HasSubstr("from seq 1 on they are joined adjuster-1 (김보상), joined "
                                    "garage-1 (한빛정비), vehicle_added 12가3456, greeting, "
                                    "message"));
}

TEST(OpeningChecker, TellsASecondNegotiationOfTheReceipt) {
  ScriptedHistory history = negotiated();
  history.open_negotiation("adjuster-1", "2024-1234567", "adjuster-2", "50:50");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::one_room_per_intake), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("receipt 2024-1234567 has negotiation room r1 already"));
}

TEST(OpeningChecker, TellsAGreetingInANegotiation) {
  Script script = negotiated().finish();
  json::object greeting = script.history("r1", 3)->body;
  greeting["type"] = "greeting";
  greeting["seq"] = 7;
  greeting["at"] = script.history("r1", 6)->body.at("at");
  greeting["sender"] = {{"id", "system"}, {"name", "알림"}};
  greeting["body"] = {{"text", "담당자 김보상입니다."}};
  script.append_event("r1", greeting);
  const Audit audit(script);
  EXPECT_GE(audit.count(Checker::one_room_per_intake), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("a greeting in a negotiation, at room r1, seq 7"));
}

TEST(OpeningChecker, DerivesMembersOfGeneralRoomsFromTheCommand) {
  Script script = scenario_b().finish();
  Action leaked = *script.delivery("garage-1", "r1", 5);
  leaked.session = script.session_of("garage-2");
  script.actions.insert(script.first_history(), leaked);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
  EXPECT_EQ(audit.total(), 1U);
}

}  // namespace
}  // namespace claims::storm
