#include "simulator/command/explicit_scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "simulator/scenario/fault_plan.h"
#include "simulator/scenario/population.h"

namespace claims::storm {
namespace {

namespace fs = std::filesystem;

const std::string kScenarios = CLAIMS_SOURCE_DIR "/scenarios/";

const fs::path kFolder =
    fs::path(testing::TempDir()) / ("explicit_scenario-" + std::to_string(::getpid()));

/// Files far from the scenarios' folder and its catalogues.
class ExplicitScenario : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(kFolder); }
  void TearDown() override { fs::remove_all(kFolder); }
  static std::string elsewhere() { return (kFolder / "x.json").string(); }
};

RunOptions played(const std::string& name) {
  RunOptions scenario;
  scenario.file = kScenarios + name;
  return scenario;
}

TEST_F(ExplicitScenario, OfEveryScenarioStandsByItself) {
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(kScenarios)) {
    const std::string file = entry.path().string();
    if (!load_scenario(file)) continue;  // A catalogue.
    ++seen;
    const auto document = explicit_scenario(played(entry.path().filename().string()), 3);
    ASSERT_TRUE(document) << file << ": " << document.error();
    std::ofstream(elsewhere()) << document->dump(2);
    for (const FileError& error : check_file(elsewhere())) ADD_FAILURE() << to_string(error);
  }
  EXPECT_GE(seen, 5U);
}

TEST_F(ExplicitScenario, PlaysTheSame) {
  RunOptions mixed = played("mixed.json");
  mixed.settings = {{"scale", "ci"}};
  mixed.rate_milli = 3'000;
  mixed.duration = Microseconds(7'000'000);
  const auto whole = load_simulated_scenario(mixed);
  const auto document = explicit_scenario(mixed, 3);
  ASSERT_TRUE(whole && document);
  const auto same = load_explicit(*document, elsewhere());
  ASSERT_TRUE(same) << to_string(same.error().front());
  ASSERT_EQ(same->workflows.size(), whole->workflows.size());
  for (std::size_t i = 0; i < same->workflows.size(); ++i) {
    EXPECT_EQ(same->workflows[i].name, whole->workflows[i].name);
    EXPECT_EQ(same->workflows[i].steps.size(), whole->workflows[i].steps.size());
  }
  ASSERT_EQ(same->arrivals.size(), whole->arrivals.size());
  for (std::size_t i = 0; i < same->arrivals.size(); ++i) {
    EXPECT_EQ(same->arrivals[i].workflow, whole->arrivals[i].workflow);
    EXPECT_EQ(same->arrivals[i].rate_milli, whole->arrivals[i].rate_milli);
  }
  EXPECT_EQ(same->time_scale, whole->time_scale);
  EXPECT_EQ(same->population.garages, 12);
  ASSERT_EQ(same->phases.size(), 1U);
  EXPECT_EQ(same->phases[0].length, Microseconds(7'000'000));
  EXPECT_EQ(same->thresholds.size(), whole->thresholds.size());
}

class PhasesOf : public ExplicitScenario, public testing::WithParamInterface<const char*> {};

TEST_P(PhasesOf, StayAsTheyAre) {
  const RunOptions scenario = played(GetParam());
  const auto whole = load_simulated_scenario(scenario);
  const auto document = explicit_scenario(scenario, 3);
  ASSERT_TRUE(whole && document);
  const auto same = load_explicit(*document, elsewhere());
  ASSERT_TRUE(same) << to_string(same.error().front());
  ASSERT_EQ(same->phases.size(), whole->phases.size());
  for (std::size_t i = 0; i < same->phases.size(); ++i) {
    EXPECT_EQ(same->phases[i].name, whole->phases[i].name);
    EXPECT_EQ(same->phases[i].hold, whole->phases[i].hold);
    EXPECT_EQ(same->phases[i].length, whole->phases[i].length);
    EXPECT_EQ(same->phases[i].from_permille, whole->phases[i].from_permille);
    EXPECT_EQ(same->phases[i].to_permille, whole->phases[i].to_permille);
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, PhasesOf,
                         testing::Values("mixed.json", "month-end.json", "month.json"),
                         [](const auto& one) {
                           return std::string("of") + std::to_string(one.index);
                         });

TEST_F(ExplicitScenario, HasTheFaultsOfItsSeed) {
  RunOptions smoke = played("smoke.json");
  const std::string plan = (kFolder / "plan.json").string();
  std::ofstream(plan) << R"({"format": "claimstorm-faults/1", "title": {"ko": "가", "en": "a"},
    "faults": [{"fault": "cut", "every": "500ms..2s", "users": "1..3"},
               {"fault": "crash", "every": "2s..3s", "lasts": "1s"}],
    "liveness": "20s", "thresholds": [{"metric": "recovery.max_s", "limit": "<= 30",
                    "delivery_p99_ms": 700}]})";
  smoke.faults = plan;
  const auto whole = load_simulated_scenario(smoke);
  ASSERT_TRUE(whole) << whole.error();
  const auto document = explicit_scenario(smoke, 3);
  ASSERT_TRUE(document);
  const auto same = load_explicit(*document, elsewhere());
  ASSERT_TRUE(same) << to_string(same.error().front());
  const Population population = make_population(whole->population, 3, 0);
  const auto faults = [&](const Scenario& scenario, std::uint64_t seed) {
    return schedule_faults(scenario.faults, population, Microseconds(10'000'000),
                           Random(seed).split(kFaultStream));
  };
  const std::vector<Fault> wanted = faults(*whole, 3), found = faults(*same, 4);
  ASSERT_GT(wanted.size(), 5U);
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(found[i].kind, wanted[i].kind);
    EXPECT_EQ(found[i].begin, wanted[i].begin);
    EXPECT_EQ(found[i].connections, wanted[i].connections);
  }
  EXPECT_EQ(same->faults.liveness, Microseconds(20'000'000));
  EXPECT_EQ(same->thresholds.size(), whole->thresholds.size());
  ASSERT_EQ(same->faults.thresholds.size(), 1U);
  EXPECT_EQ(same->faults.thresholds[0].recovered_below_ms, 700);
}

}  // namespace
}  // namespace claims::storm
