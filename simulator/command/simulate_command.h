#pragma once
// claimstorm simulate: plays a scenario in virtual time, for one seed or for many.

#include <functional>

#include "simulator/command/simulate_options.h"
#include "simulator/world/virtual/simulation.h"

namespace CLI {
class App;
}

namespace claims::storm {

using SimulateFunction = std::function<Simulated(const Scenario&, const SimulationOptions&)>;

/// One seed: the run's report on standard output, its files in --out. Many: their summary. Returns
/// an ExitCode.
int run_simulate_command(const SimulateOptions& options, const SimulateFunction& simulate);
void add_simulate_command(CLI::App& app, std::function<int()>& chosen);

}  // namespace claims::storm
