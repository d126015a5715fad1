#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "reference-server/log/event_log.h"
#include "reference-server/net/history_thread.h"
#include "reference-server/net/mailbox.h"
#include "reference-server/node/node.h"

namespace claims::server {

using OpenLog = std::function<Result<std::unique_ptr<EventLog>, LogError>()>;

/// Log and history, open, and the node folded from them (not started yet).
struct Restored {
  std::unique_ptr<EventLog> log;
  std::unique_ptr<Node> node;
  std::uint64_t blocks = 0;
  Microseconds took{};
};

/// Opens the log and the history and folds them. Any thread, as long as nobody else appends or
/// folds meanwhile; waits for the disk.
Result<Restored, LogError> restore(const OpenLog& open_log, HistoryThread& history,
                                   Generation generation, const NodeConfig& config);

}  // namespace claims::server
