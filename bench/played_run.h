#pragma once
// PlayedRun: a scenario played by claimstorm's Player against claimchatd's Node, joined in memory
// on a clock that is set by hand, with the time that each of the two took. Log and history are in
// memory, and their time is nobody's.

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "reference-server/history/history.h"
#include "reference-server/log/event_log.h"
#include "reference-server/node/node.h"
#include "simulator/actor/player.h"
#include "simulator/check/auditor.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/model.h"
#include "simulator/scenario/population.h"

namespace claims::bench {

class PlayedRun {
 public:
  PlayedRun(storm::Scenario scenario, std::uint64_t seed);

  /// To the end of the final reading.
  void play();

  /// From the first arrival to the end of the drain: neither connecting nor the final reading.
  std::chrono::nanoseconds player_time() const { return player_time_; }
  std::chrono::nanoseconds node_time() const { return node_time_; }
  std::uint64_t steps() const;  ///< Played to their end.
  std::uint64_t commands() const { return auditor_.counts().commands; }
  /// Everything that was started was completed, and nothing violated.
  bool passed() const;

 private:
  template <class Call>
  void time(std::chrono::nanoseconds& total, Call call);
  Now now() const;
  void pump();
  void act(const storm::PlayerAction& action);
  void act(const server::Action& action);

  Microseconds now_{1'000'000'000};
  bool timed_ = false;
  std::chrono::nanoseconds player_time_{0}, node_time_{0};
  storm::Scenario scenario_;
  storm::Population population_;
  storm::Recorder recorder_;
  storm::Auditor auditor_{recorder_};
  storm::Player player_;
  std::unique_ptr<server::EventLog> log_ = server::make_memory_log();
  std::unique_ptr<server::History> history_ = server::make_memory_history();
  std::unique_ptr<server::Node> node_;
};

}  // namespace claims::bench
