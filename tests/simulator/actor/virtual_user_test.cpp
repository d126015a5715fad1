#include "simulator/actor/virtual_user.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/simulator/actor/theatre.h"

namespace claims::storm {
namespace {

using testing::Asked;
using testing::Play;
using ::testing::SizeIs;
using testing::Theatre;

constexpr Microseconds kMs{1'000};
constexpr Microseconds kSecond{1'000'000};

const std::string kSend = R"({"type":"message.send","room":"r7","text":"안녕하세요"})";
const std::string kSent = R"({"room":"r7","seq":5})";
const std::string kEvent =
    R"({"type":"message","room":"r7","seq":6,"body":{"text":"네"},"cursor":"c6"})";

TEST(VirtualUser, ComesBackAfterACutSyncsAndAsksAgainWithTheSameId) {
  Theatre theatre(
      Play().send("garage", kSend).await("garage", "message").send("garage", kSend).scenario);
  const std::string garage = theatre.id_of(chat::Role::garage);
  theatre.on_command = [&](const Asked& asked) {
    const auto sends = theatre.asked_of("message.send").size();
    if (asked.text("type") == "sync") {
      theatre.ok(asked, R"({"cursor":"c6"})");
    } else if (sends == 1) {
      theatre.ok(asked, kSent);
      theatre.event(garage, kEvent);
    } else if (sends == 2) {
      theatre.cut(garage);  // In place of an answer.
    } else {
      theatre.ok(asked, kSent);
    }
  };
  theatre.play();
  EXPECT_EQ(std::count(theatre.subscribed.begin(), theatre.subscribed.end(), garage), 2);
  const auto syncs = theatre.asked_of("sync");
  ASSERT_THAT(syncs, SizeIs(1));
  EXPECT_EQ(syncs[0].text("cursor"), "c6");
  const auto sends = theatre.asked_of("message.send");
  ASSERT_THAT(sends, SizeIs(3));
  EXPECT_EQ(sends[1].text("id"), "1700000000000.2");
  EXPECT_EQ(sends[2].text("id"), "1700000000000.2");
  EXPECT_EQ(sends[2].body, sends[1].body);
  EXPECT_GT(sends[2].at, syncs[0].at - kMs);
  EXPECT_EQ(theatre.player.steps().failures(), 0U);
  EXPECT_EQ(theatre.player.progress(theatre.now()).completed, 1U);
  EXPECT_EQ(theatre.player.progress(theatre.now()).connections_lost, 1U);
}

TEST(VirtualUser, AReadReceiptMovesNoCursorAndCanBeAwaited) {
  const std::string receipt =
      R"({"type":"read","room":"r7","at":1,"user":{"id":"a","name":"b"},"seq":6})";
  Theatre theatre(Play()
                      .send("garage", kSend)
                      .await("garage", "message")
                      .await("garage", "read")
                      .send("garage", kSend)
                      .scenario);
  const std::string garage = theatre.id_of(chat::Role::garage);
  theatre.on_command = [&](const Asked& asked) {
    const auto sends = theatre.asked_of("message.send").size();
    if (asked.text("type") == "sync") {
      theatre.ok(asked, R"({"cursor":"c6"})");
    } else if (sends == 1) {
      theatre.ok(asked, kSent);
      theatre.event(garage, kEvent);
      theatre.event(garage, receipt);
    } else if (sends == 2) {
      theatre.cut(garage);
    } else {
      theatre.ok(asked, kSent);
    }
  };
  theatre.play();
  const auto syncs = theatre.asked_of("sync");
  ASSERT_THAT(syncs, SizeIs(1));
  EXPECT_EQ(syncs[0].text("cursor"), "c6") << "of the event, not of the receipt";
  EXPECT_EQ(theatre.player.progress(theatre.now()).completed, 1U);
}

TEST(VirtualUser, AReadReceiptDuringASyncIsNotLost) {
  const std::string receipt =
      R"({"type":"read","room":"r7","at":1,"user":{"id":"a","name":"b"},"seq":6})";
  Theatre theatre(Play()
                      .send("garage", kSend)
                      .await("garage", "message")
                      .send("garage", kSend)
                      .await("garage", "read")
                      .scenario);
  const std::string garage = theatre.id_of(chat::Role::garage);
  theatre.on_command = [&](const Asked& asked) {
    const auto sends = theatre.asked_of("message.send").size();
    if (asked.text("type") == "sync") {
      theatre.event(garage, receipt);  // Before the answer.
      theatre.ok(asked, R"({"cursor":"c6"})");
    } else if (sends == 1) {
      theatre.ok(asked, kSent);
      theatre.event(garage, kEvent);
    } else if (sends == 2) {
      theatre.cut(garage);
    } else {
      theatre.ok(asked, kSent);
    }
  };
  theatre.play();
  EXPECT_EQ(theatre.player.progress(theatre.now()).completed, 1U);
}

TEST(VirtualUser, ACommandThatWasGivenUpIsStillRepeatedSoThatNoNumberIsMissing) {
  Theatre theatre(Play().send("garage", kSend).hold(20 * kSecond).scenario);
  const std::string garage = theatre.id_of(chat::Role::garage);
  theatre.in(Microseconds{10'500'000}, [&] { theatre.cut(garage); });
  theatre.play(Microseconds{12'000'000});
  // The step failed after 10 s; the run goes on, and so does the user's count.
  EXPECT_EQ(theatre.player.steps().failures(), 1U);
  const auto sends = theatre.asked_of("message.send");
  ASSERT_THAT(sends, SizeIs(2));
  EXPECT_EQ(sends[0].text("id"), sends[1].text("id"));
}

TEST(VirtualUser, TriesAgainLessAndLessOften) {
  Theatre theatre(Play().send("garage", kSend).hold(30 * kSecond).scenario);
  const std::string garage = theatre.id_of(chat::Role::garage);
  theatre.in(100 * kMs, [&] {
    theatre.accepts_connections = false;
    theatre.cut(garage);
  });
  theatre.in(Microseconds{20'000'000}, [&] { theatre.accepts_connections = true; });
  theatre.play();
  EXPECT_EQ(std::count(theatre.subscribed.begin(), theatre.subscribed.end(), garage), 2);
  // From 0.1 s doubling to 5 s, each between half and the whole: 20 s are over after 8 to 15.
  const auto attempts = std::count(theatre.opened.begin(), theatre.opened.end(), garage);
  EXPECT_GE(attempts, 8);
  EXPECT_LE(attempts, 16);
}

TEST(VirtualUser, ACommandThatIsNotWellFormedUsesUpNoNumber) {
  Play play;
  play.send("garage", R"({"type":"message.send","room":7,"text":"x"})", "bad_field")
      .send("garage", kSend)
      .send("garage", R"({"type":"message.send","room":8,"text":"x"})", "bad_field");
  auto& last = std::get<SendStep>(play.scenario.workflows[0].steps[2].action);
  last.uncounted = true;
  play.send("garage", kSend);
  Theatre theatre(play.scenario);
  theatre.on_command = [&](const Asked& asked) {
    if (asked.body.at("room").is_string()) {
      theatre.ok(asked, kSent);
    } else {
      theatre.refuse(asked, "bad_field");
    }
  };
  theatre.play();
  const auto sends = theatre.asked_of("message.send");
  ASSERT_THAT(sends, SizeIs(4));
  EXPECT_EQ(sends[0].text("id"), "1700000000000.1");
  EXPECT_EQ(sends[1].text("id"), "1700000000000.1");
  EXPECT_EQ(sends[2].text("id"), "1700000000000.1099511627777");
  EXPECT_EQ(sends[3].text("id"), "1700000000000.2");
}

TEST(VirtualUser, ADueSendWaitsForTheConnectionAndKeepsItsIntendedTime) {
  Theatre theatre(
      Play().send("garage", kSend).think("garage", 10 * kMs).send("garage", kSend).scenario);
  const std::string garage = theatre.id_of(chat::Role::garage);
  Microseconds cut{0};
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, kSent);
    if (theatre.asked.size() > 1) return;
    theatre.in(5 * kMs, [&] {
      cut = theatre.now().steady;
      theatre.cut(garage);
    });
  };
  theatre.play();
  const auto sends = theatre.asked_of("message.send");
  ASSERT_THAT(sends, SizeIs(2));
  EXPECT_GE(sends[1].at - cut, 50 * kMs);  // The least back-off.
  // Its reply counts from when it would have been sent: 6 ms after the cut.
  const auto reply = theatre.recorder.corrected(Figure::reply).max();
  ASSERT_TRUE(reply);
  EXPECT_GE(*reply, 44 * kMs);
}

}  // namespace
}  // namespace claims::storm
