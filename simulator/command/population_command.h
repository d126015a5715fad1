#pragma once
// claimstorm population: writes a directory and tokens for a server and the runs against it.

#include <cstdint>
#include <functional>
#include <string>

#include "simulator/scenario/model.h"

namespace CLI {
class App;
}

namespace claims::storm {

struct PopulationOptions {
  PopulationSpec spec;
  std::string garage_devices = "100 %", adjuster_devices = "100 %";  ///< As in scenario files.
  std::uint64_t seed = 1;
  std::string out;
};

/// Returns an ExitCode.
int run_population_command(PopulationOptions options);
void add_population_command(CLI::App& app, std::function<int()>& chosen);

}  // namespace claims::storm
