// One user at a PC and on a phone: both see the same (CMO-001).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kPhone = 5;

/// garage-1 has a phone beside its PC; it writes and reads from either.
ScriptedHistory two_sessions() {
  ScriptedHistory history = cast();
  EXPECT_EQ(history.add_session("garage-1"), kPhone);
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  history.intake("garage-1", "2024-1234567");
  history.drain();
  history.speak_from("garage-1", kPhone);
  history.send("garage-1", "r1", "휴대전화로 씁니다.");
  history.read("garage-1", "r1", 5);
  history.page("garage-1", "r1", 0, 10);
  history.drain();
  history.speak_from("garage-1", 3);
  history.send("garage-1", "r1", "컴퓨터로 씁니다.");
  history.read("garage-1", "r1", 6);
  history.drain();
  return history;
}

TEST(SeveralSessions, AcceptsAPcAndAPhone) {
  Script script = two_sessions().finish();
  EXPECT_NE(script.receipt(3, "garage-1"), script.actions.end()) << "the phone's, to the PC";
  EXPECT_NE(script.receipt(kPhone, "garage-1"), script.actions.end()) << "the PC's, to the phone";
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(SeveralSessions, TellsAnEventThatOnlyOneOfThemGot) {
  Script script = two_sessions().finish();
  const auto lost =
      std::find_if(script.actions.begin(), script.actions.end(), [](const Action& it) {
        return it.kind == Action::Kind::deliver && it.session == kPhone && it.seq == 6;
      });
  script.actions.erase(lost);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::completeness), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("garage-1 (한빛정비) [2]"));
}

TEST(SeveralSessions, TellsAReplyAtTheOtherSession) {
  ScriptedHistory history = two_sessions();
  history.speak_from("garage-1", kPhone);
  const std::string id = history.unread_counts("garage-1");
  Script script = history.finish();
  script.reply(id)->session = 3;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::devices_in_step), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("garage-1 (한빛정비) [1] got a reply"));
  EXPECT_THAT(audit.en(), HasSubstr("to what garage-1 (한빛정비) [2] asks"));
}

TEST(SeveralSessions, TellsAReplyThatTheOtherSessionGetsToo) {
  ScriptedHistory history = two_sessions();
  history.speak_from("garage-1", kPhone);
  const std::string id = history.unread_counts("garage-1");
  Script script = history.finish();
  const auto reply = script.reply(id);
  Action copy = *reply;
  copy.session = 3;
  script.actions.insert(reply, copy);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::devices_in_step), 1U);
  EXPECT_EQ(audit.total(), 1U);
}

TEST(SeveralSessions, TellsAReplyToACommandThatTheOtherSessionGetsToo) {
  ScriptedHistory history = two_sessions();
  history.speak_from("garage-1", kPhone);
  const std::string id = history.send("garage-1", "r1", "한 번 더");
  Script script = history.finish();
  const auto reply = script.reply(id);
  Action copy = *reply;
  copy.session = 3;
  script.actions.insert(reply + 1, copy);  // It is settled already.
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::devices_in_step), 1U);
  EXPECT_EQ(audit.total(), 1U);
}

TEST(SeveralSessions, TellsAReceiptAtTheSessionThatAsked) {
  Script script = two_sessions().finish();
  script.receipt(3, "garage-1")->session = kPhone;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::read_receipts), 1U);
  EXPECT_EQ(audit.total(), 1U);
}

TEST(SeveralSessions, ASessionThatComesLaterSeesTheSameFromThenOn) {
  ScriptedHistory history = two_sessions();
  const std::size_t tablet = history.add_session("garage-1");
  history.send("adjuster-1", "r1", "확인했습니다.");
  history.drain();
  history.lose(tablet);
  history.send("adjuster-1", "r1", "하나 더");
  history.resume(tablet);
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  std::erase_if(script.actions, [&](const Action& it) {
    return it.kind == Action::Kind::deliver && it.session == tablet && it.seq == 8;
  });
  EXPECT_EQ(Audit(script).count(Checker::completeness), 1U);
}

TEST(SeveralSessions, TellsUnreadCountsThatForgetWhatThePhoneRead) {
  ScriptedHistory history = two_sessions();
  history.send("adjuster-1", "r1", "새 글");
  history.drain();
  history.speak_from("garage-1", kPhone);
  history.read("garage-1", "r1", 7);
  history.drain();
  history.speak_from("garage-1", 3);
  const std::string id = history.unread_counts("garage-1");
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  json::object& result = script.reply(id)->body["result"].as_object();
  result["rooms"].as_array()[0].as_object()["unread"] = 1;
  result["total"] = 1;
  EXPECT_EQ(Audit(script).count(Checker::unread_counts), 1U);
}

TEST(SeveralSessions, BothSidesPhonesSeeTheSameEndOfANegotiation) {
  ScriptedHistory history = cast();
  history.add_session("adjuster-2");
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  history.open_negotiation("adjuster-1", "2024-1234567", "adjuster-2", "70:30");
  history.drain();
  history.speak_from("adjuster-2", kPhone);
  history.act("adjuster-2", "r1", "accept");
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  std::erase_if(script.actions, [&](const Action& it) {
    return it.kind == Action::Kind::deliver && it.session == kPhone && it.seq == 4;
  });
  EXPECT_EQ(Audit(script).count(Checker::same_end), 1U);
}

}  // namespace
}  // namespace claims::storm
