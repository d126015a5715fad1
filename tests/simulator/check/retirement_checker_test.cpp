#include "simulator/check/retirement_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

/// adjuster-1 retired, adjuster-3 has r1 since seq 6; the garage writes to it (7).
ScriptedHistory retired() {
  ScriptedHistory history = opened_with_colleague();
  history.drain();
  history.retire("insurer-1", "adjuster-1", "adjuster-3", {"r1"});
  history.drain();
  history.send("garage-1", "r1", "계십니까.");
  return history;
}

std::size_t session_of(const ScriptedHistory& history, std::string_view user) {
  std::size_t session = 0;
  while (history.user_of(session) != user) ++session;
  return session;
}

/// One more delivery at the end of the run.
void deliver(Script& script, std::string_view to, chat::Seq seq) {
  Action action = *script.delivery("garage-1", "r1", seq);
  action.session = script.session_of(to);
  action.at = script.first_history()->at;
  script.actions.insert(script.first_history(), action);
}

TEST(RetirementChecker, AcceptsOneWhoIsOut) {
  const Audit audit(retired().finish());
  EXPECT_EQ(audit.total(), 0U);
  const AuditCounts& counts = audit.auditor().counts();
  EXPECT_EQ(counts.deliveries, counts.deliveries_expected) << "nothing is owed to who has retired";
}

TEST(RetirementChecker, MissesNothingThatWasOnItsWay) {
  ScriptedHistory history = opened_with_colleague();
  history.drain();
  history.send("garage-1", "r1", "잠시만요.");
  history.retire("insurer-1", "adjuster-1", "adjuster-3", {"r1"});
  EXPECT_EQ(Audit(history.finish()).total(), 0U) << "its connection ended ahead of the message";
}

TEST(RetirementChecker, TellsAHandOverThatReachesTheRetired) {
  Script script = retired().finish();
  deliver(script, "adjuster-1", 5);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-1 (김보상) got room r1, seq 5, which was decided "
                                    "after it had retired"));
  EXPECT_THAT(audit.ko(), HasSubstr("퇴직한 뒤에 정해진"));
}

TEST(RetirementChecker, TellsAMessageThatReachesTheRetired) {
  // Its room was not handed over; who wrote knew that it had retired.
  ScriptedHistory history = opened_with_colleague();
  history.invite("adjuster-1", "r1", "adjuster-3", "colleague");
  history.drain();
  history.retire("insurer-1", "adjuster-3", "adjuster-1", {});
  history.drain();
  history.send("garage-1", "r1", "계십니까.");
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  deliver(script, "adjuster-3", 6);
  EXPECT_EQ(Audit(script).count(Checker::secrecy), 1U);
}

TEST(RetirementChecker, AcceptsAMessageThatWasSentAheadOfTheReply) {
  ScriptedHistory history = opened_with_colleague();
  history.invite("adjuster-1", "r1", "adjuster-3", "colleague");
  history.drain();
  history.send("garage-1", "r1", "계십니까.");
  while (history.arrive(session_of(history, "adjuster-3"))) {
  }
  history.retire("insurer-1", "adjuster-3", "adjuster-1", {});
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(RetirementChecker, TellsOneWhoIsLetInAgain) {
  ScriptedHistory history = retired();
  history.drain();
  history.connect(session_of(history, "adjuster-1"), true);
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::in_charge), 1U) << "once: also as not turned away in the end";
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("it connected after its retirement had been acknowledged"));
}

TEST(RetirementChecker, AcceptsAConnectThatWasAheadOfTheReply) {
  ScriptedHistory history = opened_with_colleague();
  history.drain();
  const std::size_t session = session_of(history, "adjuster-1");
  history.retire("insurer-1", "adjuster-1", "adjuster-3", {"r1"});
  history.connect(session, true);  // And then it is shown out.
  history.connect(session, false);
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(RetirementChecker, TellsASessionThatStaysConnected) {
  ScriptedHistory history = retired();
  Script script = history.finish();
  std::erase_if(script.actions, [&](const Action& it) {
    return it.session == script.session_of("adjuster-1") &&
           (it.kind == Action::Kind::turned_away || it.kind == Action::Kind::connect ||
            it.kind == Action::Kind::lose);
  });
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::in_charge), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("it was not turned away until the end"));
}

TEST(RetirementChecker, AcceptsASessionThatWasShownOutUnlessItIsLetInAgain) {
  for (const bool let_in : {false, true}) {
    ScriptedHistory history = retired();
    if (let_in) {
      history.drain();
      history.connect(session_of(history, "adjuster-1"), true);
    }
    Script script = history.finish();
    for (Action& action : script.actions) {
      if (action.kind == Action::Kind::turned_away) action.kind = Action::Kind::shown_out;
    }
    EXPECT_EQ(Audit(script).count(Checker::in_charge), let_in ? 1U : 0U);
    EXPECT_EQ(Audit(script).total(), let_in ? 1U : 0U);
  }
}

TEST(RetirementChecker, TellsAReplyToTheRetired) {
  ScriptedHistory history = retired();
  history.drain();
  const std::string id = history.unread_counts("adjuster-1");
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U) << "it is not answered";
  Action reply;
  reply.kind = Action::Kind::reply;
  reply.session = script.session_of("adjuster-1");
  reply.at = script.first_history()->at;
  reply.body = {{"type", "reply"},
                {"re", id},
                {"ok", false},
                {"error",
                 {{"code", "not_in_service"},
                  {"message", {{"ko", "퇴직"}, {"en", "retired"}}},
                  {"field", ""}}}};
  script.actions.insert(script.first_history(), reply);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
  EXPECT_EQ(audit.total(), 1U);
}

TEST(RetirementChecker, TellsWhoIsTurnedAwayThoughNobodyRetiredIt) {
  ScriptedHistory history = retired();
  history.drain();
  history.lose(session_of(history, "adjuster-3"));
  history.connect(session_of(history, "adjuster-3"), false);
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::completeness), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-3 (박동료) was turned away as not authorized"));
}

TEST(RetirementChecker, KnowsThatARefusedOrderRetiresNobody) {
  ScriptedHistory history = opened_with_colleague();
  history.drain();
  const std::string id = history.retire("insurer-1", "adjuster-1", "adjuster-3", {});
  Script script = history.finish();
  json::object& reply = script.reply(id)->body;
  reply.erase("result");
  reply["ok"] = false;
  reply["error"] = {
      {"code", "not_in_service"}, {"message", {{"ko", "거절"}, {"en", "no"}}}, {"field", "to"}};
  // The refusal is known before it is turned away.
  const auto away =
      std::find_if(script.actions.begin(), script.actions.end(),
                   [](const Action& it) { return it.kind == Action::Kind::turned_away; });
  const Action turned = *away;
  script.actions.erase(away);
  script.actions.push_back(turned);
  EXPECT_EQ(Audit(script).count(Checker::completeness), 1U);
}

TEST(RetirementChecker, TellsARoomOpenedMeanwhileThatStaysWithTheRetired) {
  ScriptedHistory history = opened_with_colleague();
  history.register_receipt("insurer-1", "2024-7654321", "45다6789", "adjuster-1");
  history.drain();
  history.retire("insurer-1", "adjuster-1", "adjuster-3", {"r1"});
  history.intake("garage-2", "2024-7654321");
  EXPECT_GE(Audit(history.finish()).count(Checker::in_charge), 1U);
}

}  // namespace
}  // namespace claims::storm
