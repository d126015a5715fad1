#pragma once
// SnapshotWriter: keeps a SnapshotStore up with the checkpoints. They are small and many, so that
// no pause is long; the file is written seldom, with what many come to, so that a row that changes
// all the time is written once.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "protocol/result.h"
#include "reference-server/limits.h"
#include "reference-server/log/checkpoint_merge.h"
#include "reference-server/log/snapshot_store.h"

namespace claims::server {

using OpenSnapshot = std::function<Result<OpenedSnapshot, LogError>()>;

/// Used by one thread at a time. A failure leaves the snapshot as it was before, older, and what is
/// to be written in memory: the next attempt opens the file anew. When that has grown too large,
/// the writer gives up; the log then has the longer tail until the server starts again.
class SnapshotWriter {
 public:
  struct Pacing {
    std::uint64_t records = limits::kSnapshotRecords;  ///< Of the log, between two writings.
    std::size_t bytes = limits::kSnapshotBytes;        ///< Sooner when so much is to be written.
    std::size_t bytes_max = limits::kSnapshotBytesMax;
  };

  SnapshotWriter(OpenSnapshot open, const Pacing& pacing)
      : open_(std::move(open)), pacing_(pacing) {}

  /// Begins with the store at its mark; checkpoints follow from there.
  void begin(std::unique_ptr<SnapshotStore> store);
  /// Closes the file, and forgets what is not written.
  void close();

  /// False: it is not open, or has given up.
  bool active() const { return merge_.has_value(); }
  void take(const Checkpoint& checkpoint);
  /// Enough has come together for the next writing.
  bool due() const;
  /// Writes what came together, if anything did.
  Result<void, LogError> write();

  /// What the file holds.
  const BlockMark& stored() const { return stored_; }

 private:
  Result<void, LogError> reopen();

  OpenSnapshot open_;
  Pacing pacing_;
  std::unique_ptr<SnapshotStore> store_;
  std::optional<CheckpointMerge> merge_;
  BlockMark stored_;
  BlockMark attempted_;  ///< Of the last writing.
};

}  // namespace claims::server
