#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <variant>

#include "protocol/thread_safety.h"
#include "reference-server/history/history.h"
#include "reference-server/net/mailbox.h"

namespace claims::server {

using OpenHistory = std::function<Result<std::unique_ptr<History>, LogError>()>;

/// The history on a thread of its own: what it is told is done in order, so that a query sees
/// every block that was folded before it was asked.
///
/// After an error the history is void until reopen(): folds are skipped, queries answered with the
/// error, and the mailbox gets one StorageFailed.
class HistoryThread {
 public:
  static constexpr std::size_t kBlocksMax = 256;      ///< Waiting to be folded.
  static constexpr std::size_t kQueriesMax = 65'536;  ///< Waiting to be read.

  HistoryThread(OpenHistory open, Mailbox& mailbox);
  ~HistoryThread();
  HistoryThread(const HistoryThread&) = delete;
  HistoryThread& operator=(const HistoryThread&) = delete;

  /// Opens the history anew. What it has folded, opened_at() tells (History::fold says what is to
  /// be folded then).
  void reopen(Generation generation) CLAIMS_EXCLUDES(mutex_);
  struct OpenedAt {
    std::uint64_t folded = 0;
    Hash hash{};
  };
  /// Waits until everything told before is done; the error, if there was one since reopen().
  Result<OpenedAt, LogError> opened_at() CLAIMS_EXCLUDES(mutex_);
  /// The log's thread, or start-up: waits while kBlocksMax are waiting.
  void fold(std::shared_ptr<const Block> block) CLAIMS_EXCLUDES(mutex_);
  /// Waits until everything told before is done; the error, if there was one since reopen().
  Result<void, LogError> settle() CLAIMS_EXCLUDES(mutex_);
  /// The main loop: never waits; false when kQueriesMax are waiting. Answered by RowsRead.
  bool ask(Generation generation, QueryId id, Query query) CLAIMS_EXCLUDES(mutex_);
  /// Does what is waiting, makes it durable and ends.
  void stop() CLAIMS_EXCLUDES(mutex_);

 private:
  struct Reopen {
    Generation generation{};
  };
  struct Fold {
    std::shared_ptr<const Block> block;
  };
  struct Ask {
    Generation generation{};
    QueryId id{};
    Query query;
  };
  using Job = std::variant<Reopen, Fold, Ask>;

  void run();
  bool next_jobs(std::deque<Job>& jobs) CLAIMS_EXCLUDES(mutex_);
  void jobs_done(std::size_t count) CLAIMS_EXCLUDES(mutex_);
  void carry_out(Reopen& job);
  void carry_out(Fold& job);
  void carry_out(Ask& job);
  void commit(bool force);
  void fail(std::string why) CLAIMS_EXCLUDES(mutex_);

  Mailbox& mailbox_;

  // The thread's own.
  const OpenHistory open_;
  std::unique_ptr<History> history_;
  Generation generation_{};
  bool uncommitted_ = false;
  std::vector<Message> answers_;

  Mutex mutex_;
  Condition work_, progress_;
  std::deque<Job> jobs_ CLAIMS_GUARDED_BY(mutex_);
  std::size_t blocks_ CLAIMS_GUARDED_BY(mutex_) = 0, queries_ CLAIMS_GUARDED_BY(mutex_) = 0;
  std::uint64_t told_ CLAIMS_GUARDED_BY(mutex_) = 0, done_ CLAIMS_GUARDED_BY(mutex_) = 0;
  OpenedAt opened_at_ CLAIMS_GUARDED_BY(mutex_);
  std::string error_ CLAIMS_GUARDED_BY(mutex_);  // Since the last reopen().
  bool stopping_ CLAIMS_GUARDED_BY(mutex_) = false;

  std::thread thread_;
};

}  // namespace claims::server
