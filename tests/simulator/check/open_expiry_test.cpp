// Messages that expire, and those that must come.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/check/open_topics_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

class OpenTopicsDue : public OpenTopicsHistory {};

// What expires.

TEST_F(OpenTopicsDue, ARetainedOneThatHasExpiredMustNotCome) {
  publishes(ann_, "one", true, 2);
  passes(4'000);
  subscribes(bob_);
  EXPECT_FALSE(is_owed("one"));
  gets_left("one", 0);
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("it had expired, 2 s after it was published"));
}

TEST_F(OpenTopicsDue, WhatIsAboutToExpireMayComeAndMayNot) {
  publishes(ann_, "one", true, 2);
  passes(1'900);
  subscribes(bob_);
  EXPECT_FALSE(is_owed("one"));
  gets_left("one", 1);
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsDue, WhoComesBackGetsNothingThatHasExpired) {
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

TEST_F(OpenTopicsDue, ADeliveryThatWasBegunIsEnded) {
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

TEST_F(OpenTopicsDue, SaysHowLongItHasLeft) {
  publishes(ann_, "one", true, 60);
  passes(10'000);
  subscribes(bob_);
  gets_left("one", 50);
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsDue, DoesNotSayMoreThanIsLeft) {
  publishes(ann_, "one", true, 60);
  passes(10'000);
  subscribes(bob_);
  gets_left("one", 52);
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("says that 52 of 60 s are left, and more have passed"));
}

TEST_F(OpenTopicsDue, DoesNotSayLessThanIsLeft) {
  subscribes(bob_);
  publishes(ann_, "one", false, 60);
  gets_left("one", 40, false);
  EXPECT_THAT(story(), HasSubstr("says that 40 of 60 s are left, and fewer have passed"));
}

TEST_F(OpenTopicsDue, SaysThatItExpires) {
  subscribes(bob_);
  publishes(ann_, "one", false, 60);
  gets(message("one"));
  EXPECT_THAT(story(), HasSubstr("an expiry of 60 s, and does not say what is left"));
}

TEST_F(OpenTopicsDue, WhatDoesNotExpireDoesNotSayThatItDoes) {
  subscribes(bob_);
  publishes(ann_, "one");
  gets_left("one", 60, false);
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("published without an expiry, and says that 60 s are left"));
}

// What is missing.

TEST_F(OpenTopicsDue, ALiveOneMustCome) {
  subscribes(bob_);
  publishes(ann_, "one");
  EXPECT_TRUE(is_owed("one"));
  passes(5'000);
  misses("one");
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("had to get the message \"one\""));
}

TEST_F(OpenTopicsDue, ALaterOneOfItsPublisherMustNotComeFirst) {
  publishes(ann_, "one", true);
  subscribes(bob_);
  publishes(ann_, "two");
  gets(message("two"));
  EXPECT_EQ(told(), 1U);
  EXPECT_THAT(story(), HasSubstr("had to get the retained message \"one\" of adj (김보상) on the "
                                 "topic storm/1/7/notice: \"two\", published later, came first"));
}

TEST_F(OpenTopicsDue, OneOfAnotherPublisherMayComeFirst) {
  subscribes(bob_);
  publishes(ann_, "one");
  publishes(bob_, "two");
  gets(message("two"));
  gets(message("one"));
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsDue, NothingIsDueOverALostConnection) {
  subscribes(bob_);
  publishes(ann_, "one");
  loses(bob_);
  EXPECT_FALSE(is_owed("one"));
  connects(bob_);
  subscribes(bob_);
  misses("one");
  EXPECT_EQ(told(), 0U);
}

TEST_F(OpenTopicsDue, NothingIsDueToWhoHasUnsubscribed) {
  subscribes(bob_);
  const auto number = begins_publish(ann_, "one", false);
  checker().unsubscribe_sent(bob_, kScope, kTopic);
  ends_publish(number);
  EXPECT_FALSE(is_owed("one"));
}

TEST_F(OpenTopicsDue, OfTwoWithOneTextTheOneThatMustComeHas) {
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

TEST_F(OpenTopicsDue, ManyWorkflowsLeaveNothingBehindThatIsJudgedWrongly) {
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
