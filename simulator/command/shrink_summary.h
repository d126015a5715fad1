#pragma once
// What a person reads of a shrinking.

#include <cstdint>
#include <string>

#include "reports/console.h"
#include "simulator/command/scenario_reductions.h"
#include "simulator/command/seed_report.h"

namespace claims::storm {

struct ScenarioSize {
  std::uint64_t users = 0, workflows_started = 0, faults = 0;
  Microseconds length{0};  ///< Of the phases.
};
/// `report`: of its run. One that came to no result has no workflows to count.
ScenarioSize size_of(const ScenarioDocument& document, const SeedReport& report);

struct ShrinkOutcome {
  ScenarioSize before, after;
  SeedReport failure;  ///< Of the smallest.
  std::uint64_t attempts = 0;
  bool used_up = false;  ///< It could have gone on.
  std::string file, replay;
};

std::string shrink_progress(std::uint64_t attempts, std::uint64_t kept,
                            const report::ConsoleStyle& style = {});
std::string shrink_summary(const ShrinkOutcome& outcome, const report::ConsoleStyle& style = {});

}  // namespace claims::storm
