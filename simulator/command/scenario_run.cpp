#include "simulator/command/scenario_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <utility>

#include "reports/files.h"
#include "simulator/actor/cast.h"
#include "simulator/actor/player.h"
#include "simulator/actor/run_figures.h"
#include "simulator/check/auditor.h"
#include "simulator/command/abrupt_end.h"
#include "simulator/command/output.h"
#include "simulator/command/result_folder.h"
#include "simulator/command/run_client.h"
#include "simulator/command/run_environment.h"
#include "simulator/command/run_progress.h"
#include "simulator/command/run_resources.h"
#include "simulator/command/run_server.h"
#include "simulator/command/token_check.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/fault_plan.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/population.h"
#include "simulator/world/real/clock.h"
#include "simulator/world/real/real_world.h"
#include "simulator/world/real/resource_sampler.h"
#include "simulator/world/real/source_addresses.h"
#include "simulator/world/real/target_address.h"

namespace claims::storm {
namespace {

using boost::system::in_place_error;

constexpr Milliseconds kProbeTimeout{3'000};

/// Why a run did not come to a result.
struct Stop {
  ExitCode code = ExitCode::usage;
  std::string message;
};

ExitCode exit_code_of(report::Verdict verdict) {
  switch (verdict) {
    case report::Verdict::pass:
      return ExitCode::pass;
    case report::Verdict::fail:
      return ExitCode::failed;
    case report::Verdict::invalid:
      break;
  }
  return ExitCode::invalid;
}

/// Everything of one run, from the options to the result, in the order it is needed.
class Run {
 public:
  explicit Run(const RunOptions& options)
      : options_(options), began_(read_clock()), server_(began_) {}

  RunOutcome play();

 private:
  Result<void, Stop> prepare();
  Result<void, Stop> load();
  Result<void, Stop> populate();
  Result<void, Stop> find_target();
  Result<void, Stop> start_embedded();
  RunOutcome play_against(const TargetAddress& target);
  void tell_end(const Player& player, RunOutcome& outcome) const;
  void sample(const Now& now);
  void add_circumstances(report::RunResult& result) const;
  void play_faults(Player& player, Auditor& auditor, RealWorld& world, SocketTransport* sockets);

  const RunOptions& options_;
  Now began_;
  std::uint64_t seed_ = 0;
  Scenario scenario_;
  Catalogues catalogues_;
  Population population_;
  std::string population_folder_, folder_;
  TargetAddress target_;
  SourceAddresses sources_;
  RunServer server_;
  ResourceSampler harness_use_{getpid()};
  MachineSampler machine_use_;
};

Result<void, Stop> stop(ExitCode code, std::string message) {
  return {in_place_error, Stop{code, std::move(message)}};
}

std::string all_of(const std::vector<FileError>& errors) {
  std::string all;
  for (const FileError& error : errors) all += to_string(error) + "\n";
  return all;
}

Result<void, Stop> Run::prepare() {
  // Whatever happens from here on, an earlier run's result is not this one's.
  if (options_.out) report::remove_result_files(*options_.out);
  if (auto done = load(); !done) return done;
  report::remove_result_files(folder_);
  // Before anything is written: a target that is not there should leave no traces.
  if (options_.target) {
    if (auto done = find_target(); !done) return done;
  }
  if (const auto error = make_result_folder(folder_)) return stop(ExitCode::usage, *error);
  if (auto done = populate(); !done) return done;
  if (!options_.target) {
    if (auto done = start_embedded(); !done) return done;
  }
  auto sources =
      SourceAddresses::choose(target_, population_.people.size(), options_.source_addresses);
  if (!sources) return stop(ExitCode::usage, sources.error());
  sources_ = *sources;
  return {};
}

Result<void, Stop> Run::load() {
  auto scenario = load_scenario(options_.file, options_.settings);
  if (!scenario) return stop(ExitCode::usage, all_of(scenario.error()));
  scenario_ = std::move(*scenario);
  auto defects = load_defects_beside(options_.file);
  auto country = load_country_beside(options_.file);
  if (!defects || !country) {
    const std::vector<FileError> wrong = !defects ? defects.error() : country.error();
    return stop(ExitCode::usage, all_of(wrong));
  }
  if (options_.faults) {
    auto plan = load_faults(*options_.faults);
    if (!plan) return stop(ExitCode::usage, all_of(plan.error()));
    scenario_.faults = std::move(*plan);
  }
  auto cannot = check_client_faults(options_.client, scenario_.faults);
  if (cannot.empty()) cannot = check_client_steps(options_.client, scenario_);
  if (!cannot.empty()) return stop(ExitCode::usage, all_of(cannot));
  catalogues_ = {std::move(*defects), std::move(*country)};
  if (auto applied = apply_options(options_, scenario_); !applied) {
    return stop(ExitCode::usage, applied.error());
  }
  constexpr std::int64_t kDayMs = 86'400'000;
  seed_ = options_.seed.value_or(static_cast<std::uint64_t>(began_.wall.count() % kDayMs));
  folder_ =
      options_.out.value_or(fmt::format("out/{}-{}", scenario_.name, folder_time(began_.wall)));
  return {};
}

Result<void, Stop> Run::populate() {
  if (options_.population) {
    population_folder_ = *options_.population;
    auto population = read_population(population_folder_);
    if (!population) return stop(ExitCode::usage, population.error());
    population_ = std::move(*population);
    const auto held = check_tokens(population_, population_folder_, scenario_, began_.wall);
    if (!held) return stop(ExitCode::usage, held.error());
  } else {
    population_ = make_population(scenario_.population, seed_, began_.wall.count() / 1'000,
                                  token_lifetime_s(scenario_));
    population_folder_ = folder_ + "/population";
    if (auto written = write_population(population_, population_folder_); !written) {
      return stop(ExitCode::usage, written.error());
    }
  }
  if (auto played = check_cast(scenario_, population_); !played) {
    return stop(ExitCode::usage, fmt::format("{}: {}", population_folder_, played.error()));
  }
  if (const auto wrong = check_faults(scenario_, population_); !wrong.empty()) {
    return stop(ExitCode::usage, all_of(wrong));
  }
  if (auto can = check_users(options_.client, population_.connections()); !can) {
    return stop(ExitCode::usage, can.error());
  }
  return {};
}

Result<void, Stop> Run::find_target() {
  auto target = parse_target(*options_.target);
  if (!target) return stop(ExitCode::usage, target.error());
  target_ = *target;
  if (auto there = probe(target_, kProbeTimeout); !there) {
    return stop(ExitCode::unreachable, there.error());
  }
  return {};
}

Result<void, Stop> Run::start_embedded() {
  auto program = find_server_program();
  if (!program) return stop(ExitCode::usage, program.error());
  auto started = server_.start({.program = *program,
                                .folder = folder_,
                                .directory = population_folder_ + "/directory.json",
                                .token_key = population_folder_ + "/token.key",
                                .open_topics = uses_open_topics(scenario_)});
  if (!started) return stop(ExitCode::unreachable, started.error());
  auto target = parse_target(server_.mqtt_url());
  if (!target) return stop(ExitCode::unreachable, target.error());
  target_ = *target;
  return {};
}

RunOutcome Run::play() {
  // Until the run takes signals itself: what was begun ends with this process.
  const AbruptEnd abrupt("실행을 시작하기 전에", "before the run began");
  if (auto ready = prepare(); !ready) {
    return {.code = ready.error().code,
            .result = {},
            .message = ready.error().message,
            .folder = folder_};
  }
  const std::size_t users = population_.people.size(), connections = population_.connections();
  say(stderr, "{}: {} users{}, seed {}, {}{}{}\n", scenario_.name, users,
      connections > users ? fmt::format(" with {} devices", connections) : "", seed_, target_.url,
      server_.embedded() ? " (embedded)" : "",
      options_.client == Client::own ? "" : ", " + name_of(options_.client));
  return play_against(target_);
}

/// Of a run that was not played to its end.
void Run::tell_end(const Player& player, RunOutcome& outcome) const {
  const bool used = player.end() == Player::End::seed_used;
  outcome.code = used ? ExitCode::usage : ExitCode::unreachable;
  outcome.message = player.end_reason().en;
  if (used) {
    outcome.message += fmt::format(
        "\nThe server knows receipts of seed {} already: choose another seed (--seed N).", seed_);
  } else if (player.end() == Player::End::refused && options_.target && !options_.population &&
             outcome.message.find("token") != std::string::npos) {
    outcome.message +=
        "\nThe server's directory and token key must be those of the run: give --population DIR.";
  }
}

RunOutcome Run::play_against(const TargetAddress& target) {
  RunOutcome outcome;
  outcome.folder = folder_;
  Recorder recorder;
  Auditor auditor(recorder);
  Player player(scenario_, population_, auditor, recorder, seed_,
                static_cast<std::uint64_t>(began_.wall.count()));
  const RunClient client =
      make_client(options_.client, player, target, population_.connections(), sources_);
  RealWorld world(player, *client.transport, [&] { server_.crash(player, world); });
  server_.follow(player, world);
  if (!scenario_.faults.empty()) play_faults(player, auditor, world, client.sockets);
  if (options_.crash) player.crash_before_reading();
  RunProgress shown;
  world.on_interrupt([&] {
    shown.finish();
    say(stderr, "{}\n",
        console_style(STDERR_FILENO).korean
            ? "끝내는 중: 새 업무 없이 마무리함, 한 번 더 누르면 결과 없이 멈춤"
            : "ending: no new workflows, draining; again to stop without a result");
  });
  sample(read_clock());
  const RealWorld::End end = world.run([&](const Now& now) {
    sample(now);
    server_.notice_end(player);
    shown.show(player.progress(now));
  });
  const Now now = read_clock();
  sample(now);
  shown.finish();
  if (end == RealWorld::End::quit) {
    outcome.code = ExitCode::invalid;
    outcome.message = "ended at once by a second signal; there is no result";
    return outcome;
  }
  if (player.end() != Player::End::finished) {
    tell_end(player, outcome);
    return outcome;
  }
  outcome.result = run_figures(scenario_, player, auditor, recorder, now, catalogues_);
  add_resources({.harness = harness_use_,
                 .server = server_.use(),
                 .server_process = server_.process(),
                 .machine = machine_use_},
                player.began(), *outcome.result);
  add_circumstances(*outcome.result);
  server_.add_faults(options_.crash, *outcome.result);
  server_.stop(*outcome.result);
  outcome.code = exit_code_of(outcome.result->verdict);
  if (const auto error = report::write_result_files(*outcome.result, folder_)) {
    outcome.code = ExitCode::usage;
    outcome.message = *error;
  }
  return outcome;
}

void Run::sample(const Now& now) {
  harness_use_.sample(now.steady);
  server_.sample(now);
  machine_use_.sample(now.steady);
}

void Run::add_circumstances(report::RunResult& result) const {
  result.target = server_.embedded() ? target_.url + " (embedded)" : target_.url;
  result.started_at = iso_time(began_.wall);
  result.seed = seed_;
  result.environment = run_environment();
  result.environment["client"] = name_of(options_.client);
  result.repeat_command = repeat_command(options_, seed_);
}

void Run::play_faults(Player& player, Auditor& auditor, RealWorld& world,
                      SocketTransport* sockets) {
  player.expect_faults(scenario_.faults.liveness);
  server_.play_faults(schedule_faults(scenario_.faults, population_, player.phases_length(),
                                      Random(seed_).split(kFaultStream)),
                      player, auditor, world, sockets);
}

}  // namespace

RunOutcome play_scenario(const RunOptions& options) {
  return Run(options).play();
}

}  // namespace claims::storm
