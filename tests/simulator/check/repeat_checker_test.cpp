#include "simulator/check/repeat_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "simulator/check/auditor.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

constexpr Microseconds kStart{1'000'000};
const std::string kId = "7.1";

/// One user who sends messages to a room that nobody else speaks of.
class Sender {
 public:
  Sender() {
    auditor.expect_repeats();
    auditor.know_user("garage-1", "한빛정비", chat::Role::garage);
    session = auditor.add_session("garage-1");
    auditor.subscribed(session, now());
  }
  void send(const std::string& id) {
    const boost::json::object body{
        {"type", "repair.step"}, {"room", "r1"}, {"step", "in"}, {"id", id}};
    auditor.sent(session, {.id = id,
                           .type = "repair.step",
                           .body = &body,
                           .step = "step",
                           .intended = now().steady,
                           .sent = now().steady});
  }
  void refused(const std::string& id, const std::string& code) {
    const auto reply =
        boost::json::parse(R"({"type":"reply","re":")" + id + R"(","ok":false,"error":{"code":")" +
                           code + R"(","message":{"ko":"오류","en":"error"},"field":"room"}})");
    auditor.replied(session, reply.as_object(), {now(), now().steady});
  }
  Now now() const { return {kStart, Milliseconds{1'700'000'000'000}}; }

  Recorder recorder;
  Auditor auditor{recorder};
  SessionNumber session{};
};

TEST(RepeatChecker, AcceptsTheSameAnswerForEachTimeItWasSent) {
  Sender sender;
  sender.send(kId);
  sender.auditor.repeated(sender.session, kId, sender.session);
  sender.refused(kId, "unknown_room");
  sender.refused(kId, "unknown_room");
  sender.auditor.repeated(sender.session, kId,
                          sender.session);  // Once more, after it was answered.
  sender.refused(kId, "unknown_room");
  EXPECT_EQ(sender.auditor.violations_total(), 0U);
}

TEST(RepeatChecker, TellsAnAnswerThatIsAnother) {
  Sender sender;
  sender.send(kId);
  sender.auditor.repeated(sender.session, kId, sender.session);
  sender.refused(kId, "unknown_room");
  sender.refused(kId, "not_permitted");
  EXPECT_EQ(sender.auditor.violations(Checker::outcome), 1U);
  EXPECT_EQ(sender.auditor.violations_total(), 1U);
  EXPECT_THAT(sender.auditor.stories()[0].en, HasSubstr("7.1 again under its id"));
  EXPECT_THAT(sender.auditor.stories()[0].en, HasSubstr("not_permitted"));
}

TEST(RepeatChecker, AnotherSessionOfTheUserGetsTheSameAnswer) {
  Sender sender;
  const SessionNumber phone = sender.auditor.add_session("garage-1");
  sender.auditor.subscribed(phone, sender.now());
  sender.send(kId);
  sender.refused(kId, "unknown_room");
  sender.auditor.repeated(phone, kId, sender.session);
  sender.auditor.repeated(phone, kId, sender.session);
  sender.session = phone;
  sender.refused(kId, "unknown_room");
  EXPECT_EQ(sender.auditor.violations_total(), 0U);
  sender.refused(kId, "not_permitted");
  EXPECT_EQ(sender.auditor.violations(Checker::devices_in_step), 1U);
  EXPECT_EQ(sender.auditor.violations_total(), 1U);
  sender.refused(kId, "unknown_room");  // Nobody asked a third time.
  EXPECT_EQ(sender.auditor.violations(Checker::devices_in_step), 2U);
}

TEST(RepeatChecker, LeavesAnAnswerTooManyToTheAuditor) {
  Sender sender;
  sender.send(kId);
  sender.refused(kId, "unknown_room");
  sender.refused(kId, "unknown_room");
  EXPECT_EQ(sender.auditor.violations(Checker::well_formed), 1U);
}

TEST(RepeatChecker, WaitsForNoAnswerOfAConnectionThatWasLost) {
  Sender sender;
  sender.send(kId);
  sender.auditor.repeated(sender.session, kId, sender.session);
  sender.refused(kId, "unknown_room");
  sender.auditor.connection_lost(sender.session, sender.now());
  sender.auditor.subscribed(sender.session, sender.now());
  sender.send("7.2");
  sender.auditor.repeated(sender.session, "7.2", sender.session);
  sender.refused("7.2", "unknown_room");
  sender.refused("7.2", "unknown_room");
  EXPECT_EQ(sender.auditor.violations_total(), 0U);
}

TEST(RepeatChecker, KnowsAnAnswerThatComesBehindTheNextCommand) {
  Sender sender;
  sender.send(kId);
  sender.auditor.repeated(sender.session, kId, sender.session);
  sender.refused(kId, "unknown_room");
  sender.send("7.2");
  sender.refused(kId, "not_permitted");
  EXPECT_EQ(sender.auditor.violations(Checker::outcome), 1U);
}

}  // namespace
}  // namespace claims::storm
