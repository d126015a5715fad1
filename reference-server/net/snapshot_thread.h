#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "protocol/thread_safety.h"
#include "protocol/time.h"
#include "reference-server/log/snapshot_writer.h"
#include "reference-server/net/mailbox.h"

namespace claims::server {

struct SnapshotStatus {
  bool active = false;        ///< Checkpoints are taken.
  BlockMark stored;           ///< What the file holds.
  Microseconds stored_at{0};  ///< Steady time; of the start, when nothing has been written since.
  std::uint64_t writes_total = 0, failures_total = 0;
  Microseconds write_took{0};  ///< The last.
};

/// The snapshot on a thread of its own: neither commits to the log nor reads of the history wait
/// for its writing. A failure is told through the mailbox, and the server serves on.
class SnapshotThread {
 public:
  SnapshotThread(OpenSnapshot open, const SnapshotWriter::Pacing& pacing, Mailbox& mailbox);
  ~SnapshotThread();
  SnapshotThread(const SnapshotThread&) = delete;
  SnapshotThread& operator=(const SnapshotThread&) = delete;

  // Whoever starts the node up, one at a time.

  /// Closes the file and opens it for the caller, whose it is until begin().
  Result<OpenedSnapshot, LogError> open() CLAIMS_EXCLUDES(mutex_);
  /// Checkpoints follow the store's mark from now on.
  void begin(std::unique_ptr<SnapshotStore> store) CLAIMS_EXCLUDES(mutex_);
  /// Waits while too many are waiting.
  void take(std::shared_ptr<const Checkpoint> checkpoint) CLAIMS_EXCLUDES(mutex_);

  /// The main loop: never waits. When too many are waiting, nothing is written until the next
  /// start.
  void offer(std::shared_ptr<const Checkpoint> checkpoint) CLAIMS_EXCLUDES(mutex_);
  /// Any thread.
  SnapshotStatus status() CLAIMS_EXCLUDES(mutex_);
  /// Writes what it was given, and ends.
  void stop() CLAIMS_EXCLUDES(mutex_);

 private:
  void run();
  /// Null: the thread shall end.
  std::shared_ptr<const Checkpoint> next() CLAIMS_EXCLUDES(mutex_);
  void write() CLAIMS_EXCLUDES(mutex_);

  Mailbox& mailbox_;
  const OpenSnapshot open_;
  SnapshotWriter writer_;  // The thread's own while it is busy, else whoever holds the mutex.

  Mutex mutex_;
  Condition work_, progress_;
  std::deque<std::shared_ptr<const Checkpoint>> waiting_ CLAIMS_GUARDED_BY(mutex_);
  bool busy_ CLAIMS_GUARDED_BY(mutex_) = false, stopping_ CLAIMS_GUARDED_BY(mutex_) = false;
  SnapshotStatus status_ CLAIMS_GUARDED_BY(mutex_);

  std::thread thread_;
};

}  // namespace claims::server
