// Open topics beside the chat: who is let in, and that neither hears of the other.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reference-server/node/opened_room.h"

namespace claims::server {
namespace {

using mqtt::QoS;
using testing::ElementsAre;
using testing::IsEmpty;

int enter(NodePeer& peer, std::string_view client_id, const char* user = nullptr) {
  const int client = peer.open();
  mqtt::Connect connect;
  connect.client_id = client_id;
  connect.properties.push_back({.id = mqtt::PropertyId::session_expiry_interval, .number = 3'600});
  connect.clean_start = false;
  if (user != nullptr) connect.username = user;
  peer.send(client, connect);
  return client;
}

void subscribe(NodePeer& peer, int client, std::string_view filter) {
  peer.send(client, mqtt::Subscribe{
                        1, {mqtt::TopicFilter{.filter = filter, .qos = QoS::at_least_once}}, {}});
}

void publish(NodePeer& peer, int client, std::string_view topic, std::string_view payload,
             QoS qos) {
  mqtt::Publish publish{.topic = topic, .payload = payload, .qos = qos};
  if (qos != QoS::at_most_once) publish.packet_id = 7;
  peer.send(client, publish);
}

TEST(NodeOpenTopics, AreClosedUnlessOpened) {
  NodePeer peer;
  const int client = enter(peer, "guest");
  EXPECT_THAT(kinds(peer.take(client)), ElementsAre("connack 134", "closed"));
}

TEST(NodeOpenTopics, TakeNoWrongNameForNone) {
  NodePeer peer(1, true);
  EXPECT_THAT(kinds(peer.take(enter(peer, "pc", "gar-1"))), ElementsAre("connack 134", "closed"));
  EXPECT_THAT(kinds(peer.take(enter(peer, "pc", ""))), ElementsAre("connack 134", "closed"));
  EXPECT_THAT(kinds(peer.take(enter(peer, "a guest"))), ElementsAre("connack 0"));
}

TEST(NodeOpenTopics, KeepChatAndGuestsApart) {
  NodePeer peer(1, true);
  const int core = peer.connect("core-01"), garage = peer.connect("gar-1");
  peer.subscribe(garage, "gar-1");
  const int guest = enter(peer, "guest");
  subscribe(peer, guest, "#");
  subscribe(peer, guest, "aos/v1/gar-1/evt");
  const std::size_t blocks = peer.log().size();
  publish(peer, guest, "aos/v1/gar-1/cmd", kIntake, QoS::at_least_once);
  publish(peer, guest, "plain", "hello", QoS::at_least_once);
  EXPECT_THAT(kinds(peer.take(guest)),
              ElementsAre("connack 0", "suback 1", "suback 135", "puback 7", "event", "puback 7"));
  EXPECT_EQ(peer.log().size(), blocks) << "what guests do is in no log";
  peer.command(core, "core-01", kRegister, 1);
  peer.command(garage, "gar-1", kIntake, 2);
  EXPECT_EQ(seqs(peer.take(garage)).size(), 4U);
  EXPECT_THAT(kinds(peer.take(guest)), IsEmpty());
  // A user may use both.
  publish(peer, garage, "plain", "hello", QoS::at_most_once);
  EXPECT_EQ(peer.take(guest).at(0).payload, "hello");
}

TEST(NodeOpenTopics, AnswerACommandOfQos2WhenItIsDurable) {
  NodePeer peer(1, true);
  const int core = peer.connect("core-01");
  peer.subscribe(core, "core-01");
  peer.take(core);
  peer.disk_answers = false;
  publish(peer, core, "aos/v1/core-01/cmd", kRegister, QoS::exactly_once);
  EXPECT_THAT(kinds(peer.take(core)), IsEmpty());
  peer.commit();
  EXPECT_THAT(kinds(peer.take(core)), ElementsAre("pubrec 7", "reply"));
  publish(peer, core, "aos/v1/core-01/cmd", kRegister, QoS::exactly_once);
  EXPECT_THAT(kinds(peer.take(core)), ElementsAre("pubrec 7")) << "the same message";
}

TEST(NodeOpenTopics, AreGoneAfterARestart) {
  NodePeer peer(1, true);
  enter(peer, "guest");
  EXPECT_THAT(kinds(peer.take(enter(peer, "guest"))), ElementsAre("connack 0 present"));
  peer.restart();
  EXPECT_THAT(kinds(peer.take(enter(peer, "guest"))), ElementsAre("connack 0"));
}

}  // namespace
}  // namespace claims::server
