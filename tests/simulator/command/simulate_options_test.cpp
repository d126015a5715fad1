#include "simulator/command/simulate_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace claims::storm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SimulateOptions, OneSeed) {
  SimulateWords words;
  words.file = "a.json";
  words.seed = "17";
  words.trace = "t.txt";
  const auto options = parse_simulate_options(words, 8);
  ASSERT_TRUE(options);
  EXPECT_FALSE(options->many);
  EXPECT_EQ(options->seeds.first, 17U);
  EXPECT_EQ(options->seeds.last, 17U);
  EXPECT_EQ(options->trace, "t.txt");
}

TEST(SimulateOptions, ManySeedsOnAllCoresUnlessTold) {
  SimulateWords words;
  words.seeds = "1..20";
  auto options = parse_simulate_options(words, 8);
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->many);
  EXPECT_EQ(options->jobs, 8U);
  words.jobs = "3";
  options = parse_simulate_options(words, 8);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->jobs, 3U);
}

TEST(SimulateOptions, AllErrorsAtOnce) {
  SimulateWords words;
  words.rate = "x";
  words.duration = "soon";
  words.seeds = "9..5";
  words.jobs = "0";
  words.trace = "t.txt";
  words.out = "o";
  words.set = {"a"};
  const auto options = parse_simulate_options(words, 1);
  ASSERT_FALSE(options);
  EXPECT_THAT(options.error(),
              ElementsAre(HasSubstr("--rate \"x\""), HasSubstr("--duration \"soon\""),
                          HasSubstr("--set \"a\""), HasSubstr("--seeds \"9..5\""),
                          HasSubstr("--jobs \"0\": allowed is a number from 1 to"),
                          HasSubstr("--trace \"t.txt\": allowed only with --seed"),
                          HasSubstr("--out \"o\": allowed only with --seed")));
}

TEST(SimulateOptions, ExactlyOneOfSeedAndSeeds) {
  SimulateWords words;
  EXPECT_THAT(parse_simulate_options(words, 1).error(), ElementsAre(HasSubstr("no seed")));
  words.seed = "1";
  words.seeds = "1..2";
  EXPECT_THAT(parse_simulate_options(words, 1).error(), ElementsAre(HasSubstr("exclude")));
  words.seeds.clear();
  words.keep_going = true;
  EXPECT_THAT(parse_simulate_options(words, 1).error(),
              ElementsAre(HasSubstr("--keep-going: allowed only with --seeds")));
}

TEST(ReplayCommand, HasAllThatTheRunDependsOn) {
  RunOptions played;
  played.file = "my scenarios/a.json";
  played.settings = {{"scale", "ci"}, {"phases.0.hold", "10 s"}};
  played.rate_milli = 1'250;
  played.duration = Microseconds(90'000'000);
  played.faults = "faults.json";
  EXPECT_EQ(replay_command(played, 17),
            "claimstorm simulate 'my scenarios/a.json' --faults faults.json --set scale=ci "
            "--set 'phases.0.hold=10 s' --rate 1.25 --duration 90s --seed 17");
}

class SimulatedScenarioFiles : public testing::Test {
 protected:
  const std::string file_ =
      testing::TempDir() + "/simulate_options_plan-" + std::to_string(::getpid()) + ".json";
  void TearDown() override { std::filesystem::remove(file_); }
  std::string write(const std::string& text) const {
    std::ofstream(file_) << text;
    return file_;
  }
  static std::string plan(const std::string& user) {
    return R"({"format": "claimstorm-faults/1", "title": {"ko": "가", "en": "a"},
               "faults": [{"fault": "cut", "at": "1s", "users": [")" +
           user + R"("]}], "liveness": "7s"})";
  }
};

TEST_F(SimulatedScenarioFiles, AFaultPlanReplacesTheScenarios) {
  RunOptions played;
  played.file = CLAIMS_SOURCE_DIR "/scenarios/smoke.json";
  played.settings = {{"faults", R"([{"fault": "crash", "at": "1s", "lasts": "1s"}])"}};
  auto scenario = load_simulated_scenario(played);
  ASSERT_TRUE(scenario) << scenario.error();
  ASSERT_EQ(scenario->faults.faults.size(), 1U);
  EXPECT_EQ(scenario->faults.faults[0].kind, FaultKind::crash);
  played.faults = write(plan("gar-00003"));
  scenario = load_simulated_scenario(played);
  ASSERT_TRUE(scenario) << scenario.error();
  ASSERT_EQ(scenario->faults.faults.size(), 1U);
  EXPECT_EQ(scenario->faults.faults[0].kind, FaultKind::cut);
  EXPECT_EQ(scenario->faults.liveness, Microseconds(7'000'000));
}

TEST_F(SimulatedScenarioFiles, FaultsHappenToUsersWhoAreThere) {
  RunOptions played;
  played.file = CLAIMS_SOURCE_DIR "/scenarios/smoke.json";
  played.faults = write(plan("gar-00021"));
  const auto scenario = load_simulated_scenario(played);
  ASSERT_FALSE(scenario);
  EXPECT_THAT(scenario.error(), HasSubstr("gar-00021"));
  EXPECT_THAT(scenario.error(), HasSubstr("allowed: a user of the population"));
}

}  // namespace
}  // namespace claims::storm
