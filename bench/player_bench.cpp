// What a step of a scenario costs the harness, and a command the server, each with everything that
// is theirs but the socket and the disk: MQTT, JSON, deciding, checking, measuring.
//
// One iteration is a whole run of the shipped inbound workflow, of which the time counts that one
// side took from the first arrival to the end of the drain.

#include <benchmark/benchmark.h>

#include <cstdint>

#include "bench/played_run.h"
#include "simulator/scenario/load.h"

namespace claims::bench {
namespace {

enum class Side : std::uint8_t { player, node };

void play_inbound(benchmark::State& state, Side side) {
  const auto scenario = storm::load_scenario(CLAIMS_SOURCE_DIR "/scenarios/smoke.json");
  if (!scenario) return state.SkipWithError(to_string(scenario.error().front()).c_str());
  storm::Scenario played = *scenario;
  played.population = {.insurers = 12, .adjusters = 100, .garages = 100};
  played.arrivals = {{.workflow = 0, .rate_milli = 0, .count = state.range(0)}};

  std::uint64_t units = 0;
  for (auto _ : state) {
    PlayedRun run(played, 1);
    run.play();
    if (!run.passed()) return state.SkipWithError("the run did not pass");
    const auto time = side == Side::player ? run.player_time() : run.node_time();
    state.SetIterationTime(std::chrono::duration<double>(time).count());
    units += side == Side::player ? run.steps() : run.commands();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(units));
  state.counters[side == Side::player ? "per_step" : "per_command"] = benchmark::Counter(
      static_cast<double>(units), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void play_step(benchmark::State& state) {
  play_inbound(state, Side::player);
}
BENCHMARK(play_step)
    ->ArgName("workflows")
    ->Arg(200)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

void serve_command(benchmark::State& state) {
  play_inbound(state, Side::node);
}
BENCHMARK(serve_command)
    ->ArgName("workflows")
    ->Arg(200)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace claims::bench
