#include "simulator/world/virtual/disk_vfs.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace claims::storm {

struct DiskVfs::OpenFile : sqlite3_file {
  DiskVfs* vfs = nullptr;
  DiskState::File file;
  std::string path;  ///< Empty: a temporary file without a name.
  std::uint64_t life = 0;
  int lock = SQLITE_LOCK_NONE;
  bool delete_on_close = false;
  /// A journal, made by this opener or not: its first sync makes its name durable, too, as on Unix
  /// (an opener before may have made it and have failed to).
  bool sync_directory = false;

  bool stale() const { return life != vfs->state_.life(); }
  void unlock(int level) {
    if (level >= lock) return;
    VirtualFile::Locks& locks = file->locks;
    if (locks.writer == this) {
      locks.writer = nullptr;
      locks.pending = false;
    }
    if (level == SQLITE_LOCK_NONE) --locks.readers;
    lock = level;
  }
};

/// What SQLite calls.
struct DiskVfs::Methods {
  static OpenFile& file(sqlite3_file* handle) { return *static_cast<OpenFile*>(handle); }

  static int close(sqlite3_file* handle) {
    OpenFile& ours = file(handle);
    ours.vfs->close(ours);
    ours.~OpenFile();
    return SQLITE_OK;
  }
  static int read(sqlite3_file* handle, void* into, int size, sqlite3_int64 offset) {
    OpenFile& ours = file(handle);
    if (ours.stale()) return SQLITE_IOERR_READ;
    ++ours.vfs->counted.reads;
    auto* bytes = static_cast<char*>(into);
    const auto wanted = static_cast<std::size_t>(size);
    const std::size_t found =
        ours.file->bytes().read(static_cast<std::uint64_t>(offset), bytes, wanted);
    if (found == wanted) return SQLITE_OK;
    std::memset(bytes + found, 0, wanted - found);
    return SQLITE_IOERR_SHORT_READ;
  }
  static int write(sqlite3_file* handle, const void* from, int size, sqlite3_int64 offset) {
    return file(handle).vfs->write(file(handle), static_cast<const char*>(from),
                                   static_cast<std::uint64_t>(size),
                                   static_cast<std::uint64_t>(offset));
  }
  static int truncate(sqlite3_file* handle, sqlite3_int64 size) {
    return file(handle).vfs->truncate(file(handle), static_cast<std::uint64_t>(size));
  }
  static int sync(sqlite3_file* handle, int) { return file(handle).vfs->sync(file(handle)); }
  static int size(sqlite3_file* handle, sqlite3_int64* size) {
    if (file(handle).stale()) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>(file(handle).file->bytes().size());
    return SQLITE_OK;
  }
  static int lock(sqlite3_file* handle, int level) {
    OpenFile& ours = file(handle);
    if (ours.stale()) return SQLITE_IOERR_LOCK;
    if (level <= ours.lock) return SQLITE_OK;
    VirtualFile::Locks& locks = ours.file->locks;
    if (level == SQLITE_LOCK_SHARED) {
      if (locks.pending) return SQLITE_BUSY;
      ++locks.readers;
      ours.lock = level;
      return SQLITE_OK;
    }
    if (locks.writer != nullptr && locks.writer != &ours) return SQLITE_BUSY;
    locks.writer = &ours;
    if (level != SQLITE_LOCK_RESERVED) {
      locks.pending = true;
      if (level == SQLITE_LOCK_EXCLUSIVE && locks.readers > 1) {
        ours.lock = SQLITE_LOCK_PENDING;
        return SQLITE_BUSY;
      }
    }
    ours.lock = level;
    return SQLITE_OK;
  }
  static int unlock(sqlite3_file* handle, int level) {
    if (file(handle).stale()) return SQLITE_IOERR_UNLOCK;
    file(handle).unlock(level);
    return SQLITE_OK;
  }
  static int check_reserved(sqlite3_file* handle, int* reserved) {
    if (file(handle).stale()) return SQLITE_IOERR_CHECKRESERVEDLOCK;
    *reserved = file(handle).file->locks.writer != nullptr ? 1 : 0;
    return SQLITE_OK;
  }
  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  // Both as SQLite's Unix VFS says: a torn write leaves alone what is beside it.
  static int sector_size(sqlite3_file*) { return 4'096; }
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* into, int flags, int* out) {
    into->pMethods = nullptr;
    const int opened = of(vfs).open(path, into, flags);
    if (opened == SQLITE_OK && out != nullptr) *out = flags;
    return opened;
  }
  static int remove(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    return of(vfs).remove(path, sync_directory != 0);
  }
  static int access(sqlite3_vfs* vfs, const char* path, int flags, int* result) {
    const DiskState::File found = of(vfs).state_.find(path);
    // An empty file does not count as there, as on Unix.
    const bool there =
        found != nullptr && (flags != SQLITE_ACCESS_EXISTS || found->bytes().size() > 0);
    *result = there ? 1 : 0;
    return SQLITE_OK;
  }
  static int full_path(sqlite3_vfs*, const char* path, int size, char* into) {
    const std::size_t length = std::strlen(path);
    if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::memcpy(into, path, length + 1);
    return SQLITE_OK;
  }
  static int randomness(sqlite3_vfs* vfs, int size, char* into) {
    for (int i = 0; i < size; ++i) into[i] = static_cast<char>(of(vfs).random_.next() & 0xFF);
    return size;
  }
  static int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
  static int time_in_milliseconds(sqlite3_vfs* vfs, sqlite3_int64* now) {
    constexpr sqlite3_int64 kJulianDayOf1970 = 210'866'760'000'000;
    *now = kJulianDayOf1970 + of(vfs).wall_().count();
    return SQLITE_OK;
  }
  static int time_in_days(sqlite3_vfs* vfs, double* now) {
    sqlite3_int64 milliseconds = 0;
    time_in_milliseconds(vfs, &milliseconds);
    *now = static_cast<double>(milliseconds) / 86'400'000.0;
    return SQLITE_OK;
  }
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }

  static const sqlite3_io_methods* of_file() {
    static const sqlite3_io_methods methods = [] {
      sqlite3_io_methods made{};
      made.iVersion = 1;
      made.xClose = &close;
      made.xRead = &read;
      made.xWrite = &write;
      made.xTruncate = &truncate;
      made.xSync = &sync;
      made.xFileSize = &size;
      made.xLock = &lock;
      made.xUnlock = &unlock;
      made.xCheckReservedLock = &check_reserved;
      made.xFileControl = &control;
      made.xSectorSize = &sector_size;
      made.xDeviceCharacteristics = &characteristics;
      return made;
    }();
    return &methods;
  }
};

DiskVfs::DiskVfs(std::string name, const Random& random, std::function<Milliseconds()> wall,
                 DiskState& state)
    : name_(std::move(name)), random_(random), wall_(std::move(wall)), state_(state) {
  assert(sqlite3_vfs_find(name_.c_str()) == nullptr);
  vfs_.iVersion = 2;
  vfs_.szOsFile = sizeof(OpenFile);
  vfs_.mxPathname = 512;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = &Methods::open;
  vfs_.xDelete = &Methods::remove;
  vfs_.xAccess = &Methods::access;
  vfs_.xFullPathname = &Methods::full_path;
  vfs_.xRandomness = &Methods::randomness;
  vfs_.xSleep = &Methods::sleep;
  vfs_.xCurrentTime = &Methods::time_in_days;
  vfs_.xGetLastError = &Methods::last_error;
  vfs_.xCurrentTimeInt64 = &Methods::time_in_milliseconds;
  const int registered = sqlite3_vfs_register(&vfs_, 1);
  assert(registered == SQLITE_OK);
  sqlite3_randomness(0, nullptr);
}

DiskVfs::~DiskVfs() {
  assert(open_.empty() && stale_.empty());
  // The default is then whichever was before, of those that are still there.
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_randomness(0, nullptr);
}

void DiskVfs::crash() {
  for (const auto& [path, times] : open_) stale_[path] += times;
  open_.clear();
}

int DiskVfs::open(const char* path, sqlite3_file* into, int flags) {
  const std::string name = path == nullptr ? "" : path;
  const bool create = (flags & SQLITE_OPEN_CREATE) != 0;
  DiskState::File file = name.empty() ? std::make_shared<VirtualFile>() : state_.find(name);
  if (file == nullptr) {
    if (!create) return SQLITE_CANTOPEN;
    file = state_.create(name);
  }
  constexpr int kJournals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
  auto* ours = new (into) OpenFile;
  ours->pMethods = Methods::of_file();
  ours->vfs = this;
  ours->file = std::move(file);
  ours->path = name;
  ours->life = state_.life();
  ours->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  ours->sync_directory = create && (flags & kJournals) != 0;
  ++open_[name];
  return SQLITE_OK;
}

void DiskVfs::close(OpenFile& file) {
  auto& uses = file.stale() ? stale_ : open_;
  const auto use = uses.find(file.path);
  assert(use != uses.end());
  if (--use->second == 0) uses.erase(use);
  if (file.stale()) return;
  file.unlock(SQLITE_LOCK_NONE);
  if (file.delete_on_close && state_.find(file.path) == file.file) state_.remove(file.path);
}

/// Deleting names no opener. A connection of an earlier life would delete its journal: so nobody
/// deletes what belongs to a database that nobody else has open since.
bool DiskVfs::in_stale_use(const std::string& path) const {
  return std::any_of(stale_.begin(), stale_.end(), [&](const auto& use) {
    const std::string& database = use.first;
    const bool its = path == database || path == database + "-wal" || path == database + "-journal";
    return its && !open_.contains(database);
  });
}

int DiskVfs::remove(const char* path, bool sync_directory) {
  if (in_stale_use(path)) return SQLITE_IOERR_DELETE;
  if (state_.find(path) == nullptr) return SQLITE_IOERR_DELETE_NOENT;
  state_.remove(path);
  if (sync_directory) {
    ++counted.syncs;
    state_.sync_directory();
  }
  return SQLITE_OK;
}

int DiskVfs::write(OpenFile& file, const char* from, std::uint64_t size, std::uint64_t offset) {
  if (file.stale()) return SQLITE_IOERR_WRITE;
  if (full_ && offset + size > file.file->bytes().size()) return SQLITE_FULL;
  ++counted.writes;
  counted.bytes_written += size;
  state_.write(*file.file, offset, from, size);
  return SQLITE_OK;
}

int DiskVfs::truncate(OpenFile& file, std::uint64_t size) {
  if (file.stale()) return SQLITE_IOERR_TRUNCATE;
  if (full_ && size > file.file->bytes().size()) return SQLITE_FULL;
  state_.truncate(*file.file, size);
  return SQLITE_OK;
}

int DiskVfs::sync(OpenFile& file) {
  if (file.stale()) return SQLITE_IOERR_FSYNC;
  ++counted.syncs;
  if (!state_.sync(file.file, file.sync_directory)) return SQLITE_IOERR_FSYNC;
  file.sync_directory = false;
  return SQLITE_OK;
}

}  // namespace claims::storm
