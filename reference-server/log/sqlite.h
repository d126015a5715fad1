#pragma once
// SQLite as the log and the history use it: a file claimed by one process, prepared statements,
// errors as values that name the file.
//
// A Database and its Statements are used by one thread at a time; Statements go before their
// Database. No clock and no random source is read on SQLite's behalf: its own go through its VFS.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/result.h"
#include "reference-server/log/event_log.h"

struct sqlite3;
struct sqlite3_stmt;

namespace claims::server {

/// What a file of ours says of itself in SQLite's header, and how it is made.
struct FileFormat {
  std::int32_t application_id = 0;
  std::int32_t version = 0;      ///< `user_version`.
  const char* schema = "";       ///< Run once, in the transaction that also sets the two.
  const char* name = "";         ///< "a log", "a history": for messages.
  const char* synchronous = "";  ///< FULL: a commit is on the disk. NORMAL: a checkpoint is.
};

/// Parameters are numbered from 1, columns from 0. Bound bytes are not copied: they outlive step().
class Statement {
 public:
  Statement() = default;

  /// SQLite's integers are signed: what is above their highest is bound as their highest.
  void bind(int parameter, std::uint64_t value);
  void bind(int parameter, std::string_view blob);
  /// True: there is a row. After false or an error the statement is reset.
  Result<bool, LogError> step();
  /// For statements without rows.
  Result<void, LogError> run();
  void reset();
  std::uint64_t number(int column) const;
  std::string_view bytes(int column) const;  ///< Until the next step() or reset().

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  class Database* database_ = nullptr;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Resets a statement when the reading of its rows ends, however it ends: an open read would keep
/// checkpoints from completing.
class Reading {
 public:
  explicit Reading(Statement& statement) : statement_(statement) {}
  ~Reading() { statement_.reset(); }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  Statement& statement_;
};

class Database {
 public:
  enum class Found {
    ours,           ///< Also when it has just been made.
    other_version,  ///< Of our making, in a format of another version.
    damaged,        ///< Not readable as a database.
    refused,        ///< In use by another process, of another making, or not to be opened.
  };
  struct Opened {
    std::unique_ptr<Database> database;  ///< Only when `ours`.
    Found found = Found::refused;
    LogError error;
  };
  /// Opens or makes the file and claims it for this process until the Database goes.
  static Opened open(const std::string& path, const std::string& vfs, const FileFormat& format,
                     Missing missing = Missing::is_made);
  /// Removes the file and what SQLite keeps beside it; nobody has it open.
  static Result<void, LogError> remove(const std::string& path, const std::string& vfs);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Result<void, LogError> execute(const char* sql);
  /// `sql` lives as long as the program.
  Result<void, LogError> prepare(const char* sql, Statement& statement);
  /// When the write-ahead log has reached `pages`, moves it into the file, so that it begins anew.
  Result<void, LogError> checkpoint(int pages);
  /// The file that is written still has its name, and the write-ahead log is beside it. In WAL mode
  /// SQLite does not look.
  Result<void, LogError> in_place();
  /// After a failure: closing leaves the write-ahead log to whoever opens the file next. A sync
  /// that failed once may claim success when repeated on the same handle.
  void abandon();
  /// The last error is one of what the file holds.
  bool damaged() const;
  /// `what` and SQLite's own words for the last error.
  LogError error(std::string_view what) const;

 private:
  Database(std::string path, sqlite3* handle);
  Result<void, LogError> claim(const FileFormat& format);
  Result<void, LogError> rewrite_write_ahead_log();
  Result<std::string, LogError> text(const char* sql);
  Result<Found, LogError> identify(const FileFormat& format);
  Result<void, LogError> make(const FileFormat& format);
  Result<void, LogError> write_something(const FileFormat& format);

  std::string path_;
  sqlite3* handle_;
  int wal_pages_ = 0;  ///< As of the last commit.
};

}  // namespace claims::server
