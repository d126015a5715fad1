#include "simulator/command/shrink_command.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "simulator/command/command.h"

namespace claims::storm {
namespace {

using testing::HasSubstr;

TEST(ShrinkOptions, AllErrorsAtOnce) {
  SimulateWords words;
  words.seed = "x";
  words.jobs = "many";
  EXPECT_THAT(parse_shrink_options(words, "soon", 1).error(),
              testing::ElementsAre(HasSubstr("--seed \"x\""), HasSubstr("--jobs \"many\""),
                                   HasSubstr("--budget \"soon\"")));
  words.seed = "3";
  words.jobs.clear();
  const auto options = parse_shrink_options(words, "10m", 4);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->budget, std::chrono::minutes(10));
  EXPECT_EQ(options->jobs, 4U);
}

class ShrinkCommand : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) unsetenv(name);
    std::filesystem::remove_all(folder_);
    options_.played.file = CLAIMS_SOURCE_DIR "/scenarios/mixed.json";
    options_.played.settings = {{"scale", "ci"}};
    options_.seed = 7;
    options_.jobs = 2;
    options_.out = folder_ + "/less.json";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static bool plays(const Scenario& scenario, const std::string& workflow) {
    return std::any_of(scenario.workflows.begin(), scenario.workflows.end(),
                       [&](const Workflow& it) { return it.name == workflow; });
  }
  ExitCode run(const SimulateFunction& simulate) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run_shrink_command(options_, simulate);
    said_ = testing::internal::GetCapturedStdout();
    errors_ = testing::internal::GetCapturedStderr();
    return static_cast<ExitCode>(code);
  }

  const std::string folder_ = testing::TempDir() + "/shrink_command-" + std::to_string(::getpid());
  ShrinkOptions options_;
  std::string said_, errors_;
};

TEST_F(ShrinkCommand, WritesAScenarioThatFailsInTheSameWay) {
  const auto simulate = [](const Scenario& scenario, const SimulationOptions&) {
    Simulated simulated;
    simulated.result.verdict = report::Verdict::pass;
    if (!plays(scenario, "negotiation")) return simulated;
    simulated.result.verdict = report::Verdict::fail;
    // With one garage something else goes wrong.
    const bool same = scenario.population.garages > 1;
    simulated.result.stories = {{same ? "delivery" : "unread", {"가", "a story"}}};
    return simulated;
  };
  EXPECT_EQ(run(simulate), ExitCode::pass) << errors_;
  EXPECT_THAT(said_, HasSubstr("it still fails: delivery\n  a story\n"));
  EXPECT_THAT(said_, HasSubstr("claimstorm simulate " + *options_.out + " --seed 7\n"));
  const auto less = load_scenario(*options_.out);
  ASSERT_TRUE(less) << to_string(less.error().front());
  EXPECT_EQ(less->population.garages, 2);
  ASSERT_EQ(less->workflows.size(), 1U);
  EXPECT_EQ(less->workflows[0].name, "negotiation");
  EXPECT_TRUE(check_file(*options_.out).empty());
}

TEST_F(ShrinkCommand, ACrashIsAFailureToo) {
  const auto simulate = [](const Scenario& scenario, const SimulationOptions&) {
    if (plays(scenario, "bulk")) std::abort();
    Simulated simulated;
    simulated.result.verdict = report::Verdict::fail;
    simulated.result.stories = {{"delivery", {}}};
    return simulated;
  };
  EXPECT_EQ(run(simulate), ExitCode::pass) << errors_;
  EXPECT_THAT(said_, HasSubstr("it still fails: crash\n"));
  const auto less = load_scenario(*options_.out);
  ASSERT_TRUE(less);
  ASSERT_EQ(less->workflows.size(), 1U);
  EXPECT_EQ(less->workflows[0].name, "bulk");
}

TEST_F(ShrinkCommand, AnotherCrashIsAnotherFailure) {
  const auto simulate = [](const Scenario& scenario, const SimulationOptions& options) {
    const bool first = plays(scenario, "bulk") && plays(scenario, "claim");
    if (first) fmt::print(stderr, "order of {} in room r{}\n", "bulk", options.seed);
    if (!first) fmt::print(stderr, "out of memory\n");
    std::abort();
    return Simulated();
  };
  EXPECT_EQ(run(simulate), ExitCode::pass) << errors_;
  EXPECT_THAT(said_, HasSubstr("died of signal 6 (SIGABRT)\n  | order of bulk in room r7\n"));
  const auto less = load_scenario(*options_.out);
  ASSERT_TRUE(less);
  EXPECT_EQ(less->workflows.size(), 2U);
}

TEST_F(ShrinkCommand, AFileThatCannotBeWrittenIsToldFirst) {
  options_.out = "/dev/null/less.json";
  EXPECT_EQ(run([](const auto&, const auto&) -> Simulated { std::abort(); }), ExitCode::usage);
  EXPECT_EQ(said_, "");
  EXPECT_THAT(errors_, HasSubstr("--out \"/dev/null/less.json\": Not a directory; allowed"));
}

TEST_F(ShrinkCommand, ASignalBeforeTheSeedWasPlayedIsNoVerdictOnIt) {
  const pid_t parent = getpid();
  EXPECT_EQ(run([parent](const auto&, const auto&) -> Simulated {
              kill(parent, SIGINT);
              for (;;) pause();
            }),
            ExitCode::invalid);
  EXPECT_THAT(errors_, HasSubstr("ended by a signal before the seed was played"));
  EXPECT_FALSE(std::filesystem::exists(*options_.out));
}

TEST_F(ShrinkCommand, WhatDoesNotFailIsNotShrunk) {
  const auto simulate = [](const Scenario&, const SimulationOptions&) {
    Simulated simulated;
    simulated.result.verdict = report::Verdict::pass;
    return simulated;
  };
  EXPECT_EQ(run(simulate), ExitCode::usage);
  EXPECT_THAT(errors_, HasSubstr("seed 7 does not fail"));
  EXPECT_FALSE(std::filesystem::exists(*options_.out));
}

}  // namespace
}  // namespace claims::storm
