// PUBLISH from clients, and its PUBACK.

#include <gtest/gtest.h>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::QoS;
using mqtt::ReasonCode;

class BrokerPublish : public testing::TestWithParam<mqtt::Version> {
 protected:
  BrokerPublish() { stage.handler.calls(); }
  mqtt::Version version() const { return GetParam(); }
  bool v5() const { return GetParam() == kV5; }
  /// How the server ends a connection of this version.
  Lines ended(const char* disconnect) const {
    return v5() ? Lines{disconnect, "closed"} : Lines{"closed"};
  }
  Stage stage{{.receive_maximum = 3}};
  Client alice = stage.connects(clean_connect(GetParam()));
};
INSTANTIATE_TEST_SUITE_P(Versions, BrokerPublish, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(BrokerPublish, IsPassedOnAndAcknowledged) {  // [MQTT-4.3.2-2], 5.0 -4
  alice.publishes(kCommands, 9, "hello");
  EXPECT_EQ(stage.handler.calls(), Lines{"published s1 #9 hello"});
  EXPECT_EQ(alice.hears(), Lines{"PUBACK #9 0x00"});
}

TEST_P(BrokerPublish, WithQoS0HasNoAnswer) {
  alice.publishes(kCommands, 0, "hello");
  EXPECT_EQ(stage.handler.calls(), Lines{"published s1 #0 hello"});
  EXPECT_EQ(alice.hears(), Lines{});
}

TEST_P(BrokerPublish, IsHeldBackAndAnsweredInReceiptOrder) {  // [MQTT-4.6.0-2]
  stage.handler.acknowledges = false;
  alice.publishes(kCommands, 5);
  alice.publishes(kCommands, 2);
  EXPECT_EQ(alice.hears(), Lines{});
  stage.broker.acknowledge(SessionId{1}, 5, ReasonCode::success);
  EXPECT_EQ(alice.hears(), Lines{"PUBACK #5 0x00"});
  stage.broker.acknowledge(SessionId{1}, 2, ReasonCode::success);
  EXPECT_EQ(alice.hears(), Lines{"PUBACK #2 0x00"});
}

TEST_P(BrokerPublish, AnsweredOutOfReceiptOrderIsABug) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  stage.handler.acknowledges = false;
  alice.publishes(kCommands, 5);
  alice.publishes(kCommands, 2);
  EXPECT_DEATH(stage.broker.acknowledge(SessionId{1}, 2, ReasonCode::success), "receipt order");
  EXPECT_DEATH(
      {
        stage.broker.acknowledge(SessionId{1}, 5, ReasonCode::success);
        stage.broker.acknowledge(SessionId{1}, 2, ReasonCode::success);
        stage.broker.acknowledge(SessionId{1}, 2, ReasonCode::success);
      },
      "answered once");
}

TEST_P(BrokerPublish, ToAForeignTopicIsRefusedInOrder) {  // [MQTT-3.3.5-2]
  stage.handler.acknowledges = false;
  alice.publishes(kCommands, 1);
  alice.publishes("aos/v1/bob/cmd", 2);
  if (v5()) {
    EXPECT_EQ(alice.hears(), Lines{});
    stage.broker.acknowledge(SessionId{1}, 1, ReasonCode::success);
    EXPECT_EQ(alice.hears(), (Lines{"PUBACK #1 0x00", "PUBACK #2 0x87"}));
    EXPECT_EQ(stage.handler.calls(), Lines{"published s1 #1 {}"});
  } else {
    EXPECT_EQ(alice.hears(), Lines{"closed"});
  }
}

TEST_P(BrokerPublish, WithQoS0ToAForeignTopicEndsTheConnection) {
  alice.publishes("aos/v1/bob/cmd", 0);
  EXPECT_EQ(alice.hears(), ended("DISCONNECT 0x87"));
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 protocol_error", "ended s1"}));
}

TEST_P(BrokerPublish, BeyondTheReceiveMaximumEndsTheConnection) {  // [MQTT-3.3.4-7]: 0x93
  stage.handler.acknowledges = false;
  for (std::uint16_t id = 1; id <= 3; ++id) alice.publishes(kCommands, id);
  EXPECT_EQ(alice.hears(), Lines{});
  alice.publishes(kCommands, 0);  // QoS 0 does not count.
  stage.broker.acknowledge(SessionId{1}, 1, ReasonCode::success);
  alice.publishes(kCommands, 4);  // One was answered.
  EXPECT_EQ(alice.hears(), Lines{"PUBACK #1 0x00"});
  alice.publishes(kCommands, 5);
  EXPECT_EQ(alice.hears(), ended("DISCONNECT 0x93"));
}

TEST_P(BrokerPublish, WithAnIdentifierInUse) {  // [MQTT-2.2.1-3], [MQTT-4.4.0-1]
  stage.handler.acknowledges = false;
  alice.publishes(kCommands, 1, "once");
  alice.publishes(kCommands, 1, "once", true);
  if (v5()) {
    EXPECT_EQ(alice.hears(), (Lines{"DISCONNECT 0x82", "closed"}));
    return;
  }
  // 3.1.1 allows the copy; it has one effect and one answer.
  stage.broker.acknowledge(SessionId{1}, 1, ReasonCode::success);
  EXPECT_EQ(alice.hears(), Lines{"PUBACK #1 0x00"});
  EXPECT_EQ(stage.handler.calls(), Lines{"published s1 #1 once"});
  alice.publishes(kCommands, 1, "another");
  alice.publishes(kCommands, 1, "yet another");
  EXPECT_EQ(alice.hears(), Lines{"closed"});
}

TEST_P(BrokerPublish, WithQoS2IsNotSupported) {  // [MQTT-3.2.2-11]: 0x9B
  mqtt::Publish publish{.topic = kCommands, .payload = "{}", .qos = QoS::exactly_once};
  publish.packet_id = 1;
  alice.says(publish);
  EXPECT_EQ(alice.hears(), ended("DISCONNECT 0x9B"));
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 protocol_error", "ended s1"}));
}

TEST_P(BrokerPublish, RetainedIsNotSupported) {  // [MQTT-3.2.2-14]: 0x9A
  alice.says(mqtt::Publish{.topic = kCommands, .payload = "{}", .retain = true});
  if (v5()) {
    EXPECT_EQ(alice.hears(), (Lines{"DISCONNECT 0x9A", "closed"}));
    EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 protocol_error", "ended s1"}));
  } else {  // 3.1.1 cannot say so: an ordinary publish.
    EXPECT_EQ(alice.hears(), Lines{});
    EXPECT_EQ(stage.handler.calls(), Lines{"published s1 #0 {}"});
  }
}

TEST_P(BrokerPublish, LargerThanTheMaximumEndsTheConnection) {  // [MQTT-3.2.2-15]: 0x95
  const std::string payload(72UL * 1024, 'x');
  alice.publishes(kCommands, 1, payload);
  EXPECT_EQ(alice.hears(), ended("DISCONNECT 0x95"));
}

TEST_P(BrokerPublish, AnswersOfAnEarlierConnectionDoNotReachTheNextOne) {
  stage.handler.acknowledges = false;
  Client one = stage.connects(persistent_connect(version(), "c2"));
  one.publishes(kCommands, 7, "first");
  one.hangs_up();
  stage.broker.acknowledge(SessionId{2}, 7, ReasonCode::success);  // Ignored: nobody is there.
  Client two = stage.connects(persistent_connect(version(), "c2"));
  two.publishes(kCommands, 7, "first", true);
  EXPECT_EQ(two.hears(), Lines{});
  stage.broker.acknowledge(SessionId{2}, 7, ReasonCode::success);
  EXPECT_EQ(two.hears(), Lines{"PUBACK #7 0x00"});
}

TEST_P(BrokerPublish, TheHandlerMayDisconnectInIt) {
  stage.handler.acknowledges = false;
  stage.handler.on_published = [&](SessionId session) {
    stage.broker.disconnect(session, ReasonCode::quota_exceeded, stage.now);
  };
  std::string bytes;
  for (std::uint16_t id = 1; id <= 2; ++id) {
    mqtt::Publish publish{.topic = kCommands, .payload = "{}", .qos = QoS::at_least_once};
    publish.packet_id = id;
    mqtt::encode(publish, version(), bytes);
  }
  alice.says_bytes(bytes);
  EXPECT_EQ(alice.hears(), ended("DISCONNECT 0x97"));
  EXPECT_EQ(stage.handler.calls(),
            (Lines{"published s1 #1 {}", "detached s1 disconnect", "ended s1"}));
}

TEST_P(BrokerPublish, PacketsOfQoS2FlowsAreProtocolErrors) {
  mqtt::Pubrec pubrec;
  mqtt::Pubrel pubrel;
  mqtt::Pubcomp pubcomp;
  pubrec.packet_id = pubrel.packet_id = pubcomp.packet_id = 1;
  for (const mqtt::Packet& packet : std::vector<mqtt::Packet>{pubrec, pubrel, pubcomp}) {
    Client client = stage.connects(clean_connect(version(), "c2"));
    client.says(packet);
    EXPECT_EQ(client.hears(), ended("DISCONNECT 0x82"));
  }
}

TEST(BrokerPublish5, WithATopicAliasIsRefused) {  // [MQTT-3.3.2-9]: 0x94
  Stage stage;
  Client alice = stage.connects(clean_connect(kV5));
  mqtt::Publish publish{.topic = kCommands, .payload = "{}"};
  publish.properties = {{.id = mqtt::PropertyId::topic_alias, .number = 1}};
  alice.says(publish);
  EXPECT_EQ(alice.hears(), (Lines{"DISCONNECT 0x94", "closed"}));
}

}  // namespace
}  // namespace claims::server
