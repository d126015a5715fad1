// The shipped scenarios, with the production Node, while connections, server and network fail at
// random: nothing may be lost, repeated or reordered, and every workflow must come to its end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/actor/run_figures.h"
#include "simulator/scenario/load.h"
#include "tests/effort.h"
#include "tests/simulator/actor/node_stage.h"

namespace claims::storm {
namespace {

using ::testing::IsEmpty;
using testing::NodeStage;

constexpr Microseconds kMs{1'000};
constexpr Microseconds kLiveness{60'000'000}, kLimit{600'000'000};

Scenario scenario(const std::string& name, const std::string& scale) {
  std::vector<Setting> settings;
  if (!scale.empty()) settings.push_back({"scale", scale});
  const std::string path = std::string(CLAIMS_SOURCE_DIR) + "/scenarios/" + name + ".json";
  auto loaded = load_scenario(path, settings);
  if (loaded) return *loaded;
  for (const FileError& error : loaded.error()) ADD_FAILURE() << to_string(error);
  return {};
}

/// Draws what goes wrong, again and again, while the phases are played.
class Mishaps {
 public:
  Mishaps(NodeStage& stage, std::uint64_t seed, Microseconds gap)
      : stage_(stage), random_(seed), gap_(static_cast<std::uint64_t>(gap.count())) {
    next();
  }
  std::uint64_t crashes() const { return crashes_; }

 private:
  void next() {
    stage_.in(Microseconds{static_cast<std::int64_t>(1 + random_.below(2 * gap_))}, [this] {
      const RunPhase phase = stage_.player.phase();
      if (phase == RunPhase::ramp || phase == RunPhase::hold) happen();
      if (phase < RunPhase::drain) next();
    });
  }
  void happen() {
    const auto users = static_cast<std::uint64_t>(stage_.population.connections());
    const ConnectionNumber user{static_cast<std::uint32_t>(random_.below(users))};
    const std::uint64_t kind = random_.below(100);
    const Microseconds time = kMs * static_cast<std::int64_t>(random_.below(3'000));
    if (kind < 25) return stage_.cut(user);
    if (kind < 45) return stage_.lose(user);
    if (kind < 60) return stage_.silence(user, time);
    if (kind < 65) return stage_.silence(user);
    if (kind < 80) return stage_.hold_back(user, time);
    if (kind < 97) return stage_.player.repeat_command(user, stage_.now());
    if (kind < 98) return stage_.hold_connects(time);
    ++crashes_;
    stage_.crash(time / 3, random_.below(2) == 0);
  }

  NodeStage& stage_;
  Random random_;
  std::uint64_t gap_;
  std::uint64_t crashes_ = 0;
};

struct Played {
  std::string scenario, scale;
  int seeds = 0;
  Microseconds gap{0};
};

class FaultsThroughPipes : public ::testing::TestWithParam<Played> {};

TEST_P(FaultsThroughPipes, LoseRepeatAndReorderNothingAndEveryWorkflowEnds) {
  const Played& played = GetParam();
  std::uint64_t lost = 0, crashes = 0;
  const auto seeds = static_cast<std::uint64_t>(times(played.seeds));
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    NodeStage stage(scenario(played.scenario, played.scale), seed);
    stage.player.expect_faults(kLiveness);
    stage.player.start_packet_ids_at(65'530);
    const Mishaps mishaps(stage, seed, played.gap);
    ASSERT_TRUE(stage.play(kLimit)) << "seed " << seed;
    const report::RunResult result =
        run_figures(stage.scenario, stage.player, stage.auditor, stage.recorder, stage.now());
    std::vector<std::string> stories;
    stories.reserve(result.stories.size());
    for (const report::Story& story : result.stories) {
      stories.push_back(story.checker + ": " + story.text.en);
    }
    EXPECT_THAT(stories, IsEmpty()) << "seed " << seed;
    EXPECT_GT(result.counts.workflows_started, 0U);
    EXPECT_EQ(result.counts.workflows_completed, result.counts.workflows_started)
        << "seed " << seed;
    EXPECT_EQ(result.counts.deliveries, result.counts.deliveries_expected) << "seed " << seed;
    lost += result.counts.connections_lost;
    crashes += mishaps.crashes();
  }
  EXPECT_GT(lost, 10U * seeds);
  if (!kSanitized) {  // One in fifty mishaps is a crash.
    EXPECT_GT(crashes, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, FaultsThroughPipes,
                         ::testing::Values(Played{"acceptance-a", "", 30, 60 * kMs},
                                           Played{"acceptance-b", "", 30, 60 * kMs},
                                           Played{"acceptance-negotiation", "", 30, 60 * kMs},
                                           Played{"smoke", "", 15, 20 * kMs},
                                           Played{"mixed", "ci", 6, 100 * kMs}),
                         [](const auto& it) {
                           std::string name = it.param.scenario;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace claims::storm
