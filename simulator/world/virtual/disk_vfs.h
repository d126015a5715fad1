#pragma once
// DiskVfs: SQLite's view of a DiskState: a VFS without shared memory, so that a database in WAL
// mode has to be opened in exclusive locking mode.
//
// While it lives it is SQLite's default VFS, too: that is where SQLite seeds its own random numbers
// from, and they are seeded anew when a DiskVfs comes or goes.

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "protocol/time.h"
#include "simulator/scenario/expression.h"
#include "simulator/world/virtual/disk.h"
#include "simulator/world/virtual/disk_state.h"

namespace claims::storm {

class DiskVfs {
 public:
  DiskVfs(std::string name, const Random& random, std::function<Milliseconds()> wall,
          DiskState& state);
  ~DiskVfs();  ///< No file is open any more.
  DiskVfs(const DiskVfs&) = delete;
  DiskVfs& operator=(const DiskVfs&) = delete;

  const std::string& name() const { return name_; }
  void set_full(bool full) { full_ = full; }
  /// Before the state does: files that are open are stale.
  void crash();
  VirtualDisk::Work counted;

 private:
  struct OpenFile;
  struct Methods;
  static DiskVfs& of(sqlite3_vfs* vfs) { return *static_cast<DiskVfs*>(vfs->pAppData); }
  int open(const char* path, sqlite3_file* into, int flags);
  int remove(const char* path, bool sync_directory);
  int write(OpenFile& file, const char* from, std::uint64_t size, std::uint64_t offset);
  int truncate(OpenFile& file, std::uint64_t size);
  int sync(OpenFile& file);
  void close(OpenFile& file);
  bool in_stale_use(const std::string& path) const;

  std::string name_;
  Random random_;
  std::function<Milliseconds()> wall_;
  DiskState& state_;
  bool full_ = false;
  std::map<std::string, int> open_;   ///< How often each file is.
  std::map<std::string, int> stale_;  ///< Of earlier lives.
  sqlite3_vfs vfs_{};
};

}  // namespace claims::storm
