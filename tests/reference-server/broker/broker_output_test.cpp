// Output accounting: what a slow client holds up, and where it ends.

#include <gtest/gtest.h>

#include <string>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::QoS;
using Delivery = Broker::Delivery;

constexpr SessionId kSession{1};

class BrokerOutput : public testing::TestWithParam<mqtt::Version> {
 protected:
  static BrokerConfig small_output() {
    BrokerConfig config;
    config.output_bytes_max = 1'000;
    config.output_bytes_hard_max = 4'000;
    config.inflight_max = 1'000;
    return config;
  }
  BrokerOutput() { stage.slow = true; }
  Delivery event(std::uint64_t tag, QoS qos = QoS::at_least_once) {
    return stage.broker.deliver(kSession, kEvents, text, {}, qos, tag, true);
  }
  Delivery reply(QoS qos = QoS::at_least_once) {
    return stage.broker.deliver(kSession, kReplies, text, {}, qos, 0, false);
  }
  Stage stage{small_output()};
  Client alice = stage.subscriber(GetParam());
  const std::string text = std::string(400, 'x');
};
INSTANTIATE_TEST_SUITE_P(Versions, BrokerOutput, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(BrokerOutput, DeliveriesStopAtTheBoundWhateverTheirQoS) {
  stage.writes(alice.id);
  for (std::uint64_t tag = 1; tag <= 3; ++tag) EXPECT_EQ(event(tag), Delivery::in_flight);
  EXPECT_EQ(event(4), Delivery::full);
  EXPECT_EQ(event(4, QoS::at_most_once), Delivery::full);
  // Handing it out is not writing it.
  EXPECT_EQ(alice.hears().size(), 3U);
  EXPECT_EQ(event(4), Delivery::full);
}

TEST_P(BrokerOutput, RoomIsToldWhenHalfHasLeft) {
  stage.writes(alice.id);
  for (std::uint64_t tag = 1; tag <= 4; ++tag) event(tag);
  alice.hears();
  stage.broker.written(alice.id, 700, stage.now);
  stage.heard.at(alice.id).unwritten -= 700;
  EXPECT_EQ(stage.handler.calls(), Lines{});
  stage.handler.on_room = [&](SessionId) { EXPECT_EQ(event(4), Delivery::in_flight); };
  stage.broker.written(alice.id, 100, stage.now);
  stage.heard.at(alice.id).unwritten -= 100;
  EXPECT_EQ(stage.handler.calls(), Lines{"room s1"});
  EXPECT_EQ(alice.hears().size(), 1U);
  stage.writes(alice.id);
  EXPECT_EQ(stage.handler.calls(), Lines{});
}

TEST_P(BrokerOutput, RepliesPassTheBoundAndEndAtTheHardOne) {
  stage.writes(alice.id);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(reply(), Delivery::in_flight);
  EXPECT_TRUE(stage.broker.connected(kSession));
  reply();
  EXPECT_FALSE(stage.broker.connected(kSession));
  // The handler may be in a loop over its sessions: it is told at the next input.
  EXPECT_EQ(reply(), Delivery::offline);
  EXPECT_EQ(event(1), Delivery::full);
  EXPECT_EQ(stage.handler.calls(), Lines{});
  EXPECT_EQ(stage.broker.next_deadline(), stage.now.steady);
  stage.passes(Microseconds{0});
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 refused_output", "ended s1"}));
  EXPECT_EQ(alice.hears(), Lines{"closed"});
}

TEST_P(BrokerOutput, WhenAllTogetherHoldTooMuchTheOneWithTheLargerShareIsClosed) {
  BrokerConfig config = small_output();
  config.output_bytes_total_max = 2'000;
  Stage crowd{config};
  Client greedy = crowd.connects(clean_connect(GetParam(), "c1"));
  Client modest = crowd.connects(clean_connect(GetParam(), "c2"));
  for (Client* client : {&greedy, &modest}) {
    client->subscribes(1, kReplies);
    client->subscribes(2, kEvents);
    client->hears();
  }
  crowd.slow = true;
  const auto replies = [&](std::uint32_t session) {
    crowd.broker.deliver(SessionId{session}, kReplies, text, {}, QoS::at_most_once, 0, false);
    return crowd.broker.connected(SessionId{session});
  };
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(replies(1));
  EXPECT_TRUE(replies(2));
  EXPECT_EQ(crowd.broker.deliver(SessionId{2}, kEvents, text, {}, QoS::at_most_once, 1, true),
            Delivery::full)
      << "it has not drained everything";
  EXPECT_FALSE(replies(1));
  EXPECT_TRUE(replies(2)) << "what the other held is free again";
  greedy.hears();
  EXPECT_TRUE(replies(2));
}

TEST_P(BrokerOutput, RepliesThatWaitForTheWindowCountToo) {
  Stage other([] {
    BrokerConfig config = small_output();
    config.inflight_max = 1;
    return config;
  }());
  Client bob = other.subscriber(GetParam());
  int replies = 0;
  while (other.broker.connected(kSession) && replies < 100) {
    other.broker.deliver(kSession, kReplies, text, {}, QoS::at_least_once, 0, false);
    ++replies;
  }
  EXPECT_LT(replies, 10);
  EXPECT_EQ(bob.hears(), Lines{"closed"});
  EXPECT_EQ(other.handler.calls(), (Lines{"detached s1 refused_output", "ended s1"}));
}

TEST_P(BrokerOutput, AClientThatOnlyAsksEndsAtTheHardBound) {
  stage.writes(alice.id);
  std::string pings;
  for (int i = 0; i < 3'000; ++i) pings.append("\xC0\x00", 2);
  alice.says_bytes(pings);
  EXPECT_EQ(alice.hears(), Lines{"closed"});
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 refused_output", "ended s1"}));
}

TEST_P(BrokerOutput, IsHandedOutInTheOrderOfTheFirstByte) {
  mqtt::Connect connect = clean_connect(GetParam(), "c2");
  connect.username = "bob";
  Client bob = stage.connects(connect);
  bob.says(mqtt::Pingreq{});
  alice.says(mqtt::Pingreq{});
  bob.says(mqtt::Pingreq{});
  std::vector<ConnectionOutput> output;
  stage.broker.drain(output);
  ASSERT_EQ(output.size(), 2U);
  EXPECT_EQ(output[0].connection, bob.id);
  EXPECT_EQ(output[0].bytes.size(), 4U);
  EXPECT_EQ(output[1].connection, alice.id);
  output.clear();
  stage.broker.drain(output);
  EXPECT_TRUE(output.empty());
}

TEST_P(BrokerOutput, OfAConnectionThatIsGoneIsNotHandedOut) {
  alice.says(mqtt::Pingreq{});
  stage.broker.closed(alice.id, stage.now);
  std::vector<ConnectionOutput> output;
  stage.broker.drain(output);
  EXPECT_TRUE(output.empty());
  stage.broker.written(alice.id, 10, stage.now);
  stage.broker.received(alice.id, "x", stage.now);
  stage.broker.closed(alice.id, stage.now);
  EXPECT_EQ(stage.broker.counters().connections, 0U);
}

TEST_P(BrokerOutput, CountsWhatItSent) {
  const BrokerCounters before = stage.broker.counters();
  event(1);
  alice.says(mqtt::Pingreq{});
  alice.hears();
  const BrokerCounters after = stage.broker.counters();
  EXPECT_EQ(after.deliveries_total - before.deliveries_total, 1U);
  EXPECT_GT(after.bytes_sent_total - before.bytes_sent_total, text.size());
  EXPECT_EQ(after.bytes_received_total - before.bytes_received_total, 2U);
}

}  // namespace
}  // namespace claims::server
