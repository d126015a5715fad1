#pragma once
// claimstorm run: plays a scenario against a server over real connections, to a verdict.

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "reports/console.h"
#include "reports/result.h"
#include "simulator/actor/step_outcomes.h"
#include "simulator/command/command.h"
#include "simulator/command/run_options.h"

namespace CLI {
class App;
}

namespace claims::storm {

/// What one clause came to, without the steps behind it.
struct ClauseSummary {
  std::uint64_t passed = 0, failed = 0;
  LocalText evidence;
};

struct RunOutcome {
  ExitCode code = ExitCode::usage;
  /// There is one when the scenario was played, also when it was ended early.
  std::optional<report::RunResult> result;
  std::map<std::string, ClauseSummary> clauses;  ///< "CPC-003/one-room"
  std::string message;  ///< Why there is no result; errors with file and line, one a line.
  std::string folder;   ///< Where result.json, junit.xml and the server's log are.
};

/// Plays it, shows the progress on standard error and writes the result's files. Takes SIGINT and
/// SIGTERM while it plays.
RunOutcome play_scenario(const RunOptions& options);

/// For a terminal or a pipe, in the language of the environment.
report::ConsoleStyle console_style();
/// Where the result is, or why there is none. Returns the outcome's ExitCode.
int print_ending(const RunOutcome& outcome);
/// --target, --embedded, --population, --seed, --out
void add_target_options(CLI::App& command, RunWords& words);

/// play_scenario() with its summary on standard output. Returns an ExitCode.
int run_run_command(const RunOptions& options);
void add_run_command(CLI::App& app, std::function<int()>& chosen);

}  // namespace claims::storm
