#pragma once
// claimstorm accept: plays an acceptance scenario and shows the requirement clauses with verdict
// and evidence.

#include <functional>
#include <string>

#include "protocol/result.h"
#include "simulator/command/run_options.h"

namespace CLI {
class App;
}

namespace claims::storm {

/// scenarios/acceptance-<name>.json, in the working directory or where this program was built. The
/// error names the acceptance scenarios that are there.
Result<std::string, std::string> find_acceptance_scenario(const std::string& name);

/// Returns an ExitCode.
int run_accept_command(const RunOptions& options);
void add_accept_command(CLI::App& app, std::function<int()>& chosen);

}  // namespace claims::storm
