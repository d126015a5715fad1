#include "simulator/check/delivery_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

TEST(DeliveryChecker, TellsALostDeliveryWhenTheNextOneComes) {
  Script script = scenario_a().finish();
  script.actions.erase(script.delivery("adjuster-1", "r1", 7));
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::completeness), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(),
              HasSubstr("adjuster-1 (김보상): in room r1, seq 7 was due and seq 8 came"));
  EXPECT_THAT(audit.ko(), HasSubstr("7번이 와야 하는데 8번이 왔습니다"));
  EXPECT_EQ(audit.auditor().counts().deliveries_expected, 22U);
  EXPECT_EQ(audit.auditor().counts().deliveries, 21U);
}

TEST(DeliveryChecker, TellsTheLastDeliveryLostAtTheEnd) {
  Script script = scenario_a().finish();
  script.actions.erase(script.delivery("garage-1", "r1", 11));
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::completeness), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("garage-1 (한빛정비): seqs 11 to 11 of room r1 never came"));
}

TEST(DeliveryChecker, TellsWhatNobodyGotThoughTheHistoryHasIt) {
  Script script = scenario_a().finish();
  script.actions.erase(script.delivery("garage-1", "r1", 11));
  script.actions.erase(script.delivery("adjuster-1", "r1", 11));
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::completeness), 2U) << "each member misses it";
  EXPECT_EQ(audit.total(), 2U) << "it did happen: no other checker has anything to say";
  EXPECT_EQ(audit.auditor().counts().deliveries_expected, 22U);
  EXPECT_EQ(audit.auditor().counts().deliveries, 20U);
}

TEST(DeliveryChecker, TellsARepeatedDelivery) {
  Script script = scenario_a().finish();
  const auto delivery = script.delivery("garage-1", "r1", 6);
  script.actions.insert(delivery + 1, *delivery);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::completeness), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("garage-1 (한빛정비): room r1, seq 6 came again"));
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-1:1714500000001.2")) << "the command it came from";
  EXPECT_EQ(audit.auditor().counts().deliveries, 22U) << "a copy is no delivery";
}

TEST(DeliveryChecker, TellsTwoDeliveriesInTheWrongOrderOnce) {
  Script script = scenario_a().finish();
  std::swap(*script.delivery("adjuster-1", "r1", 8), *script.delivery("adjuster-1", "r1", 9));
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::completeness), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("seq 8 was due and seq 9 came"));
}

TEST(DeliveryChecker, TellsADeliveryToAStranger) {
  Script script = scenario_a().finish();
  Action delivery = *script.delivery("garage-1", "r1", 5);
  delivery.session = script.session_of("garage-2");
  script.actions.insert(script.delivery("garage-1", "r1", 5) + 1, delivery);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(),
              HasSubstr("garage-2 (새길공업사) got room r1, seq 5 and is not a member"));
  EXPECT_THAT(audit.en(), HasSubstr("garage-1 (한빛정비), adjuster-1 (김보상)"));
}

TEST(DeliveryChecker, TellsAStrangerThatIsTheFirstToSeeTheRoom) {
  Script script = scenario_a().finish();
  Action delivery = *script.delivery("garage-1", "r1", 1);
  delivery.session = script.session_of("adjuster-2");
  auto first = script.delivery("garage-1", "r1", 1);
  const auto other = script.delivery("adjuster-1", "r1", 1);
  if (other < first) first = other;
  script.actions.insert(first, delivery);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
  EXPECT_EQ(audit.total(), 1U);
}

TEST(DeliveryChecker, TellsAReplyToWhatThisSessionNeverAsked) {
  Script script = scenario_a().finish();
  Action reply = *script.reply("q1");
  reply.session = script.session_of("garage-2");
  script.actions.insert(script.reply("q1") + 1, reply);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("garage-2 (새길공업사) got a reply (re \"q1\")"));
}

TEST(DeliveryChecker, TellsAnotherTextAtOneMember) {
  Script script = scenario_a().finish();
  // The sender's own copy comes last: the other one is the first sight.
  auto later = script.delivery("garage-1", "r1", 6);
  const auto other = script.delivery("adjuster-1", "r1", 6);
  if (later < other) later = other;
  later->body["body"].as_object()["text"] = "사진은 필요 없습니다.";
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::agreement), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("room r1, seq 6 differs between observers"));
  EXPECT_THAT(audit.en(), HasSubstr("사진은 필요 없습니다."));
}

TEST(DeliveryChecker, SettlesWhatLeftTheWindowByTheSumOfTheHistory) {
  ScriptedHistory history = scenario_a();
  for (int i = 0; i < 100; ++i) {
    history.send("garage-1", "r1", "글 " + std::to_string(i));
    history.drain();
  }
  Script script = history.finish();
  ASSERT_EQ(Audit(script).total(), 0U);
  // Both saw the same; the history has another text, long out of the window of 64.
  script.history("r1", 6)->body["body"].as_object()["text"] = "사진은 필요 없습니다.";
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::agreement), 2U) << "for each observer";
  EXPECT_EQ(audit.total(), 2U);
  EXPECT_THAT(audit.en(), HasSubstr("among seqs 1 to 111"));
}

TEST(DeliveryChecker, TellsASeqThatCannotBe) {
  Script script = scenario_a().finish();
  const auto delivery = script.delivery("garage-1", "r1", 11);
  Action impossible = *delivery;
  impossible.body["seq"] = std::int64_t{1} << 60;
  script.actions.insert(delivery, impossible);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::completeness), 1U);
  EXPECT_EQ(audit.total(), 1U);
}

TEST(DeliveryChecker, ExpectsWhatWasMissedAfterAResume) {
  ScriptedHistory history = scenario_a();
  const std::size_t adjuster = 1;
  history.lose(adjuster);
  history.send("garage-1", "r1", "아무도 없나요?");
  history.drain();
  history.resume(adjuster);
  Script script = history.finish();
  const Audit right(script);
  EXPECT_EQ(right.total(), 0U) << right.en();
  EXPECT_EQ(right.recorder().corrected(Figure::catch_up).count(), 1U);
  EXPECT_EQ(right.auditor().counts().deliveries, right.auditor().counts().deliveries_expected);

  script.actions.erase(script.delivery("adjuster-1", "r1", 12));
  const Audit wrong(script);
  EXPECT_EQ(wrong.count(Checker::completeness), 1U) << "a gap, never";
}

TEST(DeliveryChecker, AllowsCopiesAfterAResumeOnlyAboveWhatWasSeenBefore) {
  ScriptedHistory history = scenario_a();
  const std::size_t adjuster = 1;
  history.lose(adjuster);
  history.send("garage-1", "r1", "첫째");
  history.send("garage-1", "r1", "둘째");
  history.drain();
  history.resume(adjuster);
  Script script = history.finish();
  // Live before the answer to `sync`, then redelivered: 12, then 12 and 13.
  Action early = *script.delivery("adjuster-1", "r1", 12);
  const auto answer = std::find_if(script.actions.begin(), script.actions.end(), [&](auto& it) {
    return it.kind == Action::Kind::reply && it.session == adjuster &&
           it.body.at("result").as_object().contains("cursor");
  });
  const auto place = answer - script.actions.begin();
  script.actions.insert(script.actions.begin() + place, early);
  EXPECT_EQ(Audit(script).total(), 0U);

  script.actions[static_cast<std::size_t>(place)] = *script.delivery("adjuster-1", "r1", 13);
  EXPECT_EQ(Audit(script).total(), 0U) << "a live event ahead of the redelivery";

  script.actions[static_cast<std::size_t>(place)] = *script.delivery("adjuster-1", "r1", 11);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::completeness), 1U) << "11 was there before the loss";
  EXPECT_THAT(audit.en(), HasSubstr("room r1, seq 11 came again"));
}

/// The adjuster's session was kept, and so many events come again on its next connection.
Script kept_session_with_copies(chat::Seq copies, bool restarted) {
  ScriptedHistory history = scenario_a();
  for (int i = 0; i < 80; ++i) history.send("garage-1", "r1", "사진 보냅니다.");
  history.drain();
  Script script = history.finish();
  Action action;
  action.session = 1;
  std::vector<Action> more;
  action.kind = Action::Kind::lose;
  more.push_back(action);
  action.kind = Action::Kind::restart;
  if (restarted) more.push_back(action);
  action.kind = Action::Kind::resume;
  more.push_back(action);
  for (chat::Seq seq = 20; seq < 20 + copies; ++seq) {
    more.push_back(*script.delivery("adjuster-1", "r1", seq));
  }
  script.actions.insert(script.first_history(), more.begin(), more.end());
  return script;
}

TEST(DeliveryChecker, OnAKeptSessionNoMoreComesAgainThanTheServersWindow) {
  EXPECT_EQ(Audit(kept_session_with_copies(64, false)).total(), 0U);
  const Audit audit(kept_session_with_copies(65, false));
  EXPECT_EQ(audit.count(Checker::completeness), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("on the session that the server kept, more than 64 events"));
}

TEST(DeliveryChecker, AfterARestartMoreMayComeAgainOnAKeptSession) {
  EXPECT_EQ(Audit(kept_session_with_copies(65, true)).total(), 0U);
}

/// `early` came live, before the answer to `sync`, and is not redelivered.
std::string told_without_redelivery(bool another_comes) {
  ScriptedHistory history = scenario_a();
  const std::size_t adjuster = 1;
  history.lose(adjuster);
  history.send("garage-1", "r1", "첫째");
  history.drain();
  history.resume(adjuster);
  if (another_comes) history.send("garage-1", "r1", "둘째");
  Script script = history.finish();
  const auto redelivered = script.delivery("adjuster-1", "r1", 12);
  const Action early = *redelivered;
  script.actions.erase(redelivered);
  const auto answer = std::find_if(script.actions.begin(), script.actions.end(), [&](auto& it) {
    return it.kind == Action::Kind::reply && it.session == adjuster &&
           it.body.at("result").as_object().contains("cursor");
  });
  script.actions.insert(answer, early);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::completeness), 1U);
  EXPECT_EQ(audit.total(), 1U);
  return audit.en();
}

TEST(DeliveryChecker, WhatCameAheadOfTheAnswerToSyncMustComeAgain) {
  EXPECT_THAT(told_without_redelivery(true), HasSubstr("seq 12 was due and seq 13 came"));
  EXPECT_THAT(told_without_redelivery(false), HasSubstr("seqs 12 to 12 of room r1 never came"));
}

TEST(DeliveryChecker, WhatCameBeforeALostAnswerToSyncComesAgainOnTheNextConnection) {
  ScriptedHistory history = scenario_a();
  const std::size_t adjuster = 1;
  history.lose(adjuster);
  history.send("garage-1", "r1", "첫째");
  history.drain();
  history.resume(adjuster);
  history.lose(adjuster);
  history.resume(adjuster);
  Script script = history.finish();
  // Live on the connection whose sync was never answered: it moved no cursor, so it comes again.
  const Action twelve = *script.delivery("adjuster-1", "r1", 12);
  const auto lost = std::find_if(script.actions.rbegin(), script.actions.rend(), [](auto& it) {
    return it.kind == Action::Kind::lose && it.session == 1;
  });
  ASSERT_NE(lost, script.actions.rend());
  script.actions.insert(lost.base() - 1, twelve);
  EXPECT_EQ(Audit(script).total(), 0U) << Audit(script).en();
}

TEST(DeliveryChecker, ARoomThatOpensDuringASyncMayComeTwice) {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  const std::size_t adjuster = ScriptedHistory(history).finish().session_of("adjuster-1");
  history.lose(adjuster);
  history.resume(adjuster);
  history.intake("garage-1", "2024-1234567");
  Script script = history.finish();
  // At once, and again with the answer.
  std::vector<Action> live;
  for (const Action& it : script.actions) {
    const bool own = it.session == adjuster && it.room == "r1";
    if (own && it.kind == Action::Kind::deliver) live.push_back(it);
  }
  ASSERT_EQ(live.size(), 4U);
  const auto answer = script.reply("q1");
  ASSERT_NE(answer, script.actions.end());
  script.actions.insert(answer, live.begin(), live.end());
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(DeliveryChecker, ExpectsOfALateSessionWhatWasSentAfterItSubscribed) {
  ScriptedHistory history = scenario_a();
  const std::size_t late = history.add_session("adjuster-1");
  history.send("garage-1", "r1", "늦게 온 사람에게");
  history.send("garage-1", "r1", "한 번 더");
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  const auto first = std::find_if(script.actions.begin(), script.actions.end(), [&](auto& it) {
    return it.kind == Action::Kind::deliver && it.session == late;
  });
  script.actions.erase(first);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::completeness), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-1 (김보상) [2]: in room r1, seq 12 was due"));
}

}  // namespace
}  // namespace claims::storm
