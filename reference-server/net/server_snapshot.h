#pragma once

#include <cstdint>
#include <string>

#include "protocol/time.h"
#include "reference-server/net/commit_times.h"
#include "reference-server/net/snapshot_thread.h"
#include "reference-server/node/node.h"

namespace claims::server {

/// How the node came to be, the last time.
struct StartUpFigures {
  Microseconds took{0};
  std::uint64_t snapshot_blocks = 0, folded_blocks = 0;
};

/// How the server is at one instant, as its main loop knows it.
struct ServerSnapshot {
  bool serving = false;
  std::string why_not;  ///< Why it is not serving; empty while it is.
  Microseconds uptime{0};
  std::uint64_t connections = 0;  ///< Sockets, also those without a CONNECT yet.
  std::uint64_t connections_turned_away_total = 0;
  std::uint64_t storage_failures_total = 0;
  CommitTimes commits;
  StartUpFigures start_up;
  SnapshotStatus state_snapshot;  ///< Of the state, on the disk.
  Microseconds state_snapshot_age{0};
  NodeCounters node;
};

}  // namespace claims::server
