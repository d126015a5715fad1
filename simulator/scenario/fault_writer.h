#pragma once
// A schedule of faults as a file has it.

#include <string>
#include <vector>

#include "simulator/scenario/fault_plan.h"
#include "simulator/scenario/population.h"

namespace claims::storm {

/// A JSON array for the key "faults", one entry a line, each with its time and its users by name.
/// Loaded again and scheduled for the same population and length, it comes to exactly these.
std::string faults_json(const std::vector<Fault>& faults, const Population& population);

}  // namespace claims::storm
