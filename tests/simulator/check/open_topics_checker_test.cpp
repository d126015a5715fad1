// Histories of open topics that are right, and the same with one thing wrong.

#include "simulator/check/open_topics_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/measure/recorder.h"

namespace claims::storm {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::uint64_t kScope = 7;
constexpr const char* kTopic = "storm/1/7/notice";

/// Two users with a session each, and a clock. What is sent is answered a tenth of a second later,
/// unless the test does both by itself.
class OpenTopicsHistory : public testing::Test {
 protected:
  OpenTopicsHistory() {
    auditor_.know_user("adj", "김보상", chat::Role::adjuster, "ins-01");
    auditor_.know_user("gar", "한빛정비", chat::Role::garage);
    ann_ = auditor_.add_session("adj");
    bob_ = auditor_.add_session("gar");
    connects(ann_);
    connects(bob_);
  }

  audit::OpenTopicsChecker& checker() { return auditor_.open_topics(); }
  void passes(std::int64_t ms) { now_ += Microseconds{ms * 1'000}; }

  void connects(SessionNumber session, bool resumed = false) {
    const Microseconds sent = now_;
    passes(100);
    checker().connected(session, resumed, sent, now_);
  }
  void loses(SessionNumber session) {
    checker().connection_lost(session);
    passes(1);
  }

  audit::OpenNumber begins_publish(SessionNumber session, std::string_view text, bool retain,
                                   std::uint32_t expiry_s = 0) {
    const auto number = checker().publish_sent(session,
                                               {.scope = kScope,
                                                .topic = kTopic,
                                                .text = text,
                                                .qos = 1,
                                                .retain = retain,
                                                .expiry_s = expiry_s},
                                               now_);
    passes(100);
    return number;
  }
  void ends_publish(audit::OpenNumber number, bool taken = true) {
    checker().publish_answered(kScope, number, taken, now_);
    passes(100);
  }
  void publishes(SessionNumber session, std::string_view text, bool retain = false,
                 std::uint32_t expiry_s = 0) {
    ends_publish(begins_publish(session, text, retain, expiry_s));
  }

  audit::OpenNumber begins_subscribe(SessionNumber session, const char* filter = kTopic,
                                     std::uint8_t handling = 0, bool as_published = false) {
    const auto number = checker().subscribe_sent(session,
                                                 {.scope = kScope,
                                                  .filter = filter,
                                                  .qos = 1,
                                                  .retain_handling = handling,
                                                  .retain_as_published = as_published},
                                                 now_);
    passes(100);
    return number;
  }
  void ends_subscribe(SessionNumber session, audit::OpenNumber number) {
    checker().subscribe_answered(session, kScope, number, true, now_);
    passes(100);
  }
  void subscribes(SessionNumber session, const char* filter = kTopic, std::uint8_t handling = 0,
                  bool as_published = false) {
    ends_subscribe(session, begins_subscribe(session, filter, handling, as_published));
  }

  audit::OpenDelivery message(std::string_view text, bool retain = false) const {
    return {.scope = kScope, .topic = kTopic, .text = text, .qos = 1, .retain = retain};
  }
  audit::OpenDelivery retained(std::string_view text) const { return message(text, true); }
  void gets(SessionNumber session, const audit::OpenDelivery& delivery) {
    checker().delivered(session, delivery, now_);
    passes(10);
  }
  void gets(const audit::OpenDelivery& delivery) { gets(bob_, delivery); }
  void gets_left(std::string_view text, std::uint32_t left_s, bool retain = true) {
    auto delivery = message(text, retain);
    delivery.expiry_s = left_s;
    gets(delivery);
  }
  void misses(std::string_view text) {
    checker().missed(bob_, {.scope = kScope, .filter = kTopic, .text = text}, now_);
  }
  bool is_owed(std::string_view text) {
    return checker().owes(bob_, {.scope = kScope, .filter = kTopic, .text = text}, now_);
  }

  std::uint64_t told() const {
    EXPECT_EQ(auditor_.violations_total(), auditor_.violations(Checker::open_topics));
    return auditor_.violations_total();
  }
  std::string story() const { return auditor_.stories().empty() ? "" : auditor_.stories()[0].en; }

  Recorder recorder_;
  Auditor auditor_{recorder_};
  SessionNumber ann_{}, bob_{};
  Microseconds now_{1'000'000'000};
};

// What comes.

TEST_F(OpenTopicsHistory, WhoHasSubscribedGetsEachMessageOnce) {
  subscribes(bob_);
  publishes(ann_, "one");
  gets(message("one"));
  EXPECT_EQ(told(), 0U);
  gets(message("one"));
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), AllOf(HasSubstr("gar (한빛정비) got \"one\" of adj (김보상) on the topic "
                                       "storm/1/7/notice"),
                             HasSubstr("more often than it was sent")));
  EXPECT_THAT(auditor_.stories()[0].ko, HasSubstr("보낸 횟수보다 더 자주 왔습니다"));
}

TEST_F(OpenTopicsHistory, WhatNobodyPublishedIsInvented) {
  subscribes(bob_);
  publishes(ann_, "one");
  gets(message("two"));
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("nobody published that there"));
}

TEST_F(OpenTopicsHistory, WhatWasRefusedWasNotPublished) {
  subscribes(bob_);
  ends_publish(begins_publish(ann_, "one", false), false);
  gets(message("one"));
  EXPECT_THAT(story(), HasSubstr("nobody published that there"));
}

TEST_F(OpenTopicsHistory, WhoHasNotSubscribedGetsNothing) {
  publishes(ann_, "one");
  gets(message("one"));
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("to which it has not subscribed"));
  gets({.scope = 99, .topic = "storm/1/99/x", .text = "x"});  // Of a workflow that never was.
  EXPECT_EQ(told(), 2U);
}

TEST_F(OpenTopicsHistory, WhatIsSentAgainMayComeAgain) {
  subscribes(bob_);
  const auto number = begins_publish(ann_, "one", false);
  loses(ann_);
  connects(ann_, true);
  checker().publish_sent_again(kScope, number);
  ends_publish(number);
  gets(message("one"));
  gets(message("one"));
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsHistory, DupIsForSessionsThatGoOn) {
  subscribes(bob_);
  publishes(ann_, "one");
  auto again = message("one");
  again.dup = true;
  gets(message("one"));
  loses(bob_);
  connects(bob_, true);
  gets(again);
  EXPECT_EQ(told(), 0U);
  loses(bob_);
  connects(bob_);
  subscribes(bob_);
  gets(again);
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("DUP"));
}

TEST_F(OpenTopicsHistory, ALateSubscriberGetsNothingLive) {
  publishes(ann_, "one");
  subscribes(bob_);
  gets(message("one"));
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("published before the session subscribed"));
}

// Retained messages.

TEST_F(OpenTopicsHistory, WhatIsRetainedComesAndSaysSo) {
  publishes(ann_, "one", true);
  subscribes(bob_);
  EXPECT_TRUE(is_owed("one"));
  gets(retained("one"));
  EXPECT_FALSE(is_owed("one"));
  misses("one");
  EXPECT_EQ(told(), 0U);
  gets(retained("one"));  // A second time, for one SUBSCRIBE.
  EXPECT_EQ(told(), 1U);
}

TEST_F(OpenTopicsHistory, WhatWasNotRetainedDoesNotSaySo) {
  subscribes(bob_);
  publishes(ann_, "one");
  gets(retained("one"));
  EXPECT_THAT(story(), HasSubstr("was not published as such"));
}

TEST_F(OpenTopicsHistory, AReplacedOneMustNotCome) {
  publishes(ann_, "one", true);
  publishes(ann_, "two", true);
  subscribes(bob_);
  gets(retained("two"));
  EXPECT_EQ(told(), 0U);
  gets(retained("one"));
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("replaced or cleared before"));
}

TEST_F(OpenTopicsHistory, AClearedOneMustNotCome) {
  publishes(ann_, "one", true);
  publishes(ann_, "", true);
  subscribes(bob_);
  EXPECT_FALSE(is_owed("one"));
  gets(retained("one"));
  EXPECT_THAT(story(), HasSubstr("replaced or cleared before"));
}

TEST_F(OpenTopicsHistory, OneThatIsBeingReplacedMayCome) {
  publishes(ann_, "one", true);
  const auto number = begins_publish(ann_, "two", true);
  subscribes(bob_);
  ends_publish(number);
  EXPECT_FALSE(is_owed("one"));
  EXPECT_FALSE(is_owed("two"));
  gets(retained("one"));
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsHistory, WhatWasNotAnsweredMayReplaceUntilItsClientConnectsAnew) {
  publishes(ann_, "one", true);
  const auto lost = begins_publish(ann_, "two", true);
  loses(ann_);
  subscribes(bob_);
  gets(retained("one"));
  connects(ann_);
  checker().publish_lost(kScope, lost, now_);
  publishes(ann_, "three", true);
  EXPECT_EQ(told(), 0U);
  loses(bob_);
  connects(bob_);
  subscribes(bob_);
  gets(retained("three"));
  EXPECT_EQ(told(), 0U);
  gets(retained("two"));
  EXPECT_EQ(told(), 1U);
}

TEST_F(OpenTopicsHistory, OneThatIsThereMustCome) {
  publishes(ann_, "one", true);
  subscribes(bob_);
  passes(5'000);
  misses("one");
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), AllOf(HasSubstr("had to get the retained message \"one\" of adj (김보상)"),
                             HasSubstr("waited for and did not come")));
  misses("one");  // Told once.
  EXPECT_EQ(told(), 1U);
}

TEST_F(OpenTopicsHistory, OneThatMayBeGoneNeedNotCome) {
  publishes(ann_, "one", true);
  loses(ann_);  // Perhaps because the server is gone, and what it kept in memory.
  connects(ann_);
  subscribes(bob_);
  EXPECT_FALSE(is_owed("one"));
  publishes(ann_, "two", true);
  checker().server_restarted();
  loses(bob_);
  connects(bob_);
  subscribes(bob_);
  EXPECT_FALSE(is_owed("two"));
  misses("two");
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsHistory, NoneIsDueToWhoAsksForNone) {
  publishes(ann_, "one", true);
  subscribes(bob_, kTopic, 2);
  EXPECT_FALSE(is_owed("one"));
  gets(retained("one"));
  EXPECT_EQ(told(), 1U);
}

TEST_F(OpenTopicsHistory, RetainAsPublishedIsKeptLive) {
  subscribes(bob_, kTopic, 0, true);
  publishes(ann_, "one", true);
  gets(retained("one"));
  EXPECT_EQ(told(), 0U);
  publishes(ann_, "two", true);
  gets(message("two"));
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("does not say so, though that was asked for"));
}

TEST_F(OpenTopicsHistory, FiltersCoverTopics) {
  publishes(ann_, "one", true);
  subscribes(bob_, "storm/1/7/#");
  gets(retained("one"));
  publishes(ann_, "two");
  gets(message("two"));
  EXPECT_EQ(told(), 0U);
}

// What expires.

TEST_F(OpenTopicsHistory, ARetainedOneThatHasExpiredMustNotCome) {
  publishes(ann_, "one", true, 2);
  passes(4'000);
  subscribes(bob_);
  EXPECT_FALSE(is_owed("one"));
  gets_left("one", 0);
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("it had expired, 2 s after it was published"));
}

TEST_F(OpenTopicsHistory, WhatIsAboutToExpireMayComeAndMayNot) {
  publishes(ann_, "one", true, 2);
  passes(1'900);
  subscribes(bob_);
  EXPECT_FALSE(is_owed("one"));
  gets_left("one", 1);
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsHistory, WhoComesBackGetsNothingThatHasExpired) {
  subscribes(bob_);
  loses(bob_);
  publishes(ann_, "brief", false, 1);
  publishes(ann_, "lasting", false, 60);
  passes(3'000);
  connects(bob_, true);
  gets_left("lasting", 58, false);
  EXPECT_EQ(told(), 0U);
  gets_left("brief", 0, false);
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("it had expired, 1 s"));
}

TEST_F(OpenTopicsHistory, ADeliveryThatWasBegunIsEnded) {
  subscribes(bob_);
  publishes(ann_, "brief", false, 1);
  loses(bob_);
  passes(5'000);
  connects(bob_, true);
  auto again = message("brief");
  again.dup = true;
  again.expiry_s = 0;
  gets(again);
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsHistory, SaysHowLongItHasLeft) {
  publishes(ann_, "one", true, 60);
  passes(10'000);
  subscribes(bob_);
  gets_left("one", 50);
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsHistory, DoesNotSayMoreThanIsLeft) {
  publishes(ann_, "one", true, 60);
  passes(10'000);
  subscribes(bob_);
  gets_left("one", 52);
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("says that 52 of 60 s are left, and more have passed"));
}

TEST_F(OpenTopicsHistory, DoesNotSayLessThanIsLeft) {
  subscribes(bob_);
  publishes(ann_, "one", false, 60);
  gets_left("one", 40, false);
  EXPECT_THAT(story(), HasSubstr("says that 40 of 60 s are left, and fewer have passed"));
}

TEST_F(OpenTopicsHistory, SaysThatItExpires) {
  subscribes(bob_);
  publishes(ann_, "one", false, 60);
  gets(message("one"));
  EXPECT_THAT(story(), HasSubstr("an expiry of 60 s, and does not say what is left"));
}

// What is missing.

TEST_F(OpenTopicsHistory, ALiveOneMustCome) {
  subscribes(bob_);
  publishes(ann_, "one");
  EXPECT_TRUE(is_owed("one"));
  passes(5'000);
  misses("one");
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("had to get the message \"one\""));
}

TEST_F(OpenTopicsHistory, ALaterOneOfItsPublisherMustNotComeFirst) {
  publishes(ann_, "one", true);
  subscribes(bob_);
  publishes(ann_, "two");
  gets(message("two"));
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("had to get the retained message \"one\" of adj (김보상) on the "
                                 "topic storm/1/7/notice: \"two\", published later, came first"));
}

TEST_F(OpenTopicsHistory, OneOfAnotherPublisherMayComeFirst) {
  subscribes(bob_);
  publishes(ann_, "one");
  publishes(bob_, "two");
  gets(message("two"));
  gets(message("one"));
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsHistory, NothingIsDueOverALostConnection) {
  subscribes(bob_);
  publishes(ann_, "one");
  loses(bob_);
  EXPECT_FALSE(is_owed("one"));
  connects(bob_);
  subscribes(bob_);
  misses("one");
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsHistory, NothingIsDueToWhoHasUnsubscribed) {
  subscribes(bob_);
  const auto number = begins_publish(ann_, "one", false);
  checker().unsubscribe_sent(bob_, kScope, kTopic);
  ends_publish(number);
  EXPECT_FALSE(is_owed("one"));
}

TEST_F(OpenTopicsHistory, OfTwoWithOneTextTheOneThatMustComeHas) {
  subscribes(bob_);
  const auto lost = begins_publish(ann_, "one", false);
  loses(ann_);
  connects(ann_);
  checker().publish_lost(kScope, lost, now_);
  const auto again = begins_publish(ann_, "one", false);
  gets(message("one"));  // Before PUBACK.
  ends_publish(again);
  EXPECT_FALSE(is_owed("one"));
  gets(message("one"));  // The first had got there, too.
  EXPECT_EQ(told(), 0U);
  gets(message("one"));
  EXPECT_EQ(told(), 1U);
}

TEST_F(OpenTopicsHistory, ManyWorkflowsLeaveNothingBehindThatIsJudgedWrongly) {
  for (std::uint64_t scope = 100; scope < 1'000; ++scope) {
    const auto number =
        checker().publish_sent(ann_, {.scope = scope, .topic = "t", .text = "x", .qos = 1}, now_);
    checker().publish_answered(scope, number, true, now_);
    checker().end(scope);
  }
  gets({.scope = 100, .topic = "t", .text = "x", .qos = 1});  // Long forgotten.
  EXPECT_EQ(told(), 0U);
  gets({.scope = 999, .topic = "t", .text = "x", .qos = 1});
  EXPECT_EQ(told(), 1U);
}

}  // namespace
}  // namespace claims::storm
