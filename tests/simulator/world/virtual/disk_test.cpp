#include "simulator/world/virtual/disk.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <array>
#include <set>
#include <vector>

namespace claims::storm {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr std::uint64_t kSeeds = 200;

/// A file opened as SQLite opens it.
class OpenFile {
 public:
  OpenFile(const VirtualDisk& disk, const char* path, int flags = SQLITE_OPEN_MAIN_DB)
      : vfs_(sqlite3_vfs_find(disk.vfs_name().c_str())),
        bytes_(static_cast<std::size_t>(vfs_->szOsFile)) {
    opened = vfs_->xOpen(vfs_, path, file(), flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                         nullptr);
  }
  ~OpenFile() {
    if (file()->pMethods != nullptr) file()->pMethods->xClose(file());
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int write(sqlite3_int64 offset, const std::string& bytes) {
    return file()->pMethods->xWrite(file(), bytes.data(), static_cast<int>(bytes.size()), offset);
  }
  int sync() { return file()->pMethods->xSync(file(), SQLITE_SYNC_NORMAL); }
  int truncate(sqlite3_int64 size) { return file()->pMethods->xTruncate(file(), size); }
  int lock(int level) { return file()->pMethods->xLock(file(), level); }
  int unlock(int level) { return file()->pMethods->xUnlock(file(), level); }
  int size() {
    sqlite3_int64 size = 0;
    return file()->pMethods->xFileSize(file(), &size);
  }
  int read(int size) {
    std::string bytes(static_cast<std::size_t>(size), '?');
    return file()->pMethods->xRead(file(), bytes.data(), size, 0);
  }
  int remove(const char* path, bool sync_directory) {
    return vfs_->xDelete(vfs_, path, sync_directory ? 1 : 0);
  }

  int opened = SQLITE_OK;

 private:
  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(bytes_.data()); }

  sqlite3_vfs* vfs_;
  std::vector<char> bytes_;
};

VirtualDisk disk_of(std::uint64_t seed) {
  return VirtualDisk("disk", Random(seed), [] { return Milliseconds(1'700'000'000'000); });
}

/// What is in the file "f" afterwards, over many seeds.
template <class Story>
std::set<std::string> outcomes(const Story& story) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    VirtualDisk disk = disk_of(seed);
    story(disk);
    seen.insert(disk.contents("f"));
  }
  return seen;
}

/// "f" exists with these bytes, durably. Its name is made so by the sync of a journal.
void make(const VirtualDisk& disk, const std::string& bytes) {
  OpenFile file(disk, "f", SQLITE_OPEN_WAL);
  file.write(0, bytes);
  file.sync();
}

TEST(VirtualDiskTest, KeepsWhatWasSynced) {
  const auto seen = outcomes([](VirtualDisk& disk) {
    make(disk, "old");
    disk.crash();
  });
  EXPECT_THAT(seen, ElementsAre("old"));
}

TEST(VirtualDiskTest, WritesWithoutASyncAreKeptLostOrTorn) {
  const auto seen = outcomes([](VirtualDisk& disk) {
    make(disk, "old");
    OpenFile file(disk, "f");
    file.write(0, "new");
    EXPECT_EQ(disk.contents("f"), "new") << "reads see them at once";
    disk.crash();
  });
  EXPECT_THAT(seen, UnorderedElementsAre("old", "nld", "ned", "new"));
}

TEST(VirtualDiskTest, WritesAreTornBySectors) {
  const auto seen = outcomes([](VirtualDisk& disk) {
    make(disk, std::string(1'536, '-'));
    OpenFile file(disk, "f");
    file.write(0, std::string(1'536, '+'));
    disk.crash();
  });
  const auto sectors = [](std::string_view pattern) {
    std::string bytes;
    for (const char one : pattern) bytes += std::string(512, one);
    return bytes;
  };
  EXPECT_THAT(seen,
              AllOf(Contains(sectors("---")), Contains(sectors("+++")), Contains(sectors("-+-")),
                    Contains(sectors("+-+")), Contains(sectors("--+"))));
}

TEST(VirtualDiskTest, WritesSurviveInAnyCombination) {
  const auto seen = outcomes([](VirtualDisk& disk) {
    make(disk, "--");
    OpenFile file(disk, "f");
    file.write(0, "a");
    file.write(1, "b");
    disk.crash();
  });
  EXPECT_THAT(seen, UnorderedElementsAre("--", "a-", "-b", "ab"));
}

TEST(VirtualDiskTest, AnOldWriteIsAtRiskToo) {
  const auto seen = outcomes([](VirtualDisk& disk) {
    make(disk, "--");
    OpenFile file(disk, "f"), other(disk, "g");
    file.write(0, "a");
    for (int i = 0; i < 5; ++i) {
      disk.begin_work();
      other.write(0, "x");
      other.sync();
      disk.end_work();
    }
    disk.crash();
  });
  EXPECT_THAT(seen, UnorderedElementsAre("--", "a-"));
}

TEST(VirtualDiskTest, TruncationsAreKeptOrLost) {
  const auto seen = outcomes([](VirtualDisk& disk) {
    make(disk, "abcd");
    OpenFile file(disk, "f");
    file.truncate(1);
    file.write(2, "x");
    EXPECT_EQ(disk.contents("f"), std::string("a\0x", 3));
    disk.crash();
  });
  EXPECT_THAT(seen, UnorderedElementsAre("abcd", "a", "abxd", std::string("a\0x", 3),
                                         std::string("a\0\0", 3)));
}

TEST(VirtualDiskTest, ASyncCountsWhenItsWorkHasEnded) {
  const auto work = [](VirtualDisk& disk, bool ended) {
    make(disk, "----");
    OpenFile file(disk, "f");
    disk.begin_work();
    for (int i = 0; i < 4; ++i) {
      file.write(i, "x");
      file.sync();
    }
    if (ended) disk.end_work();
    disk.crash();
  };
  EXPECT_THAT(outcomes([&](VirtualDisk& disk) { work(disk, true); }), ElementsAre("xxxx"));
  EXPECT_THAT(outcomes([&](VirtualDisk& disk) { work(disk, false); }),
              UnorderedElementsAre("----", "x---", "xx--", "xxx-", "xxxx"))
      << "a sync is waited for: what came after it needs what came before";
}

TEST(VirtualDiskTest, ACrashEndsTheWork) {
  VirtualDisk disk = disk_of(1);
  disk.begin_work();
  disk.crash();
  disk.begin_work();
  disk.end_work();
}

TEST(VirtualDiskTest, CountsWhatWorkDid) {
  VirtualDisk disk = disk_of(1);
  OpenFile file(disk, "f");
  file.write(0, "before");
  disk.begin_work();
  file.write(0, "abc");
  file.write(3, "de");
  EXPECT_EQ(disk.work_so_far().writes, 2U);
  file.sync();
  file.read(5);
  const VirtualDisk::Work work = disk.end_work();
  EXPECT_EQ(work.writes, 2U);
  EXPECT_EQ(work.bytes_written, 5U);
  EXPECT_EQ(work.syncs, 1U);
  EXPECT_EQ(work.reads, 1U);
}

TEST(VirtualDiskTest, NamesAreDurableWithTheirDirectory) {
  const auto made = outcomes([](VirtualDisk& disk) {
    OpenFile file(disk, "f");
    file.write(0, "x");
    file.sync();
    disk.crash();
  });
  EXPECT_THAT(made, UnorderedElementsAre("", "x"));
  const auto removed = [](bool sync_directory) {
    return outcomes([=](VirtualDisk& disk) {
      make(disk, "old");
      OpenFile other(disk, "g");
      EXPECT_EQ(other.remove("f", sync_directory), SQLITE_OK);
      EXPECT_EQ(disk.contents("f"), "");
      disk.crash();
    });
  };
  EXPECT_THAT(removed(false), UnorderedElementsAre("", "old"));
  EXPECT_THAT(removed(true), ElementsAre(""));
}

TEST(VirtualDiskTest, ARemovalNeverOvertakesTheSyncBeforeIt) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    VirtualDisk disk = disk_of(seed);
    make(disk, "journal");
    OpenFile database(disk, "g", SQLITE_OPEN_WAL);
    disk.begin_work();
    database.write(0, "data");
    database.sync();
    database.remove("f", false);
    disk.crash();
    EXPECT_TRUE(disk.contents("f") == "journal" || disk.contents("g") == "data");
  }
}

TEST(VirtualDiskTest, WhatWasOpenInACrashIsDead) {
  VirtualDisk disk = disk_of(3);
  make(disk, "old");
  {
    OpenFile file(disk, "f");
    file.lock(SQLITE_LOCK_SHARED);
    disk.crash();
    EXPECT_EQ(file.write(0, "new") & 0xFF, SQLITE_IOERR);
    EXPECT_EQ(file.sync() & 0xFF, SQLITE_IOERR);
    EXPECT_EQ(file.truncate(0) & 0xFF, SQLITE_IOERR);
    EXPECT_EQ(file.lock(SQLITE_LOCK_EXCLUSIVE) & 0xFF, SQLITE_IOERR);
    EXPECT_EQ(file.unlock(SQLITE_LOCK_NONE) & 0xFF, SQLITE_IOERR);
    EXPECT_EQ(file.size() & 0xFF, SQLITE_IOERR);
    EXPECT_EQ(file.read(3), SQLITE_IOERR_READ);
    EXPECT_EQ(file.remove("f", true) & 0xFF, SQLITE_IOERR);
    EXPECT_EQ(disk.contents("f"), "old");
  }
  OpenFile again(disk, "f");
  EXPECT_EQ(again.write(0, "new"), SQLITE_OK);
  EXPECT_EQ(again.remove("f", true), SQLITE_OK);
}

TEST(VirtualDiskTest, LocksLastForALife) {
  VirtualDisk disk = disk_of(4);
  OpenFile one(disk, "f"), two(disk, "f");
  EXPECT_EQ(one.lock(SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(two.lock(SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(one.lock(SQLITE_LOCK_RESERVED), SQLITE_OK);
  EXPECT_EQ(two.lock(SQLITE_LOCK_RESERVED), SQLITE_BUSY);
  EXPECT_EQ(one.lock(SQLITE_LOCK_EXCLUSIVE), SQLITE_BUSY);
  EXPECT_EQ(two.unlock(SQLITE_LOCK_NONE), SQLITE_OK);
  EXPECT_EQ(two.lock(SQLITE_LOCK_SHARED), SQLITE_BUSY) << "the writer waits for the last reader";
  EXPECT_EQ(one.lock(SQLITE_LOCK_EXCLUSIVE), SQLITE_OK);
  EXPECT_EQ(one.unlock(SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(two.lock(SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(two.unlock(SQLITE_LOCK_NONE), SQLITE_OK);
  EXPECT_EQ(one.lock(SQLITE_LOCK_EXCLUSIVE), SQLITE_OK);
  disk.crash();
  OpenFile three(disk, "f");
  EXPECT_EQ(three.lock(SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(three.lock(SQLITE_LOCK_EXCLUSIVE), SQLITE_OK);
}

TEST(VirtualDiskTest, AFullDiskTakesOnlyWhatNeedsNoRoom) {
  VirtualDisk disk = disk_of(5);
  make(disk, "abc");
  OpenFile file(disk, "f");
  disk.set_full(true);
  EXPECT_EQ(file.write(2, "xy"), SQLITE_FULL);
  EXPECT_EQ(file.write(1, "xy"), SQLITE_OK);
  EXPECT_EQ(disk.contents("f"), "axy");
  disk.set_full(false);
  EXPECT_EQ(file.write(2, "xy"), SQLITE_OK);
}

TEST(VirtualDiskTest, AFailedSyncLeavesDoubtThatALaterOneDoesNotRemove) {
  const auto after = [](bool written_again) {
    return outcomes([=](VirtualDisk& disk) {
      make(disk, "----");
      OpenFile file(disk, "f");
      file.write(0, "a");
      disk.fail_next_sync();
      EXPECT_EQ(file.sync(), SQLITE_IOERR_FSYNC);
      EXPECT_EQ(disk.contents("f"), "a---") << "reads see it";
      if (written_again) file.write(0, "a");
      EXPECT_EQ(file.sync(), SQLITE_OK);
      disk.crash();
    });
  };
  EXPECT_THAT(after(false), UnorderedElementsAre("----", "a---"));
  EXPECT_THAT(after(true), ElementsAre("a---"));
}

TEST(VirtualDiskTest, TheSameSeedLeavesTheSameBytes) {
  const auto bytes = [](std::uint64_t seed) {
    VirtualDisk disk = disk_of(seed);
    for (int life = 0; life < 3; ++life) {
      OpenFile file(disk, "f");
      for (int i = 0; i < 20; ++i)
        file.write(i * 700, std::string(1'000, static_cast<char>('a' + i)));
      disk.crash();
    }
    return disk.contents("f");
  };
  std::set<std::string> all;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    all.insert(bytes(seed));
    EXPECT_EQ(bytes(seed), bytes(seed));
  }
  EXPECT_GT(all.size(), 10U) << "and others others";
}

TEST(VirtualDiskTest, SqliteDrawsFromIt) {
  sqlite3_vfs* const before = sqlite3_vfs_find(nullptr);
  const auto drawn = [](std::uint64_t seed) {
    VirtualDisk log("log", Random(seed), [] { return Milliseconds(0); });
    VirtualDisk history("history", Random(seed + 1'000), [] { return Milliseconds(0); });
    std::array<unsigned char, 16> bytes{};
    sqlite3_randomness(static_cast<int>(bytes.size()), bytes.data());
    return bytes;
  };
  EXPECT_EQ(drawn(1), drawn(1));
  EXPECT_NE(drawn(1), drawn(2));
  EXPECT_EQ(sqlite3_vfs_find(nullptr), before) << "and afterwards as before";
}

TEST(VirtualDiskTest, SqliteReadsItsTime) {
  VirtualDisk disk = disk_of(6);
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open_v2("f", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                            disk.vfs_name().c_str()),
            SQLITE_OK);
  std::string now;
  sqlite3_exec(
      database, "SELECT datetime('now')",
      [](void* into, int, char** columns, char**) {
        *static_cast<std::string*>(into) = columns[0];
        return 0;
      },
      &now, nullptr);
  EXPECT_EQ(now, "2023-11-14 22:13:20");
  sqlite3_close(database);
}

}  // namespace
}  // namespace claims::storm
