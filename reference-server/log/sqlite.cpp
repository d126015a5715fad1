#include "reference-server/log/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <system_error>
#include <utility>

namespace claims::server {
namespace {

constexpr std::string_view kAllowed =
    "allowed: a file that this process may read and write, in a folder where it may make files";

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::bind(int parameter, std::uint64_t value) {
  const std::uint64_t highest = std::numeric_limits<sqlite3_int64>::max();
  const int bound = sqlite3_bind_int64(statement_.get(), parameter,
                                       static_cast<sqlite3_int64>(std::min(value, highest)));
  assert(bound == SQLITE_OK);
}

void Statement::bind(int parameter, std::string_view blob) {
  const int bound = sqlite3_bind_blob64(
      statement_.get(), parameter, blob.empty() ? "" : blob.data(), blob.size(), SQLITE_STATIC);
  assert(bound == SQLITE_OK || bound == SQLITE_TOOBIG);
}

Result<bool, LogError> Statement::step() {
  const int stepped = sqlite3_step(statement_.get());
  if (stepped == SQLITE_ROW) return true;
  if (stepped == SQLITE_DONE) {
    reset();
    return false;
  }
  LogError error = database_->error(sqlite3_sql(statement_.get()));
  reset();
  return error;
}

Result<void, LogError> Statement::run() {
  auto row = step();
  if (!row) return std::move(row).error();
  assert(!*row);
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

std::uint64_t Statement::number(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_.get(), column));
}

std::string_view Statement::bytes(int column) const {
  // The pointer first: asking for it may convert the value, which changes its size.
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

Database::Database(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}

Database::~Database() {
  const int closed = sqlite3_close(handle_);
  assert(closed == SQLITE_OK);  // BUSY: a Statement outlived its Database.
}

bool Database::damaged() const {
  const int kind = sqlite3_errcode(handle_) & 0xFF;
  return kind == SQLITE_NOTADB || kind == SQLITE_CORRUPT;
}

LogError Database::error(std::string_view what) const {
  const int code = sqlite3_errcode(handle_);
  if (code == SQLITE_BUSY) return {path_ + ": in use by another process"};
  std::string text = fmt::format("{}: {}: {}", path_, what, sqlite3_errmsg(handle_));
  if (const int system = sqlite3_system_errno(handle_); system != 0 && code != SQLITE_NOTADB) {
    text += fmt::format(" ({})", std::generic_category().message(system));
  }
  const int kind = code & 0xFF;
  if (kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY) text += fmt::format("; {}", kAllowed);
  return {std::move(text)};
}

Result<void, LogError> Database::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return error(sql);
  return {};
}

Result<void, LogError> Database::prepare(const char* sql, Statement& statement) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) !=
      SQLITE_OK) {
    return error(sql);
  }
  statement.statement_.reset(prepared);
  statement.database_ = this;
  return {};
}

Result<void, LogError> Database::checkpoint(int pages) {
  if (wal_pages_ < pages) return {};
  if (sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr) !=
      SQLITE_OK) {
    return error("checkpoint");
  }
  wal_pages_ = 0;
  return {};
}

Result<void, LogError> Database::in_place() {
  int moved = 0;  // Stays so where the VFS does not know.
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  int there = 1;
  sqlite3_vfs* files = nullptr;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_VFS_POINTER, static_cast<void*>(&files));
  const char* write_ahead_log = sqlite3_filename_wal(sqlite3_db_filename(handle_, "main"));
  if (files != nullptr) {
    files->xAccess(files, write_ahead_log, SQLITE_ACCESS_EXISTS, &there);
  }
  if (moved == 0 && there != 0) return {};
  return LogError{fmt::format("{}: deleted, moved or replaced while it is written",
                              moved != 0 ? path_.c_str() : write_ahead_log)};
}

void Database::abandon() {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Result<std::string, LogError> Database::text(const char* sql) {
  Statement statement;
  if (auto prepared = prepare(sql, statement); !prepared) return prepared.error();
  auto row = statement.step();
  if (!row) return row.error();
  return {boost::system::in_place_value, *row ? statement.bytes(0) : std::string_view()};
}

Database::Opened Database::open(const std::string& path, const std::string& vfs,
                                const FileFormat& format, Missing missing) {
  Opened opened;
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                    (missing == Missing::is_made ? SQLITE_OPEN_CREATE : 0);
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  if (handle == nullptr) {
    opened.error = {path + ": no memory to open it"};
    return opened;
  }
  std::unique_ptr<Database> database(new Database(path, handle));
  if (code != SQLITE_OK) {
    opened.error = database->error("open");
    return opened;
  }
  // SQLite opens what may not be written for reading, and fails later with other words.
  if (sqlite3_db_readonly(handle, "main") == 1) {
    opened.error = {fmt::format("{}: may be read, but not written; {}", path, kAllowed)};
    return opened;
  }
  auto found = database->identify(format);
  if (!found) {
    opened.found = database->damaged() ? Found::damaged : Found::refused;
    opened.error = found.error();
    return opened;
  }
  opened.found = *found;
  if (*found == Found::ours) {
    opened.database = std::move(database);
  } else {
    opened.error = {fmt::format("{}: not {} in format {}", path, format.name, format.version)};
  }
  return opened;
}

Result<void, LogError> Database::remove(const std::string& path, const std::string& vfs) {
  sqlite3_vfs* files = sqlite3_vfs_find(vfs.empty() ? nullptr : vfs.c_str());
  if (files == nullptr) return LogError{fmt::format("{}: no VFS of the name {}", path, vfs)};
  // The file itself last: what is left of an interrupted removal is still told apart by it.
  for (const char* ending : {"-wal", "-journal", ""}) {
    const std::string name = path + ending;
    const int removed = files->xDelete(files, name.c_str(), 1);
    if (removed != SQLITE_OK && removed != SQLITE_IOERR_DELETE_NOENT) {
      return LogError{fmt::format("{}: cannot be removed: {}", name, sqlite3_errstr(removed))};
    }
  }
  return {};
}

Result<Database::Found, LogError> Database::identify(const FileFormat& format) {
  // The file is read under the lock that claims it, but not changed before it is known as ours.
  if (auto done = execute("PRAGMA locking_mode = EXCLUSIVE"); !done) return done.error();
  auto objects = text("SELECT count(*) FROM sqlite_schema");
  if (!objects) return objects.error();
  auto application_id = text("PRAGMA application_id");
  if (!application_id) return application_id.error();
  auto version = text("PRAGMA user_version");
  if (!version) return version.error();
  const bool empty = *objects == "0" && *application_id == "0" && *version == "0";
  if (!empty && *application_id != std::to_string(format.application_id)) return Found::refused;
  if (!empty && *version != std::to_string(format.version)) return Found::other_version;
  if (auto claimed = claim(format); !claimed) return claimed.error();
  const auto written = empty ? make(format) : write_something(format);
  if (!written) return written.error();
  return Found::ours;
}

Result<void, LogError> Database::claim(const FileFormat& format) {
  auto mode = text("PRAGMA journal_mode = WAL");
  if (!mode) return mode.error();
  if (*mode != "wal") {
    return LogError{
        fmt::format("{}: cannot keep a write-ahead log (journal mode is {})", path_, *mode)};
  }
  const std::string settings = fmt::format(
      "PRAGMA synchronous = {};"
      "PRAGMA wal_autocheckpoint = 0;"
      "PRAGMA journal_size_limit = 16777216;"
      "PRAGMA temp_store = MEMORY;"
      "PRAGMA trusted_schema = OFF;"
      // Writing is what claims a file in exclusive mode, also one in WAL mode already.
      "BEGIN EXCLUSIVE; COMMIT;",
      format.synchronous);
  if (auto done = execute(settings.c_str()); !done) return done.error();
  if (auto done = rewrite_write_ahead_log(); !done) return done.error();
  sqlite3_wal_hook(
      handle_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Database*>(self)->wal_pages_ = pages;
        return SQLITE_OK;
      },
      this);
  return {};
}

/// What is read from now on counts as durable, but the write-ahead log may be in the system's cache
/// alone: its writer ended before a sync, or a sync failed. After a failure Linux reports success
/// for the same pages the next time without having written them, and a frame that a power failure
/// then takes, takes all frames after it. Bytes that are written again, as they are, are synced.
Result<void, LogError> Database::rewrite_write_ahead_log() {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
  if (file == nullptr || file->pMethods == nullptr) return {};
  sqlite3_int64 size = 0;
  int code = file->pMethods->xFileSize(file, &size);
  std::string bytes(64 * 1024, '\0');
  for (sqlite3_int64 at = 0; at < size && code == SQLITE_OK;) {
    const auto piece =
        static_cast<int>(std::min(size - at, static_cast<sqlite3_int64>(bytes.size())));
    code = file->pMethods->xRead(file, bytes.data(), piece, at);
    if (code == SQLITE_OK) code = file->pMethods->xWrite(file, bytes.data(), piece, at);
    at += piece;
  }
  if (code == SQLITE_OK && size > 0) code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
  if (code == SQLITE_OK) return {};
  return LogError{
      fmt::format("{}: write-ahead log cannot be made durable: {}", path_, sqlite3_errstr(code))};
}

/// A file that was read whole may still take no byte more: what opens it again after a failure
/// would call it well, and fail with the first command. The version it has already is a page,
/// synced.
Result<void, LogError> Database::write_something(const FileFormat& format) {
  const std::string sql =
      fmt::format("BEGIN IMMEDIATE; PRAGMA user_version = {}; COMMIT;", format.version);
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  LogError why = error("write");
  abandon();
  return why;
}

Result<void, LogError> Database::make(const FileFormat& format) {
  const std::string sql =
      fmt::format("BEGIN; {}; PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT;",
                  format.schema, format.application_id, format.version);
  return execute(sql.c_str());
}

}  // namespace claims::server
