#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>

#include "reference-server/log/event_log.h"
#include "tests/reference-server/log/block_chain.h"
#include "tests/reference-server/log/child_process.h"
#include "tests/reference-server/log/faulty_vfs.h"
#include "tests/reference-server/log/temporary_folder.h"

namespace claims::server {
namespace {

using testing::HasSubstr;

class SqliteLogTest : public testing::Test {
 protected:
  std::unique_ptr<EventLog> open(const std::string& vfs = {}) {
    auto log = open_sqlite_log(path_, vfs);
    EXPECT_TRUE(log) << log.error().what;
    return log ? std::move(*log) : nullptr;
  }

  std::string why_not_opened() {
    const auto log = open_sqlite_log(path_);
    return log ? "opened" : log.error().what;
  }

  static std::uint64_t count(EventLog& log) {
    std::uint64_t blocks = 0;
    const auto read = log.read(0, [&](Block&&) { ++blocks; });
    EXPECT_TRUE(read) << read.error().what;
    return blocks;
  }

  /// With SQLite alone, as an intruder or another program would.
  void change(const std::string& sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }

  /// Appends blocks of 2 KB until told to stop or something fails; reports each durable number.
  static void append_forever(const std::string& path, const ChildProcess::Report& durable) {
    auto log = open_sqlite_log(path);
    if (!log) return;
    BlockChain chain;
    for (;;) {
      const auto block = chain.add(std::string(2'000, 'x'));
      if (!(*log)->append({block})) return;
      durable(block->number);
    }
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("log.db");
  BlockChain chain_;
};

TEST_F(SqliteLogTest, GoesOnWhereItWasClosed) {
  ASSERT_TRUE(open()->append({chain_.add("one"), chain_.add("two")}));
  auto log = open();
  ASSERT_TRUE(log->append({chain_.add("three")}));
  EXPECT_EQ(count(*log), 3U);
}

TEST_F(SqliteLogTest, TakesNothingOnceItsFileHasLostItsName) {
  namespace fs = std::filesystem;
  for (const char* what : {"deleted", "moved", "replaced", "without its write-ahead log"}) {
    SCOPED_TRACE(what);
    for (const char* end : {"", "-wal", "-shm"}) fs::remove(path_ + end);
    BlockChain chain;
    const auto log = open();
    ASSERT_TRUE(log->append({chain.add("one")}));
    const std::string word = what;
    if (word == "deleted") fs::remove(path_);
    if (word == "moved") fs::rename(path_, path_ + ".moved");
    if (word == "replaced") {
      std::ofstream(path_ + ".other") << "another";
      fs::rename(path_ + ".other", path_);
    }
    if (word == "without its write-ahead log") fs::remove(path_ + "-wal");
    const auto appended = log->append({chain.add("two")});
    ASSERT_FALSE(appended);
    EXPECT_THAT(appended.error().what, HasSubstr("deleted, moved or replaced while it is written"));
  }
}

TEST_F(SqliteLogTest, IsNotMadeWhereItMustBeThere) {
  const auto log = open_sqlite_log(path_, {}, Missing::is_wrong);
  ASSERT_FALSE(log);
  EXPECT_THAT(log.error().what, HasSubstr(path_ + ": open: unable to open database file"));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(SqliteLogTest, IsClaimedByOneOpenerAtATime) {
  auto log = open();
  EXPECT_THAT(why_not_opened(), HasSubstr(path_ + ": in use by another process"));
  log.reset();
  log = open();
  EXPECT_THAT(why_not_opened(), HasSubstr("in use")) << "also when it was there before";
}

TEST_F(SqliteLogTest, IsClaimedAgainstOtherProcesses) {
  auto log = open();
  ASSERT_TRUE(log->append({chain_.add("one")}));
  ChildProcess child([&](const ChildProcess::Report& report) {
    report(why_not_opened().find("in use by another process") != std::string::npos ? 1 : 0);
  });
  EXPECT_EQ(child.next(), 1U);
  ASSERT_TRUE(log->append({chain_.add("two")})) << "and the attempt did no harm";
}

TEST_F(SqliteLogTest, KeepsEverythingReportedDurableWhenKilled) {
  for (const std::uint64_t kill_after : {1U, 50U, 400U}) {
    ChildProcess child([&](const ChildProcess::Report& report) { append_forever(path_, report); });
    std::uint64_t durable = 0;
    while (durable < kill_after) {
      const auto number = child.next();
      ASSERT_TRUE(number) << "the child gave up";
      durable = *number;
    }
    child.kill();
    while (const auto number = child.next()) durable = *number;
    {
      auto log = open();
      EXPECT_GE(count(*log), durable);
      EXPECT_LE(count(*log), durable + 1) << "at most the append that was killed";
    }
    std::filesystem::remove(path_);
    std::filesystem::remove(path_ + "-wal");
  }
}

TEST_F(SqliteLogTest, FullDiskIsAnErrorAndNothingDurableIsLost) {
  ChildProcess child([&](const ChildProcess::Report& report) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{300'000, 300'000};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return;
    append_forever(path_, report);
    report(0);
  });
  std::uint64_t durable = 0;
  bool failed = false;
  while (const auto number = child.next()) {
    failed = *number == 0;
    if (!failed) durable = *number;
  }
  EXPECT_TRUE(failed);
  EXPECT_GT(durable, 10U);
  auto log = open();
  EXPECT_EQ(count(*log), durable);
  Block next = *BlockChain().add("there is room again");
  next.number = durable + 1;
  next.first = Position{durable + 1};
  ASSERT_TRUE(log->read(durable - 1, [&](Block&& last) { next.previous = last.hash; }));
  seal(next);
  EXPECT_TRUE(log->append({std::make_shared<Block>(next)}));
}

TEST_F(SqliteLogTest, EveryAppendIsSynced) {
  FaultyVfs vfs;
  auto log = open(FaultyVfs::name());
  for (int i = 0; i < 5; ++i) {
    const int before = vfs.wal_syncs;
    ASSERT_TRUE(log->append({chain_.add("text"), chain_.add("in one commit")}));
    EXPECT_GE(vfs.wal_syncs, before + 1);
    EXPECT_LE(vfs.wal_syncs, before + 2) << "the blocks of one append share a sync";
  }
}

TEST_F(SqliteLogTest, AFailedSyncIsNotTriedAgainOnTheSameHandle) {
  FaultyVfs vfs;
  auto log = open(FaultyVfs::name());
  ASSERT_TRUE(log->append({chain_.add("one")}));
  vfs.fail_wal_syncs = true;
  const auto block = chain_.add("two");
  const auto failed = log->append({block});
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().what, HasSubstr("disk I/O error"));
  vfs.fail_wal_syncs = false;
  const int syncs = vfs.wal_syncs + vfs.file_syncs;
  EXPECT_FALSE(log->append({block}));
  EXPECT_FALSE(log->read(0, [](Block&&) {}));
  log.reset();
  EXPECT_EQ(vfs.wal_syncs + vfs.file_syncs, syncs) << "nor by closing it";
  log = open(FaultyVfs::name());
  const std::uint64_t found = count(*log);
  EXPECT_GE(found, 1U);
  if (found == 1) {
    ASSERT_TRUE(log->append({block}));
  }
  EXPECT_EQ(count(*log), 2U);
}

TEST_F(SqliteLogTest, AFailedCheckpointFailsTheAppendAndLosesNothing) {
  FaultyVfs vfs;
  auto log = open(FaultyVfs::name());
  vfs.fail_file_syncs = true;
  std::uint64_t durable = 0;
  while (durable < 2'000 && log->append({chain_.add(std::string(2'000, 'x'))})) ++durable;
  EXPECT_GT(durable, 20U);
  ASSERT_LT(durable, 2'000U) << "no checkpoint came";
  log.reset();
  vfs.fail_file_syncs = false;
  log = open(FaultyVfs::name());
  EXPECT_EQ(count(*log), durable);
}

TEST_F(SqliteLogTest, TheWriteAheadLogStaysSmall) {
  auto log = open();
  for (int i = 0; i < 1'500; ++i) ASSERT_TRUE(log->append({chain_.add(std::string(2'000, 'x'))}));
  EXPECT_GT(std::filesystem::file_size(path_), 2'000'000U);
  EXPECT_LT(std::filesystem::file_size(path_ + "-wal"), 2'000'000U);
}

TEST_F(SqliteLogTest, LeavesOneFileWhenClosed) {
  ASSERT_TRUE(open()->append({chain_.add("one")}));
  EXPECT_FALSE(std::filesystem::exists(path_ + "-wal"));
}

TEST_F(SqliteLogTest, FindsWhatWasTamperedWith) {
  ASSERT_TRUE(open()->append({chain_.add("one"), chain_.add("two"), chain_.add("three")}));
  std::filesystem::copy_file(path_, path_ + ".good");
  const auto found_after = [&](const std::string& sql) -> std::string {
    std::filesystem::copy_file(path_ + ".good", path_,
                               std::filesystem::copy_options::overwrite_existing);
    change(sql);
    auto log = open_sqlite_log(path_);
    if (!log) return log.error().what;
    const auto read = (*log)->read(0, [](Block&&) {});
    return read ? "nothing found" : read.error().what;
  };
  const auto stored_as = [](std::uint64_t number, const std::string& bytes) {
    std::string sql = "UPDATE blocks SET bytes = x'";
    for (const char byte : bytes) sql += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return sql + fmt::format("' WHERE number = {}", number);
  };
  const auto changed = [&](std::uint64_t number, const std::string& from, const std::string& to) {
    std::string bytes = encode_block(*chain_.blocks()[number - 1]);
    return stored_as(number, bytes.replace(bytes.find(from), from.size(), to));
  };
  EXPECT_EQ(found_after("SELECT 1"), "nothing found");
  EXPECT_EQ(found_after(changed(2, "two", "two")), "nothing found");
  EXPECT_THAT(found_after(changed(2, "two", "owt")), HasSubstr("block 2 does not match its hash"));
  EXPECT_THAT(found_after(changed(3, "three", "tree")), HasSubstr("block 3 is damaged: the hash"));
  EXPECT_THAT(found_after("DELETE FROM blocks WHERE number = 2"),
              HasSubstr("block 3 where block 2 must follow"));
  EXPECT_THAT(found_after("UPDATE blocks SET number = 9 WHERE number = 3"),
              HasSubstr("block 3 is stored as block 9"));
  // A whole block forged, hash and all: the next one does not carry its hash.
  Block forged = *chain_.blocks()[1];
  forged.records[0].payload = "2wo";
  seal(forged);
  EXPECT_THAT(found_after(stored_as(2, encode_block(forged))),
              HasSubstr("block 3 does not carry the hash of block 2"));
}

TEST_F(SqliteLogTest, OpensNothingThatIsNotALog) {
  change("CREATE TABLE recipes(name)");
  EXPECT_THAT(why_not_opened(), HasSubstr("not a log of claimchatd in format 1"));
  change("PRAGMA user_version = 1");
  EXPECT_THAT(why_not_opened(), HasSubstr("not a log"));
  std::filesystem::remove(path_);
  ASSERT_TRUE(open()->append({chain_.add("one")}));
  change("PRAGMA user_version = 2");
  EXPECT_THAT(why_not_opened(), HasSubstr("not a log of claimchatd in format 1"));
  std::ofstream(path_) << std::string(4'096, 'z');
  EXPECT_THAT(why_not_opened(), HasSubstr("not a database"));
  path_ = folder_.file("missing/log.db");
  EXPECT_THAT(why_not_opened(), HasSubstr("unable to open database file (No such file"));
  path_ = ":memory:";
  EXPECT_THAT(why_not_opened(), HasSubstr("cannot keep a write-ahead log"));
}

TEST_F(SqliteLogTest, RefusesABlockThatItCouldNotReadAgain) {
  auto log = open();
  const auto appended = log->append(
      {chain_.add(std::vector(limits::kRecordsPerBlockMax + 1, event_record(1, 1, "x")))});
  ASSERT_FALSE(appended);
  EXPECT_THAT(appended.error().what, HasSubstr("4097 records, not 1 to 4096"));
  BlockChain another;
  const auto large = open_sqlite_log(folder_.file("large.db"));
  const auto refused = (*large)->append({another.add(std::string(kEncodedBlockBytesMax, 'x'))});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("bytes, above"));
}

}  // namespace
}  // namespace claims::server
