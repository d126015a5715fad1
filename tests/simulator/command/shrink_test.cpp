#include "simulator/command/shrink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "simulator/command/scenario_reductions.h"

namespace claims::storm {
namespace {

using Condition = std::function<bool(const ShrinkAttempt&)>;

ShrinkAttempt whole() {
  ShrinkAttempt attempt;
  attempt.seed = 7;
  attempt.scenario = ScenarioDocument::parse(R"({
    "population": {"insurers": 12, "adjusters": 100, "garages": 200},
    "workflows": [{"name": "a"}, {"name": "b"}, {"name": "c"}],
    "arrivals": [{"workflow": "a", "rate": "20/s"}, {"workflow": "b", "rate": "2/s"},
                 {"workflow": "c", "count": 40}],
    "phases": [{"name": "r", "ramp": "10s", "from": "0 %", "to": "100 %"},
               {"name": "h", "hold": "60s"}],
    "thresholds": [{"metric": "violations.total", "limit": "== 0"}],
    "faults": []
  })");
  for (int i = 0; i < 50; ++i) {
    attempt.scenario["faults"].push_back(
        {{"fault", i % 2 == 0 ? "cut" : "crash"}, {"at", std::to_string(i) + "s"}});
  }
  return attempt;
}

struct Asked {
  std::size_t attempts = 0;

  FirstFailing oracle(const Condition& fails) {
    return [this, fails](const std::vector<ShrinkAttempt>& all) -> std::optional<std::size_t> {
      for (std::size_t i = 0; i < all.size(); ++i) {
        ++attempts;
        if (fails(all[i])) return i;
      }
      return std::nullopt;
    };
  }
};

bool has_fault(const ScenarioDocument& scenario, const std::string& at) {
  const auto& faults = scenario["faults"];
  return std::ranges::any_of(faults, [&](const auto& fault) { return fault["at"] == at; });
}

TEST(Shrink, WhatAlwaysFailsBecomesAsSmallAsCanBe) {
  Asked asked;
  const ShrinkAttempt least = shrink(whole(), asked.oracle([](const auto&) { return true; }));
  EXPECT_EQ(least.seed, 7U);
  EXPECT_EQ(least.scenario["population"].dump(), R"({"insurers":1,"adjusters":1,"garages":1})");
  EXPECT_EQ(least.scenario["arrivals"].size(), 1U);
  EXPECT_EQ(least.scenario["workflows"].size(), 1U);
  EXPECT_TRUE(least.scenario["faults"].empty());
  EXPECT_TRUE(least.scenario["thresholds"].empty());
  EXPECT_EQ(length_of(least.scenario), Microseconds(100'000));
}

TEST(Shrink, ALateFaultComesEarlierAndHappensToFewer) {
  Asked asked;
  ShrinkAttempt late = whole();
  late.scenario["faults"] = ScenarioDocument::parse(
      R"([{"fault": "cut", "at": "69s", "users": ["gar-00001", "gar-00002", "gar-00003"]}])");
  const auto fails = [](const ShrinkAttempt& attempt) {
    const ScenarioDocument& faults = attempt.scenario["faults"];
    return !faults.empty() && faults[0]["users"].dump().find("gar-00002") != std::string::npos;
  };
  const ShrinkAttempt least = shrink(late, asked.oracle(fails));
  EXPECT_LE(length_of(least.scenario), Microseconds(1'000'000));
  EXPECT_EQ(least.scenario["faults"][0]["users"].dump(), R"(["gar-00002"])");
}

TEST(Shrink, KeepsWhatTheFailureNeeds) {
  Asked asked;
  const auto fails = [](const ShrinkAttempt& attempt) {
    const ScenarioDocument& scenario = attempt.scenario;
    bool b = false;
    for (const auto& arrival : scenario["arrivals"]) b = b || arrival["workflow"] == "b";
    return b && has_fault(scenario, "13s") && has_fault(scenario, "20s") &&
           scenario["population"]["garages"] >= 3;
  };
  const ShrinkAttempt least = shrink(whole(), asked.oracle(fails));
  EXPECT_EQ(least.scenario["arrivals"].dump(), R"([{"workflow":"b","count":1}])");
  EXPECT_EQ(least.scenario["faults"].dump(),
            R"([{"fault":"crash","at":"13s"},{"fault":"cut","at":"20s"}])");
  EXPECT_EQ(least.scenario["population"]["garages"], 3);
  EXPECT_EQ(least.scenario["population"]["adjusters"], 1);
  // Up to the last fault, and by steps of an eighth not much further.
  EXPECT_GE(length_of(least.scenario), Microseconds(20'000'000));
  EXPECT_LT(length_of(least.scenario), Microseconds(23'000'000));
}

TEST(Shrink, AnotherSeedWillDo) {
  Asked asked;
  // Fewer garages fail with seed 10 alone.
  const auto fails = [](const ShrinkAttempt& attempt) {
    return attempt.scenario["population"]["garages"] == 200 ? attempt.seed == 7
                                                            : attempt.seed == 10;
  };
  const ShrinkAttempt least = shrink(whole(), asked.oracle(fails));
  EXPECT_EQ(least.seed, 10U);
  EXPECT_EQ(least.scenario["population"]["garages"], 1);
  const ShrinkAttempt none = shrink(whole(), asked.oracle(fails), {.other_seeds = 2});
  EXPECT_EQ(none.seed, 7U);
  EXPECT_EQ(none.scenario["population"]["garages"], 200);
}

TEST(Shrink, NothingIsAskedTwiceAndItEnds) {
  std::set<std::pair<std::string, std::uint64_t>> seen;
  Asked asked;
  const auto fails = [&](const ShrinkAttempt& attempt) {
    EXPECT_TRUE(seen.emplace(attempt.scenario.dump(), attempt.seed).second);
    return attempt.seed == 7 && has_fault(attempt.scenario, "13s");
  };
  shrink(whole(), asked.oracle(fails));
  EXPECT_GT(asked.attempts, 20U);
  EXPECT_LT(asked.attempts, 500U);
}

TEST(Shrink, GivesTheBestSoFarWhenTheTimeIsUsedUp) {
  Asked asked;
  const ShrinkAttempt some =
      shrink(whole(), asked.oracle([](const auto&) { return true; }),
             {.other_seeds = 5, .used_up = [&] { return asked.attempts >= 2; }});
  EXPECT_LE(asked.attempts, 3U);
  EXPECT_LT(length_of(some.scenario), length_of(whole().scenario));
  EXPECT_EQ(some.scenario["population"]["garages"], 200);
}

}  // namespace
}  // namespace claims::storm
