#include "simulator/command/run_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "reports/files.h"
#include "simulator/command/output.h"
#include "simulator/limits.h"

namespace claims::storm {

int print_ending(const RunOutcome& outcome) {
  if (outcome.result) say(stdout, "  {}/report.html, result.json, junit.xml\n", outcome.folder);
  if (!outcome.message.empty()) {
    const bool ends = outcome.message.ends_with('\n');
    say(stderr, "{}{}", outcome.message, ends ? "" : "\n");
  }
  return to_int(outcome.code);
}

int run_run_command(const RunOptions& options) {
  const RunOutcome outcome = play_scenario(options);
  if (outcome.result) {
    say(stdout, "{}", report::console_summary(*outcome.result, console_style(STDOUT_FILENO)));
  }
  return print_ending(outcome);
}

void add_set_option(CLI::App& command, std::vector<std::string>& set) {
  command
      .add_option("--set", set,
                  "A variant of the scenario, as scale=x3, or a value of it, as time_scale=1 or "
                  "phases.0.hold=10s; may be given several times")
      ->allow_extra_args(false);
}

void add_target_options(CLI::App& command, RunWords& words) {
  command.add_option("--target", words.target, "Server under test, mqtt://HOST:PORT");
  command.add_flag("--embedded", words.embedded,
                   "Start claimchatd as a process of its own (default without --target)");
  command.add_option(
      "--client", words.client,
      fmt::format(
          "Whose MQTT client the users have: own (default), or paho, Eclipse Paho C++, as an "
          "independent witness, for up to {} users",
          limits::kPahoUsersMax));
  command.add_option(
      "--source-addresses", words.source_addresses,
      fmt::format("From how many addresses, 127.0.0.1 and the following, the users connect to a "
                  "server on this machine (default: one for each {} users)",
                  limits::kUsersPerSourceAddress));
  command.add_option("--population", words.population,
                     "Folder written by 'claimstorm population' (default: made from the "
                     "scenario and the seed)");
  add_set_option(command, words.set);
  command.add_option("--seed", words.seed, "Default: from the time of day");
  command.add_option("--out", words.out, "Folder of the result (default: out/<scenario>-<time>)");
}

void add_run_command(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "run", "Play a scenario against a server over real connections, to a verdict");
  auto words = std::make_shared<RunWords>();
  command->add_option("FILE", words->file, "Scenario file")->required();
  command->add_flag("--crash", words->crash,
                    "Kill the embedded server (kill -9) after the last workflow, start it again, "
                    "and read the history from what it had made durable");
  command->add_option("--faults", words->faults,
                      "Fault file: what goes wrong while it is played, in place of the "
                      "scenario's own faults; what cannot happen over real connections is said");
  command->add_option("--rate", words->rate,
                      "Workflows per second of all arrivals that have a rate, together; those "
                      "with a count start as many as ever");
  command->add_option(
      "--duration", words->duration,
      "Length of all measured phases together, as 60s; they keep their proportions");
  add_target_options(*command, *words);
  command->footer(
      "Examples:\n"
      "  claimstorm run scenarios/smoke.json\n"
      "  claimstorm run scenarios/inbound.json --rate 50 --duration 60s --seed 7\n"
      "  claimstorm run scenarios/inbound.json --set time_scale=60000 --set phases.1.hold=30s\n"
      "  claimstorm run scenarios/mixed.json --set scale=ci --faults scenarios/faults/real.json\n"
      "  claimstorm run scenarios/mixed.json --set scale=ci --client paho\n"
      "  claimstorm population --insurers 12 --adjusters 1000 --garages 1000 --seed 7 --out pop\n"
      "  claimstorm run scenarios/inbound.json --target mqtt://10.0.0.5:1883 --population pop\n"
      "Exit codes: 0 pass, 1 fail, 2 bad usage or file, 3 target not reachable, 4 invalid");
  command->callback([words, &chosen] {
    chosen = [words] {
      auto options = parse_run_options(*words);
      if (options) return run_run_command(*options);
      if (!words->out.empty()) report::remove_result_files(words->out);
      for (const std::string& error : options.error()) say(stderr, "{}\n", error);
      return to_int(ExitCode::usage);
    };
  });
}

}  // namespace claims::storm
