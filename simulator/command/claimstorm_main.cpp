// claimstorm: plays virtual garages, adjusters and insurers against a chat server and proves that
// every answer was right.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "simulator/command/accept_command.h"
#include "simulator/command/command.h"
#include "simulator/command/output.h"
#include "simulator/command/population_command.h"
#include "simulator/command/report_command.h"
#include "simulator/command/run_command.h"
#include "simulator/command/run_environment.h"
#include "simulator/command/shrink_command.h"
#include "simulator/command/simulate_command.h"
#include "simulator/command/validate_command.h"
#include "simulator/scenario/near_miss.h"

namespace {

using claims::storm::ExitCode;
using claims::storm::to_int;

/// Says so when the first word is none of the commands; CLI11 would only miss a command.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  const std::string word = argc > 1 ? argv[1] : "";
  if (word.empty() || word.starts_with('-')) return {};
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == word) return {};
    names.push_back(command->get_name());
  }
  return fmt::format("no command \"{}\"; allowed: {}", word,
                     claims::storm::allowed_names(word, names));
}

int run(int argc, char** argv) {
  CLI::App app{
      "claimstorm plays insurance claims work against an MQTT chat server, checks every "
      "delivery and ends with a verdict.",
      "claimstorm"};
  app.set_version_flag("--version", "claimstorm " + claims::storm::program_version());
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  claimstorm run scenarios/smoke.json\n"
      "  claimstorm accept a\n"
      "  claimstorm simulate scenarios/smoke.json --seed 17\n"
      "  claimstorm report out/latest/result.json\n"
      "  claimstorm validate scenarios/inbound.json\n"
      "  claimstorm COMMAND --help");
  std::function<int()> chosen;
  claims::storm::add_run_command(app, chosen);
  claims::storm::add_accept_command(app, chosen);
  claims::storm::add_simulate_command(app, chosen);
  claims::storm::add_shrink_command(app, chosen);
  claims::storm::add_report_command(app, chosen);
  claims::storm::add_validate_command(app, chosen);
  claims::storm::add_population_command(app, chosen);
  if (const std::string unknown = unknown_command(app, argc, argv); !unknown.empty()) {
    claims::storm::say(stderr, "{}\nRun with --help for more information.\n", unknown);
    return to_int(ExitCode::usage);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version come this way too, with exit code 0.
    return app.exit(error) == 0 ? to_int(ExitCode::pass) : to_int(ExitCode::usage);
  }
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  claims::storm::set_up_output();
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    claims::storm::say(stderr, "claimstorm: {}\n", error.what());
    return to_int(ExitCode::usage);
  }
}
