// What MqttClient does in both versions, against a scripted peer.

#include "simulator/actor/mqtt_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/actor/mqtt_peer.h"

namespace claims::storm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class InBothVersions : public MqttClientTest, public testing::WithParamInterface<Version> {
 protected:
  void SetUp() override { use(config_of(GetParam())); }
};
INSTANTIATE_TEST_SUITE_P(MqttClient, InBothVersions,
                         testing::Values(Version::v3_1_1, Version::v5_0));

TEST_P(InBothVersions, ConnectCarriesTheConfiguration) {
  client->connected(now, out);
  server->feed(out);
  const auto packet = server->next();
  ASSERT_TRUE(packet && packet->has_value());
  const auto& connect = std::get<mqtt::Connect>(**packet);
  EXPECT_EQ(connect.version, GetParam());
  EXPECT_EQ(connect.client_id, "garage-1");
  EXPECT_EQ(connect.username, "garage-1");
  EXPECT_EQ(connect.password, "token");
  EXPECT_EQ(connect.keep_alive_s, 40);
  EXPECT_FALSE(connect.clean_start);
  EXPECT_FALSE(client->online());
}

TEST_P(InBothVersions, SubscribesPublishesAndAcknowledges) {
  go_online();
  EXPECT_THAT(diary.take(), ElementsAre("connected"));

  EXPECT_EQ(client->subscribe({{.filter = "aos/v1/garage-1/evt", .qos = QoS::at_least_once},
                               {.filter = "aos/v1/garage-1/reply"}},
                              now, out),
            1);
  EXPECT_THAT(sent(), ElementsAre("SUBSCRIBE 1"));
  answer(mqtt::Suback{.packet_id = 1,
                      .reasons = {ReasonCode::granted_qos_1, ReasonCode::unspecified_error}});
  EXPECT_THAT(diary.take(), ElementsAre("subscribed 1 1 128"));

  EXPECT_EQ(publish("one"), 2);
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 2 one"));
  EXPECT_EQ(client->unacknowledged(), 1U);
  puback(2);
  EXPECT_THAT(diary.take(), ElementsAre("published 2 0"));
  EXPECT_EQ(client->unacknowledged(), 0U);

  answer(mqtt::Publish{
      .topic = "evt", .payload = "joined", .qos = QoS::at_least_once, .packet_id = 77});
  answer(mqtt::Publish{.topic = "reply", .payload = "{}"});
  EXPECT_THAT(diary.take(), ElementsAre("got evt joined", "got reply {}"));
  EXPECT_THAT(sent(), ElementsAre("PUBACK 77"));
}

TEST_P(InBothVersions, ThePubackGoesAfterWhatTheCallbackSends) {
  go_online();
  diary.when_published_to = [this] { publish("answer"); };
  answer(mqtt::Publish{.topic = "t", .payload = "q", .qos = QoS::at_least_once, .packet_id = 5});
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 1 answer", "PUBACK 5"));
}

TEST_P(InBothVersions, ACallbackMayDisconnectAndNothingFollows) {
  go_online();
  diary.take();
  diary.when_published_to = [this] { client->disconnect(out); };
  std::string bytes;
  for (const std::uint16_t id : {1, 2}) {
    mqtt::encode(
        mqtt::Publish{.topic = "t", .payload = "x", .qos = QoS::at_least_once, .packet_id = id},
        GetParam(), bytes);
  }
  client->received(bytes, now, diary, out);
  EXPECT_THAT(diary.take(), ElementsAre("got t x"));
  EXPECT_THAT(sent(), ElementsAre("DISCONNECT 0"));
  client->received(bytes, now, diary, out);
  EXPECT_THAT(diary.take(), IsEmpty());
  EXPECT_EQ(client->next_deadline(), std::nullopt);
  client->closed();
  client->connected(now, out);
  EXPECT_TRUE(client->next_deadline().has_value());
}

TEST_P(InBothVersions, ARefusalIsToldAndEnds) {
  client->connected(now, out);
  answer(mqtt::Connack{.reason = ReasonCode::not_authorized});
  EXPECT_THAT(diary.take(), ElementsAre("refused 135"));
  EXPECT_FALSE(client->online());
  EXPECT_EQ(client->next_deadline(), std::nullopt);
}

TEST_P(InBothVersions, WhatWasNotAcknowledgedIsSentAgainWithDupInOrder) {
  go_online();
  for (const char* payload : {"a", "b", "c"}) publish(payload);
  puback(2);
  sent();
  diary.take();
  client->closed();
  EXPECT_EQ(publish("d"), 4) << "taken while offline";
  EXPECT_THAT(out, IsEmpty());

  open();
  client->connected(now, out);
  EXPECT_THAT(sent(), ElementsAre("CONNECT garage-1"));
  answer(mqtt::Connack{.session_present = true});
  EXPECT_THAT(diary.take(), ElementsAre("connected, session present"));
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 1 a dup", "PUBLISH 3 c dup", "PUBLISH 4 d"));
  for (const std::uint16_t id : {1, 3, 4}) puback(id);
  EXPECT_THAT(diary.take(), ElementsAre("published 1 0", "published 3 0", "published 4 0"));
}

TEST_P(InBothVersions, ALostSessionForgetsWhatWasSentAndKeepsWhatWasNot) {
  go_online();
  publish("sent");
  client->closed();
  publish("waiting");
  diary.take();
  open();
  client->connected(now, out);
  sent();
  // Subscriptions of the callback go before what waited.
  diary.when_connected = [this] { client->subscribe({{.filter = "evt"}}, now, out); };
  answer(mqtt::Connack{.session_present = false});
  EXPECT_THAT(diary.take(), ElementsAre("forgotten 1", "connected"));
  EXPECT_THAT(sent(), ElementsAre("SUBSCRIBE 3", "PUBLISH 2 waiting"));
}

TEST_P(InBothVersions, QoS0IsSentAtOnceOrNotAtAll) {
  EXPECT_EQ(publish("lost", QoS::at_most_once), std::nullopt);
  EXPECT_EQ(client->subscribe({{.filter = "evt"}}, now, out), std::nullopt);
  go_online();
  EXPECT_EQ(publish("now", QoS::at_most_once), 0);
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 0 now"));
  EXPECT_EQ(client->unacknowledged(), 0U);
}

TEST_P(InBothVersions, PingsBeforeTheKeepAliveEndsAndFailsWithoutAnAnswer) {
  go_online();
  const Microseconds online_since = now.steady;
  diary.take();
  EXPECT_EQ(client->next_deadline(), online_since + 30 * kSecond);
  pass(30 * kSecond - Microseconds{1});
  EXPECT_THAT(sent(), IsEmpty());
  pass(Microseconds{1});
  EXPECT_THAT(sent(), ElementsAre("PINGREQ"));
  EXPECT_EQ(client->next_deadline(), now.steady + 10 * kSecond);

  pass(9 * kSecond);
  answer(mqtt::Pingresp{});
  pass(2 * kSecond);
  EXPECT_THAT(diary.take(), IsEmpty());

  // A publish puts the next ping off.
  publish("x");
  sent();
  EXPECT_EQ(client->next_deadline(), now.steady + 30 * kSecond);
  pass(30 * kSecond);
  EXPECT_THAT(sent(), ElementsAre("PINGREQ"));
  pass(10 * kSecond);
  EXPECT_THAT(diary.take(), ElementsAre("failed: no PINGRESP in time"));
  EXPECT_FALSE(client->online());
}

TEST_P(InBothVersions, MorePingsDoNotPutTheTimeoutOff) {
  MqttClientConfig config = config_of(GetParam());
  config.keep_alive_s = 4;
  use(config);
  go_online();
  diary.take();
  for (int i = 0; i < 4; ++i) pass(3 * kSecond);
  EXPECT_THAT(sent(), ElementsAre("PINGREQ", "PINGREQ", "PINGREQ", "PINGREQ"));
  pass(kSecond);
  EXPECT_THAT(diary.take(), ElementsAre("failed: no PINGRESP in time"));
}

TEST_P(InBothVersions, SubscriptionsUnderWayAreBoundedAndEndWithTheirConnection) {
  go_online();
  for (int i = 0; i < 16; ++i) EXPECT_TRUE(client->subscribe({{.filter = "evt"}}, now, out));
  EXPECT_EQ(client->subscribe({{.filter = "evt"}}, now, out), std::nullopt);
  client->closed();
  open();
  go_online({.session_present = true});
  diary.take();
  answer(mqtt::Suback{.packet_id = 1, .reasons = {ReasonCode::success}});
  EXPECT_THAT(diary.take(), ElementsAre("failed: a SUBACK for a SUBSCRIBE that was not sent"));
}

TEST_P(InBothVersions, UnsubscribesAndIsTold) {
  use(config_of(GetParam()));
  go_online();
  diary.take();
  const auto subscribed = client->subscribe({{.filter = "a"}}, now, out);
  const auto ended = client->unsubscribe({"a"}, now, out);
  ASSERT_TRUE(subscribed && ended);
  EXPECT_THAT(sent(), ElementsAre("SUBSCRIBE 1", "UNSUBSCRIBE 2 a"));
  mqtt::Unsuback unsuback{.packet_id = *ended, .reasons = {}, .properties = {}};
  if (GetParam() == Version::v5_0) unsuback.reasons = {ReasonCode::no_subscription_existed};
  answer(unsuback);
  EXPECT_THAT(diary.take(),
              ElementsAre(GetParam() == Version::v5_0 ? "unsubscribed 2 17" : "unsubscribed 2 0"));
  unsuback.packet_id = *subscribed;  // That is to be answered by SUBACK.
  answer(unsuback);
  EXPECT_THAT(diary.take(),
              ElementsAre("failed: an UNSUBACK for an UNSUBSCRIBE that was not sent"));
}

TEST_P(InBothVersions, FailsWithoutAConnack) {
  client->connected(now, out);
  EXPECT_EQ(client->next_deadline(), now.steady + 10 * kSecond);
  pass(10 * kSecond - Microseconds{1});
  EXPECT_THAT(diary.take(), IsEmpty());
  pass(Microseconds{1});
  EXPECT_THAT(diary.take(), ElementsAre("failed: no CONNACK in time"));
}

TEST_P(InBothVersions, WithoutKeepAliveThereIsNoDeadline) {
  MqttClientConfig config = config_of(GetParam());
  config.keep_alive_s = 0;
  use(config);
  go_online();
  EXPECT_EQ(client->next_deadline(), std::nullopt);
}

TEST_P(InBothVersions, TheWindowHoldsPublishesBack) {
  MqttClientConfig config = config_of(GetParam());
  config.inflight_max = 2;
  config.unacknowledged_max = 4;
  use(config);
  go_online();
  for (const char* payload : {"a", "b", "c", "d"}) EXPECT_TRUE(publish(payload));
  EXPECT_EQ(publish("e"), std::nullopt) << "the queue is bounded";
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 1 a", "PUBLISH 2 b"));
  puback(2);
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 3 c"));
  puback(1);
  puback(3);
  EXPECT_THAT(sent(), ElementsAre("PUBLISH 4 d"));
}

TEST_P(InBothVersions, PacketIdentifiersWrapAndSkipThoseInUse) {
  go_online();
  EXPECT_EQ(publish("stays"), 1);
  for (int expected = 2; expected <= 65'535; ++expected) {
    ASSERT_EQ(publish("x"), expected);
    out.clear();
    puback(static_cast<std::uint16_t>(expected));
  }
  EXPECT_EQ(publish("x"), 2) << "1 is still in use, and 0 is none";
}

TEST_P(InBothVersions, BytesMayComeOneByOne) {
  go_online();
  diary.take();
  std::string bytes;
  for (const std::uint16_t id : {1, 2}) {
    mqtt::encode(
        mqtt::Publish{.topic = "t", .payload = "x", .qos = QoS::at_least_once, .packet_id = id},
        GetParam(), bytes);
  }
  for (const char byte : bytes) client->received(std::string(1, byte), now, diary, out);
  EXPECT_THAT(diary.take(), ElementsAre("got t x", "got t x"));
  EXPECT_THAT(sent(), ElementsAre("PUBACK 1", "PUBACK 2"));
}

TEST_P(InBothVersions, HalfAPacketOfAnOldConnectionIsForgotten) {
  go_online();
  client->received(std::string(1, '\x30'), now, diary, out);
  client->closed();
  open();
  go_online(mqtt::Connack{.session_present = true});
}

struct Breach {
  Packet packet;
  std::string_view why;
};

TEST_P(InBothVersions, EachBreachOfTheServerFails) {
  mqtt::Puback puback;
  puback.packet_id = 9;
  mqtt::Pubrec pubrec;
  pubrec.packet_id = 9;
  const std::vector<Breach> breaches = {
      {puback, "a PUBACK for a publish that was not sent"},
      {mqtt::Suback{.packet_id = 9, .reasons = {ReasonCode::success}},
       "a SUBACK for a SUBSCRIBE that was not sent"},
      {mqtt::Suback{.packet_id = 1, .reasons = {ReasonCode::success}},
       "a SUBACK with another number of answers than filters [MQTT-3.8.4-5]"},
      {mqtt::Connack{}, "a second CONNACK"},
      {mqtt::Publish{.topic = "t", .qos = QoS::exactly_once, .packet_id = 1},
       "a PUBLISH with QoS 2, which was not subscribed"},
      {pubrec, "a packet that answers nothing this client sent"}};
  for (const Breach& breach : breaches) {
    use(config_of(GetParam()));
    go_online();
    client->subscribe({{.filter = "a"}, {.filter = "b"}}, now, out);
    sent();
    diary.take();
    answer(breach.packet);
    EXPECT_THAT(diary.take(), ElementsAre("failed: " + std::string(breach.why)));
    EXPECT_FALSE(client->online());
    if (GetParam() == Version::v5_0) {
      EXPECT_THAT(sent(), ElementsAre("DISCONNECT 130"));
    } else {
      EXPECT_THAT(sent(), IsEmpty());
    }
  }
}

TEST_P(InBothVersions, APacketBeforeConnackFails) {
  client->connected(now, out);
  answer(mqtt::Pingresp{});
  EXPECT_THAT(diary.take(), ElementsAre("failed: a packet before CONNACK [MQTT-3.2.0-1]"));
}

TEST_P(InBothVersions, BytesThatAreNoPacketFail) {
  go_online();
  diary.take();
  client->received(std::string_view("\x00\x00", 2), now, diary, out);
  EXPECT_THAT(diary.take(), ElementsAre("failed: a reserved packet type [MQTT section 2.2.1]"));
}

TEST_P(InBothVersions, SessionPresentAfterACleanStartFails) {
  MqttClientConfig config = config_of(GetParam());
  config.clean = true;
  use(config);
  client->connected(now, out);
  EXPECT_THAT(sent(), ElementsAre("CONNECT garage-1 clean"));
  answer(mqtt::Connack{.session_present = true});
  EXPECT_THAT(diary.take(),
              ElementsAre("failed: session present after a clean start [MQTT-3.2.2-1]"));
}

TEST(MqttClientIdentifiers, BeginWhereTheyAreToldTo) {
  MqttClientConfig config;
  config.first_packet_id = 65'535;
  MqttClient client(config);
  const Now now{kSecond, Milliseconds{1}};
  Diary diary;
  std::string out, answer;
  client.connected(now, out);
  mqtt::encode(mqtt::Packet(mqtt::Connack{}), Version::v5_0, answer);
  client.received(answer, now, diary, out);
  const auto publish = [&] { return client.publish("t", "x", mqtt::QoS::at_least_once, now, out); };
  EXPECT_EQ(publish(), 65'535);
  EXPECT_EQ(publish(), 1);
}

TEST(MqttClientSize, AnIdleClientIsSmall) {
  EXPECT_LE(sizeof(MqttClient), 512U);
}

}  // namespace
}  // namespace claims::storm
