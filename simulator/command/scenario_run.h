#pragma once
// One run of a scenario: population, server, players, checkers and reports put together.

#include <optional>
#include <string>

#include "reports/result.h"
#include "simulator/command/command.h"
#include "simulator/command/run_options.h"

namespace claims::storm {

struct RunOutcome {
  ExitCode code = ExitCode::usage;
  /// There is one when the scenario was played, also when it was ended early.
  std::optional<report::RunResult> result;
  std::string message;  ///< Why there is no result; errors with file and line, one a line.
  std::string folder;   ///< Where result.json, junit.xml and the server's log are.
};

/// Plays it, shows the progress on standard error and writes the result's files. Takes SIGINT and
/// SIGTERM while it plays.
RunOutcome play_scenario(const RunOptions& options);

}  // namespace claims::storm
