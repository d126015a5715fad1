#pragma once
// What `claimstorm simulate` was asked for.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/result.h"
#include "simulator/command/run_options.h"
#include "simulator/command/seed_range.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

struct SimulateOptions {
  /// What is played, but for the seed: its file, --faults, --set, --rate and --duration alone.
  RunOptions played;
  SeedRange seeds;
  bool many = false;  ///< --seeds was given: a summary of all, in place of one run's report.
  std::optional<std::string> trace, out;
  std::size_t jobs = 1;  ///< Of --seeds: so many at a time.
  bool keep_going = false;
};

/// The options as they were typed.
struct SimulateWords {
  std::string file, faults, rate, duration, seed, seeds, trace, out, jobs;
  std::vector<std::string> set;
  bool keep_going = false;
};

/// Adds an error for each that is wrong.
RunOptions parse_played(const SimulateWords& words, std::vector<std::string>& errors);
/// `jobs`: empty, or as typed. Adds an error.
std::size_t parse_jobs(const std::string& jobs, std::size_t cores,
                       std::vector<std::string>& errors);
/// All errors at once; each tells what was found and what is allowed. Without --jobs there are
/// `cores` of them.
Result<SimulateOptions, std::vector<std::string>> parse_simulate_options(const SimulateWords& words,
                                                                         std::size_t cores);

/// The scenario with settings, fault plan, rate and duration. The error: one line for each.
Result<Scenario, std::string> load_simulated_scenario(const RunOptions& played);

/// What to type, in a shell of POSIX, to get the same run again.
std::string replay_command(const RunOptions& played, std::uint64_t seed);

}  // namespace claims::storm
