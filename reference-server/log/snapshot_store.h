#pragma once
// SnapshotStore: the state as of one block of the log, row by row, in a file beside the log. It can
// always be deleted: what it holds follows from the log.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/result.h"
#include "reference-server/log/checkpoint_merge.h"
#include "reference-server/log/event_log.h"
#include "reference-server/log/sqlite.h"

namespace claims::server {

/// Used by one thread at a time. After an error the handle is void: destroy it and open it anew.
class SnapshotStore {
 public:
  SnapshotStore(std::string path, std::string vfs) : path_(std::move(path)), vfs_(std::move(vfs)) {}
  SnapshotStore(const SnapshotStore&) = delete;
  SnapshotStore& operator=(const SnapshotStore&) = delete;

  /// Opens the file or makes it. The text is why what was there before is gone; empty: it is not.
  Result<std::string, LogError> open();

  /// The block that it is of. Number 0: it is empty.
  const BlockMark& at() const { return totals_.at; }
  std::uint64_t rows() const { return totals_.rows; }

  using Take = std::function<Result<void, std::string>(std::string_view key, std::string_view)>;
  /// Gives every row, in the order of keys. Each has a checksum, and so have all together: a row
  /// that is damaged, missing or of another time is an error, told at the latest at the end.
  /// Whoever took rows before an error drops what they came to.
  Result<void, LogError> load(const Take& take);
  /// Changes it from `merge.base()`, where it must be, to `merge.at()`, in one transaction. A file
  /// that turns out to be damaged is made anew, and is empty.
  Result<void, LogError> write(const CheckpointMerge& merge);
  /// Empties it; a file that held something is made anew.
  Result<void, LogError> clear();

 private:
  struct Totals {
    BlockMark at;
    std::uint64_t rows = 0;
    std::uint64_t sum = 0;  ///< Of the rows' checksums.
  };
  Result<void, LogError> begin();
  Result<void, LogError> replace();
  template <class Work>
  Result<void, LogError> in_transaction(const Work& work);
  Result<void, LogError> read_totals();
  Result<void, LogError> write_totals(const Totals& totals);
  Result<void, LogError> put(std::string_view key, std::string_view value, Totals& totals);
  Result<void, LogError> take_out(std::string_view key, Totals& totals);

  const std::string path_, vfs_;
  std::unique_ptr<Database> database_;
  Statement begin_, commit_, select_, upsert_, delete_, delete_all_, select_all_, select_mark_,
      upsert_mark_;
  Totals totals_;
  bool failed_ = false;
  bool damaged_ = false;  ///< What failed, failed for what the file holds.
};

struct OpenedSnapshot {
  std::unique_ptr<SnapshotStore> store;
  /// Why what was there before is gone; empty: it is not.
  std::string discarded;
};
/// SQLite. Discarded when it has another format version or is damaged, never when it is of another
/// making. `vfs` as in open_sqlite_log().
Result<OpenedSnapshot, LogError> open_sqlite_snapshot(const std::string& path,
                                                      const std::string& vfs = {});

}  // namespace claims::server
