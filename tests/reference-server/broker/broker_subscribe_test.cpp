// SUBSCRIBE and UNSUBSCRIBE.

#include <gtest/gtest.h>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::QoS;
using mqtt::TopicFilter;

class BrokerSubscribe : public testing::TestWithParam<mqtt::Version> {
 protected:
  BrokerSubscribe() { stage.handler.calls(); }
  bool v5() const { return GetParam() == kV5; }
  Lines ended(const char* disconnect) const {
    return v5() ? Lines{disconnect, "closed"} : Lines{"closed"};
  }
  Stage stage{{.receive_maximum = 3, .subscriptions_max = 4}};
  Client alice = stage.connects(clean_connect(GetParam()));
};
INSTANTIATE_TEST_SUITE_P(Versions, BrokerSubscribe, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(BrokerSubscribe, AnswersEachFilterInOrder) {  // [MQTT-3.8.4-5], 5.0 -6; [MQTT-3.9.3-1]
  alice.says(mqtt::Subscribe{5,
                             {TopicFilter{.filter = kEvents, .qos = QoS::exactly_once},
                              TopicFilter{.filter = "aos/v1/bob/evt", .qos = QoS::at_least_once},
                              TopicFilter{.filter = kReplies, .qos = QoS::at_most_once}},
                             {}});
  // QoS 2 is granted as 1; 3.1.1 refuses with 0x80.
  EXPECT_EQ(alice.hears(), Lines{v5() ? "SUBACK #5 0x01 0x87 0x00" : "SUBACK #5 0x01 0x80 0x00"});
  EXPECT_EQ(stage.handler.calls(),
            Lines{"subscriptions s1 #5 aos/v1/alice/evt:1 aos/v1/alice/reply:0"});
}

TEST_P(BrokerSubscribe, HoldsTheAnswerBackUntilComplete) {
  stage.handler.completes = false;
  alice.subscribes(5, kEvents);
  alice.subscribes(6, kReplies);
  alice.says(mqtt::Pingreq{});
  EXPECT_EQ(alice.hears(), Lines{"PINGRESP"});
  stage.broker.complete(SessionId{1}, 6);
  EXPECT_EQ(alice.hears(), Lines{"SUBACK #6 0x01"});
  stage.broker.complete(SessionId{1}, 5);
  EXPECT_EQ(alice.hears(), Lines{"SUBACK #5 0x01"});
  stage.broker.complete(SessionId{1}, 5);
  EXPECT_EQ(alice.hears(), Lines{});
}

TEST_P(BrokerSubscribe, AnUnsubscribeThatChangesNothingWaitsForTheOneThatDid) {
  alice.subscribes(4, kEvents);
  alice.hears();
  stage.handler.completes = false;
  alice.says(mqtt::Unsubscribe{5, {kEvents}, {}});
  alice.says(mqtt::Unsubscribe{6, {kEvents}, {}});
  EXPECT_EQ(alice.hears(), Lines{});
  stage.broker.complete(SessionId{1}, 5);
  stage.broker.complete(SessionId{1}, 6);
  EXPECT_EQ(alice.hears().size(), 2U);
}

TEST_P(BrokerSubscribe, RefusesWildcardsAndShares) {
  for (const char* filter : {"aos/v1/alice/#", "aos/v1/alice/+", "#"}) {
    alice.subscribes(1, filter);
    EXPECT_EQ(alice.hears(), Lines{v5() ? "SUBACK #1 0x87" : "SUBACK #1 0x80"}) << filter;
  }
  alice.subscribes(1, "$share/group/aos/v1/alice/evt");
  EXPECT_EQ(alice.hears(), Lines{v5() ? "SUBACK #1 0x87" : "SUBACK #1 0x80"});
  EXPECT_EQ(stage.handler.calls(), Lines{});  // Nothing changed, so nothing to hold back for.
}

TEST_P(BrokerSubscribe, ReplacesASubscriptionToTheSameFilter) {  // [MQTT-3.8.4-3]
  alice.subscribes(1, kEvents, QoS::at_least_once);
  alice.subscribes(2, kEvents, QoS::at_most_once);
  EXPECT_EQ(stage.handler.calls(), (Lines{"subscriptions s1 #1 aos/v1/alice/evt:1",
                                          "subscriptions s1 #2 aos/v1/alice/evt:0"}));
}

TEST_P(BrokerSubscribe, IsBoundedPerSession) {
  for (const char* filter :
       {"aos/v1/alice/1", "aos/v1/alice/2", "aos/v1/alice/3", kEvents.data()}) {
    alice.subscribes(1, filter);
    EXPECT_EQ(alice.hears(), Lines{"SUBACK #1 0x01"});
  }
  alice.subscribes(1, "aos/v1/alice/5");
  EXPECT_EQ(alice.hears(), Lines{v5() ? "SUBACK #1 0x97" : "SUBACK #1 0x80"});
  alice.subscribes(1, kEvents);  // There already.
  EXPECT_EQ(alice.hears(), Lines{"SUBACK #1 0x01"});
}

TEST_P(BrokerSubscribe, WithAnIdentifierInUseIsAProtocolError) {  // [MQTT-2.2.1-3]
  stage.handler.completes = false;
  alice.subscribes(1, kEvents);
  alice.subscribes(1, kReplies);
  EXPECT_EQ(alice.hears(), ended("DISCONNECT 0x82"));
}

TEST_P(BrokerSubscribe, ManyAtOnceAreRefused) {
  stage.handler.completes = false;
  for (std::uint16_t id = 1; id <= 3; ++id) alice.subscribes(id, kEvents);
  EXPECT_EQ(alice.hears(), Lines{});
  alice.subscribes(4, kEvents);
  EXPECT_EQ(alice.hears(), ended("DISCONNECT 0x97"));
}

TEST_P(BrokerSubscribe, EndsWithUnsubscribe) {  // [MQTT-3.10.4-1 and -4]
  alice.subscribes(1, kEvents);
  alice.hears();
  stage.handler.calls();
  alice.says(mqtt::Unsubscribe{2, {kEvents, kReplies}, {}});
  EXPECT_EQ(alice.hears(), Lines{v5() ? "UNSUBACK #2 0x00 0x11" : "UNSUBACK #2"});
  EXPECT_EQ(stage.handler.calls(), Lines{"subscriptions s1 #2"});
  EXPECT_EQ(stage.broker.deliver(SessionId{1}, kEvents, "e", {}, QoS::at_least_once, 1, true),
            Broker::Delivery::no_subscription);
  EXPECT_EQ(alice.hears(), Lines{});
}

TEST_P(BrokerSubscribe, UnsubscribeIsAnsweredWhateverThereWas) {  // [MQTT-3.10.4-5]
  alice.says(mqtt::Unsubscribe{2, {kEvents}, {}});
  EXPECT_EQ(alice.hears(), Lines{v5() ? "UNSUBACK #2 0x11" : "UNSUBACK #2"});
  EXPECT_EQ(stage.handler.calls(), Lines{});
}

TEST_P(BrokerSubscribe, AnswersHeldBackGoWithTheirConnection) {
  stage.handler.completes = false;
  Client one = stage.connects(persistent_connect(GetParam(), "c2"));
  one.subscribes(1, kEvents);
  one.hangs_up();
  Client two = stage.connects(persistent_connect(GetParam(), "c2"));
  stage.broker.complete(SessionId{2}, 1);
  EXPECT_EQ(two.hears(), Lines{});
}

TEST(BrokerSubscribe5, WithASubscriptionIdentifierIsRefused) {  // section 3.2.2.3.12: 0xA1
  Stage stage;
  Client alice = stage.connects(clean_connect(kV5));
  mqtt::Subscribe subscribe{1, {TopicFilter{.filter = kEvents}}, {}};
  subscribe.properties = {{.id = mqtt::PropertyId::subscription_identifier, .number = 1}};
  alice.says(subscribe);
  EXPECT_EQ(alice.hears(), (Lines{"DISCONNECT 0xA1", "closed"}));
}

}  // namespace
}  // namespace claims::server
