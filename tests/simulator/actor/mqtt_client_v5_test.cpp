// What MqttClient does in 5.0 alone, against a scripted peer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/actor/mqtt_client.h"
#include "tests/simulator/actor/mqtt_peer.h"

namespace claims::storm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Of5 : public MqttClientTest {
 protected:
  void SetUp() override { use(config_of(Version::v5_0)); }
};

TEST_F(Of5, ConnectSaysWhatTheClientTakesAndHowLongTheSessionLives) {
  MqttClientConfig config = config_of(Version::v5_0);
  config.session_expiry_s = 3'600;
  config.packet_bytes_max = 5'000;
  use(config);
  client->connected(now, out);
  server->feed(out);
  const auto packet = server->next();
  ASSERT_TRUE(packet && packet->has_value());
  const auto& properties = std::get<mqtt::Connect>(**packet).properties;
  EXPECT_EQ(mqtt::number_or(properties, PropertyId::session_expiry_interval, 0), 3'600U);
  EXPECT_EQ(mqtt::number_or(properties, PropertyId::maximum_packet_size, 0), 5'000U);
}

TEST_F(Of5, TheServersReceiveMaximumIsTheWindowAlsoForWhatIsSentAgain) {
  const mqtt::Connack two{.properties = {{.id = PropertyId::receive_maximum, .number = 2}}};
  go_online(two);
  for (const char* payload : {"a", "b", "c"}) publish(payload);
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 1 a", "PUBLISH 2 b"));
  client->closed();
  open();
  mqtt::Connack one{.session_present = true,
                    .properties = {{.id = PropertyId::receive_maximum, .number = 1}}};
  go_online(one);
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 1 a dup"));
  puback(1);
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 2 b dup"));
  puback(2, ReasonCode::not_authorized);
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 3 c"));
  diary.take();
}

TEST_F(Of5, TheServersKeepAliveHolds) {
  go_online({.properties = {{.id = PropertyId::server_keep_alive, .number = 4}}});
  EXPECT_EQ(client->next_deadline(), now.steady + 3 * kSecond);
}

TEST_F(Of5, WhatTheServerDoesNotTakeIsNotSent) {
  publish("waits while offline, and is too long for the server");
  go_online({.properties = {{.id = PropertyId::maximum_packet_size, .number = 40}}});
  EXPECT_THAT(diary.take(), ElementsAre("forgotten 1", "connected"));
  EXPECT_EQ(publish("this is too long for the server too"), std::nullopt);
  EXPECT_EQ(publish("this is too long for the server too", QoS::at_most_once), std::nullopt);
  EXPECT_TRUE(publish("short"));
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 3 short"));

  use(config_of(Version::v5_0));
  go_online({.properties = {{.id = PropertyId::maximum_qos, .number = 0}}});
  EXPECT_EQ(publish("x"), std::nullopt);
  EXPECT_EQ(publish("x", QoS::at_most_once), 0);
}

TEST_F(Of5, PublishesWithRetainAndPropertiesWhereTheServerRetains) {
  use(config_of(Version::v5_0));
  go_online();
  EXPECT_TRUE(client->retain_available());
  const auto packet_id = client->publish(
      mqtt::Publish{.topic = "a",
                    .payload = "x",
                    .qos = QoS::at_least_once,
                    .retain = true,
                    .properties = {{.id = PropertyId::message_expiry_interval, .number = 60}}},
      now, out);
  ASSERT_TRUE(packet_id);
  server->feed(out);
  const auto packet = server->next();
  ASSERT_TRUE(packet && *packet);
  const auto& publish = std::get<mqtt::Publish>(**packet);
  EXPECT_TRUE(publish.retain);
  EXPECT_EQ(publish.packet_id, *packet_id);
  EXPECT_EQ(mqtt::number_or(publish.properties, PropertyId::message_expiry_interval, 0), 60U);
  use(config_of(Version::v5_0));
  go_online({.properties = {{.id = PropertyId::retain_available, .number = 0}}});
  EXPECT_FALSE(client->retain_available());
}

TEST_F(Of5, AnAssignedClientIdIsUsedAgain) {
  MqttClientConfig config = config_of(Version::v5_0);
  config.client_id = "";
  use(config);
  go_online({.properties = {{.id = PropertyId::assigned_client_identifier, .text = "given-7"}}});
  client->closed();
  open();
  client->connected(now, out);
  EXPECT_THAT(sent(), ElementsAre("CONNECT given-7"));
}

TEST_F(Of5, TheServersDisconnectIsTold) {
  go_online();
  diary.take();
  answer(mqtt::Disconnect{.reason = ReasonCode::session_taken_over});
  EXPECT_THAT(diary.take(), ElementsAre("disconnected 142"));
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_EQ(client->next_deadline(), std::nullopt);
}

TEST_F(Of5, ATopicAliasFails) {
  go_online();
  diary.take();
  answer(mqtt::Publish{.topic = "t", .properties = {{.id = PropertyId::topic_alias, .number = 1}}});
  EXPECT_THAT(diary.take(), ElementsAre("failed: a topic alias, of which this client takes none "
                                        "[MQTT5-3.1.2-26]"));
  EXPECT_THAT(sent(), ElementsAre("DISCONNECT 148"));
}

}  // namespace
}  // namespace claims::storm
