// Steps with open topics, and what is wrong with them, told at its place.

#include <gmock/gmock.h>

#include "simulator/scenario/open_topic.h"
#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

using ::testing::AllOf;
using testing::Draft;
using ::testing::ElementsAre;
using testing::errors_of;
using testing::errors_of_steps;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string garage(const std::string& action) {
  return R"({"role": "garage", )" + action + "}";
}

std::vector<std::string> errors_of_step(const std::string& action) {
  return errors_of_steps({garage(action)});
}

TEST(OpenSteps, AreLoaded) {
  const testing::Folder folder;
  Draft draft;
  draft.steps = {
      garage(
          R"("subscribe": {"topic": "a/#", "qos": 0, "retain_handling": 2, "retain_as_published": true})"),
      garage(
          R"("publish": {"topic": "a/b", "text": "${receipt}", "retain": true, "expiry": "2m"})"),
      garage(R"("receive": {"topic": "a/+", "retained": false}, "within": "3s")"),
      garage(R"("receive_none": {"topic": "a/b", "text": "x"}, "within": "200ms")"),
      garage(R"("unsubscribe": {"topic": "a/#"})"),
      garage(R"("away": "3s")"),
      garage(R"("pause": "1500ms")")};
  const auto loaded = load_scenario(folder.write("s.json", draft.text()));
  ASSERT_TRUE(loaded) << to_string(loaded.error()[0]);
  EXPECT_TRUE(uses_open_topics(*loaded));
  const auto& steps = loaded->workflows[0].steps;
  const auto& subscribe = std::get<OpenStep>(steps[0].action);
  EXPECT_EQ(steps[0].name, "subscribe");
  EXPECT_EQ(subscribe.qos, 0);
  EXPECT_EQ(subscribe.retain_handling, 2);
  EXPECT_TRUE(subscribe.retain_as_published);
  const auto& publish = std::get<OpenStep>(steps[1].action);
  EXPECT_EQ(publish.qos, 1);
  EXPECT_TRUE(publish.retain);
  EXPECT_EQ(publish.expiry_s, 120U);
  EXPECT_EQ(std::get<OpenStep>(steps[2].action).retained, false);
  EXPECT_EQ(std::get<OpenStep>(steps[2].action).within, Microseconds{3'000'000});
  EXPECT_EQ(std::get<OpenStep>(steps[5].action).within, Microseconds{3'000'000});
  EXPECT_FALSE(std::get<ThinkStep>(steps[6].action).scaled);
}

TEST(OpenSteps, ASmallScenarioUsesNone) {
  const testing::Folder folder;
  const auto loaded = load_scenario(folder.write("s.json", Draft().text()));
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(uses_open_topics(*loaded));
}

TEST(OpenSteps, RolesThatOneUserMayPlayDoNotBothSubscribe) {
  const testing::Folder folder;
  Draft draft;
  draft.roles =
      R"({"a": {"is": "adjuster"}, "b": {"is": "adjuster", "other_than": "a"}, "x": {"is": "insurer", "of": "a"}, "y": {"is": "insurer", "of": "b"}, "garage": {"is": "garage"}})";
  const auto subscribes = [](const std::string& role) {
    return R"({"role": ")" + role + R"(", "subscribe": {"topic": "t"}})";
  };
  draft.steps = {subscribes("a"), subscribes("b"), subscribes("x"), garage(R"("away": "3s")")};
  EXPECT_THAT(errors_of(draft), IsEmpty());
  draft.steps = {subscribes("x"), garage(R"("away": "3s")"),
                 R"({"role": "y", "unsubscribe": {"topic": "t"}})"};
  EXPECT_THAT(errors_of(draft),
              ElementsAre(AllOf(HasSubstr("s.json:16: "),
                                HasSubstr("open topics of \"y\" and \"x\", whom one user may play"),
                                HasSubstr("roles of which one is \"other_than\" the other"))));
}

TEST(OpenSteps, TopicsAreNotTheChats) {
  for (const char* topic : {"aos", "aos/v1/x/cmd", "$SYS/x"}) {
    EXPECT_THAT(
        errors_of_step(R"("publish": {"text": "x", "topic": ")" + std::string(topic) + "\"}"),
        ElementsAre(AllOf(HasSubstr("s.json:14: /workflows/0/steps/0/publish/topic: found"),
                          HasSubstr("begins with neither aos nor $"))))
        << topic;
  }
  EXPECT_THAT(errors_of_step(R"("publish": {"text": "x", "topic": "aosta"})"), IsEmpty());
}

TEST(OpenSteps, WildcardsAreForFilters) {
  EXPECT_THAT(errors_of_step(R"("publish": {"text": "x", "topic": "a/+"})"),
              ElementsAre(HasSubstr("a topic without + and #")));
  for (const char* filter : {"a/#/b", "a+", "#a"}) {
    EXPECT_THAT(errors_of_step(R"("subscribe": {"topic": ")" + std::string(filter) + "\"}"),
                ElementsAre(HasSubstr("a filter in which + and # stand alone")))
        << filter;
  }
  EXPECT_THAT(errors_of_step(R"("subscribe": {"topic": ""})"),
              ElementsAre(HasSubstr("a topic of 1 to 200 bytes")));
}

TEST(OpenSteps, ValuesHaveTheirBounds) {
  EXPECT_THAT(errors_of_step(R"("subscribe": {"topic": "a", "qos": 2})"),
              ElementsAre(HasSubstr("/subscribe/qos: found 2, allowed: an integer from 0 to 1")));
  EXPECT_THAT(errors_of_step(R"("publish": {"topic": "a", "text": "x", "expiry": "1500ms"})"),
              ElementsAre(HasSubstr("whole seconds")));
  EXPECT_THAT(errors_of_step(R"("publish": {"topic": "a", "text": "x", "expiry": "500ms"})"),
              ElementsAre(HasSubstr("from 1s to")));
  EXPECT_THAT(errors_of_step(R"("publish": {"topic": "a", "text": "x", "retain": 1})"),
              ElementsAre(HasSubstr("/publish/retain: found 1, allowed: true or false")));
  EXPECT_THAT(errors_of_step(R"("publish": {"topic": "a"})"),
              ElementsAre(HasSubstr("/publish/text: found nothing")));
  EXPECT_THAT(
      errors_of_step(R"("publish": {"topic": "a", "text": ")" + std::string(4'001, 'x') + "\"}"),
      ElementsAre(HasSubstr("at most 4000 bytes")));
  EXPECT_THAT(errors_of_step(R"("receive_none": {"topic": "a"})"),
              ElementsAre(HasSubstr("how long nothing must come")));
  EXPECT_THAT(errors_of_step(R"("subscribe": {"topic": "a", "retained": true})"),
              ElementsAre(HasSubstr("found the key \"retained\"")));
  EXPECT_THAT(errors_of_step(R"("away": "20m")"), ElementsAre(HasSubstr("from 1ms to 10m")));
  EXPECT_THAT(errors_of_step(R"("pause": "1s..2s")"), ElementsAre(HasSubstr("/pause: found")));
}

TEST(OpenSteps, NamesAreChecked) {
  EXPECT_THAT(errors_of_step(R"("publish": {"topic": "a/${rom}", "text": "x"})"),
              ElementsAre(HasSubstr("found the name 'rom'")));
}

TEST(OpenSteps, WhatThe311HasNoWordForNeeds50) {
  Draft draft;
  draft.more = R"(, "mqtt": "3.1.1")";
  draft.steps = {garage(R"("publish": {"topic": "a", "text": "x", "expiry": "2s"})"),
                 garage(R"("publish": {"topic": "a", "text": "x", "retain": true})")};
  EXPECT_THAT(errors_of(draft),
              ElementsAre(AllOf(HasSubstr("s.json:14: /workflows/0/steps/0: found expiry"),
                                HasSubstr("\"mqtt\": \"5.0\" only"))));
}

TEST(OpenTopics, BelongToOneInstanceOfOneRun) {
  const std::string topic = open_topic_of(1'700, 12, "a/b");
  EXPECT_EQ(topic, "storm/1700/12/a/b");
  EXPECT_EQ(open_instance_of(1'700, topic), 12U);
  EXPECT_EQ(open_topic_name(topic), "a/b");
  EXPECT_FALSE(open_instance_of(1'701, topic));
  EXPECT_FALSE(open_instance_of(1'700, "storm/1700/12"));
  EXPECT_FALSE(open_instance_of(1'700, "storm/1700/x/a"));
  EXPECT_FALSE(open_instance_of(1'700, "aos/v1/x/evt"));
}

}  // namespace
}  // namespace claims::storm
