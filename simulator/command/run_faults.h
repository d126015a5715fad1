#pragma once
// The faults of a run over real connections: which of its plan can be carried out there.

#include <optional>
#include <string>
#include <vector>

#include "reports/result.h"
#include "simulator/scenario/fault_plan.h"

namespace claims::storm {

struct RunFaults {
  std::vector<Fault> carried_out;
  /// For each kind that is left out: how often, and why.
  std::vector<report::Text> left_out;
};

/// `embedded`: the server is a process of this run's own, so that it can be killed.
RunFaults split_for_real_world(std::vector<Fault> faults, bool embedded);

/// That of --crash, and why the server is not there any more, if it is not.
void add_crash(report::RunResult& result, const std::optional<std::string>& not_restarted);

}  // namespace claims::storm
