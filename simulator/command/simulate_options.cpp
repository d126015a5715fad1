#include "simulator/command/simulate_options.h"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <string_view>
#include <utility>

#include "simulator/command/quantity_text.h"
#include "simulator/command/shell_word.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/population.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

using boost::system::in_place_error;
using boost::system::in_place_value;

constexpr std::size_t kJobsMax = 256;

std::string all_of(const std::vector<FileError>& errors) {
  std::string all;
  for (const FileError& error : errors) all += to_string(error) + "\n";
  return all;
}

void parse_seeds(const SimulateWords& words, SimulateOptions& options,
                 std::vector<std::string>& errors) {
  if (words.seed.empty() == words.seeds.empty()) {
    errors.emplace_back(words.seed.empty()
                            ? "no seed: allowed is --seed N, as 17, or --seeds A..B, as 1..1000"
                            : "--seed and --seeds exclude each other: give one of them");
  }
  if (!words.seed.empty()) {
    const auto seed = parse_seed(words.seed);
    if (seed) {
      options.seeds = {*seed, *seed};
    } else {
      errors.push_back(fmt::format("--seed \"{}\": {}", words.seed, seed.error()));
    }
  }
  if (words.seeds.empty()) return;
  options.many = true;
  const auto seeds = parse_seed_range(words.seeds);
  if (seeds) {
    options.seeds = *seeds;
  } else {
    errors.push_back(fmt::format("--seeds \"{}\": {}", words.seeds, seeds.error()));
  }
}

}  // namespace

RunOptions parse_played(const SimulateWords& words, std::vector<std::string>& errors) {
  RunWords run;
  run.file = words.file;
  run.faults = words.faults;
  run.rate = words.rate;
  run.duration = words.duration;
  run.set = words.set;
  auto options = parse_run_options(run);
  if (options) return std::move(*options);
  for (std::string& error : options.error()) errors.push_back(std::move(error));
  return {};
}

std::size_t parse_jobs(const std::string& jobs, std::size_t cores,
                       std::vector<std::string>& errors) {
  if (jobs.empty()) return cores;
  std::size_t number = 0;
  const char* const end = jobs.data() + jobs.size();
  const auto [read, error] = std::from_chars(jobs.data(), end, number);
  if (error == std::errc{} && read == end && number >= 1 && number <= kJobsMax) return number;
  errors.push_back(fmt::format("--jobs \"{}\": allowed is a number from 1 to {}", jobs, kJobsMax));
  return cores;
}

Result<SimulateOptions, std::vector<std::string>> parse_simulate_options(const SimulateWords& words,
                                                                         std::size_t cores) {
  SimulateOptions options;
  std::vector<std::string> errors;
  options.played = parse_played(words, errors);
  parse_seeds(words, options, errors);
  options.jobs = parse_jobs(words.jobs, cores, errors);
  const auto of_many = [&](bool given, std::string_view option) {
    if (given && words.seeds.empty()) {
      errors.push_back(fmt::format("{}: allowed only with --seeds", option));
    }
  };
  of_many(!words.jobs.empty(), "--jobs");
  of_many(words.keep_going, "--keep-going");
  const auto of_one = [&](const std::string& given, std::string_view option) {
    if (!given.empty() && !words.seeds.empty()) {
      errors.push_back(fmt::format("{} \"{}\": allowed only with --seed", option, given));
    }
  };
  of_one(words.trace, "--trace");
  of_one(words.out, "--out");
  options.keep_going = words.keep_going;
  if (!words.trace.empty()) options.trace = words.trace;
  if (!words.out.empty()) options.out = words.out;
  if (!errors.empty()) return {in_place_error, std::move(errors)};
  return {in_place_value, std::move(options)};
}

Result<Scenario, std::string> load_simulated_scenario(const RunOptions& played) {
  auto scenario = load_scenario(played.file, played.settings);
  if (!scenario) return {in_place_error, all_of(scenario.error())};
  if (played.faults) {
    auto faults = load_faults(*played.faults);
    if (!faults) return {in_place_error, all_of(faults.error())};
    scenario->faults = std::move(*faults);
  }
  if (auto applied = apply_options(played, *scenario); !applied) {
    return {in_place_error, applied.error()};
  }
  if (!scenario->faults.empty()) {
    // Who there is does not depend on the seed.
    const Population population = make_population(scenario->population, 1, 0);
    const std::vector<FileError> errors = check_faults(*scenario, population);
    if (!errors.empty()) return {in_place_error, all_of(errors)};
  }
  return {in_place_value, std::move(*scenario)};
}

std::string replay_command(const RunOptions& played, std::uint64_t seed) {
  std::string command = "claimstorm simulate " + shell_word(played.file);
  const auto add = [&](std::string_view option, const std::string& value) {
    fmt::format_to(std::back_inserter(command), " --{} {}", option, shell_word(value));
  };
  if (played.faults) add("faults", *played.faults);
  for (const Setting& setting : played.settings) {
    add("set", fmt::format("{}={}", setting.key, setting.value));
  }
  if (const auto rate = played.rate_milli) {
    add("rate", write_thousandths(*rate));
  }
  if (const auto duration = played.duration) add("duration", write_duration(*duration));
  add("seed", fmt::format("{}", seed));
  return command;
}

}  // namespace claims::storm
