#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "reference-server/history/history.h"
#include "tests/reference-server/log/block_chain.h"
#include "tests/reference-server/log/child_process.h"
#include "tests/reference-server/log/faulty_vfs.h"
#include "tests/reference-server/log/temporary_folder.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SqliteHistoryTest : public testing::Test {
 protected:
  std::unique_ptr<History> open(const std::string& vfs = {}) {
    auto history = open_sqlite_history(path_, vfs);
    EXPECT_TRUE(history) << history.error().what;
    return history ? std::move(*history) : nullptr;
  }

  static void fold_all(History& history, const BlockChain& chain) {
    for (const auto& block : chain.blocks()) {
      const auto folded = history.fold(*block);
      ASSERT_TRUE(folded) << folded.error().what;
    }
  }

  static std::vector<std::string> texts(History& history) {
    std::vector<std::string> all;
    for (const Row& row : *history.query(PageQuery{chat::RoomId{7}, 0, 10'000, 10'000})) {
      all.push_back(row.event);
    }
    return all;
  }

  void change(const std::string& sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("history.db");
  BlockChain chain_;
};

TEST_F(SqliteHistoryTest, KeepsWhatWasFoldedWhenClosed) {
  chain_.add("one");
  chain_.add("two");
  fold_all(*open(), chain_);
  auto history = open();
  EXPECT_EQ(history->folded(), 2U);
  EXPECT_THAT(texts(*history), ElementsAre("one", "two"));
}

TEST_F(SqliteHistoryTest, BehindTheLogCatchesUp) {
  chain_.add("one");
  fold_all(*open(), chain_);
  chain_.add("two");
  chain_.add("three");
  auto history = open();
  fold_all(*history, chain_);
  EXPECT_THAT(texts(*history), ElementsAre("one", "two", "three"));
}

TEST_F(SqliteHistoryTest, BehindTheLogCatchesUpFromWhereItStands) {
  chain_.add("one");
  fold_all(*open(), chain_);
  auto history = open();
  ASSERT_TRUE(history->fold(*chain_.add("two")));
  EXPECT_THAT(texts(*history), ElementsAre("one", "two"));
}

TEST_F(SqliteHistoryTest, DoesNotGoOnFromAnotherLog) {
  chain_.add("one");
  fold_all(*open(), chain_);
  BlockChain other;
  other.add("another one");
  auto history = open();
  const auto folded = history->fold(*other.add("two"));
  ASSERT_FALSE(folded);
  EXPECT_THAT(folded.error().what, HasSubstr("does not continue block 1 as it was folded"));
  EXPECT_FALSE(history->query(PageQuery{})) << "the handle is void";
}

TEST_F(SqliteHistoryTest, CommitsWhenThereIsEnoughOrWhenForced) {
  auto history = open();
  ASSERT_TRUE(history->fold(*chain_.add("one")));
  ASSERT_TRUE(history->commit(false));
  EXPECT_EQ(history->folded(), 0U);
  ASSERT_TRUE(history->commit(true));
  EXPECT_EQ(history->folded(), 1U);
  for (int i = 0; i < 600; ++i) {
    ASSERT_TRUE(history->fold(*chain_.add("text")));
    ASSERT_TRUE(history->commit(false));
  }
  EXPECT_EQ(history->folded(), 501U) << "an event and its block count as two rows, 1,000 commit";
}

TEST_F(SqliteHistoryTest, KilledItComesBackAtItsLastCommit) {
  for (int i = 0; i < 50; ++i) chain_.add("text " + std::to_string(i));
  ChildProcess child([&](const ChildProcess::Report& report) {
    auto history = open_sqlite_history(path_);
    for (const auto& block : chain_.blocks()) {
      if (!(*history)->fold(*block)) return;
      if (block->number == 30 && !(*history)->commit(true)) return;
    }
    report(1);
    for (;;) pause();
  });
  ASSERT_EQ(child.next(), 1U);
  child.kill();
  auto history = open();
  EXPECT_EQ(history->folded(), 30U);
  EXPECT_EQ(texts(*history).size(), 30U) << "rows and number go together";
  fold_all(*history, chain_);
  EXPECT_EQ(texts(*history).size(), 50U);
}

TEST_F(SqliteHistoryTest, DeletedIsBuiltAnew) {
  chain_.add("one");
  chain_.add("two");
  fold_all(*open(), chain_);
  std::filesystem::remove(path_);
  auto history = open();
  EXPECT_EQ(history->folded(), 0U);
  fold_all(*history, chain_);
  EXPECT_THAT(texts(*history), ElementsAre("one", "two"));
}

TEST_F(SqliteHistoryTest, DamagedOrOfAnotherVersionIsDiscarded) {
  chain_.add("one");
  fold_all(*open(), chain_);
  change("PRAGMA user_version = 1");
  {
    auto history = open();
    EXPECT_EQ(history->folded(), 0U);
    EXPECT_THAT(texts(*history), IsEmpty());
    fold_all(*history, chain_);
  }
  std::ofstream(path_) << std::string(8'192, 'z');
  auto history = open();
  EXPECT_EQ(history->folded(), 0U);
  fold_all(*history, chain_);
  EXPECT_THAT(texts(*history), ElementsAre("one"));
}

TEST_F(SqliteHistoryTest, NothingOfAnotherMakingIsDiscarded) {
  ASSERT_TRUE((*open_sqlite_log(path_))->append({chain_.add("one")}));
  const auto refused = open_sqlite_history(path_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("not a history of claimchatd in format 3"));
  EXPECT_TRUE((*open_sqlite_log(path_))->read(1, [](Block&&) {})) << "the log is still there";
}

TEST_F(SqliteHistoryTest, InUseIsNotDiscarded) {
  auto history = open();
  ASSERT_TRUE(history->fold(*chain_.add("one")));
  const auto second = open_sqlite_history(path_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().what, HasSubstr("in use by another process"));
  EXPECT_TRUE(history->commit(true));
}

TEST_F(SqliteHistoryTest, LivesOnTheVfsThatItIsGiven) {
  FaultyVfs vfs;
  auto history = open(FaultyVfs::name());
  vfs.fail_file_syncs = true;
  Result<void, LogError> committed;
  for (int i = 0; i < 5'000 && committed; ++i) {
    ASSERT_TRUE(history->fold(*chain_.add(std::string(2'000, 'x'))));
    committed = history->commit(false);
  }
  ASSERT_FALSE(committed) << "no checkpoint came";
  EXPECT_FALSE(history->fold(*chain_.add("later"))) << "the handle is void";
  vfs.fail_file_syncs = false;
  history.reset();
  history = open(FaultyVfs::name());
  fold_all(*history, chain_);
  EXPECT_EQ(texts(*history).size(), chain_.blocks().size());
}

}  // namespace
}  // namespace claims::server
