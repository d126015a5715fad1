#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <queue>
#include <utility>

#include "reference-server/history/history.h"
#include "reference-server/log/sqlite.h"

namespace claims::server {
namespace {

// Events lie in the order of the log, so that folding appends; only the narrow index is written at
// random. With the events themselves in the order of (room, seq) each of them dirties a page of its
// own once there are many rooms. The index knows the vehicle, so that a page about one reads no
// events about others.
constexpr FileFormat kFormat{
    .application_id = 0x636C4853,  // "clHS"
    .version = 2,
    .schema =
        "CREATE TABLE blocks(number INTEGER PRIMARY KEY, first INTEGER NOT NULL,"
        " hash BLOB NOT NULL) STRICT;"
        "CREATE TABLE events(position INTEGER PRIMARY KEY, room INTEGER NOT NULL,"
        " seq INTEGER NOT NULL, vehicle BLOB NOT NULL, event BLOB NOT NULL) STRICT;"
        "CREATE INDEX events_by_room ON events(room, seq, vehicle)",
    .name = "a history of claimchatd",
    .synchronous = "NORMAL"};

constexpr std::uint64_t kRowsPerCommit = 1'000;
constexpr int kCheckpointPages = 1'024;

std::string_view view(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

/// Where one range of a stream stands: at its next event.
struct RangeHead {
  std::uint64_t position;
  chat::RoomId room;
  chat::Seq seq;
  chat::Seq last;

  bool operator>(const RangeHead& other) const { return position > other.position; }
};

class SqliteHistory final : public History {
 public:
  explicit SqliteHistory(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  ~SqliteHistory() override {
    if (!failed_) (void)commit(true);
  }

  Result<void, LogError> begin() {
    for (const auto& [sql, statement] :
         {std::pair{"BEGIN IMMEDIATE", &begin_},
          {"COMMIT", &commit_},
          {"INSERT INTO blocks VALUES(?1, ?2, ?3)", &insert_block_},
          {"INSERT INTO events VALUES(?1, ?2, ?3, ?4, ?5)", &insert_event_},
          {"SELECT hash FROM blocks WHERE number = ?1", &select_hash_},
          {"DELETE FROM events WHERE position >= ?1", &delete_events_},
          {"DELETE FROM blocks WHERE number >= ?1", &delete_blocks_},
          {"SELECT seq, position, event FROM events WHERE room = ?1 AND seq > ?2 AND seq <= ?3"
           " ORDER BY seq LIMIT ?4",
           &select_page_},
          {"SELECT seq, position, event FROM events WHERE room = ?1 AND seq > ?2 AND seq <= ?3"
           " AND vehicle = ?5 ORDER BY seq LIMIT ?4",
           &select_page_of_vehicle_},
          {"SELECT seq, position FROM events WHERE room = ?1 AND seq >= ?2 AND seq <= ?3"
           " ORDER BY seq LIMIT 1",
           &select_first_},
          {"SELECT seq, position FROM events WHERE room = ?1 AND seq >= ?2 AND seq <= ?3"
           " ORDER BY seq DESC LIMIT 1",
           &select_last_},
          {"SELECT event FROM events WHERE position = ?1", &select_event_}}) {
      if (auto prepared = database_->prepare(sql, *statement); !prepared) return prepared;
    }
    Statement last;
    if (auto prepared = database_->prepare(
            "SELECT number, hash FROM blocks ORDER BY number DESC LIMIT 1", last);
        !prepared) {
      return prepared;
    }
    auto row = last.step();
    if (!row) return row.error();
    if (!*row) return {};
    committed_ = folded_ = last.number(0);
    hash_ = last.bytes(1);
    note_committed();
    return {};
  }

  std::uint64_t folded() const override { return committed_; }
  Hash folded_hash() const override { return committed_hash_; }

  Result<void, LogError> fold(const Block& block) override {
    return guarded([&] { return fold_next(block); });
  }

  Result<void, LogError> commit(bool force) override {
    if (!open_ || (!force && uncommitted_ < kRowsPerCommit)) return {};
    return guarded([&]() -> Result<void, LogError> {
      if (auto done = commit_.run(); !done) return done;
      open_ = false;
      uncommitted_ = 0;
      note_committed();
      return database_->checkpoint(kCheckpointPages);
    });
  }

  Result<std::vector<Row>, LogError> query(const Query& query) override {
    Rows rows = std::visit([](const auto& one) { return Rows(one); }, query);
    auto answered = guarded(
        [&] { return std::visit([&](const auto& one) { return answer(one, rows); }, query); });
    if (!answered) return std::move(answered).error();
    return rows.take();
  }

 private:
  void note_committed() {
    committed_ = folded_;
    if (hash_.size() == committed_hash_.size()) {
      std::memcpy(committed_hash_.data(), hash_.data(), hash_.size());
    }
  }

  template <class Work>
  Result<void, LogError> guarded(const Work& work) {
    if (failed_) return LogError{"history: failed before; it must be opened anew"};
    Result<void, LogError> done = work();
    if (!done) {
      failed_ = true;
      database_->abandon();
    }
    return done;
  }

  Result<void, LogError> fold_next(const Block& block) {
    if (block.number == 0 || block.number > folded_ + 1) {
      return LogError{
          fmt::format("history: block {} where block {} must follow", block.number, folded_ + 1)};
    }
    if (block.number <= folded_) {
      auto known = knows(block);
      if (!known) return known.error();
      if (*known) return {};
      if (auto begun = begin_writing(); !begun) return begun;
      if (auto dropped = drop_from(block); !dropped) return dropped;
    } else if (block.number > 1 && view(block.previous) != hash_) {
      return LogError{fmt::format("history: block {} does not continue block {} as it was folded",
                                  block.number, folded_)};
    }
    if (auto begun = begin_writing(); !begun) return begun;
    return insert(block);
  }

  Result<void, LogError> begin_writing() {
    if (open_) return {};
    if (auto begun = begin_.run(); !begun) return begun;
    open_ = true;
    return {};
  }

  Result<bool, LogError> knows(const Block& block) {
    const Reading reading(select_hash_);
    select_hash_.bind(1, block.number);
    auto row = select_hash_.step();
    if (!row) return row.error();
    return *row && select_hash_.bytes(0) == view(block.hash);
  }

  Result<void, LogError> drop_from(const Block& block) {
    delete_events_.bind(1, static_cast<std::uint64_t>(block.first));
    if (auto done = delete_events_.run(); !done) return done;
    delete_blocks_.bind(1, block.number);
    if (auto done = delete_blocks_.run(); !done) return done;
    return {};
  }

  Result<void, LogError> insert(const Block& block) {
    auto position = static_cast<std::uint64_t>(block.first);
    for (const Record& record : block.records) {
      if (record.kind == RecordKind::event && !record.destroyed) {
        insert_event_.bind(1, position);
        insert_event_.bind(2, static_cast<std::uint64_t>(record.room));
        insert_event_.bind(3, record.seq);
        insert_event_.bind(4, vehicle_of(record.payload));
        insert_event_.bind(5, record.payload);
        if (auto done = insert_event_.run(); !done) return done;
        ++uncommitted_;
      }
      ++position;
    }
    insert_block_.bind(1, block.number);
    insert_block_.bind(2, static_cast<std::uint64_t>(block.first));
    insert_block_.bind(3, view(block.hash));
    if (auto done = insert_block_.run(); !done) return done;
    ++uncommitted_;
    folded_ = block.number;
    hash_ = view(block.hash);
    return {};
  }

  Result<void, LogError> answer(const PageQuery& page, Rows& rows) {
    Statement& select = page.vehicle.empty() ? select_page_ : select_page_of_vehicle_;
    const Reading reading(select);
    select.bind(1, static_cast<std::uint64_t>(page.room));
    select.bind(2, page.after);
    select.bind(3, page.last);
    select.bind(4, page.limit);
    if (!page.vehicle.empty()) select.bind(5, page.vehicle);
    while (!rows.full()) {
      auto row = select.step();
      if (!row) return row.error();
      if (!*row) break;
      rows.add(
          {Position{select.number(1)}, page.room, select.number(0), std::string(select.bytes(2))});
    }
    return {};
  }

  /// Merges the ranges by position: within a room positions rise with seq.
  Result<void, LogError> answer(const StreamQuery& stream, Rows& rows) {
    std::priority_queue<RangeHead, std::vector<RangeHead>, std::greater<>> heads;
    const auto until = static_cast<std::uint64_t>(stream.last);
    for (const StreamRange& range : stream.ranges) {
      auto head = first_after(range, static_cast<std::uint64_t>(stream.after));
      if (!head) return head.error();
      if (*head && (*head)->position <= until) heads.push(**head);
    }
    while (!heads.empty() && !rows.full()) {
      const RangeHead head = heads.top();
      heads.pop();
      // Ranges of one room may overlap.
      if (rows.empty() || rows.back().position != Position{head.position}) {
        if (auto done = take(head, rows); !done) return done;
      }
      auto next = probe(select_first_, head.room, head.seq + 1, head.last);
      if (!next) return next.error();
      if (*next && (*next)->position <= until) heads.push(**next);
    }
    return {};
  }

  Result<void, LogError> take(const RangeHead& head, Rows& rows) {
    const Reading reading(select_event_);
    select_event_.bind(1, head.position);
    auto row = select_event_.step();
    if (!row) return row.error();
    if (!*row) return LogError{fmt::format("history: no event at position {}", head.position)};
    rows.add({Position{head.position}, head.room, head.seq, std::string(select_event_.bytes(0))});
    return {};
  }

  /// The first (or last) event of the room with seq in [first, last].
  Result<std::optional<RangeHead>, LogError> probe(Statement& statement, chat::RoomId room,
                                                   chat::Seq first, chat::Seq last) {
    const Reading reading(statement);
    statement.bind(1, static_cast<std::uint64_t>(room));
    statement.bind(2, first);
    statement.bind(3, last);
    auto row = statement.step();
    if (!row) return row.error();
    if (!*row) return std::optional<RangeHead>();
    return std::optional(RangeHead{statement.number(1), room, statement.number(0), last});
  }

  /// The range's first event past a position: by halving the range, so that a long room costs a few
  /// looks into the index, and a room without news one.
  Result<std::optional<RangeHead>, LogError> first_after(const StreamRange& range,
                                                         std::uint64_t after) {
    auto found = probe(select_last_, range.room, range.first, range.last);
    if (!found || !*found || (*found)->position <= after) {
      if (found) *found = std::nullopt;
      return found;
    }
    chat::Seq low = range.first;
    chat::Seq high = (*found)->seq;  // An event past `after`; what is below `low` is not.
    while (low < high) {
      const chat::Seq middle = low + (high - low) / 2;
      auto probed = probe(select_first_, range.room, middle, range.last);
      if (!probed) return probed;
      if ((*probed)->position > after) {
        high = middle;
        found = std::move(probed);
      } else {
        low = (*probed)->seq + 1;
      }
    }
    (*found)->last = range.last;
    return found;
  }

  std::unique_ptr<Database> database_;
  Statement begin_, commit_, insert_block_, insert_event_, select_hash_, delete_events_,
      delete_blocks_, select_page_, select_page_of_vehicle_, select_first_, select_last_,
      select_event_;
  std::uint64_t committed_ = 0;  ///< Number of the last block committed.
  Hash committed_hash_{};
  std::uint64_t folded_ = 0;  ///< Number of the last block folded.
  std::string hash_;          ///< Of the last block folded.
  std::uint64_t uncommitted_ = 0;
  bool open_ = false;  ///< A transaction is.
  bool failed_ = false;
};

}  // namespace

Result<std::unique_ptr<History>, LogError> open_sqlite_history(const std::string& path,
                                                               const std::string& vfs) {
  Database::Opened opened = Database::open(path, vfs, kFormat);
  if (opened.found == Database::Found::damaged || opened.found == Database::Found::other_version) {
    if (auto removed = Database::remove(path, vfs); !removed) return removed.error();
    opened = Database::open(path, vfs, kFormat);
  }
  if (!opened.database) return std::move(opened.error);
  auto history = std::make_unique<SqliteHistory>(std::move(opened.database));
  if (auto begun = history->begin(); !begun) return begun.error();
  return std::unique_ptr<History>(std::move(history));
}

}  // namespace claims::server
