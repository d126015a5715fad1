#include "simulator/command/simulate_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "reports/files.h"
#include "simulator/command/command.h"

namespace claims::storm {
namespace {

using testing::HasSubstr;

std::string contents(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

class SimulateCommand : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) unsetenv(name);
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    options_.played.file = CLAIMS_SOURCE_DIR "/scenarios/smoke.json";
    options_.seeds = {17, 17};
    options_.out = folder_ + "/out";
  }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// Seed 19 violates, 23 is broken, 29 proves nothing.
  static Simulated play(const Scenario& scenario, const SimulationOptions& options) {
    Simulated simulated;
    simulated.trace_hash = std::string(60, 'a') + std::to_string(options.seed);
    simulated.events = 100;
    simulated.virtual_time = Microseconds(5'000'000);
    simulated.result.scenario = scenario.name;
    simulated.result.verdict = report::Verdict::pass;
    if (options.seed == 19) {
      simulated.result.verdict = report::Verdict::fail;
      simulated.result.violations_total = 1;
      simulated.result.stories = {{"delivery", {"하나가 없다", "one is missing"}}};
    }
    if (options.seed == 23) simulated.broken = LocalText{"안 열림", "it does not open"};
    if (options.seed == 29) simulated.result.verdict = report::Verdict::invalid;
    if (options.trace_line) options.trace_line("0 opened 1");
    if (options.trace_line) options.trace_line("5 closed 1");
    return simulated;
  }
  ExitCode run(std::string& said) {
    testing::internal::CaptureStdout();
    const int code = run_simulate_command(options_, play);
    said = testing::internal::GetCapturedStdout();
    return static_cast<ExitCode>(code);
  }
  ExitCode run(std::uint64_t first, std::uint64_t last, std::string& said) {
    options_.seeds = {first, last};
    return run(said);
  }

  const std::string folder_ =
      testing::TempDir() + "/simulate_command-" + std::to_string(::getpid());
  SimulateOptions options_;
  std::string said_;
};

TEST_F(SimulateCommand, ReportsOnOneSeed) {
  options_.trace = folder_ + "/trace.txt";
  EXPECT_EQ(run(said_), ExitCode::pass);
  EXPECT_THAT(said_, HasSubstr("trace hash " + std::string(60, 'a') + "17\n"));
  EXPECT_THAT(said_, HasSubstr("5.0 virtual s, 100 events"));
  EXPECT_EQ(contents(*options_.trace), "0 opened 1\n5 closed 1\n");
  const auto result = report::read_result_file(*options_.out + "/result.json");
  ASSERT_TRUE(std::holds_alternative<report::RunResult>(result));
  EXPECT_EQ(std::get<report::RunResult>(result).seed, 17U);
  EXPECT_THAT(std::get<report::RunResult>(result).repeat_command,
              HasSubstr("claimstorm simulate "));
  EXPECT_THAT(std::get<report::RunResult>(result).repeat_command, HasSubstr(" --seed 17"));
}

TEST_F(SimulateCommand, TheFilesOfARunAreTheSameEachTime) {
  run(said_);
  const std::string first = contents(*options_.out + "/result.json");
  run(said_);
  EXPECT_EQ(contents(*options_.out + "/result.json"), first);
  EXPECT_EQ(first.find("kernel"), std::string::npos);
}

TEST_F(SimulateCommand, TheExitCodeTellsTheVerdict) {
  EXPECT_EQ(run(19, 19, said_), ExitCode::failed);
  EXPECT_THAT(said_, HasSubstr("one is missing"));
  EXPECT_EQ(run(29, 29, said_), ExitCode::invalid);
  EXPECT_EQ(run(23, 23, said_), ExitCode::failed);
  EXPECT_THAT(said_, HasSubstr("it does not open"));
  EXPECT_THAT(said_, HasSubstr("--seed 23"));
  EXPECT_FALSE(std::filesystem::exists(*options_.out + "/result.json")) << "of the run before";
}

TEST_F(SimulateCommand, ATraceThatCannotBeWrittenIsTold) {
  options_.trace = folder_ + "/not/there";
  testing::internal::CaptureStderr();
  EXPECT_EQ(run(said_), ExitCode::usage);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("allowed is a file"));
}

TEST_F(SimulateCommand, AFolderThatCannotBeMadeIsToldBeforeAnythingIsPlayed) {
  options_.out = "/dev/null/below";
  bool played = false;
  testing::internal::CaptureStderr();
  const int code = run_simulate_command(options_, [&](const Scenario&, const SimulationOptions&) {
    played = true;
    return Simulated{};
  });
  EXPECT_EQ(static_cast<ExitCode>(code), ExitCode::usage);
  EXPECT_FALSE(played);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("--out \"/dev/null/below\": "));
}

TEST_F(SimulateCommand, SumsUpManySeeds) {
  options_.many = true;
  options_.jobs = 2;
  EXPECT_EQ(run(1, 18, said_), ExitCode::pass);
  EXPECT_THAT(said_, HasSubstr("seeds 1..18: 18 passed, 0 failed\n90.0 virtual s"));
  EXPECT_EQ(run(18, 30, said_), ExitCode::failed);
  EXPECT_THAT(said_, HasSubstr("seeds 18..30: 1 passed, 1 failed"));
  EXPECT_THAT(said_, HasSubstr("one is missing\n  claimstorm simulate "));
  options_.keep_going = true;
  EXPECT_EQ(run(18, 30, said_), ExitCode::failed);
  EXPECT_THAT(said_, HasSubstr("10 passed, 2 failed, 1 invalid"));
  EXPECT_EQ(run(28, 30, said_), ExitCode::invalid);
}

}  // namespace
}  // namespace claims::storm
