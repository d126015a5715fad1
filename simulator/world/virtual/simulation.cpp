#include "simulator/world/virtual/simulation.h"

#include <sqlite3.h>

#include <cassert>

#include "protocol/chat/token.h"
#include "simulator/actor/player.h"
#include "simulator/check/auditor.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/population.h"
#include "simulator/world/virtual/clock_guard.h"
#include "simulator/world/virtual/trace.h"
#include "simulator/world/virtual/virtual_world.h"

namespace claims::storm {
namespace {

/// Monday 2026-03-02 00:00 KST: every simulation begins then.
constexpr Milliseconds kWall{1'772'377'200'000};
/// Every connection's packet identifiers begin so that they wrap round early.
constexpr std::uint16_t kFirstPacketId = 65'531;
constexpr std::uint64_t kConfigStream = 4'000'003;  // See virtual_world.cpp for its others.
constexpr std::uint64_t kSmallWindowMax = 8;
/// claimchatd's are further apart than a small run is long.
constexpr std::uint64_t kCheckpointRecordsMin = 32, kCheckpointRecordsWidth = 224;

server::NodeConfig node_config(const Scenario& scenario, const Population& population,
                               std::uint64_t seed) {
  server::NodeConfig config;
  const auto key = chat::parse_token_key(population.token_key_hex);
  assert(key);
  config.token_key = *key;
  config.broker.first_packet_id = kFirstPacketId;
  if (uses_open_topics(scenario)) {
    config.broker.open_topics.on = true;
    // Then the chat's deliveries have the lower half.
    config.broker.first_packet_id = kFirstPacketId / 2;
  }
  // A full window is rare in a small run, unless windows are small.
  Random draws = Random(seed).split(kConfigStream);
  if (draws.below(2) == 0) {
    config.broker.inflight_max = static_cast<std::uint16_t>(1 + draws.below(kSmallWindowMax));
  }
  config.checkpoint_records = kCheckpointRecordsMin + draws.below(kCheckpointRecordsWidth);
  return config;
}

}  // namespace

Simulated simulate(const Scenario& scenario, const SimulationOptions& options) {
  const ClockGuard guard;
  Simulated simulated;
  const Population population = make_population(scenario.population, options.seed,
                                                kWall.count() / 1'000, token_lifetime_s(scenario));
  Recorder recorder;
  Auditor auditor(recorder);
  Player player(scenario, population, auditor, recorder, options.seed,
                static_cast<std::uint64_t>(kWall.count()));
  player.start_packet_ids_at(kFirstPacketId);
  if (scenario.mqtt_version == 5) player.mix_sessions();
  Trace trace(options.trace_line);
  VirtualWorld world({.player = player,
                      .population = population,
                      .plan = scenario.faults,
                      .trace = trace,
                      .server = {.node = node_config(scenario, population, options.seed),
                                 .directory_json = population.directory_json},
                      .network = {},
                      .wall = kWall},
                     Random(options.seed));
  const auto broken = world.play();
  if (broken) {
    simulated.broken = LocalText{*broken, *broken};
  } else if (player.end() != Player::End::finished) {
    simulated.broken = player.end_reason();
  }
  simulated.result =
      run_figures(scenario, player, auditor, recorder, world.now(), options.catalogues);
  simulated.result.seed = options.seed;
  simulated.result.target = "claimchatd in virtual time";
  simulated.trace_hash = trace.hash();
  simulated.events = world.events();
  simulated.virtual_time = world.elapsed();
  return simulated;
}

}  // namespace claims::storm
