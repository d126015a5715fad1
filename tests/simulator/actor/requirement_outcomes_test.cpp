#include "simulator/actor/requirement_outcomes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/actor/theatre.h"

namespace claims::storm {
namespace {

using report::ClauseStatus;
using ::testing::HasSubstr;
using testing::Play;
using ::testing::SizeIs;

const std::string kSend = R"({"type":"message.send","room":"r7","text":"안녕하세요"})";

/// Two clauses that steps prove, one that a threshold proves, one declared as not covered.
Scenario scenario() {
  Play play;
  play.send("garage", kSend).proves("A-1/one").send("garage", kSend).proves("A-1/two");
  play.scenario.thresholds = {
      {.metric = "reply.max_ms", .op = "<=", .limit_milli = 1'000'000, .proves = {"B-1/fast"}}};
  play.scenario.not_covered = {{"A-1/pictures", {"아직 없음", "not there yet"}}};
  play.scenario.requirements = {{"A-1", {"가", "a"}, {{"one", {}}, {"two", {}}, {"pictures", {}}}},
                                {"B-1", {"나", "b"}, {{"fast", {}}}},
                                {"C-1", {"다", "c"}, {{"never-cited", {}}}}};
  return play.scenario;
}

std::vector<report::Threshold> thresholds(bool ok) {
  report::Threshold threshold;
  threshold.metric = "reply.max_ms";
  threshold.limit = "<= 1000";
  threshold.value = ok ? 12.0 : 1'200.0;
  threshold.ok = ok;
  return {threshold};
}

std::map<std::string, report::Requirement> by_name(const Scenario& played,
                                                   const StepOutcomes& steps, bool fast) {
  std::map<std::string, report::Requirement> outcomes;
  for (const auto& one :
       requirement_outcomes(played, steps, {played.thresholds, thresholds(fast)})) {
    outcomes[one.clause.empty() ? one.id : one.id + "/" + one.clause] = one;
  }
  return outcomes;
}

TEST(RequirementOutcomes, AnIdIsPartialWhileAClauseIsNotCovered) {
  const Scenario played = scenario();
  StepOutcomes steps;
  for (const Step& step : played.workflows[0].steps) steps.passed(step);
  const auto outcomes = by_name(played, steps, true);
  ASSERT_THAT(outcomes, SizeIs(6));  // What is not cited is not there.
  EXPECT_EQ(outcomes.at("A-1/one").status, ClauseStatus::pass);
  EXPECT_THAT(outcomes.at("A-1/one").evidence.en, HasSubstr("checked 1 times"));
  EXPECT_EQ(outcomes.at("A-1/pictures").status, ClauseStatus::not_covered);
  EXPECT_EQ(outcomes.at("A-1/pictures").evidence.en, "not there yet");
  EXPECT_EQ(outcomes.at("A-1").status, ClauseStatus::partial);
  EXPECT_THAT(outcomes.at("A-1").evidence.en, HasSubstr("pictures"));
  EXPECT_EQ(outcomes.at("B-1/fast").status, ClauseStatus::pass);
  EXPECT_EQ(outcomes.at("B-1").status, ClauseStatus::pass);
}

TEST(RequirementOutcomes, OneFailureFailsTheClauseAndItsId) {
  const Scenario played = scenario();
  const auto& step = played.workflows[0].steps;
  StepOutcomes steps;
  steps.passed(step[0]);
  steps.failed({&step[0], {"이야기", "a story"}});
  const auto outcomes = by_name(played, steps, false);
  EXPECT_EQ(outcomes.at("A-1/one").status, ClauseStatus::fail);
  EXPECT_THAT(outcomes.at("A-1/one").evidence.en, HasSubstr("a story"));
  EXPECT_EQ(outcomes.at("A-1/two").status, ClauseStatus::not_covered);
  EXPECT_EQ(outcomes.at("A-1").status, ClauseStatus::fail);
  EXPECT_EQ(outcomes.at("B-1/fast").status, ClauseStatus::fail);
}

/// Two steps and a threshold prove A-1/one.
Scenario proven_by_three() {
  Play play;
  play.send("garage", kSend).proves("A-1/one").send("garage", kSend).proves("A-1/one");
  play.scenario.workflows[0].steps[0].name = "first";
  play.scenario.workflows[0].steps[1].name = "second";
  play.scenario.thresholds = {
      {.metric = "reply.max_ms", .op = "<=", .limit_milli = 1'000'000, .proves = {"A-1/one"}}};
  play.scenario.requirements = {{"A-1", {"가", "a"}, {{"one", {}}}}};
  return play.scenario;
}

TEST(RequirementOutcomes, AStepThatWasNeverPlayedMakesItsClausePartial) {
  const Scenario played = proven_by_three();
  const auto& step = played.workflows[0].steps;
  StepOutcomes steps;
  steps.passed(step[0]);
  auto outcomes = by_name(played, steps, true);
  EXPECT_EQ(outcomes.at("A-1/one").status, ClauseStatus::partial);
  EXPECT_THAT(outcomes.at("A-1/one").evidence.en,
              HasSubstr("never played to their end: test.json: second"));
  EXPECT_EQ(outcomes.at("A-1").status, ClauseStatus::partial);
  EXPECT_THAT(outcomes.at("A-1").evidence.en, HasSubstr("proven in part: one"));

  EXPECT_EQ(by_name(played, steps, false).at("A-1/one").status, ClauseStatus::fail);
  steps.passed(step[1]);
  EXPECT_EQ(by_name(played, steps, true).at("A-1/one").status, ClauseStatus::pass);
  steps.failed({&step[1], {"이야기", "a story"}});
  EXPECT_EQ(by_name(played, steps, true).at("A-1/one").status, ClauseStatus::fail);
}

TEST(RequirementOutcomes, AThresholdAloneProvesNothingWhileItsStepsWereNotPlayed) {
  EXPECT_EQ(by_name(proven_by_three(), StepOutcomes{}, true).at("A-1/one").status,
            ClauseStatus::partial);
}

TEST(RequirementOutcomes, AThresholdWithTooFewSamplesLeavesItsClausePartial) {
  const Scenario played = proven_by_three();
  StepOutcomes steps;
  for (const Step& step : played.workflows[0].steps) steps.passed(step);
  report::Threshold threshold = thresholds(true)[0];
  threshold.too_few_samples = true;
  threshold.value.reset();
  threshold.ok = false;
  for (const auto& one : requirement_outcomes(played, steps, {played.thresholds, {threshold}})) {
    EXPECT_EQ(one.status, ClauseStatus::partial) << one.id << one.clause;
  }
}

/// In a run with faults the thresholds on latencies are left out, and those of the plan come
/// behind.
TEST(RequirementOutcomes, AThresholdProvesWhatItSaysItself) {
  const Scenario played = proven_by_three();
  StepOutcomes steps;
  for (const Step& step : played.workflows[0].steps) steps.passed(step);
  const std::vector<ThresholdSpec> judged(1);  // It cites nothing.
  for (const auto& one : requirement_outcomes(played, steps, {judged, thresholds(false)})) {
    EXPECT_NE(one.status, ClauseStatus::fail) << one.id << one.clause;
  }
}

TEST(RequirementOutcomes, NothingPlayedIsNotCovered) {
  const auto outcomes = by_name(scenario(), StepOutcomes{}, true);
  EXPECT_EQ(outcomes.at("A-1").status, ClauseStatus::not_covered);
}

}  // namespace
}  // namespace claims::storm
