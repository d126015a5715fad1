// From which blocks a node is made, and what happens when a snapshot is of no use.

#include "reference-server/node/start_up.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reference-server/log/snapshot_writer.h"
#include "tests/reference-server/log/temporary_folder.h"
#include "tests/reference-server/node/node_peer.h"

namespace claims::server {
namespace {

class StartUpTest : public testing::Test {
 protected:
  StartUpTest() { config.checkpoint_records = 1; }

  /// A log with a room in it; `more` makes it another log behind the room's opening.
  std::vector<std::shared_ptr<const Block>> played(const std::string& more) {
    NodePeer peer(7);
    const int client = peer.connect("gar-1");
    peer.command(client, "gar-1",
                 R"({"type":"general.open","id":"1.1","adjuster":"adj-1","vehicles":["12가3456"]})",
                 1);
    for (int n = 2; n < 6; ++n) {
      peer.command(client, "gar-1",
                   R"({"type":"message.send","id":"1.)" + std::to_string(n) +
                       R"(","room":"r1","vehicle":"12가3456","text":")" + more + "\"}",
                   static_cast<std::uint16_t>(n));
    }
    return peer.log();
  }

  StartedUp start_on(const std::vector<std::shared_ptr<const Block>>& blocks) {
    const auto log = make_memory_log();
    EXPECT_TRUE(log->append(blocks).has_value());
    auto opened = open_sqlite_snapshot(folder.file("state.sqlite"));
    EXPECT_TRUE(opened.has_value());
    SnapshotWriter writer(nullptr, {});
    std::unique_ptr<SnapshotStore> store = std::move(opened->store);
    given.clear();
    auto started = start_up({*log, store.get(), history_folded, history_hash,
                             [&](const std::shared_ptr<const Block>& block) {
                               given.push_back(block->number);
                               return Result<void, LogError>();
                             },
                             [&](const std::shared_ptr<const Checkpoint>& checkpoint) {
                               if (store) writer.begin(std::move(store));
                               writer.take(*checkpoint);
                             }},
                            config, 1);
    EXPECT_TRUE(started.has_value()) << started.error().what;
    EXPECT_TRUE(writer.write().has_value());
    return std::move(*started);
  }

  TemporaryFolder folder;
  NodeConfig config;
  std::uint64_t history_folded = 0;
  Hash history_hash{};
  std::vector<std::uint64_t> given;  ///< To the history.
};

TEST_F(StartUpTest, FoldsWhatIsBehindTheSnapshotAlone) {
  const auto log = played("네");
  const std::vector<std::shared_ptr<const Block>> some(log.begin(), log.end() - 2);
  const StartedUp first = start_on(some);
  EXPECT_EQ(first.snapshot_blocks, 0U);
  EXPECT_EQ(first.folded_blocks, some.size());
  const StartedUp second = start_on(log);
  EXPECT_EQ(second.snapshot_refused, "");
  EXPECT_EQ(second.snapshot_blocks, some.size());
  EXPECT_EQ(second.folded_blocks, 2U);
  EXPECT_EQ(second.node->counters().durable, log.back()->last());
  EXPECT_EQ(second.node->counters().service.rooms, 1U);
  const StartedUp third = start_on(log);
  EXPECT_EQ(third.folded_blocks, 0U);
  EXPECT_EQ(third.node->counters().durable, log.back()->last());
}

TEST_F(StartUpTest, ASnapshotOfAnotherLogIsRefused) {
  const auto log = played("네");
  start_on(log);
  const auto another = played("아니오");
  ASSERT_EQ(another.size(), log.size());
  const StartedUp started = start_on(another);
  EXPECT_NE(started.snapshot_refused.find("has no such block"), std::string::npos);
  EXPECT_EQ(started.folded_blocks, another.size());
  EXPECT_EQ(start_on(another).folded_blocks, 0U) << "what was written since is of this log";
}

/// As when the log alone came back from a backup.
TEST_F(StartUpTest, ASnapshotAheadOfTheLogIsRefused) {
  const auto log = played("네");
  start_on(log);
  const StartedUp started = start_on({log.begin(), log.end() - 1});
  EXPECT_NE(started.snapshot_refused, "");
  EXPECT_EQ(started.folded_blocks, log.size() - 1);
}

TEST_F(StartUpTest, ADamagedSnapshotIsRefused) {
  const auto log = played("네");
  start_on(log);
  {
    auto opened = open_sqlite_snapshot(folder.file("state.sqlite"));
    BlockMark before = opened->store->at();
    --before.number;
    CheckpointMerge merge(before);
    Checkpoint wrong;
    wrong.at = opened->store->at();
    wrong.rows.add(std::string(1, static_cast<char>(RowKind::room)) + "12345678") += "?";
    merge.take(wrong);
    merge.follow(opened->store->at());
    ASSERT_TRUE(opened->store->write(merge).has_value());
  }
  const StartedUp started = start_on(log);
  EXPECT_NE(started.snapshot_refused.find("a room is missing"), std::string::npos)
      << started.snapshot_refused;
  EXPECT_EQ(started.folded_blocks, log.size());
}

TEST_F(StartUpTest, TheHistoryGoesOnBehindItsLastBlock) {
  const auto log = played("네");
  history_folded = log.size() - 1;
  history_hash = log[log.size() - 2]->hash;
  start_on(log);
  EXPECT_EQ(given, std::vector<std::uint64_t>{log.size()});
  start_on(log);
  EXPECT_EQ(given, std::vector<std::uint64_t>{log.size()}) << "however far the snapshot is";
}

TEST_F(StartUpTest, AHistoryOfAnotherLogIsGivenEveryBlock) {
  const auto log = played("네");
  start_on(log);
  history_folded = log.size() - 1;
  history_hash = played("아니오")[log.size() - 2]->hash;
  const StartedUp started = start_on(log);
  EXPECT_EQ(given.size(), log.size());
  EXPECT_EQ(started.folded_blocks, 0U);
  history_folded = log.size() + 5;
  start_on(log);
  EXPECT_EQ(given.size(), log.size());
}

}  // namespace
}  // namespace claims::server
