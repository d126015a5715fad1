#pragma once
// A Player and claimchatd's Node joined by pipes in memory, on a clock that is set by hand: no
// socket, no thread, no sleep. Log and history are in memory.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference-server/history/history.h"
#include "reference-server/log/event_log.h"
#include "reference-server/node/node.h"
#include "simulator/actor/player.h"
#include "simulator/check/auditor.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/model.h"
#include "simulator/scenario/population.h"

namespace claims::storm::testing {

/// SHA-256 over (virtual µs, sequence, kind, connection, bytes) of what happens to the Node.
class TraceHash {
 public:
  TraceHash();
  ~TraceHash();
  TraceHash(const TraceHash&) = delete;
  TraceHash& operator=(const TraceHash&) = delete;

  void add(Microseconds at, std::string_view kind, std::uint64_t connection,
           std::string_view bytes);
  std::uint64_t entries() const { return sequence_; }
  std::string hex();  ///< Once, at the end.

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::uint64_t sequence_ = 0;
};

class NodeStage {
 public:
  NodeStage(Scenario scenario, std::uint64_t seed);

  /// Until the player is done; false when virtual time reaches `limit` first.
  bool play(Microseconds limit);
  // Faults. Those of a user without a connection do nothing.
  /// Cuts the connection of a user, for both ends.
  void cut(ConnectionNumber user);
  /// Cuts it for the user alone: the server's end stays open.
  void lose(ConnectionNumber user);
  /// All bytes vanish, and neither end is told; with `reset_after` the user is, so much later.
  void silence(ConnectionNumber user, std::optional<Microseconds> reset_after = std::nullopt);
  /// Bytes of both directions are held back for so long.
  void hold_back(ConnectionNumber user, Microseconds time);
  /// The server dies, and is there again after so long, with what was durable. `keeps_open_block`:
  /// the block being appended was durable already, though nobody was told.
  void crash(Microseconds down, bool keeps_open_block);
  /// Attempts to connect hang for so long.
  void hold_connects(Microseconds time) { connects_hang_until_ = now_ + time; }
  void in(Microseconds time, std::function<void()> then);
  Now now() const;

  Scenario scenario;
  Population population;
  Recorder recorder;
  Auditor auditor{recorder};
  Player player;
  TraceHash trace;

 private:
  struct Pipe {
    ConnectionNumber user{};
    bool open = false;
    bool silent = false;
    Microseconds held_until{0};
  };

  void pump();
  void act(const PlayerAction& action);
  void act(server::Action& action);
  void hang_up(server::ConnectionId connection);
  void start_node();
  void tell_closed(server::ConnectionId connection);
  /// On that connection, in order.
  void on_wire(server::ConnectionId connection, std::function<void()> then);
  Pipe* pipe_of(ConnectionNumber user);

  static constexpr Microseconds kStart{1'000'000'000};
  static constexpr Milliseconds kWall{1'700'000'000'000};
  static constexpr Microseconds kWire{150}, kCommit{600}, kQuery{300};

  Microseconds now_{kStart};
  std::unique_ptr<server::EventLog> log_;
  std::unique_ptr<server::History> history_;
  std::unique_ptr<server::Node> node_;  // Null: down.
  std::uint64_t life_ = 0;              // Of the node: what an earlier one asked for is void.
  std::uint64_t seed_;
  std::shared_ptr<const server::Block> appending_;
  Microseconds connects_hang_until_{0};
  std::map<std::pair<Microseconds, std::uint64_t>, std::function<void()>> agenda_;
  std::uint64_t agenda_sequence_ = 0;
  std::uint64_t connections_ = 0;
  std::map<server::ConnectionId, Pipe> pipes_;
  std::map<ConnectionNumber, server::ConnectionId> connection_of_;
};

}  // namespace claims::storm::testing
