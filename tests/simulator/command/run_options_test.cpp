#include "simulator/command/run_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

TEST(RepeatCommand, IsWhatAShellUnderstandsAsTheSameRun) {
  RunOptions options;
  options.file = "my scenarios/it's.json";
  options.population = "$HOME/pop";
  options.target = "mqtt://[::1]:1883";
  EXPECT_EQ(repeat_command(options, 7),
            "claimstorm run 'my scenarios/it'\\''s.json' --target 'mqtt://[::1]:1883' "
            "--population '$HOME/pop' --seed 7");
}

TEST(RepeatCommand, OfAnAcceptanceIsAnAcceptance) {
  RunOptions options;
  options.file = "scenarios/acceptance-a.json";
  options.accept = "a";
  EXPECT_EQ(repeat_command(options, 7), "claimstorm accept a --embedded --seed 7");
}

}  // namespace
}  // namespace claims::storm
