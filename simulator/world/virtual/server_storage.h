#pragma once
// ServerStorage: claimchatd's log, history and snapshot, the production code, over virtual disks;
// what its threads for them do, on the event queue.
//
// An append begins at once and ends after the time that its syncs take; a crash strikes in between.
// So do opening the log and, after it, the history and the snapshot. The history is folded when the
// append has ended, and answers reads after a while. A checkpoint is written at once.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/time.h"
#include "reference-server/history/history.h"
#include "reference-server/log/event_log.h"
#include "reference-server/log/snapshot_writer.h"
#include "reference-server/node/node.h"
#include "reference-server/node/start_up.h"
#include "simulator/scenario/expression.h"
#include "simulator/world/virtual/disk.h"
#include "simulator/world/virtual/event_queue.h"

namespace claims::storm {

/// How fast the disk is while nothing is wrong; drawn from for each piece of work.
struct DiskSpec {
  std::pair<Microseconds, Microseconds> sync{120, 900};
  std::int64_t bytes_per_second = 200'000'000;
  std::pair<Microseconds, Microseconds> read{80, 600};
};

class ServerStorage {
 public:
  /// Told inside events of the queue; not after crash(), before the next open().
  class Handler {
   public:
    virtual ~Handler() = default;
    virtual void appended(server::Position last) = 0;
    virtual void rows_read(server::QueryId id,
                           Result<std::vector<server::Row>, server::LogError> rows) = 0;
    virtual void storage_failed(const std::string& why) = 0;
  };

  ServerStorage(EventQueue& queue, Handler& handler, const DiskSpec& spec, const Random& random,
                const std::function<Milliseconds()>& wall);
  ~ServerStorage();
  ServerStorage(const ServerStorage&) = delete;
  ServerStorage& operator=(const ServerStorage&) = delete;

  /// Opens the log: under way for so long. The error says what could not be read.
  Result<Microseconds, std::string> open_log();
  /// When that is over: opens the snapshot and the history, too, and starts a node up from them.
  /// Under way for as long as `disk` says; how long the folding takes is for the caller to say, by
  /// its blocks.
  struct Opened {
    server::StartedUp started;
    Microseconds disk{0};
  };
  Result<Opened, std::string> start_up(const server::NodeConfig& config, std::uint64_t seed);
  /// When that is over.
  void opened();
  /// Closes all, in order; unfinished appends end with nothing.
  void close();
  /// Power is lost: so are work under way and everything not synced.
  void crash();

  void append(std::shared_ptr<const server::Block> block);
  void read(server::QueryId id, const server::Query& query);
  /// A failure leaves the snapshot older; the server goes on.
  void store(const server::Checkpoint& checkpoint);
  /// How many checkpoints came to be stored, and how often a node began with a snapshot.
  std::uint64_t snapshots_stored() const { return snapshots_stored_; }
  std::uint64_t snapshots_used() const { return snapshots_used_; }

  // Faults; they last over crashes.
  void slow_down(Microseconds per_sync) { slow_ = per_sync; }
  void set_full(bool full);
  /// Of the log, and of the others, which sync seldom.
  void fail_next_sync();
  /// The disk is right again.
  void heal();

 private:
  Microseconds draw(std::pair<Microseconds, Microseconds> range);
  Microseconds time_of(const VirtualDisk::Work& work);
  void begin_work(VirtualDisk& disk);
  void end_work();
  Result<server::StartedUp, std::string> restore(const server::NodeConfig& config,
                                                 std::uint64_t seed);
  void fold(const server::Block& block);
  void commit_history_when_idle();
  void fail(const std::string& why);

  EventQueue& queue_;
  Handler& handler_;
  const DiskSpec spec_;
  Random random_;
  VirtualDisk log_disk_, history_disk_, state_disk_;
  std::unique_ptr<server::EventLog> log_;
  std::unique_ptr<server::History> history_;
  server::SnapshotWriter snapshot_;
  std::uint64_t snapshots_stored_ = 0, snapshots_used_ = 0;
  std::uint64_t life_ = 0;  // Events of an earlier one find nothing to do.
  std::uint64_t folds_ = 0;
  VirtualDisk* working_ = nullptr;  // The one with work under way.
  Microseconds history_free_{0};    // The history answers in order.
  Microseconds slow_{0};
};

}  // namespace claims::storm
