#include "simulator/command/simulate_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "reports/console.h"
#include "reports/files.h"
#include "simulator/command/abrupt_end.h"
#include "simulator/command/command.h"
#include "simulator/command/output.h"
#include "simulator/command/result_folder.h"
#include "simulator/command/run_command.h"
#include "simulator/command/run_environment.h"
#include "simulator/command/seed_pool.h"
#include "simulator/command/seed_report.h"
#include "simulator/command/seed_summary.h"
#include "simulator/scenario/country_load.h"
#include "simulator/scenario/defect_catalogue.h"

namespace claims::storm {
namespace {

ExitCode exit_code_of(const SeedReport& report) {
  if (report.failure()) return ExitCode::failed;
  return report.kind == SeedReport::Kind::invalid ? ExitCode::invalid : ExitCode::pass;
}

int refuse(std::string_view message) {
  say(stderr, "{}{}", message, message.ends_with('\n') ? "" : "\n");
  return to_int(ExitCode::usage);
}

/// A file of lines, closed with it. Errors show when it is closed, so that a full disk is told.
class TraceFile {
 public:
  explicit TraceFile(const std::string& name)
      : name_(name), file_(std::fopen(name.c_str(), "w")), opened_(file_ != nullptr) {
    if (!opened_) error_ = std::strerror(errno);
  }
  ~TraceFile() {
    if (file_ != nullptr) std::fclose(file_);
  }
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  bool opened() const { return opened_; }
  void add(std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), file_);
    std::fputc('\n', file_);
  }
  /// What went wrong, so far or ever.
  std::optional<std::string> close() {
    if (file_ != nullptr) {
      errno = 0;
      const bool failed = std::ferror(file_) != 0;
      if (std::fclose(file_) != 0 || failed) error_ = std::strerror(errno != 0 ? errno : EIO);
      file_ = nullptr;
    }
    if (error_.empty()) return std::nullopt;
    return fmt::format("--trace \"{}\": {}; allowed is a file that can be written", name_, error_);
  }

 private:
  std::string name_;
  std::FILE* file_;
  bool opened_;
  std::string error_;
};

/// One seed, in this process.
class OneSeed {
 public:
  OneSeed(const SimulateOptions& options, const Scenario& scenario,
          const SimulateFunction& simulate)
      : options_(options), scenario_(scenario), simulate_(simulate), seed_(options.seeds.first) {
    folder_ = options.out.value_or(fmt::format("out/{}-seed-{}", scenario.name, seed_));
  }

  int play() {
    report::remove_result_files(folder_);
    auto defects = load_defects_beside(scenario_.file);
    auto country = load_country_beside(scenario_.file);
    if (!defects || !country) {
      std::string all;
      for (const FileError& error : !defects ? defects.error() : country.error()) {
        all += to_string(error) + "\n";
      }
      return refuse(all);
    }
    SimulationOptions simulation;
    simulation.seed = seed_;
    simulation.catalogues = {std::move(*defects), std::move(*country)};
    std::optional<TraceFile> trace;
    if (options_.trace) {
      trace.emplace(*options_.trace);
      if (!trace->opened()) return refuse(*trace->close());
      simulation.trace_line = [&](std::string_view line) { trace->add(line); };
    }
    if (const auto error = make_result_folder(folder_)) return refuse(*error);
    const Microseconds before = cpu_used();
    Simulated simulated = play(simulation);
    const SeedReport report = to_seed_report(seed_, simulated, cpu_used() - before);
    const int code = tell(simulated, report);
    if (trace) {
      if (const auto error = trace->close()) return refuse(*error);
    }
    return code;
  }

 private:
  Simulated play(const SimulationOptions& simulation) const {
    const AbruptEnd abrupt("시뮬레이션 도중", "before the simulation was over");
    const report::ConsoleStyle style = console_style(STDERR_FILENO);
    Microseconds length{0};
    for (const Phase& phase : scenario_.phases) length += phase.length;
    // A large one takes minutes, in which nothing else is said.
    say(stderr, "{}",
        fmt::format(fmt::runtime(style.korean ? "{}: 시드 {}, 가상 시간 {}초 이상\n"
                                              : "{}: seed {}, {} s of virtual time or more\n"),
                    scenario_.name, seed_,
                    std::chrono::ceil<std::chrono::seconds>(length).count()));
    return simulate_(scenario_, simulation);
  }

  int tell(Simulated& simulated, const SeedReport& report) const {
    const report::ConsoleStyle style = console_style(STDOUT_FILENO);
    const std::string replay = replay_command(options_.played, seed_);
    if (simulated.broken) {
      const LocalText& why = *simulated.broken;
      say(stdout, "{}\n{}  {}\n", style.korean ? why.ko : why.en, simulation_figures(report, style),
          replay);
      return to_int(exit_code_of(report));
    }
    report::RunResult& result = simulated.result;
    result.seed = seed_;
    result.repeat_command = replay;
    // Nothing of the machine: the same run gives the same files everywhere.
    result.environment = {{"version", program_version()}};
    result.simulation = {.trace_hash = simulated.trace_hash,
                         .virtual_s = static_cast<double>(simulated.virtual_time.count()) / 1e6,
                         .events = simulated.events};
    say(stdout, "{}{}", report::console_summary(result, style), simulation_figures(report, style));
    if (const auto error = report::write_result_files(result, folder_)) return refuse(*error);
    say(stdout, "  {}/report.html, result.json, junit.xml\n", folder_);
    return to_int(exit_code_of(report));
  }

  const SimulateOptions& options_;
  const Scenario& scenario_;
  const SimulateFunction& simulate_;
  const std::uint64_t seed_;
  std::string folder_;
};

/// On a terminal one line, drawn over each second; elsewhere a plain one now and then.
class SeedProgress {
 public:
  void show(const SeedTotals& totals) {
    constexpr int kPlainEvery = 10;
    if (terminal_) {
      say(stderr, "\r{}\x1b[K", seed_progress(totals, style_));
    } else if (++calls_ % kPlainEvery == 0) {
      say(stderr, "{}\n", seed_progress(totals, style_));
    }
  }
  void finish() const {
    if (terminal_) say(stderr, "\r\x1b[K");
  }

 private:
  const report::ConsoleStyle style_ = console_style(STDERR_FILENO);
  const bool terminal_ = redraws_lines(STDERR_FILENO);
  int calls_ = 0;
};

int play_many(const SimulateOptions& options, const Scenario& scenario,
              const SimulateFunction& simulate) {
  SeedPlan plan;
  plan.seeds = options.seeds;
  plan.keep_going = options.keep_going;
  plan.limits.workers = options.jobs;
  SeedProgress progress;
  const SeedTotals totals = play_seeds(
      plan,
      [&](std::uint64_t seed) {
        SimulationOptions simulation;
        simulation.seed = seed;
        const Microseconds before = cpu_used();
        const Simulated simulated = simulate(scenario, simulation);
        return to_seed_report(seed, simulated, cpu_used() - before);
      },
      [&](const SeedTotals& so_far) { progress.show(so_far); });
  progress.finish();
  say(stdout, "{}",
      seed_summary(
          totals, [&](std::uint64_t seed) { return replay_command(options.played, seed); },
          console_style(STDOUT_FILENO)));
  if (totals.interrupted || !totals.trouble.empty()) return to_int(ExitCode::invalid);
  if (totals.failed > 0) return to_int(ExitCode::failed);
  return to_int(totals.invalid > 0 ? ExitCode::invalid : ExitCode::pass);
}

void add_options(CLI::App& command, SimulateWords& words) {
  command.add_option("FILE", words.file, "Scenario file")->required();
  command.add_option("--seed", words.seed, "Play this seed and report on it");
  command.add_option("--seeds", words.seeds,
                     "Play all of FIRST..LAST, each in a process of its own, and sum them up");
  command.add_option("--faults", words.faults,
                     "File with a fault plan, in place of the scenario's own");
  add_set_option(command, words.set);
  command.add_option("--rate", words.rate,
                     "Workflows per second of all arrivals that have a rate, together");
  command.add_option("--duration", words.duration,
                     "Length of all measured phases together, as 60s; they keep their proportions");
  command.add_option("--trace", words.trace,
                     "File for all that went into the server and came out of it, to read");
  command.add_option("--out", words.out, "Folder of the result (default: out/<scenario>-seed-<N>)");
  command.add_option("--jobs", words.jobs, "So many seeds at a time (default: one per core)");
  command.add_flag("--keep-going", words.keep_going, "Beyond the first seed that fails");
}

}  // namespace

int run_simulate_command(const SimulateOptions& options, const SimulateFunction& simulate) {
  // Whatever happens from here on, an earlier run's result is not this one's.
  if (options.out) report::remove_result_files(*options.out);
  const auto scenario = load_simulated_scenario(options.played);
  if (!scenario) return refuse(scenario.error());
  if (options.many) return play_many(options, *scenario, simulate);
  return OneSeed(options, *scenario, simulate).play();
}

void add_simulate_command(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "simulate",
      "Play a scenario in virtual time, with faults, repeatable to the byte by its seed");
  auto words = std::make_shared<SimulateWords>();
  add_options(*command, *words);
  command->footer(
      "Examples:\n"
      "  claimstorm simulate scenarios/smoke.json --seed 17\n"
      "  claimstorm simulate scenarios/mixed.json --set scale=ci --seeds 1..1000 --keep-going\n"
      "  claimstorm simulate scenarios/smoke.json --seed 17 --trace trace.txt\n"
      "Exit codes: 0 pass, 1 fail, 2 bad usage or file, 4 invalid or ended early");
  command->callback([words, &chosen] {
    chosen = [words] {
      const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
      auto options = parse_simulate_options(*words, cores);
      if (options) return run_simulate_command(*options, simulate);
      if (!words->out.empty()) report::remove_result_files(words->out);
      for (const std::string& error : options.error()) say(stderr, "{}\n", error);
      return to_int(ExitCode::usage);
    };
  });
}

}  // namespace claims::storm
