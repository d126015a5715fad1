#pragma once
// claimstorm run: plays a scenario against a server over real connections, to a verdict.

#include <functional>
#include <string>
#include <vector>

#include "simulator/command/run_options.h"
#include "simulator/command/scenario_run.h"

namespace CLI {
class App;
}

namespace claims::storm {

/// Where the result is, or why there is none. Returns the outcome's ExitCode.
int print_ending(const RunOutcome& outcome);
/// --set, repeatable.
void add_set_option(CLI::App& command, std::vector<std::string>& set);
/// --target, --embedded, --population, --set, --seed, --out
void add_target_options(CLI::App& command, RunWords& words);

/// play_scenario() with its summary on standard output. Returns an ExitCode.
int run_run_command(const RunOptions& options);
void add_run_command(CLI::App& app, std::function<int()>& chosen);

}  // namespace claims::storm
