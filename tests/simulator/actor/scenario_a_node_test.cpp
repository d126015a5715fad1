// Scenario A through byte pipes and a manual clock: the production Node and the production Player,
// with no socket, thread or sleep.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/actor/run_figures.h"
#include "simulator/scenario/load.h"
#include "tests/simulator/actor/node_stage.h"

namespace claims::storm {
namespace {

using ::testing::IsEmpty;
using testing::NodeStage;

constexpr Microseconds kTwoMinutes{120'000'000};

Scenario scenario(const std::string& name) {
  auto loaded = load_scenario(std::string(CLAIMS_SOURCE_DIR) + "/scenarios/" + name + ".json");
  if (loaded) return *loaded;
  for (const FileError& error : loaded.error()) ADD_FAILURE() << to_string(error);
  return {};
}

report::RunResult result_of(const NodeStage& stage) {
  return run_figures(stage.scenario, stage.player, stage.auditor, stage.recorder, stage.now());
}

std::vector<std::string> stories_of(const report::RunResult& result) {
  std::vector<std::string> stories;
  stories.reserve(result.stories.size());
  for (const report::Story& story : result.stories) {
    stories.push_back(story.checker + ": " + story.text.en);
  }
  return stories;
}

TEST(ScenarioAThroughPipes, TheAcceptanceScenarioPasses) {
  NodeStage stage(scenario("acceptance-a"), 1);
  ASSERT_TRUE(stage.play(kTwoMinutes));
  const report::RunResult result = result_of(stage);
  EXPECT_EQ(result.verdict, report::Verdict::pass);
  EXPECT_THAT(stories_of(result), IsEmpty());
  EXPECT_GT(result.counts.workflows_started, 0U);
  EXPECT_EQ(result.counts.workflows_completed, result.counts.workflows_started);
  EXPECT_EQ(result.counts.deliveries, result.counts.deliveries_expected);
  EXPECT_GT(result.counts.deliveries, 100U);
}

TEST(ScenarioAThroughPipes, TheSameSeedGivesTheSameTraceAndAnotherOneAnother) {
  const auto hash = [](std::uint64_t seed) {
    NodeStage stage(scenario("smoke"), seed);
    EXPECT_TRUE(stage.play(kTwoMinutes));
    EXPECT_THAT(stories_of(result_of(stage)), IsEmpty());
    EXPECT_GT(stage.trace.entries(), 1'000U);
    return stage.trace.hex();
  };
  const std::string first = hash(1);
  EXPECT_EQ(first, hash(1));
  EXPECT_NE(first, hash(2));
}

TEST(ScenarioAThroughPipes, ConnectionsThatAreCutLoseAndRepeatNothing) {
  NodeStage stage(scenario("smoke"), 3);
  // Every 20 ms another user's, so that some are cut while a command is on its way, and some before
  // their first event.
  const auto users = static_cast<std::uint32_t>(stage.population.people.size());
  for (std::uint32_t i = 0; i < 400; ++i) {
    stage.in(Microseconds{2'000'000 + i * 20'000},
             [&stage, user = ConnectionNumber{i * 7 % users}] { stage.cut(user); });
  }
  ASSERT_TRUE(stage.play(kTwoMinutes));
  const report::RunResult result = result_of(stage);
  EXPECT_THAT(stories_of(result), IsEmpty());
  EXPECT_EQ(result.counts.workflows_completed, result.counts.workflows_started);
  EXPECT_GT(stage.player.progress(stage.now()).connections_lost, 50U);
}

}  // namespace
}  // namespace claims::storm
