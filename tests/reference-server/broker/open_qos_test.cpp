// Open topics: the flows of QoS 1 and 2 in both directions, windows, and what survives a
// connection.

#include <gtest/gtest.h>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;
using mqtt::ReasonCode;

class OpenQos : public testing::TestWithParam<mqtt::Version> {
 protected:
  mqtt::Version version() const { return GetParam(); }
  bool v5() const { return GetParam() == kV5; }
  Lines ended(const char* disconnect) const {
    return v5() ? Lines{disconnect, "closed"} : Lines{"closed"};
  }
  /// A kept session "alice" with a subscription to everything at QoS 2.
  Client kept() {
    Client client = stage.connects(open_connect(version(), "alice", 100));
    client.subscribes(1, "#", QoS::exactly_once);
    client.hears();
    return client;
  }
  Client again() {
    Client client = stage.opens(version());
    client.says(open_connect(version(), "alice", 100));
    return client;
  }
  void publish(std::string_view topic, std::string_view payload, QoS qos) {
    bob.publishes_open(topic, payload, qos, false, {}, ++last_id);
    if (qos == QoS::exactly_once) bob.releases(last_id);
    bob.hears();
  }
  static BrokerConfig small() {
    BrokerConfig config = open_config();
    config.inflight_max = 3;
    config.receive_maximum = 4;
    config.open_topics.queue_messages_max = 5;
    return config;
  }
  std::uint16_t last_id = 0;
  OpenStage stage{small()};
  Client bob = stage.connects(open_connect(GetParam(), "bob"));
};
INSTANTIATE_TEST_SUITE_P(Versions, OpenQos, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(OpenQos, TakesAQos2PublishOnce) {  // [MQTT-4.3.3-2], 5.0 [MQTT-4.3.3-8] to [-12]
  Client alice = kept();
  bob.publishes_open("a", "x", QoS::exactly_once, false, {}, 5);
  mqtt::Publish copy{
      .topic = "a", .payload = "x", .qos = QoS::exactly_once, .dup = true, .packet_id = 5};
  bob.says(copy);
  EXPECT_EQ(bob.hears(), (Lines{"PUBREC #5 0x00", "PUBREC #5 0x00"}));
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #32768 qos2 a x"});
  bob.releases(5);
  bob.releases(5);
  EXPECT_EQ(bob.hears(), (Lines{"PUBCOMP #5 0x00", v5() ? "PUBCOMP #5 0x92" : "PUBCOMP #5 0x00"}));
  bob.publishes_open("a", "another", QoS::exactly_once, false, {}, 5);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #32769 qos2 a another"});
}

TEST_P(OpenQos, TakesItOnceOverTwoConnections) {  // [MQTT-4.4.0-1], section 4.1
  Client alice = kept();
  Client carol = stage.connects(open_connect(version(), "carol", 100));
  carol.publishes_open("a", "x", QoS::exactly_once, false, {}, 5);
  carol.hangs_up();
  carol = stage.opens(version());
  carol.says(open_connect(version(), "carol", 100));
  mqtt::Publish copy{
      .topic = "a", .payload = "x", .qos = QoS::exactly_once, .dup = true, .packet_id = 5};
  carol.says(copy);
  carol.releases(5);
  EXPECT_EQ(carol.hears(), (Lines{"CONNACK 0x00 present", "PUBREC #5 0x00", "PUBCOMP #5 0x00"}));
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #32768 qos2 a x"});
}

TEST_P(OpenQos, ForgetsThePacketIdentifierWithACleanSession) {
  Client alice = kept();
  bob.publishes_open("a", "x", QoS::exactly_once, false, {}, 5);
  bob.hangs_up();
  bob = stage.connects(open_connect(version(), "bob"));
  bob.publishes_open("a", "y", QoS::exactly_once, false, {}, 5);
  EXPECT_EQ(alice.hears(), (Lines{"PUBLISH #32768 qos2 a x", "PUBLISH #32769 qos2 a y"}));
}

TEST_P(OpenQos, DeliversQos2InTwoSteps) {  // [MQTT-4.3.3-1], 5.0 [MQTT-4.3.3-3] to [-7]
  Client alice = kept();
  publish("a", "x", QoS::exactly_once);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #32768 qos2 a x"});
  alice.receives(32'768);
  alice.receives(32'768);
  EXPECT_EQ(alice.hears(), (Lines{"PUBREL #32768 0x00", "PUBREL #32768 0x00"}));
  alice.completes(32'768);
  alice.completes(32'768);
  alice.receives(32'768);
  EXPECT_EQ(alice.hears(), Lines{v5() ? "PUBREL #32768 0x92" : "PUBREL #32768 0x00"});
}

TEST_P(OpenQos, SendsAgainOnReconnectAlone) {  // [MQTT-4.4.0-1], [MQTT-3.3.1-1], [MQTT-4.6.0-1]
  Client alice = kept();
  publish("a", "1", QoS::at_least_once);
  publish("a", "2", QoS::exactly_once);
  publish("a", "3", QoS::exactly_once);
  alice.receives(32'769);
  EXPECT_EQ(alice.hears(), (Lines{"PUBLISH #32768 a 1", "PUBLISH #32769 qos2 a 2",
                                  "PUBLISH #32770 qos2 a 3", "PUBREL #32769 0x00"}));
  stage.passes(Microseconds{60'000'000});
  EXPECT_EQ(alice.hears(), Lines{});
  alice.hangs_up();
  publish("a", "4", QoS::at_least_once);
  publish("a", "0", QoS::at_most_once);
  Client back = again();
  EXPECT_EQ(back.hears(), (Lines{"CONNACK 0x00 present", "PUBLISH #32768 dup a 1",
                                 "PUBREL #32769 0x00", "PUBLISH #32770 dup qos2 a 3"}));
  back.acknowledges(32'768);
  EXPECT_EQ(back.hears(), Lines{"PUBLISH #32771 a 4"});
  back.completes(32'769);
  back.receives(32'770);
  back.completes(32'770);
  back.acknowledges(32'771);
  EXPECT_EQ(back.hears(), Lines{"PUBREL #32770 0x00"});
  back.hangs_up();
  EXPECT_EQ(again().hears(), Lines{"CONNACK 0x00 present"});
  EXPECT_EQ(stage.broker.counters().queued_bytes, 0U);
}

TEST_P(OpenQos, SendsNothingAgainAfterACleanStart) {  // [MQTT-3.1.2-6], 5.0 [MQTT-3.1.2-4]
  Client alice = kept();
  publish("a", "1", QoS::at_least_once);
  alice.hangs_up();
  publish("a", "2", QoS::at_least_once);
  Client clean = stage.opens(version());
  clean.says(open_connect(version(), "alice"));
  EXPECT_EQ(clean.hears(), Lines{"CONNACK 0x00"});
  EXPECT_EQ(stage.broker.counters().queued_bytes, 0U);
  EXPECT_EQ(stage.broker.counters().open_subscriptions, 0U);
}

TEST_P(OpenQos, WaitsBehindTheWindow) {  // 5.0 [MQTT-3.3.4-9], section 4.9
  Client alice = kept();
  for (const char* text : {"1", "2", "3", "4", "5"}) publish("a", text, QoS::at_least_once);
  publish("a", "0", QoS::at_most_once);  // No window holds it up [MQTT-3.3.4-10].
  EXPECT_EQ(alice.hears(), (Lines{"PUBLISH #32768 a 1", "PUBLISH #32769 a 2", "PUBLISH #32770 a 3",
                                  "PUBLISH qos0 a 0"}));
  alice.acknowledges(32'769);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #32771 a 4"});
  alice.acknowledges(32'768);
  alice.acknowledges(32'770);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #32772 a 5"});
}

TEST_P(OpenQos, DropsWhatTheQueueHasNoRoomFor) {
  Client alice = kept();
  for (int i = 1; i <= 9; ++i) publish("a", std::to_string(i), QoS::at_least_once);
  EXPECT_EQ(stage.broker.counters().messages_dropped_total, 1U);
  alice.hears();
  for (std::uint16_t id = 0; id < 8; ++id) {
    alice.acknowledges(static_cast<std::uint16_t>(32'768 + id));
  }
  EXPECT_EQ(alice.hears().back(), "PUBLISH #32775 a 8");
}

TEST_P(OpenQos, HoldsQos0BackFromASlowClient) {
  BrokerConfig config = small();
  config.output_bytes_max = 1'000;
  OpenStage slow(config);
  Client reader = slow.connects(open_connect(version(), "reader"));
  reader.subscribes(1, "a", QoS::at_most_once);
  reader.hears();
  slow.slow = true;
  const std::string text(600, 'x');
  for (int i = 0; i < 9; ++i) reader.publishes_open("a", text);
  EXPECT_EQ(reader.hears().size(), 2U);
  slow.writes(reader.id);
  EXPECT_EQ(reader.hears().size(), 2U);
  slow.writes(reader.id);
  slow.slow = false;
  slow.drain();
  slow.writes(reader.id);
  EXPECT_EQ(slow.broker.counters().messages_dropped_total, 2U);
}

TEST_P(OpenQos, TakesAWrongAnswerForAProtocolError) {
  Client alice = kept();
  publish("a", "2", QoS::exactly_once);
  alice.hears();
  alice.acknowledges(32'768);
  EXPECT_EQ(alice.hears(), ended("DISCONNECT 0x82"));
  Client back = again();
  back.hears();
  back.completes(32'768);
  EXPECT_EQ(back.hears(), ended("DISCONNECT 0x82"));
  publish("a", "1", QoS::at_least_once);
  Client third = again();
  third.receives(32'769);
  EXPECT_EQ(third.hears().back(), "closed");
}

TEST_P(OpenQos, CarriesAHandledPublishOfQos2Once) {
  Client user = stage.connects(clean_connect(version()));
  stage.handler.calls();
  stage.handler.acknowledges = false;
  user.publishes_open(kCommands, "{}", QoS::exactly_once, false, {}, 5);
  user.publishes_open("a", "x", QoS::at_least_once, false, {}, 6);
  EXPECT_EQ(user.hears(), Lines{});  // Answers keep their order [MQTT-4.6.0-2].
  stage.broker.acknowledge(stage.handler.last_attached, 5, ReasonCode::success);
  EXPECT_EQ(user.hears(), (Lines{"PUBREC #5 0x00", v5() ? "PUBACK #6 0x10" : "PUBACK #6 0x00"}));
  mqtt::Publish copy{
      .topic = kCommands, .payload = "{}", .qos = QoS::exactly_once, .dup = true, .packet_id = 5};
  user.says(copy);
  user.releases(5);
  EXPECT_EQ(user.hears(), (Lines{"PUBREC #5 0x00", "PUBCOMP #5 0x00"}));
  EXPECT_EQ(stage.handler.calls(), Lines{"published s2 #5 {}"});
}

TEST_P(OpenQos, KnowsWhoSentWhatByItsClientId) {
  Client user = stage.connects(clean_connect(version(), "alice"));
  Client other = kept();  // The same client id without a user is another session.
  EXPECT_EQ(user.hears(), Lines{});
  EXPECT_EQ(stage.broker.counters().sessions, 3U);
  Client taking = again();
  EXPECT_EQ(other.hears(), ended("DISCONNECT 0x8E"));  // [MQTT-3.1.4-3]
  EXPECT_EQ(taking.hears(), Lines{"CONNACK 0x00 present"});
}

class OpenQos5 : public testing::Test {
 protected:
  static BrokerConfig small() {
    BrokerConfig config = open_config();
    config.receive_maximum = 2;
    return config;
  }
  OpenStage stage{small()};
  Client bob = stage.connects(open_connect(kV5, "bob", 100));
};

TEST_F(OpenQos5, EndsWhoSendsMoreThanTheReceiveMaximum) {  // [MQTT-3.3.4-7]: 0x93
  bob.publishes_open("a", "x", QoS::exactly_once, false, {}, 1);
  bob.publishes_open("a", "x", QoS::exactly_once, false, {}, 2);
  bob.releases(1);
  bob.publishes_open("a", "x", QoS::exactly_once, false, {}, 3);
  EXPECT_EQ(bob.hears().size(), 4U);
  bob.publishes_open("a", "x", QoS::at_most_once);
  EXPECT_EQ(bob.hears(), Lines{});
  bob.publishes_open("a", "x", QoS::at_least_once, false, {}, 4);
  EXPECT_EQ(bob.hears(), (Lines{"DISCONNECT 0x93", "closed"}));
  // Each connection begins anew (section 4.9), and what was taken in is known.
  Client back = stage.connects(open_connect(kV5, "bob", 100));
  back.publishes_open("a", "x", QoS::at_least_once, false, {}, 4);
  back.releases(2);
  back.releases(3);
  EXPECT_EQ(back.hears(), (Lines{"PUBACK #4 0x10", "PUBCOMP #2 0x00", "PUBCOMP #3 0x00"}));
}

TEST_F(OpenQos5, KeepsToTheReceiveMaximumOfTheClient) {  // [MQTT-3.3.4-9]
  mqtt::Connect connect = open_connect(kV5, "alice", 100);
  connect.properties.push_back({.id = PropertyId::receive_maximum, .number = 1});
  Client alice = stage.connects(connect);
  alice.subscribes(1, "a", QoS::exactly_once);
  for (std::uint16_t id = 1; id <= 3; ++id) {
    bob.publishes_open("a", "x", QoS::at_least_once, false, {}, id);
  }
  EXPECT_EQ(alice.hears(), (Lines{"SUBACK #1 0x02", "PUBLISH #32768 a x"}));
  alice.hangs_up();
  Client back = stage.connects(connect);
  back.acknowledges(32'768);
  EXPECT_EQ(back.hears(), Lines{"PUBLISH #32769 a x"});
}

TEST_F(OpenQos5, EndsADeliveryThatTheClientRefuses) {  // [MQTT-4.3.3-4], [MQTT-4.4.0-2]
  Client alice = stage.connects(open_connect(kV5, "alice", 100));
  alice.subscribes(1, "a", QoS::exactly_once);
  bob.publishes_open("a", "x", QoS::exactly_once, false, {}, 1);
  alice.hears();
  alice.receives(32'768, ReasonCode::unspecified_error);
  EXPECT_EQ(alice.hears(), Lines{});
  alice.hangs_up();
  Client back = stage.opens(kV5);
  back.says(open_connect(kV5, "alice", 100));
  EXPECT_EQ(back.hears(), Lines{"CONNACK 0x00 present"});
}

TEST_F(OpenQos5, SendsNothingLargerThanTheClientTakes) {  // [MQTT-3.1.2-24], [MQTT-3.1.2-25]
  mqtt::Connect connect = open_connect(kV5, "alice");
  connect.properties.push_back({.id = PropertyId::maximum_packet_size, .number = 60});
  connect.properties.push_back({.id = PropertyId::receive_maximum, .number = 1});
  Client alice = stage.connects(connect);
  alice.subscribes(1, "a", QoS::at_least_once);
  bob.publishes_open("a", std::string(100, 'x'), QoS::at_least_once, false, {}, 1);
  bob.publishes_open("a", "small", QoS::at_least_once, false, {}, 2);
  EXPECT_EQ(alice.hears(), (Lines{"SUBACK #1 0x01", "PUBLISH #32769 a small"}));
  EXPECT_EQ(bob.hears(), (Lines{"PUBACK #1 0x00", "PUBACK #2 0x00"}));
}

TEST_F(OpenQos5, ExpiresInTheQueue) {  // [MQTT-3.3.2-5], [MQTT-3.3.2-6]
  Client alice = stage.connects(open_connect(kV5, "alice", 100));
  alice.subscribes(1, "a", QoS::exactly_once);
  alice.says(mqtt::Disconnect{});
  const auto expiring = [](std::uint32_t s) {
    return mqtt::Properties{{.id = PropertyId::message_expiry_interval, .number = s}};
  };
  bob.publishes_open("a", "short", QoS::at_least_once, false, expiring(1), 1);
  bob.publishes_open("a", "long", QoS::exactly_once, false, expiring(6), 2);
  bob.publishes_open("a", "ever", QoS::at_least_once, false, {}, 3);
  stage.passes(Microseconds{3'200'000});
  Client back = stage.opens(kV5);
  back.says(open_connect(kV5, "alice", 100));
  EXPECT_EQ(back.hears(), (Lines{"CONNACK 0x00 present", "PUBLISH #32768 qos2 a long expiry=3",
                                 "PUBLISH #32769 a ever"}));
}

TEST_F(OpenQos5, ForwardsTheExpiryWithoutWaiting) {
  bob.subscribes(1, "a", QoS::at_most_once);
  bob.publishes_open("a", "x", QoS::at_most_once, false,
                     {{.id = PropertyId::message_expiry_interval, .number = 0}});
  EXPECT_EQ(bob.hears(), (Lines{"SUBACK #1 0x00", "PUBLISH qos0 a x expiry=0"}));
}

TEST_F(OpenQos5, EndsTheSessionWhenItsTimeIsOver) {  // [MQTT-3.1.2-23], section 3.14.2.2.2
  Client alice = stage.connects(open_connect(kV5, "alice", 10));
  alice.subscribes(1, "a", QoS::at_least_once);
  mqtt::Disconnect longer;
  longer.properties = {{.id = PropertyId::session_expiry_interval, .number = 20}};
  alice.says(longer);
  stage.passes(Microseconds{19'000'000});
  EXPECT_EQ(stage.broker.counters().open_subscriptions, 1U);
  stage.passes(Microseconds{1'000'000});
  EXPECT_EQ(stage.broker.counters().open_subscriptions, 0U);
  EXPECT_EQ(stage.broker.counters().sessions, 1U);
}

}  // namespace
}  // namespace claims::server
