// Histories of open topics that are right, and the same with one thing wrong.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/check/open_topics_history.h"

namespace claims::storm {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

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

TEST_F(OpenTopicsHistory, WhatWasRefusedTheSecondTimeMayHaveBeenTakenTheFirst) {
  subscribes(bob_);
  const auto number = begins_publish(ann_, "one", false);
  loses(ann_);
  connects(ann_, true);
  checker().publish_sent_again(kScope, number);
  ends_publish(number, false);
  gets(message("one"));
  EXPECT_EQ(told(), 0U);
  EXPECT_FALSE(is_owed("one"));
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

TEST_F(OpenTopicsHistory, WhoHasUnsubscribedGetsNothingThatIsPublishedThen) {
  subscribes(bob_);
  const auto end = checker().unsubscribe_sent(bob_, kScope, kTopic);
  publishes(ann_, "meanwhile");
  checker().unsubscribe_answered(bob_, kScope, kTopic, end, now_);
  passes(100);
  gets(message("meanwhile"));
  EXPECT_EQ(told(), 0U) << story();
  publishes(ann_, "after");
  gets(message("after"));
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("published when the session had unsubscribed"));
  subscribes(bob_);
  checker().unsubscribe_answered(bob_, kScope, kTopic, end, now_);  // Of what was before.
  publishes(ann_, "again");
  gets(message("again"));
  EXPECT_EQ(told(), 1U);
}

TEST_F(OpenTopicsHistory, WhatIsPublishedAndSubscribedAtQos1DoesNotComeAtQos0) {
  subscribes(bob_);
  publishes(ann_, "one");
  auto low = message("one");
  low.qos = 0;
  gets(low);
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("at a lower QoS"));
  begins_subscribe(bob_, "storm/1/7/#");  // At what QoS it is granted is not known yet.
  publishes(ann_, "two");
  low = message("two");
  low.qos = 0;
  gets(low);
  EXPECT_EQ(told(), 1U) << story();
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

TEST_F(OpenTopicsHistory, ALiveCopyThatSaysRetainedMayBeTheLiveOne) {
  subscribes(bob_, kTopic, 0, true);
  publishes(ann_, "one", true);
  subscribes(bob_, kTopic, 0, true);
  gets(retained("one"));
  gets(retained("one"));
  publishes(ann_, "two");
  gets(message("two"));
  EXPECT_EQ(told(), 0U) << story();
}

TEST_F(OpenTopicsHistory, ACopyThatCameBeforePubackIsNotDueAfterIt) {
  subscribes(bob_, kTopic, 0, true);
  const auto number = begins_publish(ann_, "one", true);
  subscribes(bob_, kTopic, 0, true);
  gets(retained("one"));
  ends_publish(number);
  EXPECT_FALSE(is_owed("one"));
  publishes(ann_, "two");
  gets(message("two"));
  EXPECT_EQ(told(), 0U) << story();
}

// More than is kept.

TEST_F(OpenTopicsHistory, MoreSubscriptionsThanAreKeptAreNotJudged) {
  publishes(ann_, "one");
  for (int i = 0; i < 256; ++i) subscribes(bob_, ("storm/1/7/other" + std::to_string(i)).c_str());
  gets(message("one"));
  EXPECT_EQ(told(), 1U) << "not subscribed";
  subscribes(bob_, "storm/1/7/#", 0, true);
  publishes(ann_, "two", true);
  EXPECT_FALSE(is_owed("two"));
  gets(retained("two"));
  gets(message("three"));
  EXPECT_EQ(told(), 1U) << story();
}

TEST_F(OpenTopicsHistory, MoreTopicsThanAreKeptAreNotJudged) {
  subscribes(bob_, "storm/1/7/#");
  publishes(ann_, "one");
  EXPECT_TRUE(is_owed("one"));
  for (int i = 0; i < 256; ++i) {
    const std::string topic = "storm/1/7/t" + std::to_string(i);
    checker().publish_sent(ann_, {.scope = kScope, .topic = topic, .text = "x", .qos = 1}, now_);
  }
  EXPECT_FALSE(is_owed("one"));
  gets({.scope = kScope, .topic = "storm/1/7/t255", .text = "x", .qos = 1});
  EXPECT_EQ(told(), 0U) << story();
}

TEST_F(OpenTopicsHistory, MoreSubscribesThanAreKeptAreNotJudged) {
  for (int i = 0; i < 256; ++i) subscribes(bob_);
  gets(message("one"));
  EXPECT_EQ(told(), 1U) << "nobody published it";
  subscribes(bob_);
  gets(message("one"));
  EXPECT_EQ(told(), 1U) << story();
}

TEST_F(OpenTopicsHistory, OlderMessagesThanAreKeptAreNotJudged) {
  subscribes(bob_);
  publishes(ann_, "one", true);
  for (int i = 0; i < 256; ++i) publishes(ann_, "x" + std::to_string(i));
  publishes(ann_, "one", false);
  gets(retained("one"));  // The first, which is forgotten; the last was not retained.
  EXPECT_EQ(told(), 0U) << story();
}

TEST_F(OpenTopicsHistory, FiltersCoverTopics) {
  publishes(ann_, "one", true);
  subscribes(bob_, "storm/1/7/#");
  gets(retained("one"));
  publishes(ann_, "two");
  gets(message("two"));
  EXPECT_EQ(told(), 0U);
}

}  // namespace
}  // namespace claims::storm
