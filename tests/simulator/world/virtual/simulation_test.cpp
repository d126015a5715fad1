// Whole scenarios in virtual time, against the production server code over a virtual disk and
// network.

#include "simulator/world/virtual/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "simulator/scenario/load.h"

namespace claims::storm {
namespace {

using ::testing::IsEmpty;

Scenario scenario(const std::string& name, const std::vector<Setting>& settings = {}) {
  auto loaded =
      load_scenario(std::string(CLAIMS_SOURCE_DIR) + "/scenarios/" + name + ".json", settings);
  if (loaded) return *loaded;
  for (const FileError& error : loaded.error()) ADD_FAILURE() << to_string(error);
  return {};
}

std::vector<std::string> stories_of(const report::RunResult& result) {
  std::vector<std::string> stories;
  stories.reserve(result.stories.size());
  for (const report::Story& story : result.stories) {
    stories.push_back(story.checker + ": " + story.text.en);
  }
  return stories;
}

void expect_pass(const Simulated& simulated) {
  EXPECT_FALSE(simulated.broken) << simulated.broken->en;
  EXPECT_THAT(stories_of(simulated.result), IsEmpty());
  for (const report::Text& reason : simulated.result.reasons) ADD_FAILURE() << reason.en;
  EXPECT_EQ(simulated.result.verdict, report::Verdict::pass);
  EXPECT_GT(simulated.result.counts.deliveries, 100U);
}

TEST(Simulation, AcceptanceScenariosPass) {
  for (const char* name : {"acceptance-a", "acceptance-b", "acceptance-negotiation"}) {
    SCOPED_TRACE(name);
    SimulationOptions options;
    options.seed = 3;
    expect_pass(simulate(scenario(name), options));
  }
}

TEST(Simulation, TheSameSeedGivesTheSameTraceAndAnotherOneAnother) {
  const Scenario mixed = scenario("mixed", {{"scale", "ci"}});
  const auto hash = [&](std::uint64_t seed) {
    SimulationOptions options;
    options.seed = seed;
    const Simulated simulated = simulate(mixed, options);
    expect_pass(simulated);
    EXPECT_GT(simulated.virtual_time, Microseconds{60'000'000});
    return simulated.trace_hash;
  };
  const std::string first = hash(7);
  EXPECT_EQ(first, hash(7));
  EXPECT_NE(first, hash(8));
}

/// A change of what happens in the world changes this; a change of machine, compiler or build must
/// not. The release build and those under the sanitizers all run it.
TEST(Simulation, TheTraceIsTheSameInEveryBuild) {
  SimulationOptions options;
  options.seed = 7;
  std::vector<std::string> lines;
  EXPECT_EQ(simulate(scenario("smoke"), options).trace_hash,
            "623fe77ebf81bdeeafe589d8a759e7a17f20b8f386e616a5021733009dc268fa");
}

TEST(Simulation, TheReadableTraceTellsPacketsAndCommits) {
  SimulationOptions options;
  std::vector<std::string> lines;
  options.trace_line = [&](std::string_view line) { lines.emplace_back(line); };
  const Simulated read = simulate(scenario("smoke"), options);
  options.trace_line = {};
  EXPECT_EQ(read.trace_hash, simulate(scenario("smoke"), options).trace_hash);
  const auto tells = [&](std::string_view words) {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.find(words) != std::string::npos;
    });
  };
  for (const char* words : {"CONNECT storm-", "CONNACK 0x00", "SUBSCRIBE ", "PUBLISH ", "PUBACK ",
                            "append", "durable", "serving"}) {
    EXPECT_TRUE(tells(words)) << words;
  }
}

}  // namespace
}  // namespace claims::storm
