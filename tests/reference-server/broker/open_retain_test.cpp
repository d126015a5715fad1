// Retained messages of open topics.

#include <gtest/gtest.h>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;
using mqtt::TopicFilter;

class OpenRetain : public testing::TestWithParam<mqtt::Version> {
 protected:
  mqtt::Version version() const { return GetParam(); }
  bool v5() const { return GetParam() == kV5; }
  void retain(std::string_view topic, std::string_view payload, QoS qos = QoS::at_most_once,
              const mqtt::Properties& properties = {}) {
    bob.publishes_open(topic, payload, qos, true, properties);
  }
  OpenStage stage;
  Client alice = stage.connects(open_connect(GetParam(), "alice"));
  Client bob = stage.connects(open_connect(GetParam(), "bob"));
};
INSTANTIATE_TEST_SUITE_P(Versions, OpenRetain, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(OpenRetain, KeepsTheLastOfEachTopic) {  // [MQTT-3.3.1-5], [MQTT-3.3.1-8]
  retain("a/b", "old");
  retain("a/b", "new");
  retain("a/c", "c", QoS::at_least_once);
  bob.publishes_open("a/b", "passing");
  alice.subscribes(1, "a/+", QoS::at_least_once);
  EXPECT_EQ(alice.hears(), (Lines{"SUBACK #1 0x01", "PUBLISH qos0 a/b new retain",
                                  "PUBLISH #32768 a/c c retain"}));
  EXPECT_EQ(stage.broker.counters().retained_messages, 2U);
}

TEST_P(OpenRetain, IsForwardedWithoutTheFlag) {  // [MQTT-3.3.1-9] of 3.1.1
  alice.subscribes(1, "a");
  retain("a", "x");
  EXPECT_EQ(alice.hears(), (Lines{"SUBACK #1 0x01", "PUBLISH qos0 a x"}));
}

TEST_P(OpenRetain, IsClearedByAnEmptyPayload) {  // [MQTT-3.3.1-6], [MQTT-3.3.1-7]
  alice.subscribes(1, "a");
  retain("a", "x");
  retain("a", "");
  EXPECT_EQ(alice.hears(), (Lines{"SUBACK #1 0x01", "PUBLISH qos0 a x", "PUBLISH qos0 a "}));
  alice.subscribes(2, "a");
  EXPECT_EQ(alice.hears(), Lines{"SUBACK #2 0x01"});
  EXPECT_EQ(stage.broker.counters().retained_messages, 0U);
}

TEST_P(OpenRetain, OutlivesItsPublisher) {  // section 3.1.2.4: not part of the session state
  retain("a", "x");
  bob.hangs_up();
  alice.subscribes(1, "#");
  EXPECT_EQ(alice.hears(), (Lines{"SUBACK #1 0x01", "PUBLISH qos0 a x retain"}));
}

TEST_P(OpenRetain, IsBounded) {
  BrokerConfig config = open_config();
  config.open_topics.retained_messages_max = 1;
  OpenStage small(config);
  Client one = small.connects(open_connect(version(), "one"));
  one.subscribes(1, "#", QoS::at_most_once);
  one.publishes_open("a", "x", QoS::at_least_once, true);
  one.publishes_open("b", "y", QoS::at_least_once, true);
  one.publishes_open("a", "z", QoS::at_least_once, true);
  // Who can be told is told, and then it is not published; 3.1.1 publishes without keeping.
  EXPECT_EQ(one.hears(), v5() ? (Lines{"SUBACK #1 0x00", "PUBLISH qos0 a x", "PUBACK #1 0x00",
                                       "PUBACK #1 0x97", "PUBLISH qos0 a z", "PUBACK #1 0x00"})
                              : (Lines{"SUBACK #1 0x00", "PUBLISH qos0 a x", "PUBACK #1 0x00",
                                       "PUBLISH qos0 b y", "PUBACK #1 0x00", "PUBLISH qos0 a z",
                                       "PUBACK #1 0x00"}));
  EXPECT_EQ(small.broker.counters().retained_messages, 1U);
}

class OpenRetain5 : public testing::Test {
 protected:
  void subscribes(std::string_view filter, std::uint8_t handling) {
    mqtt::Subscribe subscribe{1, {TopicFilter{.filter = filter, .retain_handling = handling}}, {}};
    subscribe.properties = {{.id = PropertyId::subscription_identifier, .number = 4}};
    alice.says(subscribe);
  }
  OpenStage stage;
  Client alice = stage.connects(open_connect(kV5, "alice"));
};

TEST_F(OpenRetain5, IsHandledAsTheSubscriptionSays) {  // [MQTT-3.3.1-9], [-10], [-11]
  const Lines with{"SUBACK #1 0x00", "PUBLISH qos0 a x retain id=4"};
  const Lines without{"SUBACK #1 0x00"};
  alice.publishes_open("a", "x", QoS::at_most_once, true);
  subscribes("a", 2);
  EXPECT_EQ(alice.hears(), without);
  subscribes("a", 1);
  EXPECT_EQ(alice.hears(), without);  // It was there.
  subscribes("a", 0);
  EXPECT_EQ(alice.hears(), with);
  subscribes("a", 0);
  EXPECT_EQ(alice.hears(), with);
  subscribes("+", 1);
  EXPECT_EQ(alice.hears(), with);
  subscribes("$share/g/a", 0);
  EXPECT_EQ(alice.hears(), without);  // Section 4.8.2.
}

TEST_F(OpenRetain5, KeepsNoLocalFromItsPublishersNextSessionToo) {  // [MQTT-3.8.3-3]
  alice.publishes_open("a", "x", QoS::at_most_once, true);
  alice.hangs_up();
  const mqtt::Subscribe subscribe{1, {TopicFilter{.filter = "a", .no_local = true}}, {}};
  Client again = stage.connects(open_connect(kV5, "alice"));
  again.says(subscribe);
  EXPECT_EQ(again.hears(), Lines{"SUBACK #1 0x00"});
  Client bob = stage.connects(open_connect(kV5, "bob"));
  bob.says(subscribe);
  EXPECT_EQ(bob.hears(), (Lines{"SUBACK #1 0x00", "PUBLISH qos0 a x retain"}));
}

TEST_F(OpenRetain5, KeepsPropertiesAndExpires) {  // [MQTT-3.3.2-5], [MQTT-3.3.2-6]
  alice.publishes_open("a", "x", QoS::at_most_once, true,
                       {{.id = PropertyId::message_expiry_interval, .number = 10},
                        {.id = PropertyId::user_property, .text = "k", .value = "v"}});
  stage.passes(Microseconds{3'500'000});
  alice.subscribes(1, "a", QoS::at_most_once);
  EXPECT_EQ(alice.hears(), (Lines{"SUBACK #1 0x00", "PUBLISH qos0 a x retain expiry=7 k=v"}));
  stage.passes(Microseconds{6'500'000});
  alice.subscribes(2, "a", QoS::at_most_once);
  EXPECT_EQ(alice.hears(), Lines{"SUBACK #2 0x00"});
  EXPECT_EQ(stage.broker.counters().retained_messages, 0U);
}

}  // namespace
}  // namespace claims::server
