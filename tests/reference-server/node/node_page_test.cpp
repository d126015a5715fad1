// Reads that need rows: searches and histories are answered in the order in which they were asked,
// and what was deleted does not come again.

#include <gmock/gmock.h>

#include "tests/reference-server/node/opened_room.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class NodePageTest : public OpenedRoomTest {
 protected:
  NodePageTest() { open_room(); }
  void ask(int client, const std::string& user, const std::string& json, int packet_id) {
    peer.command(client, user, json, static_cast<std::uint16_t>(packet_id));
  }
};

TEST_F(NodePageTest, AnswersComeInTheOrderOfTheQuestions) {
  ask(garage, "gar-1", R"({"type":"message.send","id":"1.2","room":"r1","text":"뒤범퍼교환견적"})",
      7);
  for (const int client : {garage, adjuster}) peer.take(client);
  peer.history_answers = false;
  ask(adjuster, "adj-1", R"({"type":"message.search","id":"q-1","text":"범퍼"})", 8);
  ask(adjuster, "adj-1", R"({"type":"history.list","id":"q-2","receipt":"2026-0000001"})", 9);
  ask(adjuster, "adj-1", R"({"type":"unread.counts","id":"q-3"})", 10);
  EXPECT_THAT(peer.take(adjuster), IsEmpty());
  peer.history_answers = true;
  peer.answer_reads();
  const auto replies = payloads(peer.take(adjuster), "/reply");
  ASSERT_EQ(replies.size(), 3U);
  EXPECT_THAT(replies[0], HasSubstr(R"("re":"q-1","ok":true,"result":{"hits":[{"room":"r1",)"));
  EXPECT_THAT(replies[1], HasSubstr(R"("re":"q-2","ok":true,"result":{"events":[{)"));
  EXPECT_THAT(replies[2], HasSubstr(R"("re":"q-3")"));
}

TEST_F(NodePageTest, ASearchSeesWhatWasDecidedBeforeIt) {
  peer.disk_answers = false;
  ask(garage, "gar-1", R"({"type":"message.send","id":"1.2","room":"r1","text":"급한 말"})", 7);
  ask(garage, "gar-1", R"({"type":"message.search","id":"q-1","text":"급한"})", 8);
  EXPECT_THAT(payloads(peer.take(garage), "/reply"), IsEmpty());
  peer.commit();
  const auto replies = payloads(peer.take(garage), "/reply");
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_THAT(replies[1], HasSubstr("급한 말"));
}

TEST_F(NodePageTest, ADeletedMessageComesAgainAsATombstone) {
  int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.subscribe(phone, "adj-1");
  peer.take(phone);
  peer.drop(phone);
  ask(garage, "gar-1", R"({"type":"message.send","id":"1.2","room":"r1","text":"지울 말"})", 7);
  ask(garage, "gar-1", R"({"type":"message.delete","id":"1.3","room":"r1","seq":5})", 8);
  phone = peer.connect("adj-1", "phone", false, 3600);
  const auto received = peer.take(phone);
  EXPECT_THAT(seqs(received), ElementsAre(5, 6));
  const auto events = payloads(received, "/evt");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_THAT(events[0], HasSubstr(R"("body":{"deleted":true},"cursor":)"));
  EXPECT_THAT(events[1], HasSubstr(R"("type":"message_deleted")"));
  EXPECT_THAT(events[1], Not(HasSubstr("지울")));
}

}  // namespace
}  // namespace claims::server
