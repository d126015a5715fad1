// Sessions that outlive their connections: what is still under way when a connection ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reference-server/node/opened_room.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using NodeSessionTest = OpenedRoomTest;

constexpr const char* kPage = R"({"type":"room.messages","id":"q1","room":"r1"})";

TEST_F(NodeSessionTest, AnAnswerToAnEarlierConnectionIsNoAnswerToTheNextOne) {
  open_room();
  int phone = peer.connect("gar-1", "phone", true, 3600);
  peer.subscribe(phone, "gar-1");
  peer.disk_answers = false;
  peer.command(phone, "gar-1", R"({"type":"message.send","id":"2.1","room":"r1","text":"a"})", 9);
  peer.drop(phone);
  phone = peer.connect("gar-1", "phone", false, 3600);
  // The same packet identifier, on a command behind it.
  peer.command(phone, "gar-1", R"({"type":"message.send","id":"2.2","room":"r1","text":"b"})", 9);
  peer.commit();
  EXPECT_THAT(kinds(peer.take(phone)), IsEmpty()) << "its own position is not durable";
  peer.commit();
  EXPECT_THAT(kinds(peer.take(phone)),
              ElementsAre("connack 0 present", "puback 9", "reply", "event", "event"));
}

TEST_F(NodeSessionTest, APageReadForAnEarlierConnectionIsDropped) {
  open_room();
  int phone = peer.connect("gar-1", "phone", true, 3600);
  peer.subscribe(phone, "gar-1");
  peer.history_answers = false;
  peer.command(phone, "gar-1", kPage, 9);
  peer.drop(phone);
  phone = peer.connect("gar-1", "phone", false, 3600);
  peer.command(phone, "gar-1", kPage, 4);
  EXPECT_THAT(kinds(peer.take(phone)), IsEmpty()) << "answers leave in session order";
  peer.history_answers = true;
  peer.answer_reads();
  EXPECT_THAT(kinds(peer.take(phone)), ElementsAre("connack 0 present", "puback 4", "reply"));
}

TEST_F(NodeSessionTest, ASubackOfAnEarlierConnectionIsNotSentOnTheNextOne) {
  peer.disk_answers = false;
  int phone = peer.connect("gar-1", "phone", true, 3600);
  peer.subscribe(phone, "gar-1");
  peer.drop(phone);
  phone = peer.connect("gar-1", "phone", false, 3600);
  peer.commit();  // The session. Its subscription and the second CONNECT are on their way.
  peer.subscribe(phone, "gar-1");
  peer.commit();
  EXPECT_THAT(kinds(peer.take(phone)), ElementsAre("connack 0 present"));
  peer.commit();
  EXPECT_THAT(kinds(peer.take(phone)), ElementsAre("suback 1 0"));
}

}  // namespace
}  // namespace claims::server
