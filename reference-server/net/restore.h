#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "reference-server/log/event_log.h"
#include "reference-server/net/history_thread.h"
#include "reference-server/net/mailbox.h"
#include "reference-server/net/snapshot_thread.h"
#include "reference-server/node/node.h"
#include "reference-server/node/start_up.h"

namespace claims::server {

using OpenLog = std::function<Result<std::unique_ptr<EventLog>, LogError>(Missing)>;

/// What has been acknowledged: the log holds so many blocks, and the last of them has that hash.
struct Acknowledged {
  std::uint64_t blocks = 0;
  Hash hash{};
};

/// Log, history and snapshot, open, and the node folded from them (not started yet).
struct Restored {
  std::unique_ptr<EventLog> log;
  StartedUp started;
  Acknowledged acknowledged;  ///< What the log holds now.
  Microseconds took{};
};

/// "folded 14 blocks after the 812 of the snapshot, in 25.1 ms"
std::string told(const StartedUp& started, Microseconds took);

/// Opens them and starts the node up (node/start_up.h). Any thread, as long as nobody else appends
/// or folds meanwhile; waits for the disk. `acknowledged` null: nothing yet, so that a log may be
/// made; else a log without it is an error. `snapshots` null: there are none.
Result<Restored, LogError> restore(const OpenLog& open_log, const Acknowledged* acknowledged,
                                   HistoryThread& history, SnapshotThread* snapshots,
                                   Generation generation, const NodeConfig& config);

}  // namespace claims::server
