#include "simulator/actor/defect_outcomes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

using report::ClauseStatus;
using testing::HasSubstr;

DefectEntry by_checkers() {
  DefectEntry entry;
  entry.id = "D-01";
  entry.checkers = {"one_room_per_intake", "present_fields"};
  entry.events = {"greeting", "message"};
  return entry;
}

report::Defect judged(const DefectEntry& entry, const report::RunResult& result,
                      const Recorder& recorder) {
  return defect_outcomes({entry}, result, recorder).at(0);
}

TEST(DefectOutcomes, ACheckerProvesOnlyIfItHadSomethingToCheck) {
  report::RunResult result;
  result.violations = {{"one_room_per_intake", 0}, {"present_fields", 0}};
  Recorder recorder;
  recorder.count_event("greeting");
  auto defect = judged(by_checkers(), result, recorder);
  EXPECT_EQ(defect.status, ClauseStatus::not_covered);
  EXPECT_THAT(defect.evidence.en, HasSubstr("no such events to check: message"));
  recorder.count_event("message");
  defect = judged(by_checkers(), result, recorder);
  EXPECT_EQ(defect.status, ClauseStatus::pass);
  EXPECT_THAT(defect.evidence.ko, HasSubstr("greeting 1, message 1"));
}

TEST(DefectOutcomes, AViolationFailsItWhateverWasSeen) {
  report::RunResult result;
  result.violations = {{"one_room_per_intake", 0}, {"present_fields", 2}};
  const auto defect = judged(by_checkers(), result, Recorder());
  EXPECT_EQ(defect.status, ClauseStatus::fail);
  EXPECT_THAT(defect.evidence.en, HasSubstr("present_fields 2"));
}

TEST(DefectOutcomes, ClausesProveItWhenAllOfThemPassed) {
  DefectEntry entry;
  entry.clauses = {"A-1/one", "A-1/two"};
  report::RunResult result;
  result.requirements = {{"A-1", "", ClauseStatus::fail, {}, {}},
                         {"A-1", "one", ClauseStatus::pass, {}, {}}};
  EXPECT_EQ(judged(entry, result, Recorder()).status, ClauseStatus::not_covered);
  result.requirements.push_back({"A-1", "two", ClauseStatus::partial, {}, {}});
  const auto partly = judged(entry, result, Recorder());
  EXPECT_EQ(partly.status, ClauseStatus::not_covered);
  EXPECT_THAT(partly.evidence.en, HasSubstr("did not prove: A-1/two"));
  result.requirements.back().status = ClauseStatus::pass;
  EXPECT_EQ(judged(entry, result, Recorder()).status, ClauseStatus::pass);
  result.requirements.back().status = ClauseStatus::fail;
  EXPECT_EQ(judged(entry, result, Recorder()).status, ClauseStatus::fail);
}

TEST(DefectOutcomes, WhatNothingProvesSaysWhy) {
  DefectEntry entry;
  entry.not_covered = {"화면 없음", "no pages"};
  const auto defect = judged(entry, {}, Recorder());
  EXPECT_EQ(defect.status, ClauseStatus::not_covered);
  EXPECT_EQ(defect.evidence.en, "no pages");
}

}  // namespace
}  // namespace claims::storm
