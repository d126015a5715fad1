#include "simulator/check/delivery_clock.h"

#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using namespace std::chrono_literals;

/// A room between garage-1 and adjuster-1, in which only what the test does takes time.
struct Played {
  Recorder recorder;
  Auditor auditor{recorder};
  SessionNumber garage, adjuster, tablet;
  Script script;

  Played() {
    recorder.begin(0s);
    recorder.hold(0s, 1h);
    ScriptedHistory history = cast();
    history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
    history.drain();
    history.intake("garage-1", "2024-1234567");
    history.drain();
    history.send("garage-1", "r1", "글");
    script = history.finish();
    for (const auto& person : script.people) auditor.know_user(person.id, person.name, person.role);
    auditor.add_session("insurer-1");
    adjuster = auditor.add_session("adjuster-1");
    auditor.add_session("adjuster-2");
    garage = auditor.add_session("garage-1");
    tablet = auditor.add_session("adjuster-1");
    // Everything before the message, at the first second.
    auditor.subscribed(tablet, at(1s));
    for (const Action& action : script.actions) {
      if (action.session > 3) continue;
      const auto session = SessionNumber{static_cast<std::uint32_t>(action.session)};
      if (action.kind == Action::Kind::subscribe) auditor.subscribed(session, at(1s));
      if (action.kind == Action::Kind::send && !is_message(action)) send(session, action, 1s, 1s);
      if (action.kind == Action::Kind::deliver && action.seq < 5) {
        auditor.event(session, action.body, {at(1s), 1s});
        if (session == adjuster) auditor.event(tablet, action.body, {at(1s), 1s});
      }
      if (action.kind == Action::Kind::reply && action.body.at("re") != "1714500000003.2") {
        auditor.replied(session, action.body, {at(1s), 1s});
      }
    }
  }
  static bool is_message(const Action& action) { return action.id == "1714500000003.2"; }
  static Now at(Microseconds steady) { return {steady, 1'714'500'000s}; }
  void send(SessionNumber session, const Action& action, Microseconds intended, Microseconds sent) {
    const auto type = std::string(action.body.at("type").as_string());
    auditor.sent(session, {.id = action.id,
                           .type = type,
                           .read = false,
                           .body = &action.body,
                           .step = type,
                           .intended = intended,
                           .sent = sent,
                           .held_until = {}});
  }
  /// The hold ends now, as far as the recorder knows.
  void end_hold(Microseconds at) { recorder.end_holds(at); }
  void send_message(Microseconds intended, Microseconds sent) {
    for (const Action& action : script.actions) {
      if (action.kind == Action::Kind::send && is_message(action)) {
        send(garage, action, intended, sent);
      }
    }
  }
  void message_arrives(SessionNumber session, Microseconds handled) {
    json::object body = script.history("r1", 5)->body;
    body.erase("unread_by");
    body["cursor"] = "c5";
    auditor.event(session, body, {at(handled - 1ms), handled});
  }
};

TEST(DeliveryClock, CountsADeliveryFromTheIntendedTimeAndUncorrectedFromTheSend) {
  Played played;
  const auto before = played.recorder.corrected(Figure::delivery).count();
  played.send_message(10s, 10s + 30ms);
  played.message_arrives(played.adjuster, 10s + 50ms);
  EXPECT_EQ(played.recorder.corrected(Figure::delivery).count(), before + 1);
  EXPECT_EQ(played.recorder.corrected(Figure::delivery).max(), 50ms);
  EXPECT_EQ(played.recorder.uncorrected(Figure::delivery).max(), 20ms);
  EXPECT_EQ(played.recorder.corrected(Figure::lateness).max(), 30ms);
  EXPECT_EQ(played.recorder.corrected(Figure::read_lag).max(), 1ms);
}

TEST(DeliveryClock, AStallAcrossTheHoldsEndShowsInLatenessAndReadLagToo) {
  Played played;
  played.end_hold(11s);
  played.send_message(10s, 14s);
  EXPECT_EQ(played.recorder.corrected(Figure::lateness).max(), 4s);
  const auto lags = played.recorder.corrected(Figure::read_lag).count();
  played.message_arrives(played.adjuster, 15s);
  EXPECT_EQ(played.recorder.corrected(Figure::delivery).max(), 5s);
  EXPECT_EQ(played.recorder.corrected(Figure::read_lag).count(), lags + 1)
      << "it ends a sample of the hold";
  played.auditor.replied(played.garage, played.script.reply("1714500000003.2")->body,
                         {Played::at(15s), 16s});
  EXPECT_EQ(played.recorder.corrected(Figure::reply).max(), 6s);
  EXPECT_EQ(played.recorder.corrected(Figure::read_lag).max(), 1s);
}

TEST(DeliveryClock, ARequestThatWaitedForItsConnectionWasNotSentLate) {
  Played played;
  const auto before = played.recorder.corrected(Figure::lateness).count();
  for (const Action& action : played.script.actions) {
    if (action.kind != Action::Kind::send || !Played::is_message(action)) continue;
    played.auditor.sent(played.garage, {.id = action.id,
                                        .type = "message.send",
                                        .read = false,
                                        .body = &action.body,
                                        .step = "message.send",
                                        .intended = 10s,
                                        .sent = 13s + 2ms,
                                        .held_until = 13s});
  }
  EXPECT_EQ(played.recorder.corrected(Figure::lateness).count(), before + 1);
  EXPECT_EQ(played.recorder.corrected(Figure::lateness).max(), 2ms);
}

TEST(DeliveryClock, TheSeriesHasEveryDelivery) {
  Played played;
  played.send_message(10s, 10s);
  for (const SessionNumber one : {played.adjuster, played.tablet, played.garage}) {
    played.message_arrives(one, 10s + 5ms);
  }
  std::uint64_t deliveries = played.recorder.unclosed().deliveries;
  for (const SecondOfRun& second : played.recorder.seconds()) deliveries += second.deliveries;
  EXPECT_GT(deliveries, 3U);
  EXPECT_EQ(deliveries, played.auditor.counts().deliveries);
}

TEST(DeliveryClock, TakesTheLastMemberWithoutTheSenderWhenItHasIt) {
  Played played;
  const auto& last = played.recorder.corrected(Figure::delivery_last_member);
  const auto before = last.count();
  played.send_message(10s, 10s);
  played.message_arrives(played.adjuster, 10s + 5ms);
  EXPECT_EQ(last.count(), before) << "the adjuster's other session waits";
  played.message_arrives(played.tablet, 10s + 70ms);
  EXPECT_EQ(last.count(), before + 1);
  EXPECT_EQ(last.max(), 70ms);
  played.message_arrives(played.garage, 10s + 900ms);
  EXPECT_EQ(last.count(), before + 1);
  EXPECT_EQ(last.max(), 70ms) << "the sender's own copy does not count";
}

TEST(DeliveryClock, CallsWhatComesAfterAReconnectCatchUp) {
  Played played;
  played.send_message(10s, 10s);
  played.auditor.connection_lost(played.adjuster, Played::at(10s));
  played.message_arrives(played.garage, 10s + 5ms);
  const auto before = played.recorder.corrected(Figure::delivery).count();
  played.auditor.subscribed(played.adjuster, Played::at(12s));
  played.message_arrives(played.adjuster, 13s);
  EXPECT_EQ(played.recorder.corrected(Figure::delivery).count(), before);
  EXPECT_EQ(played.recorder.corrected(Figure::catch_up).max(), 3s);
}

TEST(DeliveryClock, NeverTakesWhatIsWrongAsASample) {
  Played played;
  played.send_message(10s, 10s);
  played.message_arrives(played.garage, 10s + 5ms);
  const auto before = played.recorder.corrected(Figure::delivery).count();
  played.message_arrives(played.garage, 10s + 6ms);
  EXPECT_EQ(played.recorder.corrected(Figure::delivery).count(), before) << "a repeated one";
}

TEST(DeliveryClock, AnUnansweredCommandIsASampleOfTheTimeOut) {
  Played played;
  played.send_message(10s, 10s + 100ms);
  played.auditor.unanswered(played.garage, "1714500000003.2", Played::at(11s));
  EXPECT_EQ(played.recorder.corrected(Figure::reply).max(), 10s + 100ms);
  EXPECT_EQ(played.recorder.uncorrected(Figure::reply).max(), 10s);
  EXPECT_EQ(played.recorder.steps().find("message.send")->second.count(), 1U);
  const auto before = played.recorder.corrected(Figure::reply).count();
  played.auditor.replied(played.garage, played.script.reply("1714500000003.2")->body,
                         {Played::at(25s), 25s});
  EXPECT_EQ(played.recorder.corrected(Figure::reply).count(), before) << "late: counted already";
  EXPECT_EQ(played.auditor.violations_total(), 0U);
}

}  // namespace
}  // namespace claims::storm
