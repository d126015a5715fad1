// Steps with open topics through byte pipes: the production Node and the production Player.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/actor/run_figures.h"
#include "simulator/scenario/load.h"
#include "tests/simulator/actor/node_stage.h"
#include "tests/simulator/actor/theatre.h"
#include "tests/simulator/actor/written_scenario.h"

namespace claims::storm {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::NodeStage;
using testing::Written;

constexpr Microseconds kTwoMinutes{120'000'000};

std::vector<std::string> stories_of(const NodeStage& stage) {
  std::vector<std::string> stories;
  const auto result =
      run_figures(stage.scenario, stage.player, stage.auditor, stage.recorder, stage.now());
  stories.reserve(result.stories.size());
  for (const report::Story& story : result.stories) {
    stories.push_back(story.checker + ": " + story.text.en);
  }
  return stories;
}

Scenario open_topics() {
  auto loaded = load_scenario(CLAIMS_SOURCE_DIR "/scenarios/open-topics.json");
  EXPECT_TRUE(loaded);
  return loaded ? *loaded : Scenario{};
}

TEST(OpenTopicsThroughPipes, TheScenarioPasses) {
  NodeStage stage(open_topics(), 1);
  ASSERT_TRUE(stage.play(kTwoMinutes));
  EXPECT_THAT(stories_of(stage), IsEmpty());
  const Progress progress = stage.player.progress(stage.now());
  EXPECT_GT(progress.started, 20U);
  EXPECT_EQ(progress.completed, progress.started);
  EXPECT_GT(stage.recorder.steps().at("open-topics/second").count(), 5U);
}

TEST(OpenTopicsThroughPipes, WhatACrashTookIsNobodysFault) {
  NodeStage stage(open_topics(), 2);
  stage.player.expect_faults(Microseconds{60'000'000});
  for (int i = 1; i <= 12; ++i) {
    stage.in(Microseconds{i * 2'300'000}, [&stage] { stage.crash(Microseconds{200'000}, false); });
  }
  ASSERT_TRUE(stage.play(2 * kTwoMinutes));
  EXPECT_THAT(stories_of(stage), IsEmpty());
  const Progress progress = stage.player.progress(stage.now());
  EXPECT_EQ(progress.completed, progress.started);
}

TEST(OpenTopicsThroughPipes, AMessageThatDoesNotComeIsTold) {
  NodeStage stage(testing::loaded(R"(
      {"role": "garage", "subscribe": {"topic": "a/+"}},
      {"role": "garage", "publish": {"topic": "a/b", "text": "x"}},
      {"role": "garage", "receive": {"topic": "a/c"}, "within": "2s"})"),
                  1);
  ASSERT_TRUE(stage.play(kTwoMinutes));
  EXPECT_THAT(stories_of(stage),
              ElementsAre(AllOf(HasSubstr("steps: "), HasSubstr("step 'receive', role garage"),
                                HasSubstr("expected the message a/c of the topic within 2 s"))));
}

TEST(OpenTopicsThroughPipes, AnInstanceAsksForNoMoreThanIsKept) {
  for (const std::string times : {"256", "257"}) {
    NodeStage stage(testing::loaded(R"({"role": "garage", "repeat": {"times": )" + times +
                                    R"(, "as": "i"}, "steps": [
      {"publish": {"topic": "t/${i}", "text": "x"}}]})"),
                    1);
    ASSERT_TRUE(stage.play(kTwoMinutes));
    if (times == "256") {
      EXPECT_THAT(stories_of(stage), IsEmpty());
    } else {
      EXPECT_THAT(stories_of(stage),
                  ElementsAre(AllOf(HasSubstr("steps: "), HasSubstr("step 'publish', role garage"),
                                    HasSubstr("more than the 256 that a workflow may play"))));
    }
  }
}

TEST(OpenTopicsThroughPipes, AMessageThatMustNotComeIsTold) {
  NodeStage stage(testing::loaded(R"(
      {"role": "garage", "subscribe": {"topic": "a"}},
      {"role": "garage", "publish": {"topic": "a", "text": "x"}},
      {"role": "garage", "receive_none": {"topic": "a", "text": "y"}, "within": "100ms"},
      {"role": "garage", "receive_none": {"topic": "a", "text": "x"}, "within": "100ms"})"),
                  1);
  ASSERT_TRUE(stage.play(kTwoMinutes));
  EXPECT_THAT(stories_of(stage), ElementsAre(HasSubstr("expected no message; \"x\" came on the "
                                                       "topic a")));
}

TEST(OpenTopicsThroughPipes, WhatAnExpressionMakesOfATopicIsChecked) {
  Written written;
  written.let = R"({"topic": "aos/v1/x"})";
  written.steps = R"({"role": "garage", "publish": {"topic": "${topic}", "text": "x"}})";
  NodeStage stage(testing::loaded(written), 1);
  ASSERT_TRUE(stage.play(kTwoMinutes));
  EXPECT_THAT(stories_of(stage), ElementsAre(HasSubstr("begins with neither aos nor $")));
  const auto result =
      run_figures(stage.scenario, stage.player, stage.auditor, stage.recorder, stage.now());
  EXPECT_THAT(result.stories.at(0).text.ko, HasSubstr("aos나 $로 시작하지 않는 토픽"));
}

TEST(OpenTopicsThroughPipes, TopicsOfTwoInstancesAreTwo) {
  Written written;
  written.arrivals = R"([{"workflow": "w", "count": 2}])";
  written.population = R"({"insurers": 1, "adjusters": 1, "garages": 1})";
  written.steps = R"(
      {"role": "garage", "publish": {"topic": "a", "text": "x", "retain": true}},
      {"role": "garage", "think": "2s"},
      {"role": "garage", "subscribe": {"topic": "#"}},
      {"role": "garage", "receive": {"topic": "a", "retained": true}, "within": "1s"},
      {"role": "garage", "receive_none": {"topic": "#"}, "within": "1s"})";
  NodeStage stage(testing::loaded(written), 1);
  ASSERT_TRUE(stage.play(kTwoMinutes));
  EXPECT_THAT(stories_of(stage), IsEmpty());
  EXPECT_EQ(stage.player.progress(stage.now()).completed, 2U);
}

TEST(OpenTopics, WhatTheServerSaysItDoesNotTakeFailsAtOnce) {
  testing::Theatre theatre(testing::loaded(R"(
      {"role": "garage", "publish": {"topic": "a", "text": "${repeat('x', 3000)}"}})"));
  theatre.packet_bytes_max = 2'000;
  theatre.play();
  const auto result = run_figures(theatre.scenario, theatre.player, theatre.auditor,
                                  theatre.recorder, theatre.now());
  ASSERT_FALSE(result.stories.empty());
  EXPECT_THAT(result.stories[0].text.en, HasSubstr("the server refused it with reason 0x95"));
}

TEST(OpenTopics, WhatTheServerDoesNotTakeWhenItIsBackFails) {
  Written written;
  written.population = R"({"insurers": 1, "adjusters": 1, "garages": 1})";
  written.steps =
      R"({"role": "garage", "publish": {"topic": "a", "text": "${repeat('x', 3000)}"}})";
  testing::Theatre theatre(testing::loaded(written));
  theatre.acknowledges_open = false;
  theatre.in(Microseconds{2'000'000}, [&] {
    theatre.packet_bytes_max = 2'000;
    theatre.cut(theatre.id_of(chat::Role::garage));
  });
  theatre.play();
  const auto result = run_figures(theatre.scenario, theatre.player, theatre.auditor,
                                  theatre.recorder, theatre.now());
  ASSERT_FALSE(result.stories.empty());
  EXPECT_THAT(result.stories[0].text.en, HasSubstr("the server refused it with reason 0x95"));
}

}  // namespace
}  // namespace claims::storm
