#include "simulator/command/population_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string_view>
#include <vector>

#include "simulator/command/command.h"
#include "simulator/command/output.h"
#include "simulator/limits.h"
#include "simulator/scenario/insurer_market.h"
#include "simulator/scenario/population.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

/// "140 %" of the option in thousandths.
void read_devices(std::string_view option, const std::string& text, std::int64_t& permille,
                  std::vector<std::string>& errors) {
  constexpr auto kMost = static_cast<std::int64_t>(limits::kDevicesPerUserMax) * 1'000;
  const auto share = parse_percent(text);
  if (share && *share >= 1'000 && *share <= kMost) {
    permille = *share;
    return;
  }
  errors.push_back(
      fmt::format("--{}: found \"{}\", allowed: 100 % to {} %", option, text, kMost / 10));
}

std::vector<std::string> check(PopulationOptions& options) {
  PopulationSpec& spec = options.spec;
  std::vector<std::string> errors;
  read_devices("adjuster-devices", options.adjuster_devices, spec.adjuster_devices_permille,
               errors);
  read_devices("garage-devices", options.garage_devices, spec.garage_devices_permille, errors);
  const auto complain = [&](std::string_view option, int found, const std::string& allowed) {
    errors.push_back(fmt::format("--{}: found {}, allowed: {}", option, found, allowed));
  };
  if (spec.insurers < 1 || spec.insurers > kInsurersMax) {
    complain("insurers", spec.insurers, fmt::format("1 to {}", kInsurersMax));
  }
  const auto most = static_cast<int>(limits::kUsersMax);
  if (spec.adjusters < spec.insurers || spec.adjusters > most) {
    complain("adjusters", spec.adjusters,
             fmt::format("{} to {}, at least one for each insurer", spec.insurers, most));
  }
  if (spec.garages < 1 || spec.garages > most) {
    complain("garages", spec.garages, fmt::format("1 to {}", most));
  }
  if (errors.empty() && spec.insurers + spec.adjusters + spec.garages > most) {
    errors.push_back(fmt::format("found {} users together, allowed: at most {}",
                                 spec.insurers + spec.adjusters + spec.garages, most));
  }
  return errors;
}

}  // namespace

int run_population_command(PopulationOptions options) {
  const std::vector<std::string> errors = check(options);
  for (const std::string& error : errors) say(stderr, "claimstorm population: {}\n", error);
  if (!errors.empty()) return to_int(ExitCode::usage);
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const Population population = make_population(options.spec, options.seed, now.count());
  if (const auto written = write_population(population, options.out); !written) {
    say(stderr, "claimstorm population: {}\n", written.error());
    return to_int(ExitCode::usage);
  }
  say(stdout, "{}: {} insurers, {} adjusters, {} garages; seed {}\n", options.out,
      population.insurers.size(), population.count(chat::Role::adjuster),
      population.count(chat::Role::garage), options.seed);
  say(stdout, "  directory.json   for claimchatd --directory\n");
  say(stdout, "  token.key        for claimchatd --token-key\n");
  say(stdout, "  tokens.csv       user,token; valid for one day from now\n");
  say(stdout, "  population.json  for claimstorm run --population {}\n", options.out);
  return to_int(ExitCode::pass);
}

void add_population_command(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "population", "Writes a directory of insurers, adjusters and garages, with their tokens");
  const auto options = std::make_shared<PopulationOptions>();
  command->add_option("--insurers", options->spec.insurers, "Insurers, at most 43")
      ->capture_default_str();
  command->add_option("--adjusters", options->spec.adjusters, "Adjusters, spread by market share")
      ->required();
  command->add_option("--garages", options->spec.garages, "Garages, a tenth of them busy")
      ->required();
  command
      ->add_option("--adjuster-devices", options->adjuster_devices,
                   "Devices of 100 adjusters: 160 %, up to 300 %")
      ->capture_default_str();
  command->add_option("--garage-devices", options->garage_devices, "The same of 100 garages")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "The same seed makes the same people")
      ->capture_default_str();
  command->add_option("--out", options->out, "Folder to write to")->required();
  command->footer(
      "Example:\n"
      "  claimstorm population --insurers 12 --adjusters 1000 --garages 1000 --seed 7 --out pop\n"
      "  claimchatd --listen mqtt://127.0.0.1:1883 --data data --directory pop/directory.json "
      "--token-key pop/token.key\n"
      "  claimstorm run scenarios/inbound.json --target mqtt://127.0.0.1:1883 --population pop");
  command->callback(
      [options, &chosen] { chosen = [options] { return run_population_command(*options); }; });
}

}  // namespace claims::storm
