#pragma once
// A scenario of scenarios/, as it ships.

#include <filesystem>
#include <string>
#include <vector>

#include "simulator/scenario/load.h"

namespace claims::storm::testing {

std::filesystem::path scenarios_folder();
/// Errors fail the test.
Scenario shipped(const std::string& name, const std::vector<Setting>& settings = {});

}  // namespace claims::storm::testing
