#pragma once
// FaultyVfs: the system's SQLite VFS, counting syncs and writes, and failing them when told.

#include <signal.h>
#include <sqlite3.h>

#include <atomic>
#include <string>

namespace claims::server {

/// Registered under name() for as long as it lives. Counts and fails what happens to all its files;
/// told from any thread.
class FaultyVfs {
 public:
  FaultyVfs() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
    vfs_.zName = "faulty";
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.pAppData = this;
    vfs_.xOpen = &open;
    sqlite3_vfs_register(&vfs_, 0);
  }
  ~FaultyVfs() { sqlite3_vfs_unregister(&vfs_); }
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  static std::string name() { return "faulty"; }

  std::atomic<int> wal_syncs{0};
  std::atomic<int> file_syncs{0};
  std::atomic<bool> fail_wal_syncs{false};
  std::atomic<bool> fail_file_syncs{false};
  std::atomic<bool> fail_writes{false};
  /// The write of that number, from 1 on, is half done when the process is killed. 0: none.
  std::atomic<int> die_at_write{0};

 private:
  struct File {
    sqlite3_file base;
    FaultyVfs* vfs;
    bool wal;
    sqlite3_io_methods methods;  ///< The real file's, with ours in front.
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };
  static File* of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
  template <auto Method, class... Args>
  static auto pass(sqlite3_file* file, Args... args) {
    sqlite3_file* real = of(file)->real();
    return (real->pMethods->*Method)(real, args...);
  }

  static int sync(sqlite3_file* file, int flags) {
    FaultyVfs& vfs = *of(file)->vfs;
    ++(of(file)->wal ? vfs.wal_syncs : vfs.file_syncs);
    if (of(file)->wal ? vfs.fail_wal_syncs : vfs.fail_file_syncs) return SQLITE_IOERR_FSYNC;
    return pass<&sqlite3_io_methods::xSync>(file, flags);
  }

  static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
    FaultyVfs& vfs = *of(file)->vfs;
    if (vfs.fail_writes) return SQLITE_FULL;
    if (++vfs.writes_ == vfs.die_at_write) {
      pass<&sqlite3_io_methods::xWrite>(file, bytes, count / 2, at);
      ::raise(SIGKILL);
    }
    return pass<&sqlite3_io_methods::xWrite>(file, bytes, count, at);
  }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
    auto* self = static_cast<FaultyVfs*>(vfs->pAppData);
    File* ours = of(file);
    ours->base.pMethods = nullptr;
    ours->vfs = self;
    ours->wal = (flags & SQLITE_OPEN_WAL) != 0;
    const int opened = self->real_->xOpen(self->real_, path, ours->real(), flags, out);
    if (ours->real()->pMethods == nullptr) return opened;
    using M = sqlite3_io_methods;
    M& methods = ours->methods = {};
    // Version 1: no shared memory, as a simulated disk has none; exclusive mode needs none.
    methods.iVersion = 1;
    methods.xClose = &pass<&M::xClose>;
    methods.xRead = &pass<&M::xRead, void*, int, sqlite3_int64>;
    methods.xWrite = &write;
    methods.xTruncate = &pass<&M::xTruncate, sqlite3_int64>;
    methods.xSync = &sync;
    methods.xFileSize = &pass<&M::xFileSize, sqlite3_int64*>;
    methods.xLock = &pass<&M::xLock, int>;
    methods.xUnlock = &pass<&M::xUnlock, int>;
    methods.xCheckReservedLock = &pass<&M::xCheckReservedLock, int*>;
    methods.xFileControl = &pass<&M::xFileControl, int, void*>;
    methods.xSectorSize = &pass<&M::xSectorSize>;
    methods.xDeviceCharacteristics = &pass<&M::xDeviceCharacteristics>;
    ours->base.pMethods = &methods;
    return opened;
  }

  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
  std::atomic<int> writes_{0};
};

}  // namespace claims::server
