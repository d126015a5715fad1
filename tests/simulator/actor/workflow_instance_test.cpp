#include "simulator/actor/workflow_instance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/actor/theatre.h"

namespace claims::storm {
namespace {

using ::testing::AllOf;
using testing::Asked;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Play;
using ::testing::SizeIs;
using testing::Theatre;

constexpr Microseconds kMs{1'000};
constexpr Microseconds kSecond{1'000'000};

const std::string kSend = R"({"type":"message.send","room":"r7","text":"안녕하세요"})";
const std::string kSent = R"({"room":"r7","seq":5})";

std::string message(int seq, const std::string& text) {
  return R"({"type":"message","room":"r7","seq":)" + std::to_string(seq) + R"(,"body":{"text":")" +
         text + R"("},"cursor":"c)" + std::to_string(seq) + R"("})";
}

/// Answers every command ok.
void be_agreeable(Theatre& theatre) {
  theatre.on_command = [&theatre](const Asked& asked) { theatre.ok(asked, kSent); };
}

std::string only_story(const Theatre& theatre) {
  const auto& stories = theatre.player.steps().stories();
  EXPECT_THAT(stories, SizeIs(1));
  return stories.empty() ? "" : stories[0].text.en;
}

bool completed(const Theatre& theatre) {
  return theatre.player.progress(theatre.now()).completed == 1;
}

TEST(WorkflowInstance, AnErrorThatWasNotExpectedFailsTheStep) {
  Theatre theatre(Play().send("garage", kSend).proves("CPC-002-1/send").scenario);
  theatre.on_command = [&](const Asked& asked) { theatre.refuse(asked, "unknown_room"); };
  theatre.play();
  EXPECT_THAT(only_story(theatre), AllOf(HasSubstr("test.json:1"), HasSubstr("role garage"),
                                         HasSubstr(theatre.id_of(chat::Role::garage)),
                                         HasSubstr("expected 'message.send' to be answered ok"),
                                         HasSubstr("the error 'unknown_room' came: not so")));
  EXPECT_THAT(theatre.player.steps().stories()[0].text.ko,
              AllOf(HasSubstr("역할 garage"), HasSubstr("오류 'unknown_room'")));
  const ClauseOutcome& clause = theatre.player.steps().clauses().at("CPC-002-1/send");
  EXPECT_EQ(clause.failed, 1U);
  EXPECT_EQ(clause.passed, 0U);
  EXPECT_FALSE(completed(theatre));
}

TEST(WorkflowInstance, AnExpectedErrorIsWhatTheStepWaitsFor) {
  Theatre theatre(Play().send("garage", kSend, "unknown_room").scenario);
  theatre.on_command = [&](const Asked& asked) { theatre.refuse(asked, "unknown_room"); };
  theatre.play();
  EXPECT_EQ(theatre.player.steps().failures(), 0U);
  EXPECT_TRUE(completed(theatre));
}

TEST(WorkflowInstance, OkInPlaceOfAnExpectedErrorFailsTheStep) {
  Theatre theatre(Play().send("garage", kSend, "unknown_room").scenario);
  be_agreeable(theatre);
  theatre.play();
  EXPECT_THAT(only_story(theatre),
              AllOf(HasSubstr("to be refused with 'unknown_room'"), HasSubstr("answered ok")));
}

TEST(WorkflowInstance, NoReplyFailsTheStepAfterTenSeconds) {
  Theatre theatre(Play().send("garage", kSend).scenario);
  theatre.play(Microseconds{9'900'000});
  EXPECT_EQ(theatre.player.steps().failures(), 0U);
  theatre.play(Microseconds{10'200'000});
  EXPECT_THAT(only_story(theatre), HasSubstr("no reply came within 10 s"));
  EXPECT_EQ(theatre.auditor.counts().timeouts, 1U);
}

TEST(WorkflowInstance, AnAwaitThatNothingFulfilsTellsWhatCameInstead) {
  Theatre theatre(Play()
                      .send("garage", kSend)
                      .await("garage", "message", {{"body.text", "'네'"}}, 2 * kSecond)
                      .scenario);
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, kSent);
    theatre.event(asked.user, message(6, "아니요"));
  };
  theatre.play();
  EXPECT_THAT(only_story(theatre),
              AllOf(HasSubstr("test.json:2"), HasSubstr("expected an event 'message' within 2 s"),
                    HasSubstr("body.text was \"아니요\" (expected \"네\")")));
}

TEST(WorkflowInstance, AnEventThatCameBeforeTheAwaitIsTaken) {
  Theatre theatre(Play()
                      .send("garage", kSend)
                      .think("garage", 2 * kSecond)
                      .await("garage", "message", {{"body.text", "'네'"}}, kSecond)
                      .send("garage", kSend)
                      .scenario);
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, kSent);
    if (theatre.asked.size() == 1) theatre.event(asked.user, message(6, "네"));
  };
  theatre.play();
  EXPECT_EQ(theatre.player.steps().failures(), 0U);
  ASSERT_THAT(theatre.asked_of("message.send"), SizeIs(2));
  // It counts from the end of the thinking, since the event was there by then.
  const auto asked = theatre.asked_of("message.send");
  EXPECT_EQ(asked[1].at - asked[0].at, 2 * kSecond + Theatre::kLatency);
}

TEST(WorkflowInstance, EventsAreTakenOnceAndInOrderOfArrival) {
  Theatre theatre(Play()
                      .send("garage", kSend)
                      .think("garage", kSecond)
                      .await("garage", "message")
                      .save("first", "event.seq")
                      .await("garage", "message")
                      .save("second", "event.seq")
                      .check("garage", "first == 6 and second == 7")
                      .await("garage", "message", {}, kSecond)
                      .scenario);
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, kSent);
    theatre.event(asked.user, message(6, "하나"));
    theatre.event(asked.user, message(7, "둘"));
  };
  theatre.play();
  // The third await finds nothing left.
  EXPECT_THAT(only_story(theatre), AllOf(HasSubstr("test.json:6"), HasSubstr("none came")));
}

TEST(WorkflowInstance, ARoleTakesItsRoomsEventsAloneOnceItHasNamedTheRoom) {
  Theatre theatre(Play()
                      .send("garage", kSend)
                      .await("garage", "message", {}, kSecond)
                      .check("garage", "event.room == 'r7'")
                      .scenario);
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, kSent);
    theatre.in(10 * kMs, [&, asked] { theatre.event(asked.user, message(6, "우리 방")); });
  };
  theatre.play();
  EXPECT_EQ(theatre.player.steps().failures(), 0U);
  EXPECT_TRUE(completed(theatre));
}

TEST(WorkflowInstance, AFalseAssertTellsWhatItsNamesStoodFor) {
  Theatre theatre(Play()
                      .send("garage", kSend)
                      .save("seq", "reply.result.seq")
                      .check("garage", "seq == 6")
                      .scenario);
  be_agreeable(theatre);
  theatre.play();
  EXPECT_THAT(only_story(theatre), AllOf(HasSubstr("test.json:2"), HasSubstr("a check"),
                                         HasSubstr("seq == 6"), HasSubstr("seq = 5")));
}

TEST(WorkflowInstance, AReplyIsThereForALaterAssert) {
  Theatre theatre(Play()
                      .send("garage", kSend)
                      .think("garage", kSecond)
                      .check("garage", "reply.result.seq == 5")
                      .scenario);
  be_agreeable(theatre);
  theatre.play();
  EXPECT_EQ(theatre.player.steps().failures(), 0U);
  EXPECT_TRUE(completed(theatre));
}

TEST(WorkflowInstance, AStepAfterAnotherRolesStepWaitsAndCountsFromItsEnd) {
  Theatre theatre(Play()
                      .send("insurer", kSend)
                      .send("garage", R"({"type":"room.read","room":"r7","seq":1})")
                      .after(0)
                      .scenario);
  theatre.on_command = [&](const Asked& asked) {
    if (asked.text("type") == "message.send") {
      theatre.in(300 * kMs, [&, asked] { theatre.ok(asked, kSent); });
    } else {
      theatre.ok(asked, R"({"room":"r7","seq":1,"unread":0})");
    }
  };
  theatre.play();
  const auto sends = theatre.asked_of("message.send");
  const auto reads = theatre.asked_of("room.read");
  ASSERT_THAT(sends, SizeIs(1));
  ASSERT_THAT(reads, SizeIs(1));
  EXPECT_EQ(reads[0].at - sends[0].at, 300 * kMs + Theatre::kLatency);
  // Had it counted from the arrival, it would have been 301 ms late.
  EXPECT_EQ(theatre.recorder.corrected(Figure::lateness).max(), Microseconds{0});
  EXPECT_TRUE(completed(theatre));
}

TEST(WorkflowInstance, AStepAfterAnothersLearnsWhatThatRoleSaved) {
  Play play;
  play.send("insurer", kSend).save("seq", "reply.result.seq");
  play.send("garage", R"({"type":"room.read","room":"r7","seq":"${seq}"})").after(0);
  play.scenario.workflows[0].steps[1].learns = {"seq"};
  Theatre theatre(play.scenario);
  be_agreeable(theatre);
  theatre.play();
  const auto reads = theatre.asked_of("room.read");
  ASSERT_THAT(reads, SizeIs(1));
  EXPECT_EQ(reads[0].body.at("seq").to_number<int>(), 5);
}

TEST(WorkflowInstance, ThinkTimesAreDividedByTheTimeScaleAndNothingElseIs) {
  Play play;
  play.send("garage", kSend).think("garage", 100 * kSecond).send("garage", kSend);
  play.scenario.time_scale = 50;
  Theatre theatre(play.scenario);
  be_agreeable(theatre);
  theatre.play();
  const auto asked = theatre.asked_of("message.send");
  ASSERT_THAT(asked, SizeIs(2));
  EXPECT_EQ(asked[1].at - asked[0].at, 2 * kSecond + Theatre::kLatency);
}

TEST(WorkflowInstance, ALaterStepCountsFromTheTurnThatReadWhatItWaitedFor) {
  Theatre theatre(Play()
                      .send("garage", kSend)
                      .think("garage", kSecond)
                      .send("garage", kSend)
                      .hold(5 * kSecond)
                      .scenario);
  be_agreeable(theatre);
  theatre.tick_delay = 3 * kMs;  // Of the arrival, and of the end of thinking.
  theatre.play();
  const auto asked = theatre.asked_of("message.send");
  ASSERT_THAT(asked, SizeIs(2));
  EXPECT_EQ(asked[1].at - asked[0].at, Theatre::kLatency + kSecond + 3 * kMs);
  // Both were 3 ms late, the second not 6.
  EXPECT_EQ(theatre.recorder.corrected(Figure::lateness).count(), 2U);
  EXPECT_EQ(theatre.recorder.corrected(Figure::lateness).max(), 3 * kMs);
}

TEST(WorkflowInstance, RolesHaveVariablesOfTheirOwnAndShareTheLet) {
  Theatre theatre(Play()
                      .let("receipt", "gen.receipt")
                      .send("garage", R"({"type":"intake.register","receipt":"${receipt}"})")
                      .send("insurer", R"({"type":"intake.register","receipt":"${receipt}"})")
                      .scenario);
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, R"({"room":"r7","created":true,"vehicle":"12가3456"})");
  };
  theatre.play();
  const auto asked = theatre.asked_of("intake.register");
  ASSERT_THAT(asked, SizeIs(2));
  EXPECT_FALSE(asked[0].text("receipt").empty());
  EXPECT_EQ(asked[0].text("receipt"), asked[1].text("receipt"));
  EXPECT_NE(asked[0].user, asked[1].user);
}

}  // namespace
}  // namespace claims::storm
