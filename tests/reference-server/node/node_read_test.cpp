// Read receipts: who gets them, when, and that they leave no trace in anybody's stream.

#include <gmock/gmock.h>

#include "protocol/limits.h"
#include "tests/reference-server/node/opened_room.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class NodeReadTest : public OpenedRoomTest {
 protected:
  NodeReadTest() { open_room(); }

  void read(int client, const std::string& user, int n, int seq) {
    peer.command(client, user,
                 R"({"type":"room.read","id":"1.)" + std::to_string(n) + R"(","room":"r1","seq":)" +
                     std::to_string(seq) + "}",
                 7);
  }
  static std::vector<std::string> receipts(const std::vector<Received>& received) {
    std::vector<std::string> found;
    for (const Received& one : received) {
      if (!one.topic.ends_with("/evt") || !one.payload.starts_with(R"({"type":"read",)")) continue;
      EXPECT_EQ(one.packet_id, 0) << "QoS 0";
      found.push_back(one.payload);
    }
    return found;
  }
};

TEST_F(NodeReadTest, AllSessionsOfTheMembersButTheOneThatAskedAreTold) {
  const int phone = peer.connect("gar-1", "phone");
  peer.subscribe(phone, "gar-1");
  const int stranger = peer.connect("gar-2");
  peer.subscribe(stranger, "gar-2");
  const int deaf = peer.connect("adj-1", "no-subscription");
  for (const int client : {phone, stranger, deaf}) peer.take(client);
  read(garage, "gar-1", 2, 4);
  const std::string receipt =
      R"({"type":"read","room":"r1","at":1760000000000,"user":{"id":"gar-1","name":"한빛공업사"},)"
      R"("seq":4})";
  EXPECT_THAT(receipts(peer.take(adjuster)), ElementsAre(receipt));
  EXPECT_THAT(receipts(peer.take(phone)), ElementsAre(receipt)) << "the other device keeps in step";
  EXPECT_THAT(kinds(peer.take(garage)), ElementsAre("puback 7", "reply"));
  EXPECT_THAT(peer.take(stranger), IsEmpty());
  EXPECT_THAT(peer.take(deaf), IsEmpty());
  read(garage, "gar-1", 3, 2);
  EXPECT_THAT(peer.take(adjuster), IsEmpty()) << "nothing moved";
}

TEST_F(NodeReadTest, ItDoesNotLeaveBeforeItIsDurable) {
  peer.disk_answers = false;
  read(garage, "gar-1", 2, 4);
  EXPECT_THAT(peer.take(adjuster), IsEmpty());
  peer.commit();
  EXPECT_EQ(receipts(peer.take(adjuster)).size(), 1U);
}

TEST_F(NodeReadTest, WhoIsAwayIsNotToldLater) {
  int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.subscribe(phone, "adj-1");
  peer.take(phone);
  peer.drop(phone);
  read(garage, "gar-1", 2, 4);
  peer.command(garage, "gar-1", message(3), 8);
  phone = peer.connect("adj-1", "phone", false, 3600);
  const auto received = peer.take(phone);
  EXPECT_THAT(receipts(received), IsEmpty());
  EXPECT_THAT(seqs(received), ElementsAre(5)) << "the stream goes on where it stood";
}

TEST_F(NodeReadTest, ASecondConnectionOfTheSessionIsAnother) {
  peer.disk_answers = false;
  read(garage, "gar-1", 2, 4);
  peer.drop(garage);
  garage = peer.connect("gar-1");
  peer.subscribe(garage, "gar-1");
  peer.commit();
  EXPECT_THAT(receipts(peer.take(garage)), IsEmpty())
      << "its subscription is decided behind the read";
}

TEST_F(NodeReadTest, TheCursorKnowsNothingOfIt) {
  const int phone = peer.connect("adj-1", "phone");
  peer.subscribe(phone, "adj-1");
  peer.command(garage, "gar-1", message(2), 2);
  peer.take(phone);
  const auto stands_at = [&] {
    peer.command(phone, "adj-1", R"({"type":"sync","id":"s"})", 4);
    return cursor_of(payloads(peer.take(phone), "/reply").at(0));
  };
  const std::string before = stands_at();
  read(garage, "gar-1", 3, 4);
  EXPECT_EQ(stands_at(), before);
  peer.command(garage, "gar-1", message(4), 2);
  EXPECT_THAT(seqs(peer.take(phone)), ElementsAre(6));
}

TEST_F(NodeReadTest, WhoHasNoRoomForItDoesWithout) {
  std::string text;
  for (std::size_t i = 0; i < claims::limits::kTextCharactersMax; ++i) text += "\U0001F697";
  peer.output_drains = false;
  for (int n = 2; n < 32; ++n) {
    peer.command(garage, "gar-1",
                 R"({"type":"message.send","id":"1.)" + std::to_string(n) +
                     R"(","room":"r1","text":")" + text + "\"}",
                 2);
  }
  const auto before = seqs(peer.take(adjuster));
  EXPECT_LT(before.size(), 30U) << "its output is full";
  read(garage, "gar-1", 32, 4);
  EXPECT_THAT(receipts(peer.take(adjuster)), IsEmpty());
  peer.drain_output();
  const auto after = peer.take(adjuster);
  EXPECT_THAT(receipts(after), IsEmpty()) << "never queued";
  EXPECT_EQ(before.size() + seqs(after).size(), 30U) << "events are not lost";
  read(garage, "gar-1", 33, 5);
  EXPECT_EQ(receipts(peer.take(adjuster)).size(), 1U);
}

}  // namespace
}  // namespace claims::server
