#pragma once
// Node: broker, chat, log and history put together; still without a socket, a thread or a clock.
//
// Inputs come with the time; actions are collected and handed out by drain(), so that a shell
// writes once per connection and loop turn. All methods are called by one thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/chat/token.h"
#include "protocol/result.h"
#include "protocol/time.h"
#include "reference-server/broker/broker.h"
#include "reference-server/chat/service.h"
#include "reference-server/history/history.h"
#include "reference-server/log/block.h"
#include "reference-server/log/checkpoint.h"

namespace claims::server {

/// Names one history read until its rows come back.
enum class QueryId : std::uint64_t {};

/// Make the block durable, then call Node::durable(block->last()). At most one append is out at a
/// time. The shell passes the block on to the history before it calls durable().
struct AppendBlock {
  std::shared_ptr<const Block> block;
};
/// Run the query after all blocks made durable so far are folded, then call Node::rows().
struct ReadRows {
  QueryId id{};
  Query query;
};
/// Store the checkpoint with those before it (SnapshotWriter). Its block is durable: a snapshot is
/// never ahead of the log.
struct StoreCheckpoint {
  std::shared_ptr<const Checkpoint> checkpoint;
};
using Action = std::variant<ConnectionOutput, AppendBlock, ReadRows, StoreCheckpoint>;

/// 64 random bits a call, from a seed: salts.
class RandomSource {
 public:
  explicit RandomSource(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {  // SplitMix64
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

 private:
  std::uint64_t state_;
};

struct NodeConfig {
  BrokerConfig broker;
  chat::TokenKey token_key;
  /// Least time between the beginnings of two appends while there is load; 0: at once.
  Microseconds commit_interval{2'000};
  /// Appends of fewer records than this are not load: the next begins at once.
  std::size_t load_records = 8;
  /// Records from one checkpoint to the next; 0: none are taken.
  std::uint64_t checkpoint_records = 0;
};

struct NodeCounters {
  BrokerCounters broker;
  ServiceCounters service;
  std::uint64_t blocks_total = 0, records_total = 0, catch_up_reads_total = 0, deliveries_total = 0;
  Position durable{};
  std::uint64_t checkpoints_total = 0, checkpoint_rows_total = 0, checkpoint_bytes_total = 0;
};

class Node final : private BrokerHandler {
 public:
  Node(const NodeConfig& config, std::uint64_t random_seed);
  ~Node() override;

  // Start-up, in this order: load() for each row of a snapshot, if there is one, and loaded();
  // restored() for each block of the log that follows; then start(). After an error the node is
  // void.
  Result<void, std::string> load(std::string_view key, std::string_view value);
  Result<void, std::string> loaded(const BlockMark& at);
  Result<void, std::string> restored(const Block& block);
  /// After restored(): the checkpoint that was due then. Null: none was.
  std::shared_ptr<const Checkpoint> take_checkpoint();
  /// Reconciles the directory (its records go into the first block) and begins to serve.
  Result<void, std::string> start(std::string_view directory_json, const Now& now);

  // Inputs.
  void opened(ConnectionId connection, const Now& now);
  void received(ConnectionId connection, std::string_view bytes, const Now& now);
  void written(ConnectionId connection, std::size_t bytes, const Now& now);
  void closed(ConnectionId connection, const Now& now);
  void durable(Position last, const Now& now);
  void rows(QueryId id, Result<std::vector<Row>, LogError> rows, const Now& now);
  void tick(const Now& now);
  /// The log failed: this node's state is void. It closes all sessions and refuses CONNECT (0x88);
  /// the shell drains it, destroys it, opens the log anew and starts another.
  void append_failed(const Now& now);
  /// Stop taking in; finishes what was taken in. idle() tells when nothing is left to append.
  void shut_down(const Now& now);
  bool idle() const;

  // Outputs.
  std::optional<Microseconds> next_deadline() const;
  /// Ends the turn: begins an append if one is due, and hands out all actions since the last call.
  void drain(std::vector<Action>& actions, const Now& now);
  NodeCounters counters() const;
  bool available() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;

  ConnectDecision authenticate(const ConnectRequest& request, const Now& now) override;
  void attached(SessionId session, const SessionState& state, bool present,
                const std::vector<std::uint64_t>& inflight) override;
  void detached(SessionId session, Detached why) override;
  void ended(SessionId session) override;
  bool may_subscribe(SessionId session, std::string_view filter) override;
  void subscriptions_changed(SessionId session, const SessionState& state,
                             std::uint16_t packet_id) override;
  bool may_publish(SessionId session, std::string_view topic) override;
  void published(SessionId session, const mqtt::Publish& publish) override;
  void delivered(SessionId session, std::uint64_t tag) override;
  void room_for_output(SessionId session) override;
};

}  // namespace claims::server
