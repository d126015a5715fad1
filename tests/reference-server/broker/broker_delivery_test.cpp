// Deliveries: packet identifiers, windows, what is sent again.

#include <gtest/gtest.h>

#include <string>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;
using Delivery = Broker::Delivery;

constexpr SessionId kSession{1};

class BrokerDelivery : public testing::TestWithParam<mqtt::Version> {
 protected:
  mqtt::Version version() const { return GetParam(); }
  static BrokerConfig small_window() {
    BrokerConfig config;
    config.inflight_max = 4;
    return config;
  }
  Delivery event(std::uint64_t tag) {
    const std::string text = "e" + std::to_string(tag);
    return stage.broker.deliver(kSession, kEvents, text, {}, QoS::at_least_once, tag, true);
  }
  Delivery reply(std::string_view text) {
    return stage.broker.deliver(kSession, kReplies, text, {}, QoS::at_least_once, 0, false);
  }
  Client persistent() {
    Client client = stage.connects(persistent_connect(version()));
    client.subscribes(1, kEvents);
    client.subscribes(2, kReplies);
    client.hears();
    stage.handler.calls();
    return client;
  }
  Stage stage{small_window()};
};
INSTANTIATE_TEST_SUITE_P(Versions, BrokerDelivery, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(BrokerDelivery, IsAcknowledgedByItsTag) {  // [MQTT-4.3.2-1], 5.0 -1 to -3
  Client alice = stage.subscriber(version());
  EXPECT_EQ(event(71), Delivery::in_flight);
  EXPECT_EQ(event(72), Delivery::in_flight);
  EXPECT_EQ(alice.hears(),
            (Lines{"PUBLISH #1 aos/v1/alice/evt e71", "PUBLISH #2 aos/v1/alice/evt e72"}));
  alice.acknowledges(1);
  EXPECT_EQ(stage.handler.calls(), Lines{"delivered s1 71"});
  alice.acknowledges(1);
  alice.acknowledges(999);  // Unknown identifiers are ignored.
  EXPECT_EQ(stage.handler.calls(), Lines{});
  alice.acknowledges(2);
  EXPECT_EQ(stage.handler.calls(), Lines{"delivered s1 72"});
  EXPECT_EQ(alice.hears(), Lines{});
}

TEST_P(BrokerDelivery, JoinsThePayloadsParts) {
  Client alice = stage.subscriber(version());
  stage.broker.deliver(kSession, kEvents, "{\"a\":1", ",\"cursor\":2}", QoS::at_least_once, 1,
                       true);
  EXPECT_EQ(alice.hears(), Lines{R"(PUBLISH #1 aos/v1/alice/evt {"a":1,"cursor":2})"});
}

TEST_P(BrokerDelivery, GoesAtTheLesserQoS) {  // [MQTT-3.8.4-6], 5.0 -8
  Client alice = stage.connects(clean_connect(version()));
  alice.subscribes(1, kEvents, QoS::at_most_once);
  alice.subscribes(2, kReplies, QoS::at_least_once);
  alice.hears();
  EXPECT_EQ(event(1), Delivery::sent);
  EXPECT_EQ(stage.broker.deliver(kSession, kReplies, "r", {}, QoS::at_most_once, 0, false),
            Delivery::sent);
  EXPECT_EQ(alice.hears(),
            (Lines{"PUBLISH qos0 aos/v1/alice/evt e1", "PUBLISH qos0 aos/v1/alice/reply r"}));
}

TEST_P(BrokerDelivery, NeedsASubscriptionAndAConnection) {
  Client alice = stage.connects(persistent_connect(version()));
  EXPECT_EQ(event(1), Delivery::no_subscription);
  alice.subscribes(1, kEvents);
  alice.hangs_up();
  EXPECT_EQ(event(1), Delivery::offline);
  EXPECT_EQ(stage.broker.deliver(SessionId{9}, kEvents, "e", {}, QoS::at_least_once, 1, true),
            Delivery::offline);
}

TEST_P(BrokerDelivery, StopsAtTheWindowAndGoesOnWhenHalfIsFree) {
  Client alice = stage.subscriber(version());
  for (std::uint64_t tag = 1; tag <= 4; ++tag) EXPECT_EQ(event(tag), Delivery::in_flight);
  EXPECT_EQ(event(5), Delivery::full);
  EXPECT_EQ(alice.hears().size(), 4U);
  alice.acknowledges(1);
  EXPECT_EQ(stage.handler.calls(), Lines{"delivered s1 1"});
  stage.handler.on_room = [&](SessionId) { EXPECT_EQ(event(5), Delivery::in_flight); };
  alice.acknowledges(2);
  EXPECT_EQ(stage.handler.calls(), (Lines{"delivered s1 2", "room s1"}));
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #5 aos/v1/alice/evt e5"});
  alice.acknowledges(3);  // Nobody was refused since.
  EXPECT_EQ(stage.handler.calls(), Lines{"delivered s1 3"});
}

TEST_P(BrokerDelivery, TellsOfRoomOncePerInput) {
  Client alice = stage.subscriber(version());
  for (std::uint64_t tag = 1; tag <= 5; ++tag) event(tag);
  std::string bytes;
  for (std::uint16_t id = 1; id <= 4; ++id) {
    mqtt::Puback puback;
    puback.packet_id = id;
    mqtt::encode(puback, version(), bytes);
  }
  alice.says_bytes(bytes);
  EXPECT_EQ(stage.handler.calls(), (Lines{"delivered s1 1", "delivered s1 2", "delivered s1 3",
                                          "delivered s1 4", "room s1"}));
}

TEST_P(BrokerDelivery, RepliesWaitForTheWindowInOrder) {
  Client alice = stage.subscriber(version());
  for (std::uint64_t tag = 1; tag <= 4; ++tag) event(tag);
  EXPECT_EQ(reply("r1"), Delivery::in_flight);
  EXPECT_EQ(reply("r2"), Delivery::in_flight);
  EXPECT_EQ(alice.hears().size(), 4U);
  alice.acknowledges(1);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #5 aos/v1/alice/reply r1"});
  EXPECT_EQ(event(5), Delivery::full);  // A reply waits, so an event does too.
  alice.acknowledges(2);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #6 aos/v1/alice/reply r2"});
}

TEST_P(BrokerDelivery, DoesNotOvertakeRepliesThatWait) {
  Client alice = stage.subscriber(version());
  for (std::uint64_t tag = 1; tag <= 4; ++tag) event(tag);
  reply("r1");
  alice.hears();
  stage.handler.on_delivered = [&](SessionId) { EXPECT_EQ(event(5), Delivery::full); };
  alice.acknowledges(1);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #5 aos/v1/alice/reply r1"});
}

TEST_P(BrokerDelivery, DropsRepliesThatWaitWithTheirConnection) {
  Client alice = persistent();
  for (std::uint64_t tag = 1; tag <= 4; ++tag) event(tag);
  reply("for the connection that asked");
  alice.hangs_up();
  Client again = stage.opens(version());
  again.says(persistent_connect(version()));
  EXPECT_EQ(again.hears(), Lines{"CONNACK 0x00 present"});
  EXPECT_EQ(event(1), Delivery::in_flight);
}

TEST_P(BrokerDelivery, ResendsWithTheOldIdentifierAndDup) {  // [MQTT-4.4.0-1], [MQTT-3.3.1-1]
  Client alice = persistent();
  for (std::uint64_t tag = 1; tag <= 3; ++tag) event(tag);
  reply("r");
  alice.acknowledges(2);
  alice.hangs_up();
  stage.handler.calls();

  Client again = stage.connects(persistent_connect(version()));
  // The reply was for the connection that asked.
  EXPECT_EQ(stage.handler.calls(), Lines{"attached s1 alice/c1 present 1 3"});
  EXPECT_EQ(event(1), Delivery::in_flight);
  EXPECT_EQ(event(2), Delivery::in_flight);
  EXPECT_EQ(event(3), Delivery::in_flight);
  EXPECT_EQ(again.hears(),
            (Lines{"PUBLISH #1 dup aos/v1/alice/evt e1", "PUBLISH #5 aos/v1/alice/evt e2",
                   "PUBLISH #3 dup aos/v1/alice/evt e3"}));
  again.acknowledges(1);
  again.acknowledges(3);
  again.acknowledges(5);
  EXPECT_EQ(stage.handler.calls(), (Lines{"delivered s1 1", "delivered s1 3", "delivered s1 2"}));
}

TEST_P(BrokerDelivery, ResendsAfterATakeover) {
  persistent();
  event(1);
  Client again = stage.connects(persistent_connect(version()));
  event(1);
  EXPECT_EQ(again.hears(), Lines{"PUBLISH #1 dup aos/v1/alice/evt e1"});
  // On the same connection nothing is sent again [MQTT-4.4.0-1]: this is another copy.
  event(1);
  EXPECT_EQ(again.hears(), Lines{"PUBLISH #2 aos/v1/alice/evt e1"});
}

TEST_P(BrokerDelivery, WhatIsSentAgainCountsInTheWindow) {
  Client alice = persistent();
  for (std::uint64_t tag = 1; tag <= 4; ++tag) event(tag);
  alice.hangs_up();
  Client again = stage.connects(persistent_connect(version()));
  for (std::uint64_t tag = 1; tag <= 4; ++tag) EXPECT_EQ(event(tag), Delivery::in_flight);
  EXPECT_EQ(event(5), Delivery::full);
  EXPECT_EQ(again.hears().size(), 4U);
}

TEST_P(BrokerDelivery, WaitsBehindAConnackHeldBack) {
  persistent().hangs_up();
  stage.handler.accepts = false;
  Client again = stage.opens(version());
  again.says(persistent_connect(version()));
  EXPECT_EQ(event(1), Delivery::in_flight);
  EXPECT_EQ(again.hears(), Lines{});
  stage.broker.accept(kSession);
  EXPECT_EQ(again.hears(), (Lines{"CONNACK 0x00 present", "PUBLISH #1 aos/v1/alice/evt e1"}));
}

TEST_P(BrokerDelivery, IdentifiersWrapAndSkipThoseInFlight) {  // [MQTT-2.3.1-2], 5.0 2.2.1-4
  Client alice = stage.subscriber(version());
  event(1);  // Identifier 1 stays in flight.
  std::string heard;
  for (std::uint64_t tag = 2; tag <= 65'535; ++tag) {
    ASSERT_EQ(event(tag), Delivery::in_flight);
    heard = alice.hears().at(0);
    alice.acknowledges(static_cast<std::uint16_t>(tag));
  }
  EXPECT_EQ(heard, "PUBLISH #65535 aos/v1/alice/evt e65535");
  event(65'536);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #2 aos/v1/alice/evt e65536"});
}

class BrokerDelivery5 : public BrokerDelivery {
 protected:
  Client connects(PropertyId id, std::uint32_t number) {
    mqtt::Connect connect = clean_connect(kV5);
    connect.properties = {{.id = id, .number = number}};
    Client client = stage.connects(connect);
    client.subscribes(1, kEvents);
    client.subscribes(2, kReplies);
    client.hears();
    stage.handler.calls();
    return client;
  }
};
INSTANTIATE_TEST_SUITE_P(Version5, BrokerDelivery5, testing::Values(kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(BrokerDelivery5, KeepsToTheClientsReceiveMaximum) {  // [MQTT-3.3.4-9]
  Client alice = connects(PropertyId::receive_maximum, 2);
  EXPECT_EQ(event(1), Delivery::in_flight);
  EXPECT_EQ(reply("r1"), Delivery::in_flight);
  EXPECT_EQ(event(2), Delivery::full);
  reply("r2");
  EXPECT_EQ(alice.hears(),
            (Lines{"PUBLISH #1 aos/v1/alice/evt e1", "PUBLISH #2 aos/v1/alice/reply r1"}));
  alice.acknowledges(2);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #3 aos/v1/alice/reply r2"});
}

TEST_P(BrokerDelivery5, DiscardsWhatIsLargerThanTheClientTakes) {  // [MQTT-3.1.2-24 and -25]
  Client alice = connects(PropertyId::maximum_packet_size, 64);
  const std::string large(64, 'x');
  EXPECT_EQ(stage.broker.deliver(kSession, kEvents, large, {}, QoS::at_least_once, 7, true),
            Delivery::in_flight);
  // The handler is told at the next input, which is asked for at once.
  EXPECT_EQ(stage.handler.calls(), Lines{});
  EXPECT_EQ(stage.broker.next_deadline(), stage.now.steady);
  stage.passes(Microseconds{0});
  EXPECT_EQ(stage.handler.calls(), Lines{"delivered s1 7"});
  EXPECT_EQ(alice.hears(), Lines{});
  // It takes no place in the window.
  for (std::uint64_t tag = 8; tag <= 11; ++tag) EXPECT_EQ(event(tag), Delivery::in_flight);
  EXPECT_EQ(event(12), Delivery::full);
  EXPECT_EQ(alice.hears().size(), 4U);
}

TEST_P(BrokerDelivery5, AnErrorInPubackEndsTheDeliveryToo) {  // [MQTT-4.4.0-2]
  Client alice = connects(PropertyId::receive_maximum, 2);
  event(1);
  mqtt::Puback puback;
  puback.packet_id = 1;
  puback.reason = mqtt::ReasonCode::quota_exceeded;
  alice.says(puback);
  EXPECT_EQ(stage.handler.calls(), Lines{"delivered s1 1"});
}

}  // namespace
}  // namespace claims::server
