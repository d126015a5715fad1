#pragma once
// claimstorm validate: every error of scenario files at once.

#include <functional>
#include <string>
#include <vector>

#include "simulator/scenario/load.h"

namespace CLI {
class App;
}

namespace claims::storm {

/// Returns an ExitCode.
int run_validate_command(const std::vector<std::string>& files,
                         const std::vector<Setting>& settings = {});
void add_validate_command(CLI::App& app, std::function<int()>& chosen);

}  // namespace claims::storm
