// What faults of a plan do in a virtual world, where they overlap or touch the service level.

#include "simulator/world/virtual/virtual_world.h"

#include <gtest/gtest.h>

#include <string>

#include "simulator/scenario/load.h"
#include "simulator/world/virtual/simulation.h"

namespace claims::storm {
namespace {

constexpr Microseconds kSecond{1'000'000};

Simulated play(std::vector<FaultSpec> faults) {
  auto loaded =
      load_scenario(std::string(CLAIMS_SOURCE_DIR) + "/scenarios/mixed.json", {{"scale", "ci"}});
  EXPECT_TRUE(loaded);
  if (!loaded) return {};
  loaded->faults.faults = std::move(faults);
  return simulate(*loaded, {});
}

FaultSpec fault(FaultKind kind, Microseconds at, Microseconds lasts) {
  FaultSpec spec;
  spec.kind = kind;
  spec.at = at;
  spec.lasts = {lasts, lasts};
  return spec;
}

FaultSpec partition(Direction direction, Microseconds at, Microseconds lasts) {
  FaultSpec spec = fault(FaultKind::partition, at, lasts);
  spec.users_permille = 1'000;
  spec.direction = direction;
  return spec;
}

TEST(VirtualWorld, AServerThatStandsStillIsOut) {
  const Simulated simulated = play({fault(FaultKind::pause, 10 * kSecond, 10 * kSecond)});
  EXPECT_EQ(simulated.result.violations_total, 0U);
  ASSERT_TRUE(simulated.result.service);
  ASSERT_EQ(simulated.result.service->outages.size(), 1U);
  EXPECT_EQ(simulated.result.service->outage_s, 10.0);
}

TEST(VirtualWorld, AKilledServerIsOutUntilItServesAgain) {
  const Simulated simulated = play({fault(FaultKind::crash, 10 * kSecond, 5 * kSecond)});
  EXPECT_EQ(simulated.result.violations_total, 0U);
  ASSERT_TRUE(simulated.result.service);
  EXPECT_GT(simulated.result.service->outage_s, 5.0);
  EXPECT_LT(simulated.result.service->outage_s, 6.0);
}

/// One that ends in the middle of another must not end that.
TEST(VirtualWorld, OverlappingPartitionsLastAsLongAsTheLongest) {
  const Simulated alone = play({partition(Direction::to_server, 10 * kSecond, 40 * kSecond)});
  const Simulated both = play({partition(Direction::to_server, 10 * kSecond, 40 * kSecond),
                               partition(Direction::both, 12 * kSecond, 2 * kSecond)});
  for (const Simulated* simulated : {&alone, &both}) {
    EXPECT_EQ(simulated->result.violations_total, 0U);
    EXPECT_GT(simulated->result.outage_seconds, 20U);
  }
}

}  // namespace
}  // namespace claims::storm
