#pragma once
// A scenario for a Theatre as somebody would write it: its workflow's roles, let and steps as JSON.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "simulator/scenario/load.h"

namespace claims::storm::testing {

struct Written {
  std::string population = R"({"insurers": 2, "adjusters": 4, "garages": 6})";
  std::string roles = R"({"adjuster": {"is": "adjuster"}, "garage": {"is": "garage"}})";
  std::string let = "{}";
  std::string steps;  ///< What stands between the brackets.
  std::string arrivals = R"([{"workflow": "w", "count": 1}])";
  std::string phases = R"([{"hold": "1s"}])";
  std::string requirements;  ///< The catalogue beside it; empty: none.
  std::string more;          ///< Further members of the scenario, each with a comma before it.

  /// The contract's commands do not matter: "contract": "other".
  std::string text() const {
    return R"({"format": "claimstorm-scenario/1", "name": "written", "contract": "other",
"title": {"ko": "시험", "en": "test"}, "population": )" +
           population + ", \"arrivals\": " + arrivals + ", \"phases\": " + phases +
           R"(, "connects_per_second": 1000, "workflows": [{"name": "w", "title": {"ko": "흐름", "en": "flow"},
"roles": )" +
           roles + ", \"let\": " + let + ",\n\"steps\": [\n" + steps + "\n]}]" + more + "}";
  }
};

/// The scenario; errors fail the test.
inline Scenario loaded(const Written& written) {
  // Two folders of its own: catalogues are looked for beside the file and in the folder above.
  const auto folder =
      std::filesystem::path(::testing::TempDir()) / ("claims-written-" + std::to_string(getpid()));
  const auto file = folder / "scenarios" / "written.json";
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << written.text();
  if (!written.requirements.empty()) {
    std::ofstream(file.parent_path() / "requirements.json") << written.requirements;
  }
  auto scenario = load_scenario(file.string());
  std::filesystem::remove_all(folder);
  if (scenario) return std::move(*scenario);
  for (const FileError& error : scenario.error()) ADD_FAILURE() << to_string(error);
  return {};
}

inline Scenario loaded(const std::string& steps) {
  Written written;
  written.steps = steps;
  return loaded(written);
}

}  // namespace claims::storm::testing
