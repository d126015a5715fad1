#include "simulator/command/shrink_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include "simulator/command/command.h"
#include "simulator/command/explicit_scenario.h"
#include "simulator/command/output.h"
#include "simulator/command/run_command.h"
#include "simulator/command/scenario_reductions.h"
#include "simulator/command/seed_report.h"
#include "simulator/command/shrink.h"
#include "simulator/command/shrink_summary.h"
#include "simulator/command/worker_pool.h"
#include "simulator/world/real/clock.h"

namespace claims::storm {
namespace {

using boost::system::in_place_error;
using boost::system::in_place_value;

constexpr std::chrono::milliseconds kWait{200};

int refuse(std::string_view message) {
  say(stderr, "{}{}", message, message.ends_with('\n') ? "" : "\n");
  return to_int(ExitCode::usage);
}

class ShrinkRun {
 public:
  ShrinkRun(const ShrinkOptions& options, const SimulateFunction& simulate)
      : options_(options), simulate_(simulate) {
    limits_.workers = options.jobs;
  }
  int play();

 private:
  bool used_up() const {
    return InterruptNotice::interrupted() || (deadline_ && read_clock().steady >= *deadline_) ||
           !trouble_.empty();
  }
  std::string play_attempt(const ShrinkAttempt& attempt) const;
  std::optional<std::size_t> first_failing(const std::vector<ShrinkAttempt>& attempts);
  std::optional<std::string> write_file(std::string_view text) const;
  std::optional<std::string> write(const ShrinkAttempt& least) const;
  void show();

  const ShrinkOptions& options_;
  const SimulateFunction& simulate_;
  std::string file_;
  WorkerLimits limits_;
  std::optional<Microseconds> deadline_;
  std::optional<SeedReport> whole_failure_;  // None yet: any failure counts, and gives it.
  SeedReport failing_;                       // Of the last attempt that failed.
  std::uint64_t attempts_ = 0, kept_ = 0;
  std::string trouble_;
  const bool terminal_ = redraws_lines(STDERR_FILENO);
  Microseconds shown_at_{0};
};

/// In the worker.
std::string ShrinkRun::play_attempt(const ShrinkAttempt& attempt) const {
  SeedReport report;
  report.seed = attempt.seed;
  // What is no valid scenario does not fail.
  if (const auto scenario = load_explicit(attempt.scenario, file_)) {
    SimulationOptions simulation;
    simulation.seed = attempt.seed;
    const Microseconds before = cpu_used();
    const Simulated simulated = simulate_(*scenario, simulation);
    report = to_seed_report(attempt.seed, simulated, cpu_used() - before);
  }
  return write_seed_report(report);
}

/// The first in their order, on however many cores.
std::optional<std::size_t> ShrinkRun::first_failing(const std::vector<ShrinkAttempt>& attempts) {
  WorkerPool pool(limits_, [&](std::uint64_t task) { return play_attempt(attempts[task]); });
  std::map<std::size_t, SeedReport> ended;
  std::size_t started = 0;
  for (std::size_t next = 0; next < attempts.size();) {
    if (used_up()) return std::nullopt;
    while (pool.has_room() && started < attempts.size()) {
      if (auto begun = pool.start(started); !begun) {
        trouble_ = begun.error();
        return std::nullopt;
      }
      ++started;
    }
    for (const TaskEnding& ending : pool.wait(kWait)) {
      ended.emplace(ending.task, report_of(ending, attempts[ending.task].seed, limits_));
      ++attempts_;
    }
    show();
    for (auto at = ended.find(next); at != ended.end(); at = ended.find(++next)) {
      const SeedReport& report = at->second;
      if (!report.failure() || (whole_failure_ && !fail_alike(report, *whole_failure_))) continue;
      failing_ = report;
      ++kept_;
      return next;
    }
  }
  return std::nullopt;
}

void ShrinkRun::show() {
  constexpr Microseconds kShownEvery{1'000'000};
  const Microseconds now = read_clock().steady;
  if (!terminal_ || now - shown_at_ < kShownEvery) return;
  shown_at_ = now;
  say(stderr, "\r{}\x1b[K", shrink_progress(attempts_, kept_, console_style(STDERR_FILENO)));
}

std::optional<std::string> ShrinkRun::write_file(std::string_view text) const {
  const auto failed = [&](const std::string& why) {
    return fmt::format("--out \"{}\": {}; allowed is a file that can be written", file_, why);
  };
  std::error_code error;
  const auto folder = std::filesystem::path(file_).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) return failed(error.message());
  errno = 0;
  std::ofstream out(file_, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return failed(std::strerror(errno != 0 ? errno : EIO));
  return std::nullopt;
}

std::optional<std::string> ShrinkRun::write(const ShrinkAttempt& least) const {
  ScenarioDocument document = least.scenario;
  const std::string note = fmt::format(
      "Shrunk by 'claimstorm shrink' from what failed ({}) with: {}. Fails with seed {}.",
      failing_.sign, replay_command(options_.played, options_.seed), least.seed);
  ScenarioDocument noted = ScenarioDocument::object();
  for (auto& [key, value] : document.items()) {
    if (key == "population") noted["note"] = note;
    if (key != "note") noted[key] = std::move(value);
  }
  if (auto error = write_file(noted.dump(2) + "\n")) return error;
  for (const FileError& wrong : check_file(file_)) return to_string(wrong);
  return std::nullopt;
}

int ShrinkRun::play() {
  auto document = explicit_scenario(options_.played, options_.seed);
  if (!document) return refuse(document.error());
  const std::string name = (*document)["name"].get<std::string>();
  file_ = options_.out.value_or(fmt::format("out/{}-seed-{}-shrunk.json", name, options_.seed));
  const InterruptNotice notice;
  const ShrinkAttempt whole{std::move(*document), options_.seed};
  if (const auto valid = load_explicit(whole.scenario, file_); !valid) {
    return refuse(to_string(valid.error().front()));
  }
  // Now, so that no shrinking is for nothing; an earlier file is not this one's either.
  if (const auto error = write_file("")) return refuse(*error);
  if (!first_failing({whole})) {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
    if (!trouble_.empty()) return refuse(trouble_);
    if (InterruptNotice::interrupted()) {
      refuse("ended by a signal before the seed was played; there is no result");
      return to_int(ExitCode::invalid);
    }
    return refuse(
        fmt::format("seed {} does not fail: there is nothing to shrink; allowed is one "
                    "that 'claimstorm simulate' fails with",
                    options_.seed));
  }
  const SeedReport before = failing_;
  whole_failure_ = before;
  // What takes much longer than the whole is another failure, or none. A crash does not tell how
  // long it took; what does not end need not be waited for as long as the first time.
  using std::chrono::seconds;
  if (before.kind == SeedReport::Kind::out_of_time) limits_.cpu_max = seconds(30);
  if (before.cpu.count() > 0) {
    const auto whole_s = std::chrono::duration_cast<seconds>(before.cpu);
    limits_.cpu_max = std::min(limits_.cpu_max, seconds(10) + 4 * whole_s);
  }
  deadline_ = read_clock().steady + options_.budget;
  const ShrinkAttempt least =
      shrink(whole, [&](const auto& attempts) { return first_failing(attempts); },
             {.other_seeds = 5, .used_up = [&] { return used_up(); }});
  if (terminal_) say(stderr, "\r\x1b[K");
  if (const auto error = write(least)) return refuse(*error);
  RunOptions smaller;
  smaller.file = file_;
  say(stdout, "{}",
      shrink_summary({.before = size_of(whole.scenario, before),
                      .after = size_of(least.scenario, failing_),
                      .failure = failing_,
                      .attempts = attempts_,
                      .used_up = used_up(),
                      .file = file_,
                      .replay = replay_command(smaller, least.seed)},
                     console_style(STDOUT_FILENO)));
  return to_int(ExitCode::pass);
}

void add_options(CLI::App& command, SimulateWords& words, std::string& budget) {
  command.add_option("FILE", words.file, "Scenario file")->required();
  command.add_option("--seed", words.seed, "The seed that fails")->required();
  command.add_option("--faults", words.faults, "As of 'claimstorm simulate'");
  add_set_option(command, words.set);
  command.add_option("--rate", words.rate, "As of 'claimstorm simulate'");
  command.add_option("--duration", words.duration, "As of 'claimstorm simulate'");
  command.add_option("--out", words.out,
                     "The smaller scenario (default: out/<scenario>-seed-<N>-shrunk.json)");
  command.add_option("--budget", budget, "How long to go on (default: 120s)");
  command.add_option("--jobs", words.jobs, "So many attempts at a time (default: one per core)");
}

}  // namespace

Result<ShrinkOptions, std::vector<std::string>> parse_shrink_options(const SimulateWords& words,
                                                                     const std::string& budget,
                                                                     std::size_t cores) {
  ShrinkOptions options;
  std::vector<std::string> errors;
  options.played = parse_played(words, errors);
  const auto seed = parse_seed(words.seed);
  if (!seed) errors.push_back(fmt::format("--seed \"{}\": {}", words.seed, seed.error()));
  if (seed) options.seed = *seed;
  options.jobs = parse_jobs(words.jobs, cores, errors);
  if (!words.out.empty()) options.out = words.out;
  if (!budget.empty()) {
    const auto duration = parse_duration(budget);
    if (duration && duration->count() > 0) {
      options.budget = *duration;
    } else {
      errors.push_back(
          fmt::format("--budget \"{}\": allowed is more than nothing, as 120s or 10m", budget));
    }
  }
  if (!errors.empty()) return {in_place_error, std::move(errors)};
  return {in_place_value, std::move(options)};
}

int run_shrink_command(const ShrinkOptions& options, const SimulateFunction& simulate) {
  return ShrinkRun(options, simulate).play();
}

void add_shrink_command(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "shrink", "Make a simulation that fails smaller, while it still fails in the same way");
  auto words = std::make_shared<SimulateWords>();
  auto budget = std::make_shared<std::string>();
  add_options(*command, *words, *budget);
  command->footer(
      "Example:\n"
      "  claimstorm shrink scenarios/mixed.json --set scale=ci --seed 17 --out smaller.json\n"
      "Writes a scenario with fewer users, workflows and faults and shorter phases that fails with "
      "a violation of the same checker.\n"
      "Exit codes: 0 written, 2 bad usage or file, or the seed does not fail, 4 ended before it "
      "was "
      "known to fail");
  command->callback([words, budget, &chosen] {
    chosen = [words, budget] {
      const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
      const auto options = parse_shrink_options(*words, *budget, cores);
      if (options) return run_shrink_command(*options, simulate);
      for (const std::string& error : options.error()) say(stderr, "{}\n", error);
      return to_int(ExitCode::usage);
    };
  });
}

}  // namespace claims::storm
