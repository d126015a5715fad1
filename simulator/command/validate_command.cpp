#include "simulator/command/validate_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "simulator/command/command.h"
#include "simulator/command/output.h"
#include "simulator/command/run_command.h"
#include "simulator/command/run_options.h"
#include "simulator/scenario/load.h"

namespace claims::storm {

int run_validate_command(const std::vector<std::string>& files,
                         const std::vector<Setting>& settings) {
  std::size_t errors = 0;
  for (const std::string& file : files) {
    const std::vector<FileError> found = check_file(file, settings);
    for (const FileError& error : found) say(stderr, "{}\n", to_string(error));
    if (found.empty()) say(stdout, "{}: valid\n", file);
    errors += found.size();
  }
  if (errors == 0) return to_int(ExitCode::pass);
  say(stderr, "{} {}\n", errors, errors == 1 ? "error" : "errors");
  return to_int(ExitCode::usage);
}

void add_validate_command(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "validate", "Tells every error of scenario, workflow, fault and requirement files at once");
  const auto files = std::make_shared<std::vector<std::string>>();
  command->add_option("FILE", *files, "Files to check")->required();
  const auto set = std::make_shared<std::vector<std::string>>();
  add_set_option(*command, *set);
  command->footer(
      "Example:\n"
      "  claimstorm validate scenarios/inbound.json scenarios/acceptance-a.json\n"
      "An error tells file, line, path, what was found and what is allowed:\n"
      "  scenarios/a.json:12: /steps/3/role: found \"mechanic\", allowed: garage, adjuster\n"
      "Exit code 0: all valid, 2: errors.");
  command->callback([files, set, &chosen] {
    chosen = [files, set] {
      std::vector<std::string> errors;
      const std::vector<Setting> settings = parse_settings(*set, errors);
      for (const std::string& error : errors) say(stderr, "{}\n", error);
      return errors.empty() ? run_validate_command(*files, settings) : to_int(ExitCode::usage);
    };
  });
}

}  // namespace claims::storm
