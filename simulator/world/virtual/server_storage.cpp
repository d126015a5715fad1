#include "simulator/world/virtual/server_storage.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace claims::storm {
namespace {

constexpr std::uint64_t kLogStream = 1, kHistoryStream = 2, kTimeStream = 3, kStateStream = 4;
constexpr const char* kLogFile = "log.sqlite";
constexpr const char* kHistoryFile = "history.sqlite";
constexpr const char* kStateFile = "state.sqlite";
/// Two checkpoints at most come together, so that both ways are played.
constexpr std::size_t kSnapshotBytes = 24 * 1'024;
/// So long after the last fold the history makes durable what it has, as claimchatd's does.
constexpr Microseconds kIdleBeforeCommit{1'000'000};

}  // namespace

ServerStorage::ServerStorage(EventQueue& queue, Handler& handler, const DiskSpec& spec,
                             const Random& random, const std::function<Milliseconds()>& wall)
    : queue_(queue),
      handler_(handler),
      spec_(spec),
      random_(random.split(kTimeStream)),
      log_disk_("claimstorm-log", random.split(kLogStream), wall),
      history_disk_("claimstorm-history", random.split(kHistoryStream), wall),
      state_disk_("claimstorm-state", random.split(kStateStream), wall),
      snapshot_([this] { return server::open_sqlite_snapshot(kStateFile, state_disk_.vfs_name()); },
                {.bytes = kSnapshotBytes}) {}

ServerStorage::~ServerStorage() {
  close();
}

Result<Microseconds, std::string> ServerStorage::open_log() {
  assert(!log_ && !history_);
  begin_work(log_disk_);
  auto log = server::open_sqlite_log(kLogFile, log_disk_.vfs_name());
  if (!log) {
    end_work();
    return "log: " + log.error().what;
  }
  log_ = std::move(*log);
  return time_of(log_disk_.work_so_far());
}

Result<ServerStorage::Opened, std::string> ServerStorage::start_up(const server::NodeConfig& config,
                                                                   std::uint64_t seed) {
  end_work();
  begin_work(history_disk_);
  auto started = restore(config, seed);
  if (!started) {
    close();
    return started.error();
  }
  if (started->snapshot_blocks > 0) ++snapshots_used_;
  return Opened{std::move(*started), time_of(history_disk_.work_so_far())};
}

Result<server::StartedUp, std::string> ServerStorage::restore(const server::NodeConfig& config,
                                                              std::uint64_t seed) {
  auto history = server::open_sqlite_history(kHistoryFile, history_disk_.vfs_name());
  if (!history) return "history: " + history.error().what;
  history_ = std::move(*history);
  // Without one the node starts all the same.
  auto opened = server::open_sqlite_snapshot(kStateFile, state_disk_.vfs_name());
  auto store = opened ? std::move(opened->store) : nullptr;
  auto started = server::start_up(
      {*log_, store.get(), history_->folded(), history_->folded_hash(),
       [&](const std::shared_ptr<const server::Block>& block) -> Result<void, server::LogError> {
         auto folded = history_->fold(*block);
         if (!folded) return server::LogError{"history: " + folded.error().what};
         return {};
       },
       [&](const std::shared_ptr<const server::Checkpoint>& checkpoint) {
         if (store) snapshot_.begin(std::move(store));
         this->store(*checkpoint);
       }},
      config, seed);
  if (!started) return started.error().what;
  if (store && started->snapshot_usable) snapshot_.begin(std::move(store));
  return {boost::system::in_place_value, std::move(*started)};
}

void ServerStorage::opened() {
  end_work();
  ++life_;
}

void ServerStorage::begin_work(VirtualDisk& disk) {
  assert(working_ == nullptr);
  working_ = &disk;
  disk.begin_work();
}

void ServerStorage::end_work() {
  if (VirtualDisk* disk = std::exchange(working_, nullptr)) disk->end_work();
}

void ServerStorage::close() {
  ++life_;
  end_work();
  log_.reset();
  history_.reset();
  snapshot_.close();
}

void ServerStorage::crash() {
  log_disk_.crash();
  history_disk_.crash();
  state_disk_.crash();
  working_ = nullptr;
  close();
}

void ServerStorage::append(std::shared_ptr<const server::Block> block) {
  assert(log_);
  begin_work(log_disk_);
  const auto appended = log_->append({block});
  const Microseconds took = time_of(log_disk_.work_so_far());
  queue_.in(took, [this, life = life_, block = std::move(block),
                   why = appended ? std::string() : "log: " + appended.error().what] {
    if (life != life_) return;
    end_work();
    if (!why.empty()) return fail(why);
    fold(*block);
    if (life == life_) handler_.appended(block->last());
  });
}

void ServerStorage::fold(const server::Block& block) {
  auto done = history_->fold(block);
  if (done) done = history_->commit(false);
  if (!done) return fail("history: " + done.error().what);
  commit_history_when_idle();
}

void ServerStorage::commit_history_when_idle() {
  queue_.in(kIdleBeforeCommit, [this, life = life_, fold = ++folds_] {
    if (life != life_ || fold != folds_) return;
    if (const auto done = history_->commit(true); !done) fail("history: " + done.error().what);
  });
}

void ServerStorage::store(const server::Checkpoint& checkpoint) {
  snapshot_.take(checkpoint);
  if (snapshot_.due() && snapshot_.write()) ++snapshots_stored_;
}

void ServerStorage::read(server::QueryId id, const server::Query& query) {
  // As it is now, so that it sees every block folded before; the answer takes its time.
  auto rows = history_->query(query);
  const bool failed = !rows;
  const std::string why = failed ? "history: " + rows.error().what : std::string();
  history_free_ = std::max(history_free_, queue_.now()) + draw(spec_.read);
  queue_.at(history_free_, [this, life = life_, id, rows = std::move(rows)]() mutable {
    if (life == life_) handler_.rows_read(id, std::move(rows));
  });
  if (failed) {
    queue_.in(Microseconds{0}, [this, life = life_, why] {
      if (life == life_) fail(why);
    });
  }
}

void ServerStorage::set_full(bool full) {
  log_disk_.set_full(full);
  history_disk_.set_full(full);
  state_disk_.set_full(full);
}

void ServerStorage::fail_next_sync() {
  log_disk_.fail_next_sync(true);
  history_disk_.fail_next_sync(true);
  state_disk_.fail_next_sync(true);
}

void ServerStorage::heal() {
  set_full(false);
  slow_down(Microseconds{0});
  log_disk_.fail_next_sync(false);
  history_disk_.fail_next_sync(false);
  state_disk_.fail_next_sync(false);
}

Microseconds ServerStorage::draw(std::pair<Microseconds, Microseconds> range) {
  const auto width = static_cast<std::uint64_t>((range.second - range.first).count());
  return range.first + Microseconds(static_cast<std::int64_t>(random_.below(width + 1)));
}

Microseconds ServerStorage::time_of(const VirtualDisk::Work& work) {
  Microseconds time{static_cast<std::int64_t>(work.bytes_written) * 1'000'000 /
                    spec_.bytes_per_second};
  for (std::uint64_t sync = 0; sync < work.syncs; ++sync) time += draw(spec_.sync) + slow_;
  return time;
}

/// Log and history are void, as in claimchatd after a failed append or fold.
void ServerStorage::fail(const std::string& why) {
  close();
  handler_.storage_failed(why);
}

}  // namespace claims::storm
