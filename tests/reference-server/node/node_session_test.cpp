// Sessions that outlive their connections: what is still under way when a connection ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference-server/limits.h"
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
  EXPECT_THAT(kinds(peer.take(phone)), ElementsAre("connack 0 present"));
  peer.history_answers = true;
  peer.answer_reads();
  EXPECT_THAT(kinds(peer.take(phone)), ElementsAre("puback 4", "reply"));
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

TEST_F(NodeSessionTest, WhatWaitedBehindAPageReadOfAnEarlierConnectionIsDroppedToo) {
  open_room();
  int phone = peer.connect("gar-1", "phone", true, 3600);
  peer.subscribe(phone, "gar-1");
  peer.history_answers = false;
  peer.command(phone, "gar-1", kPage, 9);
  peer.command(phone, "gar-1", R"({"type":"unread.counts","id":"q2"})", 10);
  peer.drop(phone);
  phone = peer.connect("gar-1", "phone", false, 3600);
  peer.history_answers = true;
  peer.answer_reads();
  EXPECT_THAT(kinds(peer.take(phone)), ElementsAre("connack 0 present"));
}

TEST_F(NodeSessionTest, HoweverOftenASessionAsksOneReadOfItsStreamIsOut) {
  open_room();
  peer.history_answers = false;
  for (int i = 0; i < 100; ++i) {
    peer.command(adjuster, "adj-1", R"({"type":"sync","id":"s","cursor":"0:0"})", 4);
  }
  EXPECT_EQ(peer.reads_out(), 1U);
  peer.take(adjuster);
  peer.history_answers = true;
  peer.answer_reads();
  EXPECT_THAT(seqs(peer.take(adjuster)), ElementsAre(1, 2, 3, 4));
}

TEST_F(NodeSessionTest, ReadsThatAreOutAreBoundedForEachUserAlsoAcrossSessions) {
  open_room();
  peer.history_answers = false;
  for (std::size_t i = 0; i < limits::kReadsPerUserMax; ++i) {
    const int phone = peer.connect("gar-1", "phone");
    EXPECT_THAT(kinds(peer.take(phone)), ElementsAre("connack 0"));
    peer.command(phone, "gar-1", kPage, 1);
    peer.drop(phone);
  }
  EXPECT_THAT(kinds(peer.take(peer.connect("gar-1", "phone"))),
              ElementsAre("connack 137", "closed"));
  EXPECT_THAT(kinds(peer.take(peer.connect("adj-1", "phone"))), ElementsAre("connack 0"));
  peer.answer_reads();
  EXPECT_THAT(kinds(peer.take(peer.connect("gar-1", "phone"))), ElementsAre("connack 0"));
}

TEST_F(NodeSessionTest, AfterARestartEventsBeginAtTheLastSubscription) {
  open_room();
  int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.subscribe(phone, "adj-1");
  peer.command(garage, "gar-1", message(2), 2);
  mqtt::Unsubscribe unsubscribe;
  unsubscribe.packet_id = 2;
  unsubscribe.filters = {"aos/v1/adj-1/evt"};
  peer.send(phone, unsubscribe);
  peer.command(garage, "gar-1", message(3), 3);
  peer.subscribe(phone, "adj-1");
  peer.command(garage, "gar-1", message(4), 4);
  EXPECT_THAT(seqs(peer.take(phone)), ElementsAre(5, 7));
  peer.restart();
  phone = peer.connect("adj-1", "phone", false, 3600);
  EXPECT_THAT(seqs(peer.take(phone)), ElementsAre(7)) << "6 was not subscribed to";
}

TEST_F(NodeSessionTest, ASessionThatBecameCleanIsGoneAfterARestart) {
  int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.subscribe(phone, "adj-1");
  peer.drop(phone);
  phone = peer.connect("adj-1", "phone", false, 0);
  EXPECT_EQ(peer.take(phone).at(0).kind, "connack 0 present");
  peer.restart();
  phone = peer.connect("adj-1", "phone", false, 3600);
  EXPECT_THAT(kinds(peer.take(phone)), ElementsAre("connack 0"));
}

TEST_F(NodeSessionTest, TheExpiryOfADisconnectIsKeptOverARestart) {
  int phone = peer.connect("adj-1", "phone", true, 3600);
  mqtt::Disconnect disconnect;
  disconnect.properties.push_back({mqtt::PropertyId::session_expiry_interval, 10});
  peer.send(phone, disconnect);
  peer.restart();
  peer.node->tick(peer.now);  // From here on it counts.
  peer.now.steady += std::chrono::seconds(11);
  peer.node->tick(peer.now);
  phone = peer.connect("adj-1", "phone", false, 3600);
  EXPECT_THAT(kinds(peer.take(phone)), ElementsAre("connack 0"));
}

TEST_F(NodeSessionTest, AReconnectWithoutNewsIsNotLogged) {
  int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.drop(phone);
  const std::size_t blocks = peer.log().size();
  phone = peer.connect("adj-1", "phone", false, 3600);
  EXPECT_EQ(peer.take(phone).at(0).kind, "connack 0 present");
  EXPECT_EQ(peer.log().size(), blocks);
}

TEST_F(NodeSessionTest, WhatACrashSendsAgainIsBounded) {
  open_room();
  int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.subscribe(phone, "adj-1");
  for (int n = 2; n < 1'002; ++n) {
    peer.command(garage, "gar-1", message(n), 2);
    peer.take(garage);
  }
  EXPECT_EQ(seqs(peer.take(phone)).size(), 1'000U);
  peer.restart();
  phone = peer.connect("adj-1", "phone", false, 3600);
  const std::vector<int> again = seqs(peer.take(phone));
  EXPECT_LE(again.size(), limits::kCursorLag);
  if (!again.empty()) {
    EXPECT_EQ(again.back(), 1'004);
  }
}

/// Found in virtual time: mixed.json, scale=ci, everything.json, seed 77.
TEST_F(NodeSessionTest, WhereASyncPutAKeptSessionSurvivesACrash) {
  open_room();
  int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.subscribe(phone, "adj-1");  // Its events begin after the four of the room.
  peer.command(phone, "adj-1", R"({"type":"sync","id":"s","cursor":"0:0"})", 4);
  peer.acknowledge = false;
  EXPECT_THAT(seqs(peer.take(phone)), ElementsAre(1, 2, 3, 4));
  peer.restart();
  phone = peer.connect("adj-1", "phone", false, 3600);
  EXPECT_THAT(seqs(peer.take(phone)), ElementsAre(1, 2, 3, 4));
}

TEST_F(NodeSessionTest, AfterASyncEarlierCopiesAcknowledgeNothing) {
  open_room();
  int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.subscribe(phone, "adj-1");
  peer.acknowledge = false;
  peer.command(garage, "gar-1", message(2), 2);
  const auto early = peer.take(phone);
  ASSERT_THAT(seqs(early), ElementsAre(5));
  peer.command(phone, "adj-1", R"({"type":"sync","id":"s","cursor":"0:0"})", 4);
  const auto anew = peer.take(phone);
  ASSERT_THAT(seqs(anew), ElementsAre(1, 2, 3, 4, 5));
  // All but the last, which was taken in before as well.
  for (const Received& one : anew) {
    const auto seq = seqs({one});
    if (seq.empty() || seq.front() == 5) continue;
    peer.send(phone, mqtt::Puback{{one.packet_id}});
  }
  for (const Received& one : early) {
    if (one.packet_id != 0) peer.send(phone, mqtt::Puback{{one.packet_id}});
  }
  peer.drop(phone);
  phone = peer.connect("adj-1", "phone", false, 3600);
  EXPECT_THAT(seqs(peer.take(phone)), ElementsAre(5));
}

TEST_F(NodeSessionTest, ASyncOfAKeptSessionIsAnsweredWhenItIsDurable) {
  int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.subscribe(phone, "adj-1");
  peer.take(phone);
  peer.disk_answers = false;
  peer.command(phone, "adj-1", R"({"type":"sync","id":"s","cursor":"0:0"})", 4);
  EXPECT_THAT(kinds(peer.take(phone)), IsEmpty());
  peer.commit();
  EXPECT_THAT(kinds(peer.take(phone)), ElementsAre("puback 4", "reply"));
}

TEST_F(NodeSessionTest, ShutDownDoesNotWaitForSessionsThatCatchUp) {
  open_room();
  for (int n = 2; n < 202; ++n) peer.command(garage, "gar-1", message(n), 2);
  peer.take(adjuster);
  peer.history_answers = false;
  peer.command(adjuster, "adj-1", R"({"type":"sync","id":"s","cursor":"0:0"})", 4);
  peer.node->shut_down(peer.now);
  EXPECT_FALSE(peer.node->idle());
  peer.answer_reads();
  EXPECT_EQ(peer.reads_out(), 0U);
  EXPECT_TRUE(peer.node->idle());
}

}  // namespace
}  // namespace claims::server
