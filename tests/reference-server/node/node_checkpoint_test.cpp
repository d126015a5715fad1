// Checkpoints of a node: when they come, and that a node that begins with them is the one that
// folds the whole log.

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "reference-server/log/checkpoint_merge.h"
#include "tests/reference-server/node/node_peer.h"

namespace claims::server {
namespace {

/// Garages that come and go, on sessions that are kept, in rooms that they open.
class Traffic {
 public:
  explicit Traffic(std::uint32_t seed) : random_(seed) {}

  void step(NodePeer& peer) {
    const std::string garage = draw(2) == 0 ? "gar-1" : "gar-2";
    const std::string adjuster = draw(2) == 0 ? "adj-1" : "adj-2";
    const bool clean = draw(4) == 0;
    const std::uint32_t expiry = clean ? 0 : 3'600 + draw(2);
    const int client = peer.connect(garage, "pc-" + std::to_string(draw(3)), clean, expiry);
    if (draw(3) != 0) peer.subscribe(client, garage);
    const std::string instance = std::to_string(++instance_);
    const std::uint32_t commands = 1 + draw(4);
    for (std::uint32_t n = 1; n <= commands; ++n) {
      const std::string id = instance + '.' + std::to_string(n);
      const std::string text =
          n == 1 ? R"({"type":"general.open","id":")" + id + R"(","adjuster":")" + adjuster +
                       R"(","vehicles":["12가3456"]})"
                 : R"({"type":"message.send","id":")" + id + R"(","room":"r)" +
                       std::to_string(1 + draw(4)) + R"(","vehicle":"12가3456","text":"네"})";
      peer.command(client, garage, text, static_cast<std::uint16_t>(n + 10));
    }
    if (draw(5) != 0) peer.drop(client);
    peer.now.steady += Microseconds{10'000};
    peer.now.wall += Milliseconds{10};
  }

 private:
  std::uint32_t draw(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

  std::mt19937 random_;
  std::uint64_t instance_ = 1'000;
};

CheckpointMerge merge_of(const NodePeer& peer) {
  CheckpointMerge merge{BlockMark{}};
  for (const auto& checkpoint : peer.checkpoints()) merge.take(*checkpoint);
  return merge;
}

/// What a node that folds the log up to there alone writes in one checkpoint.
CheckpointMerge folded(const std::vector<std::shared_ptr<const Block>>& log,
                       std::uint64_t up_to_block) {
  NodeConfig config;
  config.checkpoint_records = 1;
  Node node(config, 1);
  CheckpointMerge merge{BlockMark{}};
  for (const auto& block : log) {
    if (block->number > up_to_block) break;
    const auto restored = node.restored(*block);
    EXPECT_TRUE(restored.has_value()) << restored.error();
    const auto checkpoint = node.take_checkpoint();
    EXPECT_NE(checkpoint, nullptr);
    if (checkpoint) merge.take(*checkpoint);
  }
  return merge;
}

CheckpointMerge::Rows there(const CheckpointMerge& merge) {
  CheckpointMerge::Rows rows;
  for (const auto& [key, value] : merge.rows()) {
    if (value) rows.emplace(key, value);
  }
  return rows;
}

TEST(NodeCheckpoint, ComesOnceItsBlockIsDurable) {
  NodePeer peer(1, false, 1);
  peer.disk_answers = false;
  ASSERT_EQ(peer.checkpoints().size(), 1U) << "of the directory";
  const int client = peer.connect("gar-1");
  peer.command(client, "gar-1",
               R"({"type":"general.open","id":"1.1","adjuster":"adj-1","vehicles":["12가3456"]})",
               1);
  EXPECT_EQ(peer.checkpoints().size(), 1U);
  peer.commit();
  ASSERT_EQ(peer.checkpoints().size(), 2U);
  EXPECT_EQ(peer.checkpoints().back()->at, mark_of(*peer.log().back()));
}

TEST(NodeCheckpoint, IsNotTakenWhileTheStateIsAheadOfTheBlock) {
  NodePeer peer(1, false, 1);
  peer.disk_answers = false;
  const int client = peer.connect("gar-1");
  const std::string open = R"(","adjuster":"adj-1","vehicles":["12가3456"]})";
  peer.command(client, "gar-1", R"({"type":"general.open","id":"1.1)" + open, 1);
  peer.command(client, "gar-1", R"({"type":"general.open","id":"1.2)" + open, 2);
  peer.commit();
  peer.commit();
  // The first was taken with the first command decided alone, the second with both.
  ASSERT_EQ(peer.checkpoints().size(), 3U);
  EXPECT_EQ(there(merge_of(peer)), there(folded(peer.log(), peer.log().size())));
}

TEST(NodeCheckpoint, NoneComesOfAStateThatIsVoid) {
  NodePeer peer(1, false, 1);
  peer.disk_answers = false;
  const int client = peer.connect("gar-1");
  peer.command(client, "gar-1",
               R"({"type":"general.open","id":"1.1","adjuster":"adj-1","vehicles":["12가3456"]})",
               1);
  peer.fail_append();
  EXPECT_EQ(peer.checkpoints().size(), 1U) << "of the directory alone";
}

TEST(NodeCheckpoint, ComesWhenAServerStops) {
  NodePeer peer(1, false, 1'000'000);
  EXPECT_TRUE(peer.checkpoints().empty());
  Traffic traffic(3);
  for (int i = 0; i < 5; ++i) traffic.step(peer);
  EXPECT_TRUE(peer.checkpoints().empty());
  peer.node->shut_down(peer.now);
  peer.connect("gar-1");
  ASSERT_EQ(peer.checkpoints().size(), 1U);
  EXPECT_EQ(peer.checkpoints().back()->at, mark_of(*peer.log().back()));
}

TEST(NodeCheckpoint, CheckpointsAndTheBlocksBehindThemAreTheWholeLog) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    NodePeer peer(seed, false, 1 + seed * 3 % 40);
    Traffic traffic(seed);
    for (int i = 0; i < 40; ++i) {
      traffic.step(peer);
      if (i % 9 == 8) peer.restart_from_snapshot();
    }
    const CheckpointMerge merge = merge_of(peer);
    ASSERT_GT(peer.checkpoints().size(), 3U);
    EXPECT_EQ(there(merge), there(folded(peer.log(), merge.at().number))) << "seed " << seed;
  }
}

TEST(NodeCheckpoint, AKeptSessionGoesOnFromASnapshot) {
  NodePeer peer(1, false, 1);
  const int first = peer.connect("gar-1", "pc", false, 3'600);
  peer.subscribe(first, "gar-1");
  peer.command(first, "gar-1",
               R"({"type":"general.open","id":"1.1","adjuster":"adj-1","vehicles":["12가3456"]})",
               2);
  peer.drop(first);
  const int adjuster = peer.connect("adj-1");
  peer.command(adjuster, "adj-1",
               R"({"type":"message.send","id":"1.1","room":"r1","vehicle":"12가3456","text":"네"})",
               1);
  peer.restart_from_snapshot();
  const int again = peer.connect("gar-1", "pc", false, 3'600);
  std::vector<Received> received = peer.take(again);
  ASSERT_FALSE(received.empty());
  EXPECT_EQ(received.front().kind, "connack 0 present");
  ASSERT_EQ(received.back().kind, "publish");
  EXPECT_NE(received.back().payload.find(R"("text":"네")"), std::string::npos);
  EXPECT_EQ(received.size(), 2U) << "what was acknowledged does not come again";
}

}  // namespace
}  // namespace claims::server
