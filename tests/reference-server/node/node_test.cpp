#include "reference-server/node/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/chat/topics.h"
#include "protocol/limits.h"
#include "reference-server/limits.h"
#include "tests/reference-server/node/opened_room.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using NodeTest = OpenedRoomTest;

TEST_F(NodeTest, AnIntakeOpensARoomForBothSides) {
  EXPECT_THAT(kinds(peer.take(garage)), ElementsAre("connack 0", "suback 1 0"));
  peer.take(adjuster);
  peer.command(core, "core-01", kRegister, 1);
  peer.command(garage, "gar-1", kIntake, 7);
  const auto at_garage = peer.take(garage);
  EXPECT_THAT(kinds(at_garage),
              ElementsAre("event", "event", "event", "event", "puback 7", "reply"));
  EXPECT_THAT(seqs(at_garage), ElementsAre(1, 2, 3, 4));
  const auto at_adjuster = peer.take(adjuster);
  EXPECT_THAT(payloads(at_adjuster, "/evt"), payloads(at_garage, "/evt"));
  EXPECT_THAT(payloads(at_garage, "/reply").at(0), HasSubstr(R"("room":"r1","created":true)"));
}

TEST_F(NodeTest, NothingThatDependsOnACommandLeavesBeforeItIsDurable) {
  open_room();
  peer.disk_answers = false;
  peer.command(garage, "gar-1", message(2), 9);
  // A refusal and a read of another session were decided behind it: they wait too.
  peer.command(adjuster, "adj-1", R"({"type":"nonsense","id":"1.1"})", 3);
  EXPECT_THAT(peer.take(garage), IsEmpty());
  EXPECT_THAT(peer.take(adjuster), IsEmpty());
  peer.commit();
  EXPECT_THAT(kinds(peer.take(garage)), ElementsAre("event", "puback 9", "reply"));
  EXPECT_THAT(kinds(peer.take(adjuster)), ElementsAre("event", "puback 3", "reply"));
}

TEST_F(NodeTest, AnswersLeaveInTheOrderOfTheQuestions) {
  open_room();
  peer.disk_answers = false;
  peer.command(garage, "gar-1", message(2), 1);
  peer.command(garage, "gar-1", R"({"type":"room.messages","id":"q1","room":"r1"})", 2);
  peer.command(garage, "gar-1", R"({"type":"unread.counts","id":"q2"})", 3);
  peer.commit();
  const auto received = peer.take(garage);
  EXPECT_THAT(kinds(received),
              ElementsAre("event", "puback 1", "reply", "puback 2", "reply", "puback 3", "reply"));
  const auto replies = payloads(received, "/reply");
  EXPECT_THAT(replies.at(1), HasSubstr(R"("re":"q1")"));
  EXPECT_THAT(replies.at(1), HasSubstr(R"("seq":5)")) << "the read sees what was decided before it";
  EXPECT_THAT(replies.at(2), HasSubstr(R"("re":"q2")"));
}

TEST_F(NodeTest, APageOfLongMessagesFitsIntoAPacket) {
  open_room();
  std::string text;
  for (std::size_t i = 0; i < claims::limits::kTextCharactersMax; ++i) text += "\U0001F697";
  for (int n = 2; n < 22; ++n) {
    peer.command(garage, "gar-1",
                 R"({"type":"message.send","id":"1.)" + std::to_string(n) +
                     R"(","room":"r1","text":")" + text + "\"}",
                 2);
  }
  peer.take(garage);
  int after = 0;
  for (bool more = true; more;) {
    peer.command(garage, "gar-1",
                 R"({"type":"room.messages","id":"q","room":"r1","limit":100,"after":)" +
                     std::to_string(after) + "}",
                 2);
    const std::string page = payloads(peer.take(garage), "/reply").at(0);
    EXPECT_LT(page.size() + 100, claims::limits::kPacketBytesMax);
    const std::size_t last = page.rfind(R"("seq":)");
    ASSERT_NE(last, std::string::npos) << "nothing came, and more is said to be there";
    after = std::stoi(page.substr(last + 6));
    more = page.find(R"("more":true)") != std::string::npos;
  }
  EXPECT_EQ(after, 24);
}

TEST_F(NodeTest, ACleanSessionBeginsAtItsSuback) {
  open_room();
  const int late = peer.connect("adj-1", "phone");
  peer.subscribe(late, "adj-1");
  EXPECT_THAT(kinds(peer.take(late)), ElementsAre("connack 0", "suback 1 0"));
  peer.command(garage, "gar-1", message(2), 2);
  EXPECT_THAT(seqs(peer.take(late)), ElementsAre(5));
  EXPECT_THAT(seqs(peer.take(adjuster)), ElementsAre(5)) << "all sessions of a member get it";
}

TEST_F(NodeTest, SyncSendsAgainWhatCameLater) {
  open_room();
  peer.command(garage, "gar-1", message(2), 2);
  peer.command(garage, "gar-1", message(3), 3);
  const std::string cursor = cursor_of(payloads(peer.take(adjuster), "/evt").at(0));
  const int phone = peer.connect("adj-1", "phone");
  peer.subscribe(phone, "adj-1");
  peer.take(phone);
  peer.command(phone, "adj-1", R"({"type":"sync","id":"s1","cursor":")" + cursor + R"("})", 4);
  const auto received = peer.take(phone);
  EXPECT_THAT(kinds(received), ElementsAre("puback 4", "reply", "event"));
  EXPECT_THAT(seqs(received), ElementsAre(6));
  for (const char* wrong : {"0:999999", "x", ""}) {
    peer.command(phone, "adj-1",
                 std::string(R"({"type":"sync","id":"s2","cursor":")") + wrong + R"("})", 5);
    const auto replies = payloads(peer.take(phone), "/reply");
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_THAT(replies[0], HasSubstr(R"("ok":false)"));
  }
}

TEST_F(NodeTest, ASyncWithoutACursorTellsWhereTheSessionStands) {
  const int phone = peer.connect("adj-1", "phone");
  peer.subscribe(phone, "adj-1");
  peer.take(phone);
  peer.command(phone, "adj-1", R"({"type":"sync","id":"s1"})", 4);
  const auto asked = peer.take(phone);
  EXPECT_THAT(kinds(asked), ElementsAre("puback 4", "reply"));
  const std::string cursor = cursor_of(payloads(asked, "/reply").at(0));
  peer.drop(phone);
  open_room();  // While the phone, a clean session that never saw an event, is away.
  const int again = peer.connect("adj-1", "phone");
  peer.subscribe(again, "adj-1");
  peer.take(again);
  peer.command(again, "adj-1", R"({"type":"sync","id":"s2","cursor":")" + cursor + R"("})", 5);
  EXPECT_THAT(seqs(peer.take(again)), ElementsAre(1, 2, 3, 4));
}

TEST_F(NodeTest, APersistentSessionGetsEverythingThatCameWhileItWasAway) {
  int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.subscribe(phone, "adj-1");
  open_room();
  EXPECT_THAT(seqs(peer.take(phone)), ElementsAre(1, 2, 3, 4));
  peer.drop(phone);
  for (int n = 2; n < 202; ++n) peer.command(garage, "gar-1", message(n), 2);
  phone = peer.connect("adj-1", "phone", false, 3600);
  const auto received = peer.take(phone);
  EXPECT_EQ(received.at(0).kind, "connack 0 present");
  std::vector<int> expected;
  for (int seq = 5; seq < 205; ++seq) expected.push_back(seq);
  EXPECT_EQ(seqs(received), expected);
  peer.command(garage, "gar-1", message(202), 2);
  EXPECT_THAT(seqs(peer.take(phone)), ElementsAre(205)) << "live again";
}

TEST_F(NodeTest, WhatWasNotAcknowledgedComesAgainAfterAReconnect) {
  int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.subscribe(phone, "adj-1");
  peer.take(phone);
  peer.acknowledge = false;
  open_room();
  const auto first = peer.take(phone);
  peer.drop(phone);
  phone = peer.connect("adj-1", "phone", false, 3600);
  const auto again = peer.take(phone);
  ASSERT_EQ(again.size(), 5U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(again[i + 1].payload, first[i].payload);
    EXPECT_EQ(again[i + 1].packet_id, first[i].packet_id) << "MQTT-4.4.0-1";
    EXPECT_TRUE(again[i + 1].dup) << "MQTT-3.3.1-1";
  }
}

TEST_F(NodeTest, ASlowReaderWaitsAtItsCursorAndMissesNothing) {
  open_room();
  peer.acknowledge = false;
  std::vector<Received> received;
  for (int n = 2; n < 302; ++n) {
    peer.command(garage, "gar-1", message(n), 2);
    peer.take(garage);
  }
  received = peer.take(adjuster);
  EXPECT_EQ(received.size(), limits::kInflightMax) << "the window";
  std::vector<int> all = seqs(received);
  peer.acknowledge = true;
  while (!received.empty()) {
    for (const Received& one : received) {
      mqtt::Puback ack;
      ack.packet_id = one.packet_id;
      peer.send(adjuster, ack);
    }
    received = peer.take(adjuster);
    const auto more = seqs(received);
    all.insert(all.end(), more.begin(), more.end());
    if (all.size() >= 300) break;
  }
  std::vector<int> expected;
  for (int seq = 5; seq < 305; ++seq) expected.push_back(seq);
  EXPECT_EQ(all, expected);
}

TEST_F(NodeTest, AfterARestartEverythingAcknowledgedIsThere) {
  open_room();
  const int phone = peer.connect("adj-1", "phone", true, 3600);
  peer.subscribe(phone, "adj-1");
  peer.command(garage, "gar-1", message(2), 2);
  const std::string first_reply = payloads(peer.take(garage), "/reply").at(0);
  peer.disk_answers = false;
  peer.command(garage, "gar-1", message(3), 3);  // Never durable, never acknowledged.
  EXPECT_THAT(peer.take(garage), IsEmpty());
  peer.disk_answers = true;
  peer.restart();

  garage = peer.connect("gar-1");
  peer.subscribe(garage, "gar-1");
  peer.take(garage);
  peer.command(garage, "gar-1", message(2), 1);
  EXPECT_THAT(payloads(peer.take(garage), "/reply"), ElementsAre(first_reply))
      << "a repeated id gets the same outcome, and no second event";
  peer.command(garage, "gar-1", R"({"type":"room.messages","id":"q1","room":"r1"})", 2);
  const auto page = payloads(peer.take(garage), "/reply").at(0);
  EXPECT_THAT(page, HasSubstr(R"("as_of":{"r1":5})"));

  const int again = peer.connect("adj-1", "phone", false, 3600);
  EXPECT_EQ(peer.take(again).at(0).kind, "connack 0 present");
  peer.command(garage, "gar-1", message(3), 3);
  EXPECT_EQ(seqs(peer.take(again)).back(), 6);
}

TEST_F(NodeTest, AReplyIsDroppedWithTheConnectionThatAsked) {
  open_room();
  peer.disk_answers = false;
  peer.command(garage, "gar-1", message(2), 9);
  peer.drop(garage);
  garage = peer.connect("gar-1");
  peer.subscribe(garage, "gar-1");
  peer.commit();
  peer.disk_answers = true;
  EXPECT_THAT(payloads(peer.take(garage), "/reply"), IsEmpty());
  peer.command(garage, "gar-1", message(2), 1);
  EXPECT_THAT(payloads(peer.take(garage), "/reply").at(0), HasSubstr(R"("ok":true)"))
      << "asked again with the same id";
  EXPECT_THAT(seqs(peer.take(adjuster)), ElementsAre(5)) << "once";
}

TEST_F(NodeTest, AFailedAppendClosesAllSessionsAndRefusesNewOnes) {
  open_room();
  peer.disk_answers = false;
  peer.command(garage, "gar-1", message(2), 9);
  peer.fail_append();
  EXPECT_FALSE(peer.node->available());
  const auto received = kinds(peer.take(garage));
  ASSERT_FALSE(received.empty());
  EXPECT_EQ(received.back(), "closed");
  for (const std::string& kind : received) EXPECT_THAT(kind, testing::Not(HasSubstr("puback")));
  const int refused = peer.connect("gar-2");
  EXPECT_THAT(kinds(peer.take(refused)), ElementsAre("connack 136", "closed"));
}

TEST_F(NodeTest, TokensAreCheckedAndTopicsAreOnesOwn) {
  const auto refused = [&](const std::string& user, const std::string& password) {
    const int client = peer.open();
    mqtt::Connect connect;
    connect.client_id = "x";
    connect.username = user;
    connect.password = password;
    peer.send(client, connect);
    return kinds(peer.take(client));
  };
  EXPECT_THAT(refused("gar-1", peer.token("gar-2")), ElementsAre("connack 134", "closed"));
  EXPECT_THAT(refused("gar-1", peer.token("gar-1", -1)), ElementsAre("connack 134", "closed"));
  EXPECT_THAT(refused("nobody", peer.token("nobody")), ElementsAre("connack 134", "closed"));
  EXPECT_THAT(refused("gar-1", ""), ElementsAre("connack 134", "closed"));

  mqtt::Subscribe subscribe;
  subscribe.packet_id = 5;
  subscribe.filters = {{"aos/v1/adj-1/evt", mqtt::QoS::at_least_once},
                       {"#", mqtt::QoS::at_least_once},
                       {"aos/v1/gar-1/evt", mqtt::QoS::at_least_once}};
  peer.take(garage);
  peer.send(garage, subscribe);
  EXPECT_THAT(kinds(peer.take(garage)), ElementsAre("suback 135 135 1"));
  peer.command(garage, "adj-1", message(1), 6);
  EXPECT_THAT(kinds(peer.take(garage)), ElementsAre("puback 6")) << "5.0: reason not authorized";
  EXPECT_THAT(peer.take(adjuster).back().kind, "suback 1 0") << "no effect on the other";
}

TEST_F(NodeTest, ASessionIsDisconnectedWhenItsTokenExpires) {
  const int client = peer.open();
  mqtt::Connect connect;
  connect.client_id = "short";
  connect.username = "gar-2";
  const std::string password = peer.token("gar-2", 10);
  connect.password = password;
  peer.send(client, connect);
  EXPECT_THAT(kinds(peer.take(client)), ElementsAre("connack 0"));
  peer.now.steady += std::chrono::seconds(11);
  peer.now.wall += std::chrono::seconds(11);
  peer.node->tick(peer.now);
  peer.send_bytes(garage, "");
  EXPECT_THAT(kinds(peer.take(client)), ElementsAre("disconnect 135", "closed"));
}

TEST_F(NodeTest, RequestsWithoutAnAnswerAreBounded) {
  open_room();
  peer.disk_answers = false;
  const std::string topic = chat::command_topic("gar-1"), payload = "no json";
  peer.command(adjuster, "adj-1", R"({"type":"message.send","id":"1.1","room":"r1","text":"a"})",
               1);
  mqtt::Publish publish;
  publish.topic = topic;
  publish.payload = payload;
  for (int i = 0; i <= limits::kRequestsPerSessionMax; ++i) peer.send(garage, publish);
  EXPECT_THAT(kinds(peer.take(garage)), ElementsAre("disconnect 151", "closed"));
}

TEST_F(NodeTest, ShutDownFinishesWhatWasTakenIn) {
  open_room();
  peer.disk_answers = false;
  peer.command(garage, "gar-1", message(2), 9);
  peer.node->shut_down(peer.now);
  EXPECT_FALSE(peer.node->idle());
  peer.command(garage, "gar-1", message(3), 10);
  peer.commit();
  EXPECT_TRUE(peer.node->idle());
  EXPECT_THAT(kinds(peer.take(garage)),
              ElementsAre("event", "puback 9", "reply", "disconnect 139", "closed"));
}

}  // namespace
}  // namespace claims::server
