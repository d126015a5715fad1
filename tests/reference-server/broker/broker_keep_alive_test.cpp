// Keep-alive: one and a half times what the client announced [MQTT-3.1.2-24 in 3.1.1, -22 in 5.0].

#include <gtest/gtest.h>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

class BrokerKeepAlive : public testing::TestWithParam<mqtt::Version> {
 protected:
  Client connects(std::uint16_t keep_alive_s) {
    mqtt::Connect connect = clean_connect(GetParam());
    connect.keep_alive_s = keep_alive_s;
    Client client = stage.connects(connect);
    stage.handler.calls();
    return client;
  }
  Lines told() const {
    return GetParam() == kV5 ? Lines{"DISCONNECT 0x8D", "closed"} : Lines{"closed"};
  }
  Stage stage;
};
INSTANTIATE_TEST_SUITE_P(Versions, BrokerKeepAlive, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(BrokerKeepAlive, EndsASilentConnection) {
  Client alice = connects(10);
  stage.passes(Microseconds{14'999'999});
  EXPECT_EQ(alice.hears(), Lines{});
  stage.passes(Microseconds{1});
  EXPECT_EQ(alice.hears(), told());
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 keep_alive", "ended s1"}));
}

TEST_P(BrokerKeepAlive, CountsFromTheLastPacket) {
  Client alice = connects(10);
  stage.passes(Microseconds{14'000'000});
  alice.says(mqtt::Pingreq{});  // [MQTT-3.12.4-1]
  EXPECT_EQ(alice.hears(), Lines{"PINGRESP"});
  stage.passes(Microseconds{14'999'999});
  EXPECT_EQ(alice.hears(), Lines{});
  stage.passes(Microseconds{1});
  EXPECT_EQ(alice.hears(), told());
}

TEST_P(BrokerKeepAlive, IsNotServedByPartsOfAPacket) {
  Client alice = connects(10);
  stage.passes(Microseconds{14'000'000});
  alice.says_bytes("\xC0");
  stage.passes(Microseconds{1'000'000});
  EXPECT_EQ(alice.hears(), told());
}

TEST_P(BrokerKeepAlive, IsNotServedByWhatTheServerSends) {
  Client alice = connects(10);
  alice.subscribes(1, kEvents);
  stage.passes(Microseconds{14'000'000});
  stage.broker.deliver(SessionId{1}, kEvents, "e", {}, mqtt::QoS::at_most_once, 1, true);
  alice.hears();
  stage.passes(Microseconds{1'000'000});
  EXPECT_EQ(alice.hears(), told());
}

TEST_P(BrokerKeepAlive, ZeroMeansNone) {  // section 3.1.2.10
  Client alice = connects(0);
  EXPECT_FALSE(stage.broker.next_deadline().has_value());
  stage.passes(Microseconds{1'000'000'000'000});
  EXPECT_EQ(alice.hears(), Lines{});
}

TEST_P(BrokerKeepAlive, LeavesNothingBehindWhenTheClientGoes) {
  connects(10).hangs_up();
  EXPECT_FALSE(stage.broker.next_deadline().has_value());
}

}  // namespace
}  // namespace claims::server
