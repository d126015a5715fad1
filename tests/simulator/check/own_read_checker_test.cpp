#include "simulator/check/own_read_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kPc = 3, kPhone = 5;

/// garage-1 has a phone beside its PC.
ScriptedHistory with_phone() {
  ScriptedHistory history = cast();
  EXPECT_EQ(history.add_session("garage-1"), kPhone);
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  history.intake("garage-1", "2024-1234567");
  history.drain();
  history.send("adjuster-1", "r1", "사진을 보내 주세요.");
  history.drain();
  return history;
}

TEST(OwnReadChecker, TellsAReadThatTheOtherDeviceWasNotTold) {
  ScriptedHistory history = with_phone();
  history.speak_from("garage-1", kPhone);
  history.read("garage-1", "r1", 5);
  history.drain();
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  const auto receipt = script.receipt(kPc, "garage-1");
  ASSERT_NE(receipt, script.actions.end());
  script.actions.erase(receipt);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::devices_in_step), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("garage-1 (한빛정비) [1]: on another device"));
  EXPECT_THAT(audit.en(), HasSubstr("room r1 up to 5"));
}

TEST(OwnReadChecker, ALaterReceiptTellsAnEarlierReadToo) {
  ScriptedHistory history = with_phone();
  history.speak_from("garage-1", kPhone);
  history.read("garage-1", "r1", 4);
  history.drain();
  history.read("garage-1", "r1", 5);
  history.drain();
  Script script = history.finish();
  script.actions.erase(script.receipt(kPc, "garage-1"));
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(OwnReadChecker, WhoHasAskedForAsMuchItselfNeedsNoReceipt) {
  ScriptedHistory history = with_phone();
  history.speak_from("garage-1", kPhone);
  history.read("garage-1", "r1", 5);
  history.drain();
  history.speak_from("garage-1", kPc);
  history.read("garage-1", "r1", 5);
  Script script = history.finish();
  script.actions.erase(script.receipt(kPc, "garage-1"));
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(OwnReadChecker, AReceiptMayGoWithItsConnection) {
  ScriptedHistory history = with_phone();
  history.speak_from("garage-1", kPhone);
  history.read("garage-1", "r1", 5);
  history.drain();
  history.lose(kPc);
  history.resume(kPc);
  Script script = history.finish();
  script.actions.erase(script.receipt(kPc, "garage-1"));
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(OwnReadChecker, AsksNothingOfADeviceThatWasAway) {
  ScriptedHistory history = with_phone();
  history.lose(kPc);
  history.speak_from("garage-1", kPhone);
  history.read("garage-1", "r1", 5);
  history.drain();
  history.resume(kPc);
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(OwnReadChecker, AReceiptMayFindNoRoom) {
  for (const chat::Seq came : {256U * 1024U - 1U, 256U * 1024U}) {
    for (const bool before : {true, false}) {
      ScriptedHistory history = with_phone();
      history.speak_from("garage-1", kPhone);
      const std::string id = history.read("garage-1", "r1", 5);
      history.drain();
      Script script = history.finish();
      script.actions.erase(script.receipt(kPc, "garage-1"));
      Action bytes;
      bytes.kind = Action::Kind::bytes;
      bytes.session = kPc;
      bytes.seq = came;
      const auto sent = std::find_if(
          script.actions.begin(), script.actions.end(),
          [&](const Action& it) { return it.kind == Action::Kind::send && it.id == id; });
      script.actions.insert(before ? sent : sent + 1, bytes);
      const bool had_room = before || came < 256U * 1024U;
      EXPECT_EQ(Audit(script).total(), had_room ? 1U : 0U) << came << before;
    }
  }
}

/// What comes after an event that must come after the receipt was not on its way then.
TEST(OwnReadChecker, WhatComesLaterTookNoRoom) {
  for (const bool sent_after_reply : {true, false}) {
    for (const bool behind_event : {true, false}) {
      ScriptedHistory history = with_phone();
      history.speak_from("garage-1", kPhone);
      history.read("garage-1", "r1", 5);
      if (sent_after_reply) history.drain();
      history.send("adjuster-1", "r1", "잘 받았습니다.");
      Script script = history.finish();
      script.actions.erase(script.receipt(kPc, "garage-1"));
      Action bytes;
      bytes.kind = Action::Kind::bytes;
      bytes.session = kPc;
      bytes.seq = 256U * 1024U;
      const auto event = script.delivery("garage-1", "r1", 6);
      ASSERT_NE(event, script.actions.end());
      script.actions.insert(behind_event ? event + 1 : event, bytes);
      EXPECT_EQ(Audit(script).total(), sent_after_reply && behind_event ? 1U : 0U)
          << sent_after_reply << behind_event;
    }
  }
}

}  // namespace
}  // namespace claims::storm
