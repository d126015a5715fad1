#pragma once
// Which requirements a run proved, clause by clause.

#include <vector>

#include "reports/result.h"
#include "simulator/actor/step_outcomes.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// The thresholds that a run was judged by, and what came of each.
struct JudgedThresholds {
  const std::vector<ThresholdSpec>& specs;
  const std::vector<report::Threshold>& outcomes;
};

/// For each requirement that the scenario cites (in steps, thresholds or as not covered): the ID as
/// a whole, then its clauses in the catalogue's order. An ID passes only when every clause does;
/// otherwise it is partial, naming the clauses that are missing, fail, or not covered.
std::vector<report::Requirement> requirement_outcomes(const Scenario& scenario,
                                                      const StepOutcomes& steps,
                                                      const JudgedThresholds& thresholds);

}  // namespace claims::storm
