#pragma once
// StepOutcomes: which requirement clauses the steps of a run proved, which they failed, and why.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/scenario/model.h"

namespace claims::storm {

/// A step that did not go as the scenario says, told for a tester.
struct StepFailure {
  const Step* step = nullptr;  ///< Lives as long as the scenario.
  LocalText text;
  std::uint64_t times = 1;  ///< How often this step failed; the text is the first's.
};

/// What the steps of a run say about one clause.
struct ClauseOutcome {
  std::uint64_t passed = 0, failed = 0;
  std::vector<const Step*> steps;  ///< That passed or failed, each once, in the order of first use.
  LocalText first_failure;         ///< Empty while nothing failed.
};
/// What was checked and how often, or the first failure.
LocalText evidence(const ClauseOutcome& outcome);
/// Which steps that cite a clause were never played to their end.
LocalText unplayed_evidence(const std::vector<const Step*>& steps);

class StepOutcomes {
 public:
  void passed(const Step& step);
  void failed(StepFailure failure);

  /// By clause, "CPC-003/one-room".
  const std::map<std::string, ClauseOutcome, std::less<>>& clauses() const { return clauses_; }
  std::uint64_t failures() const { return failures_; }
  /// The first ones, at most limits::kStoriesMax.
  /// One for each step, in the order of their first failures, each with its count if it is more.
  std::vector<StepFailure> stories() const;

 private:
  std::map<std::string, ClauseOutcome, std::less<>> clauses_;
  std::uint64_t failures_ = 0;
  std::vector<StepFailure> stories_;
};

}  // namespace claims::storm
