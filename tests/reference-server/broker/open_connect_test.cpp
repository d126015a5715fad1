// CONNECT of who is there for open topics, what the CONNACK says, and topic aliases.

#include <gtest/gtest.h>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;

mqtt::Connack connack_of(Stage& stage, const mqtt::Connect& connect) {
  Client client = stage.connects(connect);
  static std::string bytes;  // The properties are views into it.
  bytes = stage.heard.at(client.id).bytes;
  mqtt::Decoder decoder(mqtt::Decoder::Side::client, 1'024, connect.version);
  decoder.feed(bytes);
  const auto packet = decoder.next();
  return std::get<mqtt::Connack>(**packet);
}

TEST(OpenConnect, AnnouncesWhatItSupports) {  // 5.0 section 3.2.2.3
  OpenStage stage;
  const mqtt::Connack connack = connack_of(stage, open_connect(kV5, ""));
  const auto has = [&](PropertyId id) { return mqtt::find(connack.properties, id) != nullptr; };
  // Left out: QoS 2, retained messages, wildcards, identifiers and shares are there.
  EXPECT_FALSE(has(PropertyId::maximum_qos));
  EXPECT_FALSE(has(PropertyId::retain_available));
  EXPECT_FALSE(has(PropertyId::wildcard_subscription_available));
  EXPECT_FALSE(has(PropertyId::subscription_identifier_available));
  EXPECT_FALSE(has(PropertyId::shared_subscription_available));
  EXPECT_EQ(mqtt::number_or(connack.properties, PropertyId::topic_alias_maximum, 0), 3U);
  EXPECT_EQ(mqtt::number_or(connack.properties, PropertyId::receive_maximum, 0), 64U);
  EXPECT_TRUE(has(PropertyId::assigned_client_identifier));  // [MQTT-3.2.2-16]
  EXPECT_FALSE(has(PropertyId::server_keep_alive));
}

TEST(OpenConnect, TakesAnyClientId) {
  OpenStage stage;
  for (const auto version : {kV3, kV5}) {
    Client client = stage.opens(version);
    client.says(open_connect(version, "손님 #1/+"));
    EXPECT_EQ(client.hears(), Lines{"CONNACK 0x00"});
    Client lengthy = stage.opens(version);
    const std::string id(257, 'x');
    lengthy.says(open_connect(version, id));
    EXPECT_EQ(lengthy.hears(), (Lines{"CONNACK 0x85", "closed"}));
  }
}

TEST(OpenConnect, TakesTheOneLongestAwayWhenFull) {
  BrokerConfig config = open_config();
  config.open_topics.sessions_max = 2;
  OpenStage stage(config);
  stage.connects(open_connect(kV5, "a", 100)).hangs_up();
  stage.passes(Microseconds{1});
  stage.connects(open_connect(kV5, "b", 100));
  Client c = stage.connects(open_connect(kV5, "c", 100));
  EXPECT_EQ(stage.broker.counters().sessions, 2U);
  EXPECT_FALSE(stage.broker.find({"", "a"}).has_value());
  Client d = stage.opens(kV5);
  d.says(open_connect(kV5, "d"));
  EXPECT_EQ(d.hears(), (Lines{"CONNACK 0x97", "closed"}));
  c.hangs_up();
  Client e = stage.opens(kV5);
  e.says(open_connect(kV5, "e"));
  EXPECT_EQ(e.hears(), Lines{"CONNACK 0x00"});
}

TEST(OpenConnect, ShortensTheKeepAlive) {  // [MQTT-3.1.2-21], [MQTT-3.2.2-21]
  BrokerConfig config = open_config();
  config.server_keep_alive_s = 60;
  OpenStage stage(config);
  const auto told = [&](std::uint16_t asked) {
    mqtt::Connect connect = open_connect(kV5, "a");
    connect.keep_alive_s = asked;
    return mqtt::number_or(connack_of(stage, connect).properties, PropertyId::server_keep_alive, 0);
  };
  EXPECT_EQ(told(120), 60U);
  EXPECT_EQ(told(0), 60U);
  EXPECT_EQ(told(30), 0U);
  mqtt::Connect silent = open_connect(kV5, "silent");
  Client client = stage.connects(silent);
  stage.passes(Microseconds{90'000'000});
  EXPECT_EQ(client.hears(), (Lines{"DISCONNECT 0x8D", "closed"}));
  mqtt::Connect old = open_connect(kV3, "old");
  Client third = stage.connects(old);
  stage.passes(Microseconds{900'000'000});
  EXPECT_EQ(third.hears(), Lines{});
}

class OpenAliases : public testing::Test {
 protected:
  static mqtt::Properties alias(std::uint32_t number) {
    return {{.id = PropertyId::topic_alias, .number = number}};
  }
  static mqtt::Connect taking(std::uint32_t maximum) {
    mqtt::Connect connect = open_connect(kV5, "alice", 100);
    connect.properties.push_back({.id = PropertyId::topic_alias_maximum, .number = maximum});
    return connect;
  }
  OpenStage stage;
  Client bob = stage.connects(open_connect(kV5, "bob"));
};

TEST_F(OpenAliases, StandForTheirTopic) {  // section 3.3.2.3.4
  Client alice = stage.connects(open_connect(kV5, "alice"));
  alice.subscribes(1, "#", QoS::at_most_once);
  alice.hears();
  bob.publishes_open("a", "1", QoS::at_most_once, false, alias(3));
  bob.publishes_open("", "2", QoS::at_most_once, false, alias(3));
  bob.publishes_open("b", "3", QoS::at_most_once, false, alias(3));
  bob.publishes_open("", "4", QoS::at_most_once, false, alias(3));
  EXPECT_EQ(alice.hears(), (Lines{"PUBLISH qos0 a 1", "PUBLISH qos0 a 2", "PUBLISH qos0 b 3",
                                  "PUBLISH qos0 b 4"}));
}

TEST_F(OpenAliases, EndWithTheirConnection) {  // [MQTT-3.3.2-7]
  bob.publishes_open("a", "1", QoS::at_most_once, false, alias(1));
  Client again = stage.connects(open_connect(kV5, "bob"));
  again.publishes_open("", "2", QoS::at_most_once, false, alias(1));
  EXPECT_EQ(again.hears(), (Lines{"DISCONNECT 0x82", "closed"}));
}

TEST_F(OpenAliases, BeyondTheMaximumEndTheConnection) {  // [MQTT-3.3.2-9]: 0x94
  bob.publishes_open("a", "1", QoS::at_most_once, false, alias(4));
  EXPECT_EQ(bob.hears(), (Lines{"DISCONNECT 0x94", "closed"}));
}

TEST_F(OpenAliases, AreSetTowardsWhoTakesThem) {  // [MQTT-3.1.2-26], [MQTT-3.1.2-27]
  Client alice = stage.connects(taking(2));
  alice.subscribes(1, "#", QoS::at_least_once);
  alice.hears();
  for (const char* topic : {"a", "a", "b", "c", "b"}) bob.publishes_open(topic, "x");
  EXPECT_EQ(alice.hears(),
            (Lines{"PUBLISH qos0 a x alias=1", "PUBLISH qos0  x alias=1",
                   "PUBLISH qos0 b x alias=2", "PUBLISH qos0 c x", "PUBLISH qos0  x alias=2"}));
  // What is sent again on another connection says its topic anew.
  bob.publishes_open("a", "y", QoS::at_least_once);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #32768  y alias=1"});
  alice.hangs_up();
  Client back = stage.opens(kV5);
  back.says(taking(9));
  EXPECT_EQ(back.hears(), (Lines{"CONNACK 0x00 present", "PUBLISH #32768 dup a y alias=1"}));
}

TEST_F(OpenAliases, OfAPacketThatIsNotSentAreNotUsed) {
  mqtt::Connect connect = taking(2);
  connect.properties.push_back({.id = PropertyId::maximum_packet_size, .number = 60});
  Client alice = stage.connects(connect);
  alice.subscribes(1, "#", QoS::at_most_once);
  alice.hears();
  bob.publishes_open("a", std::string(100, 'x'));
  bob.publishes_open("a", "x");
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH qos0 a x alias=1"});
}

}  // namespace
}  // namespace claims::server
