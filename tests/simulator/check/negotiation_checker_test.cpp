#include "simulator/check/negotiation_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

/// adjuster-1 opens with 70:30 in r1 (seq 3).
ScriptedHistory opened() {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  history.open_negotiation("adjuster-1", "2024-1234567", "adjuster-2", "70:30");
  history.drain();
  return history;
}

/// Five objections: seqs 4 to 8, and the referral 9.
ScriptedHistory referred() {
  ScriptedHistory history = opened();
  for (int i = 0; i < 5; ++i) {
    history.act(i % 2 == 0 ? "adjuster-2" : "adjuster-1", "r1", "object", "60:40", "이의");
    history.drain();
  }
  return history;
}

void edit_body(Script& script, chat::Seq seq, const std::function<void(json::object&)>& edit) {
  script.edit_event("r1", seq, [&](json::object& event) { edit(event["body"].as_object()); });
}

TEST(NegotiationChecker, AcceptsEveryWayToAnEnd) {
  EXPECT_EQ(Audit(negotiated().finish()).total(), 0U);
  EXPECT_EQ(Audit(referred().finish()).total(), 0U);
  ScriptedHistory agreed = opened();
  agreed.act("adjuster-2", "r1", "accept");
  EXPECT_EQ(Audit(agreed.finish()).total(), 0U);
  ScriptedHistory exempt = opened();
  exempt.act("adjuster-1", "r1", "send_exemption", "", "not_covered");
  exempt.drain();
  exempt.act("adjuster-2", "r1", "object", "", "담보가 있습니다.");
  exempt.drain();
  exempt.act("adjuster-2", "r1", "send_exemption", "", "not_liable");
  exempt.drain();
  exempt.act("adjuster-1", "r1", "accept_exemption");
  EXPECT_EQ(Audit(exempt.finish()).total(), 0U);
  ScriptedHistory prior = opened();
  prior.act("adjuster-2", "r1", "send_prior_agreement", "20:80");
  prior.drain();
  prior.act("adjuster-1", "r1", "accept_prior_agreement");
  prior.drain();
  prior.act("adjuster-1", "r1", "refer");  // Refused: it has ended.
  EXPECT_EQ(Audit(prior.finish()).total(), 0U);
  ScriptedHistory asked = opened();
  asked.act("adjuster-1", "r1", "refer");
  EXPECT_EQ(Audit(asked.finish()).total(), 0U);
}

TEST(NegotiationChecker, AcceptsHashtagsAndThoseThatDoNothing) {
  ScriptedHistory history = opened();
  history.send("adjuster-1", "r1", "> #면책\n\"#면책\" 이라고 하셨습니다.");
  history.send_about("adjuster-1", "r1", "#면책 담보외", "", "exemption-1");
  history.drain();
  history.tagged("adjuster-1", "r1", "#기협의 80:20 입니다.", "send_prior_agreement", "80:20");
  history.drain();
  history.tagged("adjuster-2", "r1", "네 #기협의", "accept_prior_agreement");
  history.drain();
  history.negotiation_status("adjuster-2", "r1");
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
  ScriptedHistory exempt = opened();
  exempt.tagged("adjuster-1", "r1", "#면책 담보외", "send_exemption", "", "not_covered");
  exempt.drain();
  exempt.tagged("adjuster-2", "r1", "#면책", "accept_exemption");
  EXPECT_EQ(Audit(exempt.finish()).total(), 0U);
}

TEST(NegotiationChecker, AcceptsRacesAndCopies) {
  ScriptedHistory history = opened();
  // Both answer at once; the second one meets an end.
  history.act("adjuster-2", "r1", "accept");
  const std::string late = history.act("adjuster-1", "r1", "send_exemption", "", "not_liable");
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  // The refusal comes before anybody saw what it met.
  const Action reply = *script.reply(late);
  script.actions.erase(script.reply(late));
  script.insert_before("r1", 4, reply);
  EXPECT_EQ(Audit(script).total(), 0U);

  ScriptedHistory lost = opened();
  lost.act("adjuster-2", "r1", "object", "60:40", "이의");
  lost.lose(2);
  lost.resume(2);
  lost.drain();
  lost.give_up("adjuster-1", lost.act("adjuster-1", "r1", "accept_objection"));
  EXPECT_EQ(Audit(lost.finish()).total(), 0U);
}

TEST(NegotiationChecker, TellsAStepOutOfTurn) {
  // The initiator accepts the ratio that it put itself.
  Script script = opened().finish();
  ScriptedHistory history = opened();
  const std::string id = history.act("adjuster-2", "r1", "accept");
  script = history.finish();
  for (Action& action : script.actions) {
    if (action.kind == Action::Kind::send && action.id == id) {
      action.body["action"] = "accept_objection";
    }
  }
  edit_body(script, 4, [](json::object& body) { body["action"] = "accept_objection"; });
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::legal_negotiation_steps), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("room r1, seq 4: accept_objection by the counterpart is not "
                                    "legal there. It was discussing, ratio 70:30, turn "
                                    "counterpart. Legal: accept, object"));
  EXPECT_THAT(audit.ko(), HasSubstr("여기서 할 수 없습니다"));
}

TEST(NegotiationChecker, TellsAnEventThatShowsSomethingElse) {
  const std::pair<std::string_view, std::string_view> kEdits[] = {
      {"ratio", "60:40"},      {"state", "agreed"}, {"turn", "counterpart"},
      {"reason", "다른 사유"}, {"action", "refer"}, {"by", "initiator"},
  };
  for (const auto& [key, value] : kEdits) {
    ScriptedHistory history = opened();
    history.act("adjuster-2", "r1", "object", "60:40", "신호 위반");
    Script script = history.finish();
    ASSERT_EQ(Audit(script).total(), 0U);
    edit_body(script, 4, [&, k = key, v = value](json::object& body) { body[k] = v; });
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::legal_negotiation_steps), 1U) << key << "\n" << audit.en();
    EXPECT_THAT(audit.en(), HasSubstr("room r1, seq 4"));
  }
}

TEST(NegotiationChecker, TellsAnotherOpeningRatio) {
  Script script = opened().finish();
  edit_body(script, 3, [](json::object& body) { body["ratio"] = "30:70"; });
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::legal_negotiation_steps), 1U);
  EXPECT_EQ(audit.total(), 1U);
}

TEST(NegotiationChecker, TellsAMissingReferralAndOneTooEarly) {
  Script missing = referred().finish();
  missing.erase_event("r1", 9);
  EXPECT_THAT(Audit(missing).en(), HasSubstr("after the fifth objection comes the referral"));
  EXPECT_EQ(Audit(missing).count(Checker::legal_negotiation_steps), 1U);

  ScriptedHistory history = opened();
  history.act("adjuster-2", "r1", "object", "60:40", "이의");
  Script early = history.finish();
  json::object referral = early.history("r1", 4)->body;
  referral["seq"] = 5;
  referral["sender"] = {{"id", "system"}, {"name", "알림"}};
  referral["body"] = {{"action", "refer"},
                      {"by", "system"},
                      {"ratio", ""},
                      {"reason", ""},
                      {"turn", ""},
                      {"state", "referred"},
                      {"text", "회부되었습니다."}};
  early.append_event("r1", referral);
  const Audit audit(early);
  EXPECT_EQ(audit.count(Checker::legal_negotiation_steps), 1U);
  EXPECT_EQ(audit.total(), 1U) << audit.en();
  EXPECT_THAT(audit.en(), HasSubstr("referred it to the committee after 1 objections"));
}

TEST(NegotiationChecker, TellsAHashtagWithoutItsStep) {
  ScriptedHistory history = opened();
  history.tagged("adjuster-1", "r1", "#면책", "send_exemption", "", "not_liable");
  Script script = history.finish();
  ASSERT_EQ(Audit(script).total(), 0U);
  script.erase_event("r1", 5);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::legal_negotiation_steps), 1U);
  EXPECT_EQ(audit.total(), 1U) << audit.en();
  EXPECT_THAT(audit.en(), HasSubstr("a message with a hashtag is not followed by the step"));
}

TEST(NegotiationChecker, TellsAQuotedHashtagThatActed) {
  for (const bool quoted : {true, false}) {
    ScriptedHistory history = opened();
    const std::string id =
        history.tagged("adjuster-1", "r1", "#면책", "send_exemption", "", "not_liable");
    Script script = history.finish();
    // What was sent is quoted, or from a template.
    for (Action& action : script.actions) {
      if (action.kind != Action::Kind::send || action.id != id) continue;
      (quoted ? action.body["text"] : action.body["template"]) = quoted ? "> #면책" : "t-1";
    }
    edit_body(script, 4, [&](json::object& body) {
      (quoted ? body["text"] : body["template"]) = quoted ? "> #면책" : "t-1";
    });
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::legal_negotiation_steps), 1U) << audit.en();
    EXPECT_EQ(audit.total(), 1U) << audit.en();
    EXPECT_THAT(audit.en(), HasSubstr("a message whose text makes no step"));
  }
}

TEST(NegotiationChecker, TellsAMessageWithHashtagsThatCannotBeCarriedOut) {
  ScriptedHistory history = opened();
  history.send("adjuster-1", "r1", "#면책 그리고 #기협의 50:50");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::legal_negotiation_steps), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("whose hashtags cannot be carried out"));
}

TEST(NegotiationChecker, TellsAnAcceptingHashtagWithAnotherRatio) {
  for (const bool same : {true, false}) {
    ScriptedHistory history = opened();
    history.act("adjuster-1", "r1", "send_prior_agreement", "80:20");
    history.drain();
    // Own:other of the counterpart.
    history.tagged("adjuster-2", "r1", same ? "#기협의 20:80" : "#기협의 80:20",
                   "accept_prior_agreement");
    const Audit audit(history.finish());
    EXPECT_EQ(audit.count(Checker::legal_negotiation_steps), same ? 0U : 1U);
    EXPECT_EQ(audit.total(), same ? 0U : 1U);
  }
}

TEST(NegotiationChecker, TellsARefusalOfWhatWasLegalAllTheWhile) {
  ScriptedHistory history = opened();
  const std::string id = history.refused_act("adjuster-2", "r1", "accept", "illegal_action");
  history.drain();
  history.act("adjuster-2", "r1", "object", "60:40", "이의");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::legal_negotiation_steps), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("accept was refused with illegal_action, and was legal"));
  EXPECT_THAT(audit.en(), HasSubstr(id));
  // Nothing follows it.
  ScriptedHistory last = opened();
  last.refused_act("adjuster-2", "r1", "accept", "bad_ratio");
  EXPECT_EQ(Audit(last.finish()).count(Checker::legal_negotiation_steps), 1U);
}

TEST(NegotiationChecker, AllowsARefusalThatMayHaveMetAnotherState) {
  // adjuster-1's exemption was on its way when adjuster-2's acceptance was refused.
  ScriptedHistory history = opened();
  history.act("adjuster-1", "r1", "send_exemption", "", "not_liable");
  const std::string id = history.refused_act("adjuster-2", "r1", "accept", "illegal_action");
  Script script = history.finish();
  const Action reply = *script.reply(id);
  script.actions.erase(script.reply(id));
  script.insert_before("r1", 4, reply);
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(NegotiationChecker, TellsARefusedStepThatHappened) {
  ScriptedHistory history = opened();
  const std::string id = history.act("adjuster-2", "r1", "accept");
  Script script = history.finish();
  script.reply(id)->body = {{"type", "reply"},
                            {"re", id},
                            {"ok", false},
                            {"error",
                             {{"code", "limit_reached"},
                              {"message", {{"ko", "한도"}, {"en", "limit"}}},
                              {"field", nullptr}}}};
  EXPECT_EQ(Audit(script).count(Checker::outcome), 1U);
}

TEST(NegotiationChecker, TellsAReplyThatShowsAnotherStateOrSeq) {
  for (const bool state : {true, false}) {
    ScriptedHistory history = opened();
    const std::string id = history.act("adjuster-2", "r1", "accept");
    Script script = history.finish();
    json::object& result = script.reply(id)->body["result"].as_object();
    if (state) {
      result["state"] = "exempt";
    } else {
      result["seq"] = 5;
    }
    EXPECT_EQ(Audit(script).count(Checker::outcome), 1U);
  }
}

TEST(NegotiationChecker, TellsAStepInARoomThatIsNoNegotiation) {
  Script script = scenario_a().finish();
  json::object step = script.history("r1", 11)->body;
  step["type"] = "negotiation";
  step["seq"] = 12;
  step["body"] = {
      {"action", "accept"}, {"by", "initiator"}, {"ratio", "50:50"},         {"reason", ""},
      {"turn", ""},         {"state", "agreed"}, {"text", "합의되었습니다."}};
  script.append_event("r1", step);
  EXPECT_EQ(Audit(script).count(Checker::legal_negotiation_steps), 1U);
}

}  // namespace
}  // namespace claims::storm
