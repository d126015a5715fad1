#pragma once
// VirtualDisk: files in memory behind an SQLite VFS, of which a crash leaves only what was synced,
// and of the rest, by chance, some, torn.
//
// The code under test calls it synchronously; virtual time passes around the call. So work is
// bracketed: between begin_work() and end_work() syncs count as under way, and only end_work()
// makes them count. A crash in between keeps a random number of them, as if it had struck there.
//
// The VFS is registered under a name for as long as the disk lives. Files are locked per
// connection, as SQLite's exclusive mode needs. It reads no clock and no entropy: time and
// randomness asked of it come from what it was given. It is SQLite's default VFS, too, because that
// is where SQLite seeds its own random numbers from.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/time.h"
#include "simulator/scenario/expression.h"

namespace claims::storm {

class VirtualDisk {
 public:
  /// `wall` is asked for the time of day. The name is that of the VFS, unique among those alive.
  VirtualDisk(std::string vfs_name, const Random& random, std::function<Milliseconds()> wall);
  ~VirtualDisk();  ///< No file is open any more.
  VirtualDisk(const VirtualDisk&) = delete;
  VirtualDisk& operator=(const VirtualDisk&) = delete;

  const std::string& vfs_name() const;

  /// What one piece of work did, for its duration.
  struct Work {
    std::uint64_t writes = 0, bytes_written = 0, syncs = 0, reads = 0;
  };
  void begin_work();
  /// Of the work begun.
  Work work_so_far() const;
  Work end_work();

  /// The machine stops now. Files are as a disk would show them after power came back: what was
  /// synced, and of later writes a random part, possibly torn within a write; all of that is
  /// durable. Connections that are open get errors for everything from now on, and are closed by
  /// their owners. Work that was begun has ended.
  void crash();

  // Faults.
  void set_full(bool full);  ///< Writes that need room fail with SQLITE_FULL.
  /// It fails with an I/O error. What it should have kept can be read, and a later sync claims
  /// success for it, as on Linux; a crash may still lose it, unless it is written again before.
  void fail_next_sync(bool fail = true);

  /// A file's bytes as they are read now; for tests.
  std::string contents(std::string_view file) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claims::storm
