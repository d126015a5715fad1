#pragma once
// What every command of claimstorm has in common: exit codes, and how it joins the command line.
//
// A command is one file with `void add_<name>_command(CLI::App& app, std::function<int()>&
// chosen)`: it adds its subcommand, and when that is the one given, sets `chosen` to what must run.
// main calls it after parsing and returns its exit code.

namespace claims::storm {

enum class ExitCode : int {
  pass = 0,
  failed = 1,       ///< A threshold was missed or something was violated.
  usage = 2,        ///< Bad options or a bad file.
  unreachable = 3,  ///< The target does not answer.
  invalid = 4,      ///< The run proves nothing: the generator was the limit, or it was ended early.
};
constexpr int to_int(ExitCode code) {
  return static_cast<int>(code);
}

}  // namespace claims::storm
