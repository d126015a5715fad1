#include "reference-server/log/snapshot_store.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace claims::server {
namespace {

// Other rows, or rows that say something else, are another version.
constexpr FileFormat kFormat{
    .application_id = 0x636C5354,  // "clST"
    .version = 1,
    .schema =
        "CREATE TABLE rows(key BLOB PRIMARY KEY, value BLOB NOT NULL, sum INTEGER NOT NULL)"
        " STRICT, WITHOUT ROWID;"
        "CREATE TABLE mark(id INTEGER PRIMARY KEY CHECK(id = 1), block INTEGER NOT NULL,"
        " last INTEGER NOT NULL, hash BLOB NOT NULL, rows INTEGER NOT NULL,"
        " sum INTEGER NOT NULL) STRICT",
    .name = "a snapshot of claimchatd",
    .synchronous = "NORMAL"};

constexpr std::string_view kFailedBefore = "snapshot: failed before; it must be opened anew";
constexpr int kCheckpointPages = 1'024;
/// SQLite's integers are signed: sums are taken modulo 2^63.
constexpr std::uint64_t kSumMask = ~std::uint64_t{0} >> 1U;

std::uint64_t mix(std::uint64_t z) {  // The finaliser of SplitMix64: a bijection.
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

std::uint64_t add_to_sum(std::uint64_t sum, std::string_view bytes) {
  sum = mix(sum + bytes.size() + 0x9E3779B97F4A7C15U);
  while (!bytes.empty()) {
    const std::size_t count = bytes.size() < 8 ? bytes.size() : 8;
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), count);
    sum = mix(sum ^ word) + 0x9E3779B97F4A7C15U;
    bytes.remove_prefix(count);
  }
  return sum;
}

/// Against what disks do, not against who may write to them: such a one may write the log, too.
std::uint64_t sum_of(std::string_view key, std::string_view value) {
  return add_to_sum(add_to_sum(0, key), value) & kSumMask;
}

std::string_view view(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

}  // namespace

Result<std::string, LogError> SnapshotStore::open() {
  std::string discarded;
  Database::Opened opened = Database::open(path_, vfs_, kFormat);
  if (opened.database) {
    database_ = std::move(opened.database);
    auto begun = begin();
    if (begun) return {boost::system::in_place_value};
    if (!damaged_) return begun.error();
    discarded = begun.error().what;
  } else if (opened.found == Database::Found::damaged ||
             opened.found == Database::Found::other_version) {
    discarded = opened.error.what;
  } else {
    return std::move(opened.error);
  }
  if (auto replaced = replace(); !replaced) return replaced.error();
  return {boost::system::in_place_value, std::move(discarded)};
}

Result<void, LogError> SnapshotStore::replace() {
  for (Statement* statement : {&begin_, &commit_, &select_, &upsert_, &delete_, &delete_all_,
                               &select_all_, &select_mark_, &upsert_mark_}) {
    *statement = Statement();
  }
  database_.reset();
  totals_ = {};
  failed_ = true;  // Until there is a database again.
  if (auto removed = Database::remove(path_, vfs_); !removed) return removed;
  Database::Opened opened = Database::open(path_, vfs_, kFormat);
  if (!opened.database) return std::move(opened.error);
  database_ = std::move(opened.database);
  damaged_ = false;
  auto begun = begin();
  failed_ = !begun;
  return begun;
}

Result<void, LogError> SnapshotStore::begin() {
  for (const auto& [sql, statement] :
       {std::pair{"BEGIN IMMEDIATE", &begin_},
        {"COMMIT", &commit_},
        {"SELECT sum FROM rows WHERE key = ?1", &select_},
        {"INSERT INTO rows VALUES(?1, ?2, ?3)"
         " ON CONFLICT(key) DO UPDATE SET value = ?2, sum = ?3",
         &upsert_},
        {"DELETE FROM rows WHERE key = ?1", &delete_},
        {"DELETE FROM rows", &delete_all_},
        {"SELECT key, value, sum FROM rows ORDER BY key", &select_all_},
        {"SELECT block, last, hash, rows, sum FROM mark WHERE id = 1", &select_mark_},
        {"INSERT INTO mark VALUES(1, ?1, ?2, ?3, ?4, ?5) ON CONFLICT(id) DO UPDATE SET"
         " block = ?1, last = ?2, hash = ?3, rows = ?4, sum = ?5",
         &upsert_mark_}}) {
    if (auto prepared = database_->prepare(sql, *statement); !prepared) {
      damaged_ = database_->damaged();
      return prepared;
    }
  }
  return read_totals();
}

Result<void, LogError> SnapshotStore::read_totals() {
  const Reading reading(select_mark_);
  auto row = select_mark_.step();
  damaged_ = !row && database_->damaged();
  if (!row) return row.error();
  if (!*row) return {};
  const std::string_view hash = select_mark_.bytes(2);
  damaged_ = hash.size() != totals_.at.hash.size();
  if (damaged_) return LogError{path_ + ": its mark is damaged"};
  totals_.at.number = select_mark_.number(0);
  totals_.at.last = Position{select_mark_.number(1)};
  std::memcpy(totals_.at.hash.data(), hash.data(), hash.size());
  totals_.rows = select_mark_.number(3);
  totals_.sum = select_mark_.number(4);
  return {};
}

Result<void, LogError> SnapshotStore::write_totals(const Totals& totals) {
  upsert_mark_.bind(1, totals.at.number);
  upsert_mark_.bind(2, static_cast<std::uint64_t>(totals.at.last));
  upsert_mark_.bind(3, view(totals.at.hash));
  upsert_mark_.bind(4, totals.rows);
  upsert_mark_.bind(5, totals.sum);
  return upsert_mark_.run();
}

template <class Work>
Result<void, LogError> SnapshotStore::in_transaction(const Work& work) {
  if (failed_) return LogError{std::string(kFailedBefore)};
  Totals totals = totals_;
  auto done = [&]() -> Result<void, LogError> {
    if (auto begun = begin_.run(); !begun) return begun;
    if (auto worked = work(totals); !worked) return worked;
    if (auto written = write_totals(totals); !written) return written;
    if (auto committed = commit_.run(); !committed) return committed;
    totals_ = totals;
    return database_->checkpoint(kCheckpointPages);
  }();
  if (!done) {
    failed_ = true;
    damaged_ = database_->damaged();
    database_->abandon();
  }
  return done;
}

Result<void, LogError> SnapshotStore::load(const Take& take) {
  if (failed_) return LogError{std::string(kFailedBefore)};
  const Reading reading(select_all_);
  std::uint64_t rows = 0, sum = 0;
  for (;;) {
    auto row = select_all_.step();
    if (!row) return row.error();
    if (!*row) break;
    const std::string_view key = select_all_.bytes(0);
    const std::string_view value = select_all_.bytes(1);
    const std::uint64_t own = sum_of(key, value);
    ++rows;
    if (own != select_all_.number(2)) {
      return LogError{fmt::format("snapshot: row {} does not match its checksum", rows)};
    }
    sum = (sum + own) & kSumMask;
    if (auto taken = take(key, value); !taken) {
      return LogError{fmt::format("snapshot: row {}: {}", rows, taken.error())};
    }
  }
  if (rows != totals_.rows || sum != totals_.sum) {
    return LogError{
        fmt::format("snapshot: its {} rows are not the {} that were written", rows, totals_.rows)};
  }
  return {};
}

Result<void, LogError> SnapshotStore::write(const CheckpointMerge& merge) {
  if (merge.base() != totals_.at) {
    return LogError{fmt::format("snapshot: is of block {}, the checkpoint follows block {}",
                                totals_.at.number, merge.base().number)};
  }
  auto written = in_transaction([&](Totals& totals) -> Result<void, LogError> {
    for (const auto& [key, value] : merge.rows()) {
      auto done = value ? put(key, *value, totals) : take_out(key, totals);
      if (!done) return done;
    }
    totals.at = merge.at();
    return {};
  });
  // It would be as damaged at the next start; from an empty one the log is folded once.
  if (!written && damaged_) (void)replace();
  return written;
}

Result<void, LogError> SnapshotStore::take_out(std::string_view key, Totals& totals) {
  {
    const Reading reading(select_);
    select_.bind(1, key);
    auto row = select_.step();
    if (!row) return row.error();
    if (!*row) return {};
    totals.sum = (totals.sum - select_.number(0)) & kSumMask;
    --totals.rows;
  }
  delete_.bind(1, key);
  return delete_.run();
}

Result<void, LogError> SnapshotStore::put(std::string_view key, std::string_view value,
                                          Totals& totals) {
  {
    const Reading reading(select_);
    select_.bind(1, key);
    auto row = select_.step();
    if (!row) return row.error();
    if (*row) {
      totals.sum -= select_.number(0);
    } else {
      ++totals.rows;
    }
  }
  const std::uint64_t sum = sum_of(key, value);
  totals.sum = (totals.sum + sum) & kSumMask;
  upsert_.bind(1, key);
  upsert_.bind(2, value);
  upsert_.bind(3, sum);
  return upsert_.run();
}

Result<void, LogError> SnapshotStore::clear() {
  // What was refused may be damaged where nobody has looked, and would take no rows.
  if (totals_.at.number > 0) return replace();
  return in_transaction([&](Totals& totals) -> Result<void, LogError> {
    totals = {};
    return delete_all_.run();
  });
}

Result<OpenedSnapshot, LogError> open_sqlite_snapshot(const std::string& path,
                                                      const std::string& vfs) {
  OpenedSnapshot result;
  result.store = std::make_unique<SnapshotStore>(path, vfs);
  auto opened = result.store->open();
  if (!opened) return opened.error();
  result.discarded = std::move(*opened);
  return {boost::system::in_place_value, std::move(result)};
}

}  // namespace claims::server
