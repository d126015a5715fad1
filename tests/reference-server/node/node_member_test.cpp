// Where a user's stream of events begins and ends: joining, leaving, deleted rooms, retiring; live
// and after a reconnect.

#include <gmock/gmock.h>

#include <map>

#include "tests/reference-server/node/opened_room.h"

namespace claims::server {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class NodeMemberTest : public OpenedRoomTest {
 protected:
  NodeMemberTest() { open_room(); }

  /// A client with a kept session, subscribed.
  int come(const std::string& user) {
    const int client = peer.connect(user, "phone", false, 3600);
    peer.subscribe(client, user);
    peer.take(client);
    return client;
  }
  int come_back(const std::string& user) { return peer.connect(user, "phone", false, 3600); }
  void run(int client, const std::string& user, const std::string& type,
           const std::string& fields) {
    peer.command(client, user,
                 R"({"type":")" + type + R"(","id":"9.)" + std::to_string(++next_[user]) + "\"," +
                     fields + '}',
                 7);
  }
  void invite(const std::string& user, const std::string& as) {
    run(adjuster, "adj-1", "room.invite",
        R"("room":"r1","user":")" + user + R"(","as":")" + as + '"');
  }
  void leave(int client, const std::string& user) {
    run(client, user, "room.leave", R"("room":"r1")");
  }
  void say() { run(garage, "gar-1", "message.send", R"("room":"r1","text":"네")"); }
  void retire(const std::string& to = "adj-3") {
    run(core, "core-01", "adjuster.hand_over",
        R"("adjuster":"adj-1","to":")" + to + R"(","reason":"retired")");
  }

 private:
  std::map<std::string, int> next_;
};

TEST_F(NodeMemberTest, LiveEventsBeginAtTheOwnJoinedAndEndWithTheOwnLeft) {
  const int guest = come("gar-2");
  const int colleague = come("adj-3");
  say();  // 5
  invite("gar-2", "guest");
  invite("adj-3", "colleague");
  say();  // 8
  leave(guest, "gar-2");
  say();  // 10
  EXPECT_THAT(seqs(peer.take(guest)), ElementsAre(6, 7, 8, 9));
  EXPECT_THAT(seqs(peer.take(colleague)), ElementsAre(7, 8, 9, 10));
  EXPECT_THAT(seqs(peer.take(garage)), ElementsAre(5, 6, 7, 8, 9, 10));
}

TEST_F(NodeMemberTest, WhoWasAwayGetsItsStaysWholeAndNothingBetweenOrAfter) {
  int guest = come("gar-2");
  peer.drop(guest);
  invite("gar-2", "guest");  // 5
  say();                     // 6
  const int other = peer.connect("gar-2", "pc");
  peer.subscribe(other, "gar-2");
  leave(other, "gar-2");  // 7
  say();                  // 8
  for (const bool restarted : {false, true}) {
    if (restarted) {
      peer.restart();
      garage = peer.connect("gar-1");
      peer.subscribe(garage, "gar-1");
      adjuster = peer.connect("adj-1");
    }
    peer.acknowledge = false;  // So that all of it comes once more.
    guest = come_back("gar-2");
    EXPECT_THAT(seqs(peer.take(guest)), ElementsAre(5, 6, 7)) << restarted;
    peer.drop(guest);
    peer.acknowledge = true;
  }
  invite("gar-2", "guest");  // 9
  say();                     // 10
  guest = come_back("gar-2");
  EXPECT_THAT(seqs(peer.take(guest)), ElementsAre(5, 6, 7, 9, 10));
  say();
  EXPECT_THAT(seqs(peer.take(guest)), ElementsAre(11)) << "live again";
}

TEST_F(NodeMemberTest, ADeletedRoomIsTheLastThatAllItsMembersSee) {
  int guest = come("gar-2");
  invite("gar-2", "guest");  // 5
  peer.take(guest);
  peer.drop(guest);
  run(garage, "gar-1", "intake.cancel", R"("room":"r1")");
  run(adjuster, "adj-1", "room.delete", R"("room":"r1")");
  EXPECT_THAT(seqs(peer.take(garage)), ElementsAre(5, 6, 7));
  peer.restart();
  guest = come_back("gar-2");
  const auto seen = payloads(peer.take(guest), "/evt");
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_THAT(seen[1], HasSubstr(R"({"type":"room_deleted","room":"r1","seq":7,)"));
}

TEST_F(NodeMemberTest, NothingOfAStayLeavesBeforeItIsDurable) {
  const int guest = come("gar-2");
  peer.disk_answers = false;
  invite("gar-2", "guest");
  EXPECT_THAT(peer.take(guest), IsEmpty());
  peer.commit();
  EXPECT_THAT(seqs(peer.take(guest)), ElementsAre(5));
  leave(guest, "gar-2");
  EXPECT_THAT(peer.take(guest), IsEmpty());
  peer.commit();
  EXPECT_THAT(seqs(peer.take(guest)), ElementsAre(6));
}

TEST_F(NodeMemberTest, WhoHasRetiredIsDisconnectedAndTurnedAway) {
  const int phone = come("adj-1");
  peer.disk_answers = false;
  retire();
  EXPECT_THAT(kinds(peer.take(adjuster)), Not(Contains("disconnect 135"))) << "not durable yet";
  peer.now.steady += std::chrono::seconds(1);
  peer.disk_answers = true;
  peer.commit();
  EXPECT_THAT(kinds(peer.take(adjuster)), Contains("disconnect 135"));
  EXPECT_THAT(kinds(peer.take(phone)), Contains("disconnect 135")) << "each of its sessions";
  EXPECT_THAT(kinds(peer.take(peer.connect("adj-1"))), Contains("connack 135"));
  peer.restart();
  EXPECT_THAT(kinds(peer.take(peer.connect("adj-1"))), Contains("connack 135"));
  EXPECT_THAT(kinds(peer.take(peer.connect("adj-3"))), Contains("connack 0"));
}

TEST_F(NodeMemberTest, WhoIsAwayConnectsStill) {
  run(core, "core-01", "adjuster.hand_over", R"("adjuster":"adj-1","to":"adj-3","reason":"away")");
  EXPECT_THAT(payloads(peer.take(core), "/reply"), ElementsAre(HasSubstr(R"("rooms":1)")));
  EXPECT_THAT(seqs(peer.take(adjuster)), ElementsAre(5, 6));
  EXPECT_THAT(kinds(peer.take(peer.connect("adj-1", "phone"))), Contains("connack 0"));
}

TEST_F(NodeMemberTest, WhereverTheLogEndsEachRoomIsHandedOverOnce) {
  constexpr int kRooms = 6;
  for (int n = 2; n <= kRooms; ++n) {
    run(core, "core-01", "receipt.register",
        R"("receipt":"2026-000000)" + std::to_string(n) +
            R"(","plate":"12가3456","model":"쏘나타","adjuster":"adj-1")");
    run(garage, "gar-1", "intake.register", R"("receipt":"2026-000000)" + std::to_string(n) + '"');
  }
  retire();
  const auto whole = peer.log();
  const auto logged = [&](RecordKind kind, std::string_view holding) {
    int found = 0;
    for (const auto& block : peer.log()) {
      for (const Record& record : block->records) {
        if (record.kind == kind && record.payload.find(holding) != std::string::npos) ++found;
      }
    }
    return found;
  };
  std::size_t at = 0;
  while (whole[at]->records.front().kind != RecordKind::hand_over) ++at;
  int cuts = 0;
  for (std::size_t kept = 1; kept <= whole[at]->records.size(); ++kept) {
    const RecordKind last = whole[at]->records[kept - 1].kind;
    if (last != RecordKind::outcome && last != RecordKind::hand_over_outcome) continue;
    ++cuts;
    auto left = std::vector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at));
    auto block = std::make_shared<Block>(*whole[at]);
    block->records.resize(kept);
    block->digests.clear();
    seal(*block);
    left.push_back(std::move(block));
    peer.restart(std::move(left));
    peer.now.steady += std::chrono::seconds(1);
    peer.open();  // A turn.
    EXPECT_EQ(logged(RecordKind::hand_over_outcome, ""), kRooms) << kept;
    EXPECT_EQ(logged(RecordKind::event, R"("type":"handed_over")"), kRooms) << kept;
    EXPECT_EQ(logged(RecordKind::event, R"("as":"successor")"), kRooms) << kept;
  }
  EXPECT_GE(cuts, 2);
}

}  // namespace
}  // namespace claims::server
