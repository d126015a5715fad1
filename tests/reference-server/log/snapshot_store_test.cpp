#include "reference-server/log/snapshot_store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <map>
#include <string>

#include "reference-server/log/snapshot_writer.h"
#include "tests/reference-server/log/faulty_vfs.h"
#include "tests/reference-server/log/temporary_folder.h"

namespace claims::server {
namespace {

using Rows = std::map<std::string, std::string>;

BlockMark mark(std::uint64_t number) {
  BlockMark mark{number, Position{number * 10}, {}};
  mark.hash.fill(static_cast<unsigned char>(number));
  return mark;
}

/// Null values erase.
Checkpoint checkpoint(std::uint64_t number,
                      const std::map<std::string, std::optional<std::string>>& rows) {
  Checkpoint made;
  made.at = mark(number);
  for (const auto& [key, value] : rows) {
    if (value) {
      made.rows.add(key) += *value;
    } else {
      made.rows.erase(key);
    }
  }
  return made;
}

class SnapshotStoreTest : public testing::Test {
 protected:
  std::unique_ptr<SnapshotStore> open() {
    auto opened = open_sqlite_snapshot(path);
    EXPECT_TRUE(opened.has_value()) << opened.error().what;
    discarded = opened->discarded;
    return std::move(opened->store);
  }
  void write(SnapshotStore& store, const std::vector<Checkpoint>& checkpoints) {
    CheckpointMerge merge(store.at());
    for (const Checkpoint& one : checkpoints) merge.take(one);
    const auto written = store.write(merge);
    ASSERT_TRUE(written.has_value()) << written.error().what;
  }
  /// What it says instead, when it is damaged.
  std::string load(SnapshotStore& store, Rows& rows) {
    const auto loaded = store.load([&](std::string_view key, std::string_view value) {
      rows.emplace(key, value);
      return Result<void, std::string>();
    });
    return loaded ? "" : loaded.error().what;
  }
  void change(const char* sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    EXPECT_GE(sqlite3_changes(handle), 1) << sql;
    sqlite3_close(handle);
  }

  TemporaryFolder folder;
  std::string path = folder.file("state.sqlite");
  std::string discarded;
};

TEST_F(SnapshotStoreTest, HoldsTheLastWordOnEachRow) {
  {
    const auto store = open();
    EXPECT_EQ(store->at().number, 0U);
    write(*store, {checkpoint(3, {{"a", "1"}, {"b", "2"}, {"c", ""}}),
                   checkpoint(5, {{"a", "9"}, {"b", std::nullopt}})});
    EXPECT_EQ(store->at(), mark(5));
  }
  const auto store = open();
  EXPECT_EQ(store->at(), mark(5));
  Rows rows;
  EXPECT_EQ(load(*store, rows), "");
  EXPECT_EQ(rows, (Rows{{"a", "9"}, {"c", ""}}));
  write(*store, {checkpoint(8, {{"b", "3"}, {"c", std::nullopt}, {"gone", std::nullopt}})});
  rows.clear();
  EXPECT_EQ(load(*store, rows), "");
  EXPECT_EQ(rows, (Rows{{"a", "9"}, {"b", "3"}}));
}

TEST_F(SnapshotStoreTest, ACheckpointThatFollowsAnotherMarkIsRefused) {
  const auto store = open();
  CheckpointMerge merge(mark(2));
  merge.take(checkpoint(3, {{"a", "1"}}));
  EXPECT_FALSE(store->write(merge).has_value());
  EXPECT_EQ(store->at().number, 0U);
}

TEST_F(SnapshotStoreTest, FindsEveryDamage) {
  for (const char* sql :
       {"UPDATE rows SET value = x'3A' WHERE key = x'61'", "DELETE FROM rows WHERE key = x'62'",
        "UPDATE rows SET key = x'64' WHERE key = x'63'", "UPDATE mark SET rows = 2",
        "UPDATE mark SET sum = sum + 1",
        // A row as it was before, with the checksum that it had then.
        R"(UPDATE rows SET (value, sum) = (SELECT value, sum FROM rows WHERE key = x'63')
           WHERE key = x'62')",
        "INSERT INTO rows SELECT x'7A', value, sum FROM rows WHERE key = x'61'"}) {
    {
      const auto store = open();
      if (store->at().number > 0) {
        ASSERT_TRUE(store->clear().has_value());
      }
      write(*store, {checkpoint(3, {{"a", "1"}, {"b", "2"}, {"c", "3"}})});
    }
    change(sql);
    const auto store = open();
    Rows rows;
    EXPECT_NE(load(*store, rows), "") << sql;
  }
}

TEST_F(SnapshotStoreTest, ARowThatDoesNotFitIsNamed) {
  const auto store = open();
  write(*store, {checkpoint(3, {{"a", "1"}, {"b", "2"}})});
  const auto loaded = store->load([](std::string_view key, std::string_view) {
    if (key == "b") return Result<void, std::string>(std::string("is no row of ours"));
    return Result<void, std::string>();
  });
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().what, "snapshot: row 2: is no row of ours");
}

TEST_F(SnapshotStoreTest, AnotherVersionIsDiscardedAndSaysSo) {
  {
    const auto store = open();
    write(*store, {checkpoint(3, {{"a", "1"}})});
    EXPECT_EQ(discarded, "");
  }
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(handle, "PRAGMA user_version = 99", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(handle);
  const auto store = open();
  EXPECT_EQ(store->at().number, 0U);
  EXPECT_NE(discarded.find("not a snapshot of claimchatd"), std::string::npos) << discarded;
}

/// With pages 4 to 6 gone.
class DamagedSnapshot : public SnapshotStoreTest {
 protected:
  DamagedSnapshot() {
    const std::string large(100'000, 'x');
    {
      const auto store = open();
      write(*store, {checkpoint(3, {{"a", large}, {"b", large}, {"c", "3"}})});
    }
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    for (int page = 3; page < 6; ++page) {
      file.seekp(page * 4'096L);
      file << std::string(4'096, '\xff');
    }
  }
};

TEST_F(DamagedSnapshot, FoundWhenItIsWrittenToItIsMadeAnewAndNoMoreIsWritten) {
  SnapshotWriter writer([this] { return open_sqlite_snapshot(path); }, {});
  writer.begin(open());
  writer.take(checkpoint(4, {{"a", "1"}, {"b", "2"}}));
  const auto first = writer.write();
  ASSERT_FALSE(first.has_value());
  EXPECT_NE(first.error().what.find("malformed"), std::string::npos) << first.error().what;
  const auto second = writer.write();
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().what.find("is of block 0, not of 3 or 4; no more is written until the "
                                     "next start"),
            std::string::npos)
      << second.error().what;
  EXPECT_FALSE(writer.active());
  const auto store = open();
  EXPECT_EQ(store->at().number, 0U) << "the next start folds the log";
  write(*store, {checkpoint(5, {{"d", "4"}})});
}

/// What cannot be read cannot always be emptied either, and would be in the way at every start.
TEST_F(DamagedSnapshot, RefusedItIsMadeAnew) {
  const auto store = open();
  Rows rows;
  EXPECT_NE(load(*store, rows), "");
  const auto cleared = store->clear();
  ASSERT_TRUE(cleared.has_value()) << cleared.error().what;
  EXPECT_EQ(store->at().number, 0U);
  write(*store, {checkpoint(4, {{"d", "4"}})});
  rows.clear();
  EXPECT_EQ(load(*store, rows), "");
  EXPECT_EQ(rows, (Rows{{"d", "4"}}));
}

TEST_F(SnapshotStoreTest, AMarkThatIsNoneIsDiscardedAndSaysSo) {
  {
    const auto store = open();
    write(*store, {checkpoint(3, {{"a", "1"}})});
  }
  change("UPDATE mark SET hash = x'00'");
  const auto store = open();
  EXPECT_EQ(discarded, path + ": its mark is damaged");
  EXPECT_EQ(store->at().number, 0U);
  EXPECT_EQ(store->rows(), 0U);
}

/// Then there is no database behind it any more.
TEST_F(SnapshotStoreTest, OneThatCannotBeMadeAnewRefusesEverything) {
  FaultyVfs vfs;
  auto opened = open_sqlite_snapshot(path, FaultyVfs::name());
  ASSERT_TRUE(opened.has_value()) << opened.error().what;
  SnapshotStore& store = *opened->store;
  write(store, {checkpoint(3, {{"a", "1"}})});
  vfs.fail_writes = true;
  EXPECT_FALSE(store.clear().has_value());
  vfs.fail_writes = false;
  const std::string failed = "snapshot: failed before; it must be opened anew";
  CheckpointMerge merge(store.at());
  merge.take(checkpoint(4, {{"b", "2"}}));
  const auto written = store.write(merge);
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().what, failed);
  Rows rows;
  EXPECT_EQ(load(store, rows), failed);
  const auto cleared = store.clear();
  ASSERT_FALSE(cleared.has_value());
  EXPECT_EQ(cleared.error().what, failed);
}

class SnapshotWriterTest : public SnapshotStoreTest {
 protected:
  Result<OpenedSnapshot, LogError> open_faulty() {
    if (open_fails) return LogError{"the disk is gone"};
    return open_sqlite_snapshot(path, FaultyVfs::name());
  }
  void begin() { writer.begin(std::move(open_faulty()->store)); }
  Rows stored() {
    writer.close();
    Rows rows;
    EXPECT_EQ(load(*open(), rows), "");
    return rows;
  }

  FaultyVfs vfs;
  SnapshotWriter writer{[this] { return open_faulty(); },
                        {.records = 50, .bytes = 64'000'000, .bytes_max = 32'000'000}};
  bool open_fails = false;
  /// Enough for a sync.
  const std::string large = std::string(8'000'000, 'x');
};

TEST_F(SnapshotWriterTest, WritesSeldom) {
  begin();
  writer.take(checkpoint(2, {{"a", "1"}}));
  EXPECT_FALSE(writer.due()) << "20 records";
  writer.take(checkpoint(6, {{"a", "2"}}));
  EXPECT_TRUE(writer.due());
  ASSERT_TRUE(writer.write().has_value());
  EXPECT_EQ(writer.stored(), mark(6));
  EXPECT_FALSE(writer.due());
  EXPECT_EQ(stored(), (Rows{{"a", "2"}}));
}

/// The commit is in the file, and what failed came behind it.
TEST_F(SnapshotWriterTest, AFailureLosesNothing) {
  begin();
  writer.take(checkpoint(2, {{"a", "1"}, {"b", "2"}, {"large", large}}));
  vfs.fail_wal_syncs = vfs.fail_file_syncs = true;
  EXPECT_FALSE(writer.write().has_value());
  writer.take(checkpoint(4, {{"b", "3"}, {"large", std::nullopt}}));
  EXPECT_FALSE(writer.write().has_value()) << "it cannot be made durable at the opening";
  EXPECT_TRUE(writer.active());
  vfs.fail_wal_syncs = vfs.fail_file_syncs = false;
  writer.take(checkpoint(5, {{"c", "4"}}));
  const auto written = writer.write();
  ASSERT_TRUE(written.has_value()) << written.error().what;
  EXPECT_EQ(writer.stored(), mark(5));
  EXPECT_EQ(stored(), (Rows{{"a", "1"}, {"b", "3"}, {"c", "4"}}));
}

TEST_F(SnapshotWriterTest, GivesUpWhenTooMuchCannotBeWritten) {
  begin();
  writer.take(checkpoint(2, {{"large", large}}));
  vfs.fail_wal_syncs = vfs.fail_file_syncs = true;
  EXPECT_FALSE(writer.write().has_value());
  open_fails = true;
  for (std::uint64_t i = 0; i < 4; ++i) {
    writer.take(checkpoint(3 + i, {{"large " + std::to_string(i), large}}));
  }
  const auto written = writer.write();
  ASSERT_FALSE(written.has_value());
  EXPECT_NE(written.error().what.find("no more is written"), std::string::npos);
  EXPECT_FALSE(writer.active());
}

}  // namespace
}  // namespace claims::server
