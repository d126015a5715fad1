#pragma once
// EventLog: the one truth. Blocks are appended in order and are durable when append() returns.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/result.h"
#include "reference-server/log/block.h"

namespace claims::server {

struct LogError {
  std::string what;
};

/// Used by one thread at a time (the log's own). After a failed append the handle is void: every
/// later append fails too; destroy it, open the log anew and read it again. The blocks of a failed
/// append may or may not be in the log then.
class EventLog {
 public:
  virtual ~EventLog() = default;
  /// Reads all blocks with number > `after` in order, checking format, numbers and hash chain;
  /// stops at the first error. An `after` that the log has not reached is an error. `take` does not
  /// call the log.
  virtual Result<void, LogError> read(std::uint64_t after,
                                      const std::function<void(Block&&)>& take) = 0;
  /// The hash of the block with that number, which tells whether something else was made from this
  /// log; nothing when the log has no such block.
  virtual Result<std::optional<Hash>, LogError> hash_of(std::uint64_t number) = 0;
  /// Makes the blocks durable, together. They are sealed, and continue the log in number, position
  /// and hash: a block that does not is refused before anything is written.
  virtual Result<void, LogError> append(
      const std::vector<std::shared_ptr<const Block>>& blocks) = 0;
};

/// When the file is not there: it is made, or that is the error.
enum class Missing : std::uint8_t { is_made, is_wrong };

/// SQLite: append-only table, WAL, synchronous=FULL. The file is claimed exclusively; a second
/// process gets an error. One that is deleted, moved or replaced under the log fails the append.
/// `vfs` names the SQLite VFS to open it with; empty: the system's.
Result<std::unique_ptr<EventLog>, LogError> open_sqlite_log(const std::string& path,
                                                            const std::string& vfs = {},
                                                            Missing missing = Missing::is_made);
/// For tests and `--log memory`: gone with the process.
std::unique_ptr<EventLog> make_memory_log();

}  // namespace claims::server
