// Wills: when they are published, and when not.

#include <gtest/gtest.h>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;
using mqtt::ReasonCode;

constexpr Microseconds kSecond{1'000'000};

class OpenWill : public testing::TestWithParam<mqtt::Version> {
 protected:
  OpenWill() {
    bob.subscribes(1, "#", QoS::at_least_once);
    bob.hears();
  }
  mqtt::Version version() const { return GetParam(); }
  bool v5() const { return GetParam() == kV5; }
  mqtt::Connect with_will(std::uint32_t expiry_s = 0, std::uint32_t delay_s = 0) const {
    mqtt::Connect connect = open_connect(version(), "alice", expiry_s);
    connect.will = mqtt::Will{.topic = "will", .payload = "gone", .qos = QoS::at_least_once};
    if (delay_s != 0) {
      connect.will->properties.push_back(
          {.id = PropertyId::will_delay_interval, .number = delay_s});
    }
    return connect;
  }
  OpenStage stage;
  Client bob = stage.connects(open_connect(GetParam(), "bob"));
  const Lines published{"PUBLISH #32768 will gone"};
};
INSTANTIATE_TEST_SUITE_P(Versions, OpenWill, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(OpenWill, IsPublishedWhenTheConnectionBreaks) {  // [MQTT-3.1.2-8]
  Client alice = stage.connects(with_will());
  EXPECT_EQ(bob.hears(), Lines{});
  alice.hangs_up();
  EXPECT_EQ(bob.hears(), published);
  stage.connects(open_connect(version(), "alice")).hangs_up();
  EXPECT_EQ(bob.hears(), Lines{});
}

TEST_P(OpenWill, IsForgottenOnDisconnect) {  // [MQTT-3.14.4-3], [MQTT-3.1.2-10]
  stage.connects(with_will()).says(mqtt::Disconnect{});
  EXPECT_EQ(bob.hears(), Lines{});
}

TEST_P(OpenWill, IsPublishedWhenTheKeepAliveIsOver) {  // section 3.1.2.5
  mqtt::Connect connect = with_will();
  connect.keep_alive_s = 10;
  stage.connects(connect);
  stage.passes(15 * kSecond);
  EXPECT_EQ(bob.hears(), published);
}

TEST_P(OpenWill, IsPublishedAfterAProtocolErrorAndATakeover) {  // section 3.1.2.5, [MQTT-3.1.4-3]
  Client alice = stage.connects(with_will());
  alice.says(mqtt::Pingreq{});
  alice.says_bytes("\x36\x02");  // QoS 3.
  EXPECT_EQ(bob.hears(), published);
  stage.connects(with_will());
  stage.connects(with_will());
  EXPECT_EQ(bob.hears(), Lines{"PUBLISH #32769 will gone"});
}

TEST_P(OpenWill, MayBeRetained) {  // [MQTT-3.1.2-14], [MQTT-3.1.2-17] of 3.1.1
  mqtt::Connect connect = with_will();
  connect.will->retain = true;
  stage.connects(connect).hangs_up();
  bob.subscribes(2, "will");
  EXPECT_EQ(bob.hears(), (Lines{"PUBLISH #32768 will gone", "SUBACK #2 0x01",
                                "PUBLISH #32769 will gone retain"}));
}

TEST_P(OpenWill, GoesToOpenTopicsAlone) {
  for (const char* topic : {"aos/v1/alice/cmd", "plant/x", "$SYS/x"}) {
    mqtt::Connect connect = with_will();
    connect.will->topic = topic;
    Client alice = stage.opens(version());
    alice.says(connect);
    const char* reason = topic[0] == '$' && v5() ? "CONNACK 0x90" : "CONNACK 0x87";
    EXPECT_EQ(alice.hears(), (Lines{reason, "closed"})) << topic;
  }
}

TEST_P(OpenWill, IsBounded) {
  BrokerConfig config = open_config();
  config.open_topics.will_bytes_max = claims::limits::kConnectBytesMax;
  OpenStage small(config);
  Client one = small.opens(version());
  one.says(with_will());
  EXPECT_EQ(one.hears(), Lines{"CONNACK 0x00"});
  mqtt::Connect other = with_will();
  other.client_id = "carol";
  Client two = small.opens(version());
  two.says(other);
  EXPECT_EQ(two.hears(), (Lines{v5() ? "CONNACK 0x97" : "CONNACK 0x88", "closed"}));
  one.says(mqtt::Disconnect{});
  Client three = small.opens(version());
  three.says(other);
  EXPECT_EQ(three.hears(), Lines{"CONNACK 0x00"});
}

TEST_P(OpenWill, IsNotPublishedWhenTheServerStops) {
  stage.connects(with_will());
  stage.broker.shut_down(stage.now);
  EXPECT_EQ(bob.hears(), v5() ? (Lines{"DISCONNECT 0x8B", "closed"}) : Lines{"closed"});
}

class OpenWill5 : public OpenWill {};
INSTANTIATE_TEST_SUITE_P(Versions, OpenWill5, testing::Values(kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(OpenWill5, IsPublishedOnDisconnectWithWill) {  // section 3.14.2.1: 0x04
  stage.connects(with_will()).says(mqtt::Disconnect{ReasonCode::disconnect_with_will, {}});
  EXPECT_EQ(bob.hears(), published);
}

TEST_P(OpenWill5, WaitsForItsDelay) {  // [MQTT-3.1.3-9], section 3.1.3.2.2
  stage.connects(with_will(100, 5)).hangs_up();
  stage.passes(5 * kSecond - Microseconds{1});
  EXPECT_EQ(bob.hears(), Lines{});
  stage.passes(Microseconds{1});
  EXPECT_EQ(bob.hears(), published);
  stage.passes(200 * kSecond);
  EXPECT_EQ(bob.hears(), Lines{});
}

TEST_P(OpenWill5, IsForgottenWhenTheClientComesBackInTime) {  // [MQTT-3.1.3-9]
  stage.connects(with_will(100, 5)).hangs_up();
  stage.passes(4 * kSecond);
  Client back = stage.connects(open_connect(kV5, "alice", 100));
  stage.passes(10 * kSecond);
  back.says(mqtt::Disconnect{ReasonCode::disconnect_with_will, {}});
  EXPECT_EQ(bob.hears(), Lines{});
}

TEST_P(OpenWill5, ComesWithTheSessionsEndBeforeItsDelay) {  // [MQTT-3.1.2-8]
  stage.connects(with_will(3, 50)).hangs_up();
  stage.passes(3 * kSecond);
  EXPECT_EQ(bob.hears(), published);
  stage.connects(with_will(100, 50)).hangs_up();
  EXPECT_EQ(bob.hears(), Lines{});
  stage.connects(open_connect(kV5, "alice"));  // A clean start ends the session.
  EXPECT_EQ(bob.hears(), Lines{"PUBLISH #32769 will gone"});
}

TEST_P(OpenWill5, KeepsItsProperties) {  // section 3.1.3.2
  mqtt::Connect connect = with_will(100, 2);
  connect.will->properties.push_back({.id = PropertyId::message_expiry_interval, .number = 9});
  connect.will->properties.push_back({.id = PropertyId::user_property, .text = "k", .value = "v"});
  stage.connects(connect).hangs_up();
  stage.passes(2 * kSecond);
  // Its life begins when it is published.
  EXPECT_EQ(bob.hears(), Lines{"PUBLISH #32768 will gone expiry=9 k=v"});
}

}  // namespace
}  // namespace claims::server
