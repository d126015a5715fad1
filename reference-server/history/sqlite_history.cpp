#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <utility>

#include "reference-server/history/history.h"
#include "reference-server/history/logged_event.h"
#include "reference-server/history/search_index.h"
#include "reference-server/history/sqlite_rows.h"
#include "reference-server/log/sqlite.h"

namespace claims::server {
namespace {

// Events lie in the order of the log, so that folding appends; only the narrow index is written at
// random. With the events themselves in the order of (room, seq) each of them dirties a page of its
// own once there are many rooms. The index knows the vehicle, so that a page about one reads no
// events about others. A deleted message stays as it was, with the position of what deleted it: a
// log that comes back without that one gets it back.
constexpr FileFormat kFormat{
    .application_id = 0x636C4853,  // "clHS"
    .version = 3,
    .schema =
        "CREATE TABLE blocks(number INTEGER PRIMARY KEY, first INTEGER NOT NULL,"
        " hash BLOB NOT NULL) STRICT;"
        "CREATE TABLE events(position INTEGER PRIMARY KEY, room INTEGER NOT NULL,"
        " seq INTEGER NOT NULL, vehicle BLOB NOT NULL, deleted_by INTEGER NOT NULL,"
        " event BLOB NOT NULL) STRICT;"
        "CREATE INDEX events_by_room ON events(room, seq, vehicle);"
        "CREATE INDEX events_deleted ON events(deleted_by) WHERE deleted_by > 0;"
        "CREATE VIRTUAL TABLE grams USING fts5(tokens, content = '', columnsize = 0,"
        " detail = none, tokenize = 'ascii')",
    .name = "a history of claimchatd",
    .synchronous = "NORMAL"};

constexpr std::uint64_t kRowsPerCommit = 1'000;
constexpr int kCheckpointPages = 1'024;

std::string_view view(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

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
          {"INSERT INTO events VALUES(?1, ?2, ?3, ?4, 0, ?5)", &insert_event_},
          {"SELECT hash FROM blocks WHERE number = ?1", &select_hash_},
          {"SELECT position, event FROM events WHERE room = ?1 AND seq = ?2 AND deleted_by = 0",
           &select_place_},
          {"UPDATE events SET deleted_by = ?2 WHERE position = ?1", &mark_deleted_},
          {"SELECT position, room, event FROM events WHERE deleted_by >= ?1 AND position < ?1",
           &select_restored_},
          {"UPDATE events SET deleted_by = 0 WHERE deleted_by >= ?1", &restore_},
          {"SELECT position, room, event FROM events WHERE position >= ?1 AND deleted_by = 0",
           &select_dropped_},
          {"DELETE FROM events WHERE position >= ?1", &delete_events_},
          {"DELETE FROM blocks WHERE number >= ?1", &delete_blocks_}}) {
      if (auto prepared = database_->prepare(sql, *statement); !prepared) return prepared;
    }
    if (auto prepared = index_.prepare(*database_); !prepared) return prepared;
    if (auto prepared = rows_.prepare(*database_); !prepared) return prepared;
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
      if (auto done = index_.settle(); !done) return done;
      if (auto done = commit_.run(); !done) return done;
      open_ = false;
      uncommitted_ = 0;
      note_committed();
      return database_->checkpoint(kCheckpointPages);
    });
  }

  Result<std::vector<Row>, LogError> query(const Query& query) override {
    Rows rows = std::visit([](const auto& one) { return Rows(one); }, query);
    auto answered = guarded([&] {
      return std::visit(
          [&](const auto& one) -> Result<void, LogError> {
            if constexpr (std::is_same_v<std::decay_t<decltype(one)>, SearchQuery>) {
              return rows_.answer(one, index_, rows);
            } else {
              return rows_.answer(one, rows);
            }
          },
          query);
    });
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
    if (auto done = index_.settle(); !done) return done;
    const auto first = static_cast<std::uint64_t>(block.first);
    const auto put_back = [&](Position position, chat::RoomId room, std::string_view text) {
      return index_.insert(position, room, text);
    };
    const auto take_out = [&](Position position, chat::RoomId room,
                              std::string_view text) -> Result<void, LogError> {
      index_.remove(position, room, text);
      return {};
    };
    if (auto done = for_texts(select_restored_, first, put_back); !done) return done;
    if (auto done = for_texts(select_dropped_, first, take_out); !done) return done;
    if (auto done = index_.settle(); !done) return done;
    restore_.bind(1, first);
    if (auto done = restore_.run(); !done) return done;
    delete_events_.bind(1, first);
    if (auto done = delete_events_.run(); !done) return done;
    delete_blocks_.bind(1, block.number);
    if (auto done = delete_blocks_.run(); !done) return done;
    return {};
  }

  /// Does the work for each message that a statement selects from a position on.
  template <class Work>
  Result<void, LogError> for_texts(Statement& select, std::uint64_t first, const Work& work) {
    const Reading reading(select);
    select.bind(1, first);
    while (true) {
      auto row = select.step();
      if (!row) return row.error();
      if (!*row) return {};
      const auto text = message_text_of(select.bytes(2));
      if (!text) continue;
      const Position position{select.number(0)};
      if (auto done = work(position, chat::RoomId{select.number(1)}, *text); !done) return done;
    }
  }

  /// What the event means for searches.
  Result<void, LogError> find_texts(Position position, const Record& event) {
    if (const auto text = message_text_of(event.payload)) {
      return index_.insert(position, event.room, *text);
    }
    const auto seq = deleted_by(event.payload);
    if (!seq) return {};
    const Reading reading(select_place_);
    select_place_.bind(1, static_cast<std::uint64_t>(event.room));
    select_place_.bind(2, *seq);
    auto row = select_place_.step();
    if (!row) return row.error();
    if (!*row) return {};  // Destroyed, or no message of ours.
    const std::uint64_t deleted = select_place_.number(0);
    const std::string_view message = select_place_.bytes(1);
    if (!is_message(message)) return {};
    if (const auto text = message_text_of(message)) {
      index_.remove(Position{deleted}, event.room, *text);
    }
    mark_deleted_.bind(1, deleted);
    mark_deleted_.bind(2, static_cast<std::uint64_t>(position));
    return mark_deleted_.run();
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
        if (auto done = find_texts(Position{position}, record); !done) return done;
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

  std::unique_ptr<Database> database_;
  Statement begin_, commit_, insert_block_, insert_event_, select_hash_, select_place_,
      mark_deleted_, select_restored_, restore_, select_dropped_, delete_events_, delete_blocks_;
  SearchIndex index_;
  SqliteRows rows_;
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
