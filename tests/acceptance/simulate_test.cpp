// claimstorm simulate, as a user starts it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/acceptance/program.h"

namespace claims::acceptance {
namespace {

using testing::HasSubstr;

constexpr int kInvalid = 4;

TEST(Simulate, ControlCEndsALongSimulationAtOnceAndSaysSo) {
  const Folder folder;
  Program program("claimstorm", {"simulate", scenario_path("month-end.json"), "--set", "day=whole",
                                 "--seed", "1", "--out", folder.path("out")});
  ASSERT_TRUE(program.says("month-end: seed 1, ")) << program.output();
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(), kInvalid) << program.output();
  EXPECT_THAT(program.output(), HasSubstr("ended by a signal before the simulation was over"));
}

}  // namespace
}  // namespace claims::acceptance
