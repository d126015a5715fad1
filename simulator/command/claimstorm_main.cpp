// claimstorm: plays virtual garages, adjusters and insurers against a chat server and proves that
// every answer was right.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>

#include "simulator/command/accept_command.h"
#include "simulator/command/command.h"
#include "simulator/command/output.h"
#include "simulator/command/population_command.h"
#include "simulator/command/report_command.h"
#include "simulator/command/run_command.h"
#include "simulator/command/run_environment.h"
#include "simulator/command/validate_command.h"

namespace {

using claims::storm::ExitCode;
using claims::storm::to_int;

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
      "  claimstorm report out/latest/result.json\n"
      "  claimstorm validate scenarios/inbound.json\n"
      "  claimstorm COMMAND --help");
  std::function<int()> chosen;
  claims::storm::add_run_command(app, chosen);
  claims::storm::add_accept_command(app, chosen);
  claims::storm::add_report_command(app, chosen);
  claims::storm::add_validate_command(app, chosen);
  claims::storm::add_population_command(app, chosen);
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
