// CONNECT and CONNACK: who is let in, who is refused how, and when the answer leaves.

#include <gtest/gtest.h>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::ReasonCode;

class BrokerConnect : public testing::TestWithParam<mqtt::Version> {
 protected:
  mqtt::Version version() const { return GetParam(); }
  bool v5() const { return GetParam() == kV5; }
  Stage stage;
};
INSTANTIATE_TEST_SUITE_P(Versions, BrokerConnect, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(BrokerConnect, AnswersConnectWithConnack) {  // [MQTT-3.1.4-4], 5.0 -5
  Client alice = stage.opens(version());
  alice.says(clean_connect(version()));
  EXPECT_EQ(alice.hears(), Lines{"CONNACK 0x00"});
  EXPECT_EQ(stage.handler.calls(), Lines{"attached s1 alice/c1"});
  EXPECT_TRUE(stage.broker.connected(SessionId{1}));
  EXPECT_EQ(stage.broker.find({"alice", "c1"}), SessionId{1});
}

TEST_P(BrokerConnect, HoldsConnackBackUntilAccepted) {
  stage.handler.accepts = false;
  Client alice = stage.opens(version());
  alice.says(clean_connect(version()));
  // A client need not wait for CONNACK; what it asks is answered behind it [MQTT-3.2.0-1].
  alice.says(mqtt::Pingreq{});
  alice.subscribes(7, kEvents);
  EXPECT_EQ(alice.hears(), Lines{});
  stage.broker.accept(SessionId{1});
  EXPECT_EQ(alice.hears(), (Lines{"CONNACK 0x00", "PINGRESP", "SUBACK #7 0x01"}));
  stage.broker.accept(SessionId{1});
  EXPECT_EQ(alice.hears(), Lines{});
}

TEST_P(BrokerConnect, SendsNothingToWhoLeavesBeforeItsConnack) {  // [MQTT-3.2.0-1]
  Stage stage;
  stage.handler.accepts = false;
  Client client = stage.connects(clean_connect(GetParam(), "c1"));
  client.says(mqtt::Pingreq{});
  client.says(mqtt::Disconnect{});
  EXPECT_EQ(client.hears(), Lines{"closed"});
}

TEST_P(BrokerConnect, RefusesAsTheHandlerSays) {  // 3.1.1 table 3.1, 5.0 section 3.2.2.2
  stage.handler.decision.reason = ReasonCode::bad_user_name_or_password;
  Client alice = stage.opens(version());
  alice.says(clean_connect(version()));
  EXPECT_EQ(alice.hears(), (Lines{"CONNACK 0x86", "closed"}));
  EXPECT_EQ(stage.handler.calls(), Lines{});
  EXPECT_EQ(stage.broker.counters().connects_refused_total, 1U);
  EXPECT_EQ(stage.broker.counters().sessions, 0U);
}

TEST_P(BrokerConnect, RefusesWhileUnavailable) {  // return code 3, reason 0x88
  Client before = stage.connects(clean_connect(version()));
  Client silent = stage.opens(version());
  stage.handler.calls();
  stage.broker.set_available(false, stage.now);
  EXPECT_EQ(before.hears(), v5() ? (Lines{"DISCONNECT 0x89", "closed"}) : Lines{"closed"});
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 shutdown", "ended s1"}));
  silent.says(clean_connect(version()));
  EXPECT_EQ(silent.hears(), (Lines{"CONNACK 0x88", "closed"}));

  stage.broker.set_available(true, stage.now);
  Client after = stage.opens(version());
  after.says(clean_connect(version()));
  EXPECT_EQ(after.hears(), Lines{"CONNACK 0x00"});
}

TEST_P(BrokerConnect, TellsTheUnavailableLogInAConnackHeldBack) {
  stage.handler.accepts = false;
  Client alice = stage.opens(version());
  alice.says(clean_connect(version()));
  alice.says(mqtt::Pingreq{});
  stage.broker.set_available(false, stage.now);
  EXPECT_EQ(alice.hears(), (Lines{"CONNACK 0x88", "closed"}));
}

TEST_P(BrokerConnect, RefusesAWill) {
  mqtt::Connect connect = clean_connect(version());
  connect.will = mqtt::Will{.topic = "w", .payload = "gone", .properties = {}};
  Client alice = stage.opens(version());
  alice.says(connect);
  EXPECT_EQ(alice.hears(), (Lines{v5() ? "CONNACK 0x83" : "CONNACK 0x87", "closed"}));
}

TEST_P(BrokerConnect, RefusesClientIdsOutsideTheContract) {  // [MQTT-3.1.3-9], 5.0 -8
  for (const std::string& id : {std::string("a b"), std::string(65, 'x'), std::string("한글")}) {
    Client alice = stage.opens(version());
    alice.says(clean_connect(version(), id));
    EXPECT_EQ(alice.hears(), (Lines{"CONNACK 0x85", "closed"})) << id;
  }
}

TEST_P(BrokerConnect, GivesEachEmptyClientIdItsOwnSession) {  // [MQTT-3.1.3-6], [MQTT-3.1.3-7]
  Client one = stage.opens(version());
  one.says(clean_connect(version(), ""));
  Client other = stage.opens(version());
  other.says(clean_connect(version(), ""));
  EXPECT_EQ(one.hears(), Lines{"CONNACK 0x00"});
  EXPECT_EQ(other.hears(), Lines{"CONNACK 0x00"});
  EXPECT_EQ(stage.broker.counters().sessions, 2U);
  const std::string id = stage.broker.state_of(SessionId{1})->key.client_id;
  // 5.0 tells the client its identifier [MQTT-3.2.2-16].
  const bool told = stage.heard.at(one.id).bytes.find(id) != std::string::npos;
  EXPECT_EQ(told, v5());
}

TEST_P(BrokerConnect, KeepsNoSessionWithoutAClientId) {
  Client alice = stage.opens(version());
  alice.says(persistent_connect(version(), ""));
  // [MQTT-3.1.3-8]; in 5.0 the assigned identifier serves.
  EXPECT_EQ(alice.hears(), v5() ? Lines{"CONNACK 0x00"} : (Lines{"CONNACK 0x85", "closed"}));
}

TEST_P(BrokerConnect, TakesASecondConnectForAProtocolError) {  // [MQTT-3.1.0-2]
  Client alice = stage.connects(clean_connect(version()));
  stage.handler.calls();
  alice.says(clean_connect(version()));
  EXPECT_EQ(alice.hears(), v5() ? (Lines{"DISCONNECT 0x82", "closed"}) : Lines{"closed"});
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 protocol_error", "ended s1"}));
}

TEST_P(BrokerConnect, ClosesWithoutAnswerWhenAnythingElseComesFirst) {  // [MQTT-3.1.0-1]
  mqtt::Publish publish{.topic = kCommands, .payload = "{}"};
  mqtt::Puback puback;
  puback.packet_id = 1;
  const mqtt::Subscribe subscribe{1, {mqtt::TopicFilter{.filter = kEvents}}, {}};
  const mqtt::Unsubscribe unsubscribe{1, {kEvents}, {}};
  for (const mqtt::Packet& first : std::vector<mqtt::Packet>{
           publish, puback, subscribe, unsubscribe, mqtt::Pingreq{}, mqtt::Disconnect{}}) {
    Client alice = stage.opens(version());
    alice.says(first);
    alice.says(clean_connect(version()));
    EXPECT_EQ(alice.hears(), Lines{"closed"}) << first.index();
  }
  EXPECT_EQ(stage.handler.calls(), Lines{});
}

TEST_P(BrokerConnect, ClosesWhenNoConnectComes) {  // section 3.1 and 4.13: a reasonable time
  Client alice = stage.opens(version());
  stage.passes(Microseconds{4'999'999});
  EXPECT_EQ(alice.hears(), Lines{});
  stage.passes(Microseconds{1});
  EXPECT_EQ(alice.hears(), Lines{"closed"});
  EXPECT_FALSE(stage.broker.next_deadline().has_value());
}

TEST_P(BrokerConnect, RefusesAnExpiredTokenAndEndsWhenItExpires) {
  stage.handler.decision.expires = stage.now.wall + Milliseconds{90'000};
  Client alice = stage.connects(clean_connect(version()));
  stage.handler.calls();
  stage.passes(Microseconds{60'000'000});
  stage.passes(Microseconds{29'999'000});
  EXPECT_EQ(alice.hears(), Lines{});
  stage.passes(Microseconds{1'000});
  EXPECT_EQ(alice.hears(), v5() ? (Lines{"DISCONNECT 0x87", "closed"}) : Lines{"closed"});
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 token_expired", "ended s1"}));
  Client again = stage.opens(version());
  again.says(clean_connect(version()));
  EXPECT_EQ(again.hears(), (Lines{"CONNACK 0x87", "closed"}));
}

TEST_P(BrokerConnect, TakesNothingFromAnExpiredTokenEvenBeforeTheTick) {
  stage.handler.decision.expires = stage.now.wall + Milliseconds{1'000};
  Client alice = stage.connects(clean_connect(version()));
  stage.handler.calls();
  stage.now.wall += Milliseconds{1'000};  // The wall clock jumped; the steady clock did not.
  alice.publishes(kCommands, 1);
  EXPECT_EQ(alice.hears(), v5() ? (Lines{"DISCONNECT 0x87", "closed"}) : Lines{"closed"});
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 token_expired", "ended s1"}));
}

TEST_P(BrokerConnect, ShutsDown) {  // 5.0 reason 0x8B
  Client alice = stage.connects(clean_connect(version()));
  Client silent = stage.opens(version());
  stage.broker.shut_down(stage.now);
  EXPECT_EQ(alice.hears(), v5() ? (Lines{"DISCONNECT 0x8B", "closed"}) : Lines{"closed"});
  EXPECT_EQ(silent.hears(), Lines{"closed"});
  Client late = stage.opens(version());
  EXPECT_EQ(late.hears(), Lines{"closed"});
  EXPECT_EQ(stage.broker.counters().connections, 0U);
}

TEST(BrokerConnectVersions, AnswersAForeignProtocolLevel) {  // [MQTT-3.1.2-2]
  Stage stage;
  Client old = stage.opens(kV3);
  old.says_bytes(
      std::string_view("\x10\x0e\x00\x04MQTT\x03\x02\x00\x3c\x00\x02"
                       "c1",
                       16));
  EXPECT_EQ(old.hears(), (Lines{"CONNACK 0x84", "closed"}));
}

TEST(BrokerConnectVersions, TellsA5ClientWhatIsWrongWithItsConnect) {  // 5.0 section 4.13.1
  Stage stage;
  Client alice = stage.opens(kV5);
  // The reserved flag is set [MQTT-3.1.2-3].
  alice.says_bytes(
      std::string_view("\x10\x0f\x00\x04MQTT\x05\x03\x00\x3c\x00\x00\x02"
                       "c1",
                       17));
  EXPECT_EQ(alice.hears(), (Lines{"CONNACK 0x81", "closed"}));
}

TEST(BrokerConnectVersions, AnnouncesWhatItSupports) {  // 5.0 section 3.2.2.3
  Stage stage;
  Client alice = stage.opens(kV5);
  mqtt::Connect connect = clean_connect(kV5);
  connect.properties = {{.id = PropertyId::session_expiry_interval, .number = 0xFFFFFFFF}};
  alice.says(connect);
  alice.hears();
  mqtt::Decoder decoder(mqtt::Decoder::Side::client, 1024, kV5);
  decoder.feed(stage.heard.at(alice.id).bytes);
  const auto packet = decoder.next();
  ASSERT_TRUE(packet && packet->has_value());
  const mqtt::Properties& properties = std::get<mqtt::Connack>(**packet).properties;
  EXPECT_EQ(mqtt::number_or(properties, PropertyId::session_expiry_interval, 0), 7U * 24 * 3'600);
  EXPECT_EQ(mqtt::number_or(properties, PropertyId::receive_maximum, 0), 64U);
  EXPECT_EQ(mqtt::number_or(properties, PropertyId::maximum_qos, 2), 1U);
  EXPECT_EQ(mqtt::number_or(properties, PropertyId::retain_available, 1), 0U);
  EXPECT_EQ(mqtt::number_or(properties, PropertyId::maximum_packet_size, 0), 72U * 1024);
  EXPECT_EQ(mqtt::number_or(properties, PropertyId::topic_alias_maximum, 9), 0U);
  EXPECT_EQ(mqtt::number_or(properties, PropertyId::subscription_identifier_available, 1), 0U);
  EXPECT_EQ(stage.broker.state_of(SessionId{1})->expiry_s, 7U * 24 * 3'600);
  EXPECT_FALSE(stage.broker.state_of(SessionId{1})->clean);
}

TEST(BrokerConnectVersions, RefusesEnhancedAuthentication) {  // 5.0 section 4.12: 0x8C
  Stage stage;
  mqtt::Connect connect = clean_connect(kV5);
  connect.properties = {{.id = PropertyId::authentication_method, .text = "SCRAM"}};
  Client alice = stage.opens(kV5);
  alice.says(connect);
  EXPECT_EQ(alice.hears(), (Lines{"CONNACK 0x8C", "closed"}));
}

TEST(BrokerConnectVersions, SendsNoConnackLargerThanTheClientTakes) {  // [MQTT-3.1.2-24]
  Stage stage;
  mqtt::Connect connect = clean_connect(kV5);
  connect.properties = {{.id = PropertyId::maximum_packet_size, .number = 10}};
  Client alice = stage.opens(kV5);
  alice.says(connect);
  EXPECT_EQ(alice.hears(), Lines{"closed"});
  EXPECT_EQ(stage.handler.calls(),
            (Lines{"attached s1 alice/c1", "detached s1 protocol_error", "ended s1"}));
}

TEST(BrokerConnectBounds, ClosesConnectionsBeyondTheBound) {
  Stage stage({.connections_max = 2});
  Client one = stage.connects(clean_connect(kV5, "c1"));
  Client two = stage.connects(clean_connect(kV5, "c2"));
  Client three = stage.opens(kV5);
  EXPECT_EQ(three.hears(), Lines{"closed"});
  one.hangs_up();
  Client four = stage.opens(kV5);
  four.says(clean_connect(kV5, "c4"));
  EXPECT_EQ(four.hears(), Lines{"CONNACK 0x00"});
  EXPECT_EQ(two.hears(), Lines{});
}

}  // namespace
}  // namespace claims::server
