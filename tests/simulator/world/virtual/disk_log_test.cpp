// The production log over a VirtualDisk.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "reference-server/log/event_log.h"
#include "simulator/world/virtual/disk.h"
#include "tests/effort.h"
#include "tests/reference-server/log/block_chain.h"

namespace claims::storm {
namespace {

using server::Block;
using server::BlockChain;
using server::EventLog;

Milliseconds wall() {
  return Milliseconds(1'700'000'000'000);
}

/// A log that is appended to, crashes at any moment, and is opened again.
class CrashingLog {
 public:
  explicit CrashingLog(std::uint64_t seed)
      : disk_("log disk", Random(seed).split(0), &wall), random_(Random(seed).split(1)) {}

  void live() {
    if (!open()) return;
    const std::uint64_t appends = random_.below(400);
    for (std::uint64_t i = 0; i < appends; ++i) {
      if (!append()) return;
      if (random_.below(150) == 0) return crash("after work");
    }
    // Closing moves the write-ahead log into the file, and removes it.
    disk_.begin_work();
    if (random_.below(2) == 0) {
      log_.reset();
      crash("while closing");
    } else {
      log_.reset();
      disk_.end_work();
    }
  }

  VirtualDisk& disk() { return disk_; }
  std::uint64_t acknowledged() const { return acknowledged_; }
  std::uint64_t crashes = 0, checkpoints = 0, blocks_in_work_kept = 0, blocks_in_work_lost = 0;

 private:
  /// Everything acknowledged is there, and of what was under way all or nothing.
  bool open() {
    disk_.begin_work();
    auto opened = server::open_sqlite_log("log.db", disk_.vfs_name());
    EXPECT_TRUE(opened) << opened.error().what << " after a crash " << last_crash_;
    if (!opened) {
      disk_.end_work();
      return false;
    }
    log_ = std::move(*opened);
    std::uint64_t found = 0;
    const auto read = log_->read(0, [&](Block&& block) {
      EXPECT_EQ(block.hash, chain_.blocks().at(found)->hash);
      ++found;
    });
    EXPECT_TRUE(read) << read.error().what << " after a crash " << last_crash_;
    EXPECT_TRUE(found == acknowledged_ || found == acknowledged_ + in_work_)
        << found << " blocks where " << acknowledged_ << " were acknowledged, after a crash "
        << last_crash_;
    if (in_work_ > 0) ++(found == acknowledged_ ? blocks_in_work_lost : blocks_in_work_kept);
    in_work_ = 0;
    // A crash has made everything durable that it left.
    acknowledged_ = found;
    if (random_.below(4) == 0) {
      crash("while opening");
      return false;
    }
    disk_.end_work();
    return true;
  }

  bool append() {
    std::vector<std::shared_ptr<const Block>> blocks;
    const std::uint64_t count = 1 + random_.below(3);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t next = acknowledged_ + i;
      const std::uint64_t size = random_.below(3'000);
      blocks.push_back(next < chain_.blocks().size() ? chain_.blocks()[next]
                                                     : chain_.add(std::string(size, 'x')));
    }
    const std::size_t before = disk_.contents("log.db").size();
    disk_.begin_work();
    const auto appended = log_->append(blocks);
    EXPECT_TRUE(appended) << appended.error().what;
    const bool checkpoint = disk_.contents("log.db").size() != before;
    if (checkpoint) ++checkpoints;
    if (random_.below(checkpoint ? 2 : 150) == 0) {
      in_work_ = count;
      crash("in work");
      return false;
    }
    disk_.end_work();
    acknowledged_ += count;
    return true;
  }

  void crash(const char* when) {
    ++crashes;
    last_crash_ = when;
    disk_.crash();
    log_.reset();
  }

  VirtualDisk disk_;
  Random random_;
  BlockChain chain_;
  std::unique_ptr<EventLog> log_;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t in_work_ = 0;
  const char* last_crash_ = "that was none";
};

TEST(DiskLogTest, ALogLosesNothingAcknowledgedInACrash) {
  std::uint64_t crashes = 0, checkpoints = 0, kept = 0, lost = 0;
  constexpr std::uint64_t kSeeds = times(60);
  for (std::uint64_t seed = 0; seed < kSeeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    CrashingLog log(seed);
    for (int life = 0; life < 6 && !testing::Test::HasFailure(); ++life) log.live();
    crashes += log.crashes;
    checkpoints += log.checkpoints;
    kept += log.blocks_in_work_kept;
    lost += log.blocks_in_work_lost;
  }
  EXPECT_GT(crashes, kSeeds * 10 / 3);
  EXPECT_GT(checkpoints, kSeeds * 5 / 6);
  EXPECT_GT(kept, kSeeds / 6);
  EXPECT_GT(lost, kSeeds / 6);
}

/// Rows acknowledged that are gone after a crash, with SQLite alone and its own settings.
std::uint64_t rows_lost(std::uint64_t seed, const char* settings) {
  constexpr std::uint64_t kRows = 20;
  VirtualDisk disk("disk", Random(seed), &wall);
  const auto open = [&](sqlite3*& database) {
    EXPECT_EQ(sqlite3_open_v2("f.db", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                              disk.vfs_name().c_str()),
              SQLITE_OK);
    return sqlite3_exec(database, settings, nullptr, nullptr, nullptr) == SQLITE_OK;
  };
  sqlite3* database = nullptr;
  EXPECT_TRUE(open(database));
  sqlite3_exec(database, "CREATE TABLE t(n INTEGER)", nullptr, nullptr, nullptr);
  for (std::uint64_t row = 0; row < kRows; ++row) {
    disk.begin_work();
    EXPECT_EQ(sqlite3_exec(database, "INSERT INTO t VALUES(1)", nullptr, nullptr, nullptr),
              SQLITE_OK);
    disk.end_work();
  }
  disk.crash();
  sqlite3_close(database);
  std::uint64_t found = 0;
  if (open(database)) {
    sqlite3_exec(
        database, "SELECT n FROM t",
        [](void* count, int, char**, char**) {
          ++*static_cast<std::uint64_t*>(count);
          return 0;
        },
        &found, nullptr);
  }
  sqlite3_close(database);
  EXPECT_LE(found, kRows);
  return kRows - std::min(found, kRows);
}

TEST(DiskLogTest, WithoutSyncsAcknowledgedRowsAreLost) {
  const auto seeds_that_lose = [](const char* settings) {
    int losing = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) losing += rows_lost(seed, settings) > 0 ? 1 : 0;
    return losing;
  };
  const std::string wal = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;";
  EXPECT_EQ(seeds_that_lose((wal + "PRAGMA synchronous=FULL").c_str()), 0);
  EXPECT_GT(seeds_that_lose((wal + "PRAGMA synchronous=NORMAL").c_str()), 20);
  EXPECT_GT(seeds_that_lose((wal + "PRAGMA synchronous=OFF").c_str()), 20);
  EXPECT_EQ(seeds_that_lose("PRAGMA synchronous=EXTRA"), 0) << "a rollback journal";
  EXPECT_GT(seeds_that_lose("PRAGMA synchronous=OFF"), 20);
}

class DiskLogFaultTest : public testing::Test {
 protected:
  void open() {
    auto opened = server::open_sqlite_log("log.db", disk_.vfs_name());
    ASSERT_TRUE(opened) << opened.error().what;
    log_ = std::move(*opened);
  }
  bool append(const std::shared_ptr<const Block>& block) {
    disk_.begin_work();
    const bool appended = log_->append({block}).has_value();
    disk_.end_work();
    return appended;
  }
  std::uint64_t count() {
    std::uint64_t blocks = 0;
    const auto read = log_->read(0, [&](Block&&) { ++blocks; });
    EXPECT_TRUE(read) << read.error().what;
    return blocks;
  }

  VirtualDisk disk_{"log disk", Random(1), &wall};
  BlockChain chain_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(DiskLogFaultTest, AFullDiskIsAnErrorAndTheLogGoesOnWhenThereIsRoom) {
  open();
  ASSERT_TRUE(append(chain_.add("one")));
  disk_.set_full(true);
  const auto block = chain_.add("two");
  EXPECT_FALSE(append(block));
  log_.reset();
  const auto still_full = server::open_sqlite_log("log.db", disk_.vfs_name());
  ASSERT_FALSE(still_full) << "it opens only where it can write";
  EXPECT_THAT(still_full.error().what, testing::HasSubstr("full"));
  disk_.set_full(false);
  open();
  EXPECT_EQ(count(), 1U);
  EXPECT_TRUE(append(block));
  EXPECT_EQ(count(), 2U);
  disk_.crash();
  log_.reset();
  open();
  EXPECT_EQ(count(), 2U);
}

TEST_F(DiskLogFaultTest, AFailedSyncIsAnErrorAndWhatWasAcknowledgedBeforeStays) {
  open();
  ASSERT_TRUE(append(chain_.add("one")));
  disk_.fail_next_sync();
  EXPECT_FALSE(append(chain_.add("two")));
  disk_.crash();
  log_.reset();
  open();
  EXPECT_THAT(count(), testing::AnyOf(1U, 2U));
}

/// After a failed sync the log is opened again in the same process, and finds the block of which
/// the sync failed: in memory, while the disk has no part of it.
TEST(DiskLogTest, WhatIsFoundAfterAFailedSyncIsDurable) {
  int found_again = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    VirtualDisk disk("log disk", Random(seed), &wall);
    BlockChain chain;
    std::unique_ptr<EventLog> log;
    const auto open = [&] {
      log.reset();
      log = *server::open_sqlite_log("log.db", disk.vfs_name());
      std::uint64_t blocks = 0;
      EXPECT_TRUE(log->read(0, [&](Block&&) { ++blocks; }));
      return blocks;
    };
    open();
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(log->append({chain.add("text")}));
    disk.fail_next_sync();
    EXPECT_FALSE(log->append({chain.add("not synced")}));
    std::uint64_t durable = open();
    if (durable == 6) ++found_again;
    for (std::uint64_t more = seed % 10; more > 0; --more, ++durable) {
      const auto& blocks = chain.blocks();
      EXPECT_TRUE(
          log->append({durable < blocks.size() ? blocks[durable] : chain.add("acknowledged")}));
    }
    disk.crash();
    EXPECT_EQ(open(), durable);
  }
  EXPECT_GT(found_again, 0);
}

/// Closing removed the write-ahead log, opening made one of the same name, and its first sync,
/// which makes the name durable, failed: the next opener's first one must.
TEST(DiskLogTest, AWriteAheadLogWhoseFirstSyncFailedKeepsItsName) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    VirtualDisk disk("log disk", Random(seed), &wall);
    BlockChain chain;
    std::unique_ptr<EventLog> log;
    const auto open = [&] {
      log.reset();
      log = *server::open_sqlite_log("log.db", disk.vfs_name());
      std::uint64_t blocks = 0;
      EXPECT_TRUE(log->read(0, [&](Block&&) { ++blocks; }));
      return blocks;
    };
    open();
    EXPECT_TRUE(log->append({chain.add("one")}));
    EXPECT_EQ(open(), 1U);
    disk.fail_next_sync();
    EXPECT_FALSE(log->append({chain.add("not synced")}));
    std::uint64_t durable = open();
    for (int i = 0; i < 5; ++i, ++durable) {
      const auto& blocks = chain.blocks();
      EXPECT_TRUE(
          log->append({durable < blocks.size() ? blocks[durable] : chain.add("acknowledged")}));
    }
    disk.crash();
    EXPECT_EQ(open(), durable);
  }
}

TEST_F(DiskLogFaultTest, OneOpenerAtATime) {
  open();
  EXPECT_THAT(server::open_sqlite_log("log.db", disk_.vfs_name()).error().what,
              testing::HasSubstr("in use"));
  disk_.crash();
  EXPECT_TRUE(server::open_sqlite_log("log.db", disk_.vfs_name()))
      << "the one of the life before is dead";
  log_.reset();
}

TEST_F(DiskLogFaultTest, ClosingALogOfAnEarlierLifeLeavesTheFilesAlone) {
  open();
  ASSERT_TRUE(append(chain_.add("one")));
  disk_.crash();
  const std::string file = disk_.contents("log.db");
  const std::string write_ahead = disk_.contents("log.db-wal");
  EXPECT_FALSE(log_->append({chain_.add("two")}));
  EXPECT_FALSE(write_ahead.empty());
  log_.reset();
  EXPECT_EQ(disk_.contents("log.db"), file);
  EXPECT_EQ(disk_.contents("log.db-wal"), write_ahead);
}

TEST(DiskLogTest, TheSameSeedGivesTheSameBytes) {
  const auto bytes = [](std::uint64_t seed) {
    CrashingLog log(seed);
    for (int life = 0; life < 3; ++life) log.live();
    return log.disk().contents("log.db") + "|" + log.disk().contents("log.db-wal");
  };
  for (std::uint64_t seed = 0; seed < 5; ++seed) EXPECT_EQ(bytes(seed), bytes(seed));
  EXPECT_NE(bytes(0), bytes(1));
}

TEST_F(DiskLogFaultTest, AnAppendWaitsForOneSync) {
  open();
  append(chain_.add("the first one begins the write-ahead log"));
  disk_.begin_work();
  ASSERT_TRUE(log_->append({chain_.add("two")}));
  const VirtualDisk::Work work = disk_.end_work();
  EXPECT_EQ(work.syncs, 1U);
  EXPECT_GT(work.writes, 0U);
  EXPECT_LE(work.bytes_written, 2 * 4'120U) << "one page, or two";
}

}  // namespace
}  // namespace claims::storm
