// Bulk messages through the node: exactly once for each garage, whatever the log lost.

#include <gmock/gmock.h>

#include "tests/reference-server/node/opened_room.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kBulk =
    R"({"type":"bulk.send","id":"1.1","targets":[{"garage":"gar-1","vehicle":"12가3456"},)"
    R"({"garage":"gar-9","vehicle":"12가3456"},{"garage":"gar-2","vehicle":"13가3456"}],)"
    R"("text":"입고 확인 부탁드립니다."})";
constexpr const char* kOutcomes = R"({"type":"bulk.outcomes","id":"q","bulk":"1.1"})";

class NodeBulkTest : public OpenedRoomTest {
 protected:
  NodeBulkTest() {
    peer.command(adjuster, "adj-1", R"({"type":"unread.counts","id":"q"})", 9);
    for (const int client : {core, garage, adjuster}) peer.take(client);
  }
  /// To many that are no garages, and to one.
  static std::string to_many(int targets) {
    std::string json = R"({"type":"bulk.send","id":"1.1","targets":[)";
    for (int i = 1; i < targets; ++i) {
      json += R"({"garage":"gar-x)" + std::to_string(i) + R"(","vehicle":"12가3456"},)";
    }
    return json + R"({"garage":"gar-1","vehicle":"12가3456"}],"text":"네"})";
  }
  std::size_t logged(RecordKind kind, std::string_view holding = "") const {
    std::size_t found = 0;
    for (const auto& block : peer.log()) {
      for (const Record& record : block->records) {
        if (record.kind == kind && record.payload.find(holding) != std::string::npos) ++found;
      }
    }
    return found;
  }
  std::string outcomes() {
    const int client = peer.connect("adj-1", "asks");
    peer.subscribe(client, "adj-1");
    peer.take(client);
    peer.command(client, "adj-1", kOutcomes, 3);
    std::string reply = payloads(peer.take(client), "/reply").at(0);
    peer.drop(client);
    return reply;
  }
};

TEST_F(NodeBulkTest, TheOrderIsAnsweredAndEachGarageGetsItsOwn) {
  const int other = peer.connect("gar-2");
  peer.subscribe(other, "gar-2");
  peer.take(other);
  peer.command(adjuster, "adj-1", kBulk, 4);
  const auto at_adjuster = peer.take(adjuster);
  EXPECT_THAT(payloads(at_adjuster, "/reply"), ElementsAre(HasSubstr(R"("garages":3)")));
  EXPECT_EQ(payloads(at_adjuster, "/evt").size(), 10U);
  EXPECT_THAT(seqs(peer.take(garage)), ElementsAre(1, 2, 3, 4, 5));
  const auto at_other = payloads(peer.take(other), "/evt");
  ASSERT_EQ(at_other.size(), 5U);
  EXPECT_THAT(at_other[4], HasSubstr(R"("cmd":"adj-1:1.1/gar-2")"));
  peer.command(adjuster, "adj-1", kBulk, 5);
  EXPECT_THAT(kinds(peer.take(adjuster)), ElementsAre("puback 5", "reply")) << "no second effect";
}

TEST_F(NodeBulkTest, NothingOfItLeavesBeforeItIsDurable) {
  peer.disk_answers = false;
  peer.command(adjuster, "adj-1", kBulk, 4);
  EXPECT_THAT(peer.take(adjuster), IsEmpty());
  EXPECT_THAT(peer.take(garage), IsEmpty());
  peer.commit();
  EXPECT_THAT(seqs(peer.take(garage)), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(NodeBulkTest, WhereverTheLogEndsEachGarageGetsItExactlyOnce) {
  peer.command(adjuster, "adj-1", kBulk, 4);
  const std::string done = outcomes();
  const auto whole = peer.log();
  // The block that holds the order, cut behind the outcome of the command and of each target.
  std::size_t at = 0;
  while (whole[at]->records.front().kind != RecordKind::bulk) ++at;
  std::size_t cuts = 0;
  for (std::size_t kept = 1; kept <= whole[at]->records.size(); ++kept) {
    const RecordKind last = whole[at]->records[kept - 1].kind;
    if (last != RecordKind::outcome && last != RecordKind::bulk_outcome) continue;
    ++cuts;
    auto left = std::vector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at));
    auto block = std::make_shared<Block>(*whole[at]);
    block->records.resize(kept);
    block->digests.clear();
    seal(*block);
    left.push_back(std::move(block));
    peer.restart(std::move(left));
    EXPECT_EQ(outcomes(), done) << kept;
    peer.restart();
    EXPECT_EQ(outcomes(), done) << kept;
    EXPECT_EQ(logged(RecordKind::bulk_outcome), 3U);
    EXPECT_EQ(logged(RecordKind::event, R"("type":"message")"), 2U);
    EXPECT_EQ(logged(RecordKind::event, R"("type":"greeting")"), 2U);
  }
  EXPECT_EQ(cuts, 4U);
}

TEST_F(NodeBulkTest, ACrashBetweenTwoBlocksLosesNoTarget) {
  peer.disk_answers = false;
  peer.command(adjuster, "adj-1", to_many(40), 4);
  peer.commit();
  const std::size_t before = logged(RecordKind::bulk_outcome);
  EXPECT_GT(before, 0U);
  EXPECT_LT(before, 40U) << "they are carried out over several turns";
  EXPECT_THAT(peer.take(garage), IsEmpty()) << "its target is the last";
  peer.disk_answers = true;
  peer.restart();
  peer.now.steady += std::chrono::seconds(1);  // Blocks under load are paced.
  EXPECT_THAT(outcomes(), HasSubstr(R"("open":0)"));
  EXPECT_EQ(logged(RecordKind::bulk_outcome), 40U);
  EXPECT_EQ(logged(RecordKind::event, R"("type":"message")"), 1U);
}

TEST_F(NodeBulkTest, ACrashBehindAnyBlockAndAnotherWhileItGoesOnLoseNoTarget) {
  peer.disk_answers = false;
  peer.command(adjuster, "adj-1", to_many(100), 4);
  while (logged(RecordKind::bulk_outcome) < 100U) {
    peer.now.steady += std::chrono::seconds(1);  // Blocks under load are paced.
    peer.open();                                 // A turn.
    peer.commit();
  }
  peer.disk_answers = true;
  const std::string done = outcomes();
  EXPECT_THAT(done, HasSubstr(R"("open":0)"));
  const auto whole = peer.log();
  std::size_t at = 0;
  while (whole[at]->records.front().kind != RecordKind::bulk) ++at;
  ASSERT_LT(at + 2, whole.size()) << "it takes several blocks";
  for (++at; at <= whole.size(); ++at) {
    peer.disk_answers = false;
    peer.restart(std::vector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at)));
    peer.open();
    if (logged(RecordKind::bulk_outcome) < 100U) peer.commit();
    peer.disk_answers = true;
    peer.restart();
    peer.now.steady += std::chrono::seconds(1);
    EXPECT_EQ(outcomes(), done) << at;
    EXPECT_EQ(logged(RecordKind::bulk_outcome), 100U) << at;
    EXPECT_EQ(logged(RecordKind::event, R"("type":"message")"), 1U) << at;
  }
}

TEST_F(NodeBulkTest, AFailedLogGetsNoMoreOfIt) {
  peer.disk_answers = false;
  peer.command(adjuster, "adj-1", to_many(40), 4);
  const auto decided = peer.node->counters().service.bulk_refusals_total;
  EXPECT_LT(decided, 39U);
  peer.fail_append();
  EXPECT_EQ(peer.node->counters().service.bulk_refusals_total, decided);
  EXPECT_NE(peer.node->next_deadline(), Microseconds{0}) << "the shell would spin";
  EXPECT_THAT(payloads(peer.take(adjuster), "/reply"), IsEmpty());
}

TEST_F(NodeBulkTest, ShutDownFinishesIt) {
  peer.disk_answers = false;
  peer.command(adjuster, "adj-1", to_many(40), 4);
  peer.node->shut_down(peer.now);
  EXPECT_FALSE(peer.node->idle());
  peer.commit();
  EXPECT_FALSE(peer.node->idle());
  peer.now.steady += std::chrono::seconds(1);
  peer.disk_answers = true;
  peer.send_bytes(garage, "");
  EXPECT_TRUE(peer.node->idle());
  EXPECT_EQ(logged(RecordKind::bulk_outcome), 40U);
}

}  // namespace
}  // namespace claims::server
