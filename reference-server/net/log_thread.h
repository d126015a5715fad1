#pragma once

#include <memory>
#include <thread>
#include <variant>

#include "protocol/thread_safety.h"
#include "reference-server/log/event_log.h"
#include "reference-server/net/history_thread.h"
#include "reference-server/net/mailbox.h"
#include "reference-server/net/restore.h"

namespace claims::server {

/// The log on a thread of its own: commits go on beside the deciding.
///
/// append() is answered by BlockDurable (the history has the block by then) or by StorageFailed.
/// After a failure the handle is gone: a sync that failed once may claim success the next time
/// without having written. reopen() is answered by StorageRestored or RestoreFailed; a log that
/// does not hold what was acknowledged is a failure.
class LogThread {
 public:
  LogThread(std::unique_ptr<EventLog> log, const Acknowledged& acknowledged, OpenLog open,
            NodeConfig config, HistoryThread& history, SnapshotThread* snapshots, Mailbox& mailbox);
  ~LogThread();
  LogThread(const LogThread&) = delete;
  LogThread& operator=(const LogThread&) = delete;

  /// The main loop: not while another append is under way.
  void append(Generation generation, std::shared_ptr<const Block> block) CLAIMS_EXCLUDES(mutex_);
  /// The main loop: opens everything anew after `delay`. An append not begun yet is dropped.
  void reopen(Generation generation, Microseconds delay) CLAIMS_EXCLUDES(mutex_);
  /// Finishes an append under way and ends; a reopen that has not begun is dropped.
  void stop() CLAIMS_EXCLUDES(mutex_);

 private:
  struct Append {
    Generation generation{};
    std::shared_ptr<const Block> block;
  };
  struct Reopen {
    Generation generation{};
    Microseconds delay{};
  };
  using Job = std::variant<std::monostate, Append, Reopen>;  // At most one waits.

  void run();
  /// Nothing: the thread shall end.
  Job next_job() CLAIMS_EXCLUDES(mutex_);
  /// False when the thread shall end instead.
  bool wait(Microseconds delay) CLAIMS_EXCLUDES(mutex_);
  void carry_out(std::monostate& /*none*/) {}
  void carry_out(Append& job);
  void carry_out(Reopen& job);

  // The thread's own.
  std::unique_ptr<EventLog> log_;
  Acknowledged acknowledged_;
  const OpenLog open_;
  const NodeConfig config_;

  HistoryThread& history_;
  SnapshotThread* snapshots_;  // Null: there are none.
  Mailbox& mailbox_;
  Mutex mutex_;
  Condition work_;
  Job job_ CLAIMS_GUARDED_BY(mutex_);
  bool stopping_ CLAIMS_GUARDED_BY(mutex_) = false;

  std::thread thread_;
};

}  // namespace claims::server
