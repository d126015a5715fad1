#include "simulator/check/outcome_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kLastMessage = "1714500000003.9";  // Of garage-1: seq 11.

json::object refusal(std::string_view re, std::string_view code) {
  return {{"type", "reply"},
          {"re", re},
          {"ok", false},
          {"error",
           {{"code", code}, {"message", {{"ko", "거절"}, {"en", "refused"}}}, {"field", nullptr}}}};
}

TEST(OutcomeChecker, TellsARefusedCommandThatTookEffect) {
  Script script = scenario_a().finish();
  script.reply(kLastMessage)->body = refusal(kLastMessage, "limit_reached");
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::outcome), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("garage-1 (한빛정비)'s message.send garage-1:1714500000003.9"));
  EXPECT_THAT(audit.en(), HasSubstr("seq 11"));
}

TEST(OutcomeChecker, TellsItTooWhenTheRefusalComesBeforeTheEvent) {
  Script script = scenario_a().finish();
  Action reply = *script.reply(kLastMessage);
  reply.body = refusal(kLastMessage, "limit_reached");
  script.actions.erase(script.reply(kLastMessage));
  auto first = script.delivery("garage-1", "r1", 11);
  const auto other = script.delivery("adjuster-1", "r1", 11);
  if (other < first) first = other;
  script.actions.insert(first, reply);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::outcome), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("it was refused, yet an event of it came at room r1, seq 11"));
}

TEST(OutcomeChecker, TellsAnAcknowledgedCommandThatNeverHappened) {
  Script script = scenario_a().finish();
  script.erase_event("r1", 11);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::outcome), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("acknowledged it as seq 11 of room r1"));
  EXPECT_THAT(audit.en(), HasSubstr("감사합니다."));
  EXPECT_THAT(audit.ko(), HasSubstr("아무에게도 오지 않았고 이력에도 없습니다"));
}

TEST(OutcomeChecker, TellsACommandThatHappenedTwice) {
  Script script = scenario_a().finish();
  json::object again = script.history("r1", 11)->body;
  again["seq"] = 12;
  script.append_event("r1", again);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::outcome), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("had taken effect once already"));
  EXPECT_THAT(audit.en(), HasSubstr("room r1, seq 12"));
}

TEST(OutcomeChecker, TellsItTooWhenNobodyAnsweredTheCommand) {
  Script script = scenario_a().finish();
  script.actions.erase(script.reply(kLastMessage));
  EXPECT_EQ(Audit(script).total(), 0U) << "unknown: at most once";
  json::object again = script.history("r1", 11)->body;
  again["seq"] = 12;
  script.append_event("r1", again);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::outcome), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("took effect twice, in room r1 at seq 11 and at seq 12"));
}

TEST(OutcomeChecker, AllowsAnUnansweredCommandNotToHappen) {
  Script script = scenario_a().finish();
  script.actions.erase(script.reply(kLastMessage));
  script.erase_event("r1", 11);
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(OutcomeChecker, MatchesALateReply) {
  ScriptedHistory history = scenario_a();
  const std::string id = history.send("garage-1", "r1", "늦은 응답");
  history.pass(Microseconds{11'000'000});
  history.give_up("garage-1", id);
  const Audit audit(history.finish());
  EXPECT_EQ(audit.total(), 0U) << audit.en();
  EXPECT_EQ(audit.auditor().counts().timeouts, 1U);
  EXPECT_EQ(audit.auditor().counts().acknowledged, 13U);
}

TEST(OutcomeChecker, TellsALateRefusalOfWhatHappened) {
  ScriptedHistory history = scenario_a();
  const std::string id = history.send("garage-1", "r1", "늦은 거절");
  history.give_up("garage-1", id);
  Script script = history.finish();
  script.reply(id)->body = refusal(id, "limit_reached");
  EXPECT_EQ(Audit(script).count(Checker::outcome), 1U);
}

TEST(OutcomeChecker, TellsAnotherTextThanWasSent) {
  Script script = scenario_a().finish();
  script.edit_event("r1", 11, [](json::object& event) {
    event["body"].as_object()["text"] = "고맙지 않습니다.";
  });
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::outcome), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("Sent: 감사합니다.. Came: message \"고맙지 않습니다.\""));
}

TEST(OutcomeChecker, TakesTextAsEqualAfterNormalisation) {
  Script script = scenario_a().finish();
  for (Action& action : script.actions) {
    if (action.kind != Action::Kind::send || action.id != kLastMessage) continue;
    if (action.session != script.session_of("garage-1")) continue;
    action.body["text"] = "\u1100\u1161\u11B7\uC0AC\uD569\uB2C8\uB2E4.";  // 감 by its parts.
  }
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(OutcomeChecker, TellsAnotherSeqInTheReplyThanInTheEvent) {
  Script script = scenario_a().finish();
  script.reply(kLastMessage)->body["result"].as_object()["seq"] = 12;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::outcome), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("its reply says seq 12, its event is seq 11"));
}

TEST(OutcomeChecker, TellsAnotherClaimNumberInTheReply) {
  Script script = scenario_a().finish();
  script.reply("1714500000003.6")->body["result"].as_object()["claim"] = "C-other";
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::outcome), 1U);
  EXPECT_EQ(audit.total(), 1U);
}

TEST(OutcomeChecker, TellsAnotherStepThanWasSent) {
  Script script = scenario_a().finish();
  for (Action& action : script.actions) {
    if (action.kind == Action::Kind::send && action.body.contains("step") &&
        action.body.at("step") == "out") {
      action.body["step"] = "in_repair";
    }
  }
  const Audit audit(script);
  EXPECT_GE(audit.count(Checker::outcome), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("in_repair"));
}

TEST(OutcomeChecker, TellsARoomThatLacksOneOfItsFirstEvents) {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "24-01234567", "12나3456", "adjuster-1");
  history.drain();
  history.intake("garage-1", "24-01234567");
  Script script = history.finish();
  ASSERT_EQ(Audit(script).total(), 0U);
  script.erase_event("r1", 4);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::outcome), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("seq 4 never came"));
}

TEST(OutcomeChecker, RemembersARepeatedCommandsOutcome) {
  Script script = scenario_a().finish();
  const auto sent = std::find_if(script.actions.begin(), script.actions.end(), [&](auto& it) {
    return it.kind == Action::Kind::send && it.id == kLastMessage &&
           it.session == script.session_of("garage-1");
  });
  Action again = *sent;
  Action same = *script.reply(kLastMessage);
  again.at = same.at = script.first_history()->at;
  script.actions.insert(script.first_history(), {again, same});
  EXPECT_EQ(Audit(script).total(), 0U) << "the same answer";

  script.reply(kLastMessage)->body["result"].as_object()["seq"] = 5;
  const Audit other_seq(script);
  EXPECT_EQ(other_seq.count(Checker::outcome), 1U);
  EXPECT_THAT(other_seq.en(), HasSubstr("seq 5 of room r1, which is of another command"));

  script.reply(kLastMessage)->body = refusal(kLastMessage, "unknown_room");
  const Audit refused(script);
  EXPECT_EQ(refused.count(Checker::outcome), 1U);
  EXPECT_THAT(refused.en(), HasSubstr("first it was accepted, now it is refused"));

  script.reply(kLastMessage)->body = refusal(kLastMessage, "id_too_old");
  EXPECT_EQ(Audit(script).total(), 0U) << "only its id was at fault";
}

TEST(OutcomeChecker, TellsAMessageWithoutItsTemplate) {
  ScriptedHistory history = scenario_a();
  history.send_about("garage-1", "r1", "입고되었습니다.", "", "notice-1");
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  script.edit_event("r1", 12,
                    [](json::object& event) { event["body"].as_object().erase("template"); });
  EXPECT_EQ(Audit(script).count(Checker::outcome), 1U);
}

}  // namespace
}  // namespace claims::storm
