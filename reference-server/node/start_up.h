#pragma once
// Starting up: a snapshot and the blocks of the log behind it, or the whole log; and the blocks
// that the history has not got. Still without a thread or a clock.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "protocol/result.h"
#include "reference-server/log/event_log.h"
#include "reference-server/log/snapshot_store.h"
#include "reference-server/node/node.h"

namespace claims::server {

/// What start-up reads from, and whom it tells. All of it outlives the call.
struct StartUpSources {
  EventLog& log;
  /// Null: there is none.
  SnapshotStore* snapshot = nullptr;
  std::uint64_t history_folded = 0;  ///< As the history has it (history.h).
  Hash history_hash{};
  std::function<Result<void, LogError>(const std::shared_ptr<const Block>&)> fold_history;
  /// Of blocks folded here, in the order of the log, from the snapshot store's mark on; the store
  /// is not used here any more by then.
  std::function<void(const std::shared_ptr<const Checkpoint>&)> take_checkpoint;
};

struct StartedUp {
  std::unique_ptr<Node> node;         ///< Folded, and not started.
  std::uint64_t snapshot_blocks = 0;  ///< That the snapshot stands for.
  std::uint64_t snapshot_rows = 0;
  std::uint64_t folded_blocks = 0;   ///< Into the node.
  std::uint64_t history_blocks = 0;  ///< Given to the history.
  /// Why a snapshot was of no use; empty: it was, or there is none.
  std::string snapshot_refused;
  bool snapshot_usable = false;  ///< The store is at the mark from which the node goes on.
};

/// A snapshot that is damaged, or of another log, is emptied, and the whole log folded. Errors are
/// the log's and the history's.
Result<StartedUp, LogError> start_up(const StartUpSources& sources, const NodeConfig& config,
                                     std::uint64_t random_seed);

}  // namespace claims::server
