#include "simulator/check/membership_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

/// A colleague (5) and a guest (7) come, all write; the guest leaves (10) and comes again (12).
ScriptedHistory visited() {
  ScriptedHistory history = opened_with_colleague();
  history.invite("adjuster-1", "r1", "adjuster-3", "colleague");
  history.send("garage-1", "r1", "하나");
  history.drain();
  history.invite("garage-1", "r1", "adjuster-2", "guest");
  history.send("adjuster-3", "r1", "둘");
  history.drain();
  history.send("adjuster-2", "r1", "셋");
  history.page("adjuster-2", "r1", 0, 50);
  history.page("adjuster-3", "r1", 0, 50);
  history.room_reads("garage-1", "r1");
  history.unread_counts("adjuster-3");
  history.drain();
  history.leave("adjuster-2", "r1");
  history.send("garage-1", "r1", "넷");
  history.drain();
  history.invite("adjuster-1", "r1", "adjuster-2", "guest");
  history.send("adjuster-2", "r1", "다섯");
  history.drain();
  return history;
}

TEST(MembershipChecker, AcceptsWhoComesAndGoes) {
  ScriptedHistory history = visited();
  history.unread_counts("adjuster-3");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.total(), 0U);
  EXPECT_EQ(audit.auditor().counts().deliveries, audit.auditor().counts().deliveries_expected);
}

TEST(MembershipChecker, TellsAGuestWhoIsShownWhatWasBefore) {
  Script script = visited().finish();
  const auto own = script.delivery("adjuster-2", "r1", 7);
  Action before = *script.delivery("garage-1", "r1", 6);
  before.session = own->session;
  script.actions.insert(own + 1, before);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-2 (이담당) got room r1, seq 6 and is not a member"));
}

TEST(MembershipChecker, TellsOneWhoIsShownWhatComesAfterItLeft) {
  Script script = visited().finish();
  const auto left = script.delivery("adjuster-2", "r1", 10);
  Action after = *script.delivery("garage-1", "r1", 11);
  after.session = left->session;
  // Once everybody else has it.
  script.actions.insert(script.delivery("garage-1", "r1", 12), after);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
}

TEST(MembershipChecker, TellsAColleagueWhoMissesAnEvent) {
  Script script = visited().finish();
  script.actions.erase(script.delivery("adjuster-3", "r1", 7));
  EXPECT_EQ(Audit(script).count(Checker::completeness), 1U);
}

TEST(MembershipChecker, TellsAColleagueWhoMayNotReadTheBeginning) {
  Script script = visited().finish();
  script.edit_event("r1", 5, [](json::object& event) { event["body"].as_object()["from"] = 5; });
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::membership), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-3 must join as colleague from 1"));
}

TEST(MembershipChecker, TellsSomebodyElseThanTheOneInvited) {
  Script script = visited().finish();
  script.edit_event("r1", 7, [](json::object& event) {
    event["body"].as_object()["user"] = {
        {"id", "garage-2"}, {"name", "새길공업사"}, {"role", "garage"}};
  });
  EXPECT_EQ(Audit(script).count(Checker::membership), 1U);
}

TEST(MembershipChecker, TellsAnInvitationShownWithAnotherName) {
  Script script = visited().finish();
  script.edit_event("r1", 7, [](json::object& event) {
    event["body"].as_object()["user"].as_object()["name"] = "adjuster-2";
  });
  EXPECT_EQ(Audit(script).count(Checker::present_fields), 1U);
}

TEST(MembershipChecker, TellsStaffOfAnotherInsurerAsAColleague) {
  ScriptedHistory history = opened_with_colleague();
  history.invite("adjuster-1", "r1", "adjuster-2", "colleague");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::membership), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("foreign_adjuster"));
  EXPECT_THAT(audit.ko(), HasSubstr("초대할 수 없습니다"));
}

TEST(MembershipChecker, TellsOwnStaffAsAGuest) {
  ScriptedHistory history = opened_with_colleague();
  history.invite("garage-1", "r1", "adjuster-3", "guest");
  EXPECT_THAT(Audit(history.finish()).en(), HasSubstr("own_colleague"));
}

TEST(MembershipChecker, TellsAGuestWhoInvites) {
  ScriptedHistory history = visited();
  history.invite("adjuster-2", "r1", "garage-2", "guest");
  EXPECT_THAT(Audit(history.finish()).en(), HasSubstr("not_permitted"));
}

TEST(MembershipChecker, TellsOneWhoJoinsTwice) {
  ScriptedHistory history = visited();
  history.invite("adjuster-1", "r1", "adjuster-3", "colleague");
  EXPECT_GE(Audit(history.finish()).count(Checker::membership), 1U);
}

TEST(MembershipChecker, TellsTheGarageThatLeavesItsRoom) {
  ScriptedHistory history = opened_with_colleague();
  history.leave("garage-1", "r1");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::membership), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("cannot leave"));
}

TEST(MembershipChecker, TellsAReplyThatSaysAnotherBeginning) {
  ScriptedHistory history = opened_with_colleague();
  const std::string id = history.invite("garage-1", "r1", "adjuster-2", "guest");
  Script script = history.finish();
  script.reply(id)->body["result"].as_object()["from"] = 1;
  EXPECT_EQ(Audit(script).count(Checker::membership), 1U);
}

TEST(MembershipChecker, TellsAPageThatShowsAGuestTheBeginning) {
  ScriptedHistory history = opened_with_colleague();
  history.invite("garage-1", "r1", "adjuster-2", "guest");
  history.drain();
  const std::string id = history.page("adjuster-2", "r1", 0, 50);
  history.drain();
  const std::string all = history.page("garage-1", "r1", 0, 50);
  Script script = history.finish();
  script.reply(id)->body["result"] = script.reply(all)->body.at("result");
  EXPECT_EQ(Audit(script).count(Checker::secrecy), 1U);
}

TEST(MembershipChecker, AcceptsAJoiningThatOvertakesWhatWasBefore) {
  // The guest gets its own `joined` before anybody has got the message before it.
  ScriptedHistory history = opened_with_colleague();
  history.send("adjuster-1", "r1", "하나");
  history.invite("garage-1", "r1", "adjuster-2", "guest");
  history.send("adjuster-2", "r1", "둘");
  while (history.arrive(2)) {
  }
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(MembershipChecker, TellsAMessageOfOneWhoLeft) {
  ScriptedHistory history = visited();
  history.leave("adjuster-2", "r1");
  history.drain();
  history.send("adjuster-2", "r1", "여섯");
  EXPECT_GE(Audit(history.finish()).total(), 1U);
}

}  // namespace
}  // namespace claims::storm
