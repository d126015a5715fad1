// The scenario files that ship: they load, and what is loaded is what they say.

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "simulator/scenario/fault_plan.h"
#include "simulator/scenario/load.h"
#include "tests/simulator/scenario/shipped_scenario.h"

namespace claims::storm {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using testing::shipped;
using ::testing::SizeIs;

std::set<std::string> proven(const Scenario& scenario) {
  std::set<std::string> clauses;
  for (const Workflow& workflow : scenario.workflows) {
    for (const Step& step : workflow.steps) {
      clauses.insert(step.proves.begin(), step.proves.end());
    }
  }
  for (const ThresholdSpec& threshold : scenario.thresholds) {
    clauses.insert(threshold.proves.begin(), threshold.proves.end());
  }
  return clauses;
}

TEST(ScenarioFiles, EveryFileIsValid) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(testing::scenarios_folder())) {
    const bool schema = entry.path().parent_path().filename() == "schema";
    if (entry.path().extension() != ".json" || schema) continue;
    ++files;
    for (const FileError& error : check_file(entry.path().string())) {
      ADD_FAILURE() << to_string(error);
    }
  }
  EXPECT_GE(files, 9);
}

TEST(ScenarioFiles, InboundIsTheLoadOfTheIssue) {
  const Scenario scenario = shipped("inbound.json");
  EXPECT_EQ(scenario.population.adjusters, 1'000);
  EXPECT_EQ(scenario.population.garages, 1'000);
  ASSERT_THAT(scenario.arrivals, SizeIs(1));
  EXPECT_EQ(scenario.arrivals[0].rate_milli, 50'000);
  ASSERT_THAT(scenario.phases, SizeIs(2));
  EXPECT_FALSE(scenario.phases[0].hold);
  EXPECT_EQ(scenario.phases[0].from_permille, 0);
  EXPECT_EQ(scenario.phases[0].to_permille, 1'000);
  EXPECT_TRUE(scenario.phases[1].hold);
  EXPECT_EQ(scenario.phases[1].length.count(), 60'000'000);
  ASSERT_THAT(scenario.thresholds, SizeIs(4));
  EXPECT_EQ(scenario.thresholds[0].metric, "delivery.p99_ms");
  EXPECT_EQ(scenario.thresholds[0].limit_milli, 1'000'000);
}

/// Time that thinking takes in one playing of a workflow of which the roles do all in turn.
std::vector<double> thinking_seconds(const Scenario& scenario, int plays) {
  std::vector<double> seconds;
  Random random(1);
  for (int i = 0; i < plays; ++i) {
    std::int64_t us = 0;
    for (const Step& step : scenario.workflows.at(0).steps) {
      if (const auto* think = std::get_if<ThinkStep>(&step.action)) {
        us += think->time.sample(random).count() / scenario.time_scale;
      }
    }
    seconds.push_back(static_cast<double>(us) / 1e6);
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds;
}

TEST(ScenarioFiles, InboundTakesTenToTwentySecondsAndEndsWithinTheDrain) {
  const auto seconds = thinking_seconds(shipped("inbound.json"), 20'000);
  EXPECT_GT(seconds[10'000], 10);
  EXPECT_LT(seconds[10'000], 20);
  EXPECT_LT(seconds.back(), 28);
}

TEST(ScenarioFiles, SmokeIsShortAndHasNoThresholdOnTime) {
  const Scenario scenario = shipped("smoke.json");
  EXPECT_EQ(scenario.population.adjusters, 20);
  EXPECT_EQ(scenario.population.garages, 20);
  EXPECT_EQ(scenario.phases.at(0).length.count(), 10'000'000);
  EXPECT_LT(thinking_seconds(scenario, 1'000).back(), 5);
  for (const ThresholdSpec& threshold : scenario.thresholds) {
    EXPECT_EQ(threshold.metric.find("_ms"), std::string::npos) << threshold.metric;
  }
}

TEST(ScenarioFiles, TheMonthsEndHasADayOf500Users) {
  const Scenario day = shipped("month-end.json", {{"day", "whole"}, {"users", "500"}});
  EXPECT_EQ(day.population.insurers + day.population.adjusters + day.population.garages, 500);
  EXPECT_EQ(day.time_scale, 1);
  EXPECT_EQ(day.keep_alive_s, 300);
  // 5.1 workflows a second of 11,512 users: 0.2215 of 500.
  std::int64_t rate_milli = 0;
  for (const ArrivalSpec& arrival : day.arrivals) rate_milli += arrival.rate_milli;
  EXPECT_EQ(rate_milli, 221);
  EXPECT_TRUE(day.faults.empty());
}

TEST(ScenarioFiles, TheMonthsEndHasACrashWhenMostIsDone) {
  for (const auto& [choice, settings] : std::map<std::string, std::vector<Setting>>{
           {"worst", {{"crash", "worst"}}},
           {"worst-whole", {{"day", "whole"}, {"crash", "worst-whole"}}}}) {
    const Scenario day = shipped("month-end.json", settings);
    ASSERT_THAT(day.faults.faults, SizeIs(1)) << choice;
    const FaultSpec& crash = day.faults.faults[0];
    EXPECT_EQ(crash.kind, FaultKind::crash);
    Microseconds begin{0};
    bool at_full_rate = false;
    for (const Phase& phase : day.phases) {
      if (begin <= *crash.at && *crash.at + crash.lasts.second <= begin + phase.length) {
        at_full_rate = phase.from_permille == 1'000 && phase.to_permille == 1'000;
      }
      begin += phase.length;
    }
    EXPECT_TRUE(at_full_rate) << choice;
    EXPECT_TRUE(day.service) << choice;
  }
}

TEST(ScenarioFiles, ScenarioAHasItsCommandsAndTexts) {
  const Scenario scenario = shipped("inbound.json");
  std::map<std::string, int> sent;
  std::map<std::string, int> awaited;
  for (const Step& step : scenario.workflows.at(0).steps) {
    if (const auto* send = std::get_if<SendStep>(&step.action)) ++sent[send->type];
    if (const auto* await = std::get_if<AwaitStep>(&step.action)) ++awaited[await->type];
  }
  EXPECT_EQ(sent["message.send"], 8);
  EXPECT_EQ(sent["repair.step"], 3);
  EXPECT_EQ(sent["claim.convert"], 1);
  EXPECT_EQ(sent["receipt.register"], 1);
  EXPECT_EQ(sent["intake.register"], 1);
  EXPECT_GE(sent["room.read"], 4);
  EXPECT_GE(sent["unread.counts"], 2);
  EXPECT_EQ(awaited["greeting"], 2);
  EXPECT_EQ(awaited["claim"], 1);
}

TEST(ScenarioFiles, RolesComeAfterThoseTheyAreChosenBy) {
  const Scenario scenario = shipped("acceptance-a.json");
  for (const Workflow& workflow : scenario.workflows) {
    for (std::size_t i = 0; i < workflow.roles.size(); ++i) {
      if (workflow.roles[i].choice == RoleSpec::Choice::by_weight) continue;
      EXPECT_LT(workflow.roles[i].relative_to, i) << workflow.name;
    }
    for (std::size_t i = 0; i < workflow.steps.size(); ++i) {
      const auto& after = workflow.steps[i].after_step;
      EXPECT_LT(after.value_or(0), std::max<std::size_t>(i, 1));
    }
  }
}

TEST(ScenarioFiles, AcceptanceProvesTheClausesOfScenarioA) {
  const Scenario scenario = shipped("acceptance-a.json");
  const std::set<std::string> clauses = proven(scenario);
  for (const char* clause :
       {"CPC-002-1/send",         "CPC-002-1/text-unchanged",  "CPC-002-4/complete",
        "CPC-002-4/nothing-else", "CPC-003/opens-by-itself",   "CPC-003/from-receipt",
        "CPC-003/one-room",       "CPC-003/one-greeting",      "CPC-003/right-members",
        "CPC-003/within-second",  "CPC-004-1/message-vehicle", "CPC-004-3/by-room",
        "CPC-004-5/steps",        "CPC-004-5/notices",         "CPC-004-5/legal-order",
        "CPC-004-5/garage-alone", "CPC-004-7/unread",          "CPC-004-7/unread-by",
        "CPC-004-8/greeting",     "CPC-004-8/name-not-id",     "CMO-001/to-claim",
        "CMO-001/to-claim-once",  "PER-001/error-message",     "PER-001/error-within-second",
        "SER-002/roles",          "SER-002/foreign-room"}) {
    EXPECT_THAT(clauses, Contains(clause));
  }
  std::vector<std::string> left_out;
  left_out.reserve(scenario.not_covered.size());
  for (const auto& [clause, why] : scenario.not_covered) left_out.push_back(clause);
  EXPECT_THAT(left_out, Contains("CPC-004-2/pictures"));
}

TEST(ScenarioFiles, AcceptanceOfAllPlaysWhatTheOthersDoAndSpeaksOfEveryClause) {
  const Scenario all = shipped("acceptance-all.json");
  std::set<std::string> played;
  for (const Workflow& workflow : all.workflows) played.insert(workflow.name);
  std::set<std::string> of_the_others;
  std::set<std::string> proven_by_others;
  for (const char* name :
       {"acceptance-a.json", "acceptance-b.json", "acceptance-negotiation.json"}) {
    const Scenario one = shipped(name);
    for (const Workflow& workflow : one.workflows) of_the_others.insert(workflow.name);
    proven_by_others.merge(proven(one));
  }
  std::set<std::string> spoken_of = proven(all);
  EXPECT_TRUE(std::ranges::includes(played, of_the_others));
  EXPECT_TRUE(std::ranges::includes(spoken_of, proven_by_others));
  for (const auto& [clause, why] : all.not_covered) {
    EXPECT_TRUE(spoken_of.insert(clause).second) << clause << " is proven, and excused";
  }
  std::set<std::string> catalogue;
  for (const RequirementEntry& entry : all.requirements) {
    for (const auto& clause : entry.clauses) catalogue.insert(entry.id + "/" + clause.clause);
  }
  EXPECT_THAT(catalogue, SizeIs(::testing::Ge(126U)));
  EXPECT_EQ(spoken_of, catalogue);
}

TEST(ScenarioFiles, MalformedCommandsUseUpNoNumber) {
  const Scenario scenario = shipped("acceptance-a.json");
  int uncounted = 0;
  for (const Workflow& workflow : scenario.workflows) {
    for (const Step& step : workflow.steps) {
      const auto* send = std::get_if<SendStep>(&step.action);
      if (send == nullptr) continue;
      const std::string error =
          send->expected_errors.empty() ? std::string() : send->expected_errors[0];
      const bool malformed = error == "bad_field" || error == "missing_field" ||
                             error == "unknown_field" || error == "unknown_type";
      EXPECT_EQ(send->uncounted, malformed && !send->read) << step.place.line;
      uncounted += static_cast<int>(send->uncounted);
    }
  }
  EXPECT_GE(uncounted, 8);
}

TEST(ScenarioFiles, TheCatalogueHasEveryRequirement) {
  const auto catalogue =
      load_requirements((testing::scenarios_folder() / "requirements.json").string());
  ASSERT_TRUE(catalogue);
  std::set<std::string> ids;
  for (const RequirementEntry& entry : *catalogue) {
    ids.insert(entry.id);
    EXPECT_THAT(entry.clauses, ::testing::Not(IsEmpty())) << entry.id;
  }
  EXPECT_EQ(ids, (std::set<std::string>{
                     "CPC-001",   "CPC-002-1", "CPC-002-2", "CPC-002-3", "CPC-002-4", "CPC-003",
                     "CPC-004-1", "CPC-004-2", "CPC-004-3", "CPC-004-4", "CPC-004-5", "CPC-004-6",
                     "CPC-004-7", "CPC-004-8", "CMO-001",   "CMO-002",   "CMO-003",   "Alp-001",
                     "Alp-002",   "Alp-003",   "MAN-001",   "MAN-002",   "UI-001",    "PER-001",
                     "DAR-001",   "SER-001",   "SER-002"}));
}

std::set<FaultKind> kinds_in(const std::string& name) {
  const auto plan = load_faults((testing::scenarios_folder() / "faults" / name).string());
  EXPECT_TRUE(plan) << to_string(plan.error().at(0));
  std::set<FaultKind> kinds;
  if (!plan) return kinds;
  EXPECT_FALSE(plan->thresholds.empty());
  for (const FaultSpec& spec : plan->faults) kinds.insert(spec.kind);
  return kinds;
}

TEST(FaultFiles, HaveWhatTheyAreNamedFor) {
  EXPECT_EQ(kinds_in("everything.json").size(), kFaultKinds);
  std::set<FaultKind> real;
  for (std::size_t i = 0; i < kFaultKinds; ++i) {
    if (happens_in_real_world(static_cast<FaultKind>(i))) real.insert(static_cast<FaultKind>(i));
  }
  EXPECT_EQ(kinds_in("real.json"), real);
  EXPECT_FALSE(kinds_in("network.json").contains(FaultKind::crash));
  EXPECT_TRUE(kinds_in("crashes.json").contains(FaultKind::crash));
}

TEST(FaultFiles, EverythingHappensSeveralTimesInAMinute) {
  const auto plan = load_faults((testing::scenarios_folder() / "faults/everything.json").string());
  ASSERT_TRUE(plan);
  const Population population =
      make_population({.insurers = 4, .adjusters = 14, .garages = 12}, 1, 1'700'000'000);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    std::map<FaultKind, int> times;
    for (const Fault& fault :
         schedule_faults(*plan, population, Microseconds{60'000'000}, Random(seed))) {
      ++times[fault.kind];
    }
    EXPECT_EQ(times.size(), kFaultKinds) << "seed " << seed;
    EXPECT_GE(times[FaultKind::crash], 2) << "seed " << seed;
  }
}

}  // namespace
}  // namespace claims::storm
