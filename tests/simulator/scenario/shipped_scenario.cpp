#include "tests/simulator/scenario/shipped_scenario.h"

#include <gtest/gtest.h>

#include <utility>

namespace claims::storm::testing {

std::filesystem::path scenarios_folder() {
  return std::filesystem::path(CLAIMS_SOURCE_DIR) / "scenarios";
}

Scenario shipped(const std::string& name, const std::vector<Setting>& settings) {
  auto scenario = load_scenario((scenarios_folder() / name).string(), settings);
  if (scenario) return std::move(*scenario);
  for (const FileError& error : scenario.error()) ADD_FAILURE() << to_string(error);
  return {};
}

}  // namespace claims::storm::testing
