// Open topics: who gets what. Filters, options, identifiers, shares, and what is nobody's.

#include <gtest/gtest.h>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;
using mqtt::TopicFilter;

class OpenSubscribe : public testing::TestWithParam<mqtt::Version> {
 protected:
  mqtt::Version version() const { return GetParam(); }
  bool v5() const { return GetParam() == kV5; }
  OpenStage stage;
  Client alice = stage.connects(open_connect(GetParam(), "alice"));
  Client bob = stage.connects(open_connect(GetParam(), "bob"));
};
INSTANTIATE_TEST_SUITE_P(Versions, OpenSubscribe, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

mqtt::Subscribe with_identifier(std::uint16_t packet_id, TopicFilter filter, std::uint32_t id) {
  mqtt::Subscribe subscribe{packet_id, {filter}, {}};
  subscribe.properties = {{.id = PropertyId::subscription_identifier, .number = id}};
  return subscribe;
}

TEST_P(OpenSubscribe, TellsTheHandlerNothing) {
  alice.subscribes(1, "a");
  bob.publishes_open("a", "1");
  bob.hangs_up();
  EXPECT_EQ(alice.hears(), (Lines{"SUBACK #1 0x01", "PUBLISH qos0 a 1"}));
  EXPECT_EQ(stage.handler.calls(), Lines{});
  EXPECT_EQ(stage.broker.counters().sessions, 1U);
}

TEST_P(OpenSubscribe, GrantsWhatIsAskedForEachFilter) {  // [MQTT-3.8.4-5], [MQTT-3.8.4-6]
  alice.says(mqtt::Subscribe{
      9,
      {TopicFilter{.filter = "a", .qos = QoS::exactly_once},
       TopicFilter{.filter = "aos/v1/alice/evt", .qos = QoS::at_least_once},
       TopicFilter{.filter = "+/b/#", .qos = QoS::at_most_once}, TopicFilter{.filter = "$SYS/#"},
       TopicFilter{.filter = "test/nosubscribe"}, TopicFilter{.filter = "plant/1/+"}},
      {}});
  EXPECT_EQ(alice.hears(), Lines{v5() ? "SUBACK #9 0x02 0x87 0x00 0x87 0x80 0x80"
                                      : "SUBACK #9 0x02 0x80 0x00 0x80 0x80 0x80"});
}

TEST_P(OpenSubscribe, MatchesByLevels) {  // [MQTT-4.7.1-2], [MQTT-4.7.1-3], [MQTT-4.7.3-4]
  struct Case {
    const char *filter, *topic;
    bool matches;
  };
  for (const Case& one : std::vector<Case>{{"sport/tennis/#", "sport/tennis", true},
                                           {"sport/tennis/#", "sport/tennis/a/b", true},
                                           {"sport/#", "sports", false},
                                           {"#", "a/b", true},
                                           {"#", "/", true},
                                           {"+", "/finance", false},
                                           {"+/+", "/finance", true},
                                           {"/+", "/finance", true},
                                           {"sport/+", "sport", false},
                                           {"sport/+", "sport/", true},
                                           {"+/tennis/#", "sport/tennis/x", true},
                                           {"a/+/c", "a//c", true},
                                           {"A", "a", false},
                                           {"a", "a/", false}}) {
    alice.subscribes(1, one.filter);
    bob.publishes_open(one.topic, "x");
    alice.says(mqtt::Unsubscribe{2, {one.filter}, {}});
    EXPECT_EQ(alice.hears().size(), one.matches ? 3U : 2U) << one.filter << " " << one.topic;
  }
  EXPECT_EQ(stage.broker.counters().open_subscriptions, 0U);
}

TEST_P(OpenSubscribe, KeepsSystemTopicsFromEverybody) {  // [MQTT-4.7.2-1], [MQTT-3.3.5-2]
  alice.subscribes(1, "#");
  alice.subscribes(2, "+/a");
  alice.hears();
  bob.publishes_open("$SYS/a", "x", QoS::at_least_once, false, {}, 7);
  bob.publishes_open("$SYS/a", "x");
  EXPECT_EQ(bob.hears(), Lines{v5() ? "PUBACK #7 0x87" : "PUBACK #7 0x00"});
  EXPECT_EQ(alice.hears(), Lines{});
}

TEST_P(OpenSubscribe, KeepsTheHandlersTopicsOutOfWildcards) {
  Client user = stage.subscriber(version());
  alice.subscribes(1, "#");
  alice.subscribes(2, "+/v1/alice/evt");
  alice.hears();
  stage.broker.deliver(stage.handler.last_attached, kEvents, "secret", {}, QoS::at_least_once, 1,
                       true);
  EXPECT_EQ(user.hears(), Lines{"PUBLISH #1 aos/v1/alice/evt secret"});
  EXPECT_EQ(alice.hears(), Lines{});
  alice.publishes_open(kCommands, "{}", QoS::at_least_once);
  EXPECT_EQ(alice.hears(), v5() ? Lines{"PUBACK #1 0x87"} : Lines{"closed"});
  EXPECT_EQ(stage.handler.calls(), Lines{});
}

TEST_P(OpenSubscribe, LetsAUserUseBoth) {
  Client user = stage.connects(clean_connect(version()));
  user.says(mqtt::Subscribe{
      1,
      {TopicFilter{.filter = kEvents}, TopicFilter{.filter = "a", .qos = QoS::at_least_once}},
      {}});
  user.publishes(kCommands, 3, "{}");
  bob.publishes_open("a", "x", QoS::at_least_once);
  EXPECT_EQ(user.hears(), (Lines{"SUBACK #1 0x00 0x01", "PUBACK #3 0x00", "PUBLISH #32768 a x"}));
  user.acknowledges(32'768);
  user.says(mqtt::Unsubscribe{4, {"a", kEvents}, {}});
  EXPECT_EQ(user.hears(), Lines{v5() ? "UNSUBACK #4 0x00 0x00" : "UNSUBACK #4"});
  EXPECT_EQ(stage.handler.calls(),
            (Lines{"attached s3 alice/c1", "subscriptions s3 #1 aos/v1/alice/evt:0",
                   "published s3 #3 {}", "subscriptions s3 #4"}));
}

TEST_P(OpenSubscribe, RefusesForbiddenPublishes) {
  bob.publishes_open("plant/1", "x", QoS::at_least_once);
  EXPECT_EQ(bob.hears(), v5() ? Lines{"PUBACK #1 0x87"} : Lines{"closed"});
  Client carol = stage.connects(open_connect(version(), "carol"));
  carol.publishes_open("plant", "x");
  EXPECT_EQ(carol.hears(), v5() ? (Lines{"DISCONNECT 0x87", "closed"}) : Lines{"closed"});
}

TEST_P(OpenSubscribe, MergesOverlappingSubscriptions) {  // [MQTT-3.3.5-1], 5.0 [MQTT-3.3.4-2]
  alice.subscribes(1, "a/#", QoS::at_most_once);
  alice.subscribes(2, "a/+", QoS::exactly_once);
  alice.subscribes(3, "a/b", QoS::at_least_once);
  alice.hears();
  bob.publishes_open("a/b", "x", QoS::exactly_once);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH #32768 qos2 a/b x"});
}

TEST_P(OpenSubscribe, ReplacesASubscriptionToTheSameFilter) {  // [MQTT-3.8.4-3]
  alice.subscribes(1, "a", QoS::at_least_once);
  alice.subscribes(2, "a", QoS::at_most_once);
  alice.hears();
  bob.publishes_open("a", "x", QoS::at_least_once);
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH qos0 a x"});
  EXPECT_EQ(stage.broker.counters().open_subscriptions, 1U);
}

TEST_P(OpenSubscribe, EndsWithUnsubscribe) {  // [MQTT-3.10.4-1], [MQTT-3.11.3-2]
  alice.subscribes(1, "a/+");
  alice.says(mqtt::Unsubscribe{2, {"a/+", "a/b", "$SYS/x"}, {}});
  bob.publishes_open("a/b", "x");
  EXPECT_EQ(alice.hears(),
            (Lines{"SUBACK #1 0x01", v5() ? "UNSUBACK #2 0x00 0x11 0x11" : "UNSUBACK #2"}));
}

TEST_P(OpenSubscribe, IsBounded) {
  BrokerConfig config = open_config();
  config.open_topics.subscriptions_per_session_max = 2;
  config.open_topics.subscriptions_max = 3;
  OpenStage small(config);
  Client one = small.connects(open_connect(version(), "one"));
  for (const char* filter : {"a", "b/+", "c", "a"}) one.subscribes(1, filter);
  const char* full = v5() ? "SUBACK #1 0x97" : "SUBACK #1 0x80";
  EXPECT_EQ(one.hears(), (Lines{"SUBACK #1 0x01", "SUBACK #1 0x01", full, "SUBACK #1 0x01"}));
  Client two = small.connects(open_connect(version(), "two"));
  two.subscribes(1, "a");
  two.subscribes(1, "d");
  EXPECT_EQ(two.hears(), (Lines{"SUBACK #1 0x01", full}));
}

TEST(OpenSubscribe3, KnowsNoShares) {
  OpenStage stage;
  Client alice = stage.connects(open_connect(kV3, "alice"));
  alice.subscribes(1, "$share/g/a");
  EXPECT_EQ(alice.hears(), Lines{"SUBACK #1 0x80"});
}

class OpenSubscribe5 : public testing::Test {
 protected:
  OpenStage stage;
  Client alice = stage.connects(open_connect(kV5, "alice"));
  Client bob = stage.connects(open_connect(kV5, "bob"));
};

TEST_F(OpenSubscribe5, CarriesAllIdentifiersInOneCopy) {  // [MQTT-3.3.4-3], [MQTT-3.3.4-4]
  alice.says(with_identifier(1, {.filter = "a/#"}, 7));
  alice.says(with_identifier(2, {.filter = "a/+"}, 268'435'455));
  alice.subscribes(3, "a/b", QoS::at_most_once);
  alice.hears();
  bob.publishes_open("a/b", "x");
  const Lines heard = alice.hears();
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_TRUE(heard[0] == "PUBLISH qos0 a/b x id=7 id=268435455" ||
              heard[0] == "PUBLISH qos0 a/b x id=268435455 id=7")
      << heard[0];
  // Subscribing anew without one takes it away.
  alice.subscribes(4, "a/#", QoS::at_most_once);
  alice.hears();
  bob.publishes_open("a/b", "x");
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH qos0 a/b x id=268435455"});
}

TEST_F(OpenSubscribe5, CarriesTheIdentifierOnTheHandlersTopicsToo) {
  Client user = stage.connects(clean_connect(kV5));
  user.says(with_identifier(1, {.filter = kEvents, .qos = QoS::at_least_once}, 5));
  user.hears();
  stage.broker.deliver(stage.handler.last_attached, kEvents, "e", {}, QoS::at_least_once, 1, true);
  EXPECT_EQ(user.hears(), Lines{"PUBLISH #1 aos/v1/alice/evt e id=5"});
}

TEST_F(OpenSubscribe5, SendsWhatWaitsWhenTheHandlersDeliveryIsAcknowledged) {
  mqtt::Connect connect = clean_connect(kV5);
  connect.properties.push_back({.id = PropertyId::receive_maximum, .number = 1});
  Client user = stage.connects(connect);
  user.subscribes(1, kEvents);
  user.subscribes(2, "a");
  user.hears();
  stage.broker.deliver(stage.handler.last_attached, kEvents, "e", {}, QoS::at_least_once, 1, true);
  bob.publishes_open("a", "x", QoS::at_least_once);
  EXPECT_EQ(user.hears(), Lines{"PUBLISH #1 aos/v1/alice/evt e"});
  user.acknowledges(1);
  EXPECT_EQ(user.hears(), Lines{"PUBLISH #32768 a x"});
}

TEST_F(OpenSubscribe5, KeepsNoLocalFromItsPublisher) {  // [MQTT-3.8.3-3]
  const TopicFilter filter{.filter = "a", .no_local = true};
  alice.says(mqtt::Subscribe{1, {filter}, {}});
  bob.says(mqtt::Subscribe{1, {filter}, {}});
  alice.hears();
  bob.hears();
  alice.publishes_open("a", "x");
  EXPECT_EQ(alice.hears(), Lines{});
  EXPECT_EQ(bob.hears(), Lines{"PUBLISH qos0 a x"});
}

TEST_F(OpenSubscribe5, RetainsAsPublished) {  // [MQTT-3.3.1-12], [MQTT-3.3.1-13]
  alice.says(mqtt::Subscribe{1, {TopicFilter{.filter = "a", .retain_as_published = true}}, {}});
  bob.says(mqtt::Subscribe{1, {TopicFilter{.filter = "a"}}, {}});
  alice.hears();
  bob.hears();
  alice.publishes_open("a", "x", QoS::at_most_once, true);
  alice.publishes_open("a", "y");
  EXPECT_EQ(alice.hears(), (Lines{"PUBLISH qos0 a x retain", "PUBLISH qos0 a y"}));
  EXPECT_EQ(bob.hears(), (Lines{"PUBLISH qos0 a x", "PUBLISH qos0 a y"}));
}

TEST_F(OpenSubscribe5, SendsWhatIsThePublishersUnaltered) {  // [MQTT-3.3.2-4, -15 to -20]
  alice.subscribes(1, "a");
  alice.hears();
  bob.publishes_open("a", "x", QoS::at_most_once, false,
                     {{.id = PropertyId::user_property, .text = "k", .value = "2"},
                      {.id = PropertyId::payload_format_indicator, .number = 1},
                      {.id = PropertyId::content_type, .text = "t"},
                      {.id = PropertyId::response_topic, .text = "r"},
                      {.id = PropertyId::correlation_data, .text = "c"},
                      {.id = PropertyId::user_property, .text = "k", .value = "1"}});
  EXPECT_EQ(alice.hears(), Lines{"PUBLISH qos0 a x k=2 format=1 3=t 8=r 9=c k=1"});
}

TEST_F(OpenSubscribe5, RefusesAPayloadThatIsNoText) {  // section 3.3.2.3.2: 0x99
  const mqtt::Properties text = {{.id = PropertyId::payload_format_indicator, .number = 1}};
  alice.subscribes(1, "a");
  bob.publishes_open("a", "\xff", QoS::at_least_once, false, text, 1);
  bob.publishes_open("a", "\xff", QoS::exactly_once, false, text, 2);
  EXPECT_EQ(bob.hears(), (Lines{"PUBACK #1 0x99", "PUBREC #2 0x99"}));
  bob.publishes_open("a", "\xff", QoS::at_most_once, false, text);
  EXPECT_EQ(bob.hears(), (Lines{"DISCONNECT 0x99", "closed"}));
  EXPECT_EQ(alice.hears(), Lines{"SUBACK #1 0x01"});
}

TEST_F(OpenSubscribe5, TellsWhenNobodySubscribes) {  // section 3.4.2.1: 0x10
  bob.publishes_open("a", "x", QoS::at_least_once, false, {}, 1);
  bob.publishes_open("a", "x", QoS::exactly_once, false, {}, 2);
  EXPECT_EQ(bob.hears(), (Lines{"PUBACK #1 0x10", "PUBREC #2 0x10"}));
}

TEST_F(OpenSubscribe5, SharesAmongTheMembersOfAGroup) {  // section 4.8.2, [MQTT-4.8.2-4]
  alice.subscribes(1, "$share/g/a/+", QoS::at_most_once);
  bob.subscribes(1, "$share/g/a/+", QoS::at_most_once);
  alice.subscribes(2, "a/#", QoS::at_most_once);
  Client carol = stage.connects(open_connect(kV5, "carol"));
  carol.subscribes(1, "$share/other/a/+", QoS::at_most_once);
  alice.hears();
  bob.hears();
  carol.hears();
  for (int i = 0; i < 4; ++i) carol.publishes_open("a/b", "x");
  EXPECT_EQ(alice.hears().size(), 4U + 2U);  // A share counts apart.
  EXPECT_EQ(bob.hears().size(), 2U);
  EXPECT_EQ(carol.hears().size(), 4U);
  // Who is away does not hold up the others.
  bob.hangs_up();
  alice.says(mqtt::Unsubscribe{3, {"a/#"}, {}});
  alice.hears();
  for (int i = 0; i < 3; ++i) carol.publishes_open("a/b", "x");
  EXPECT_EQ(alice.hears().size(), 3U);
  alice.says(mqtt::Unsubscribe{4, {"$share/g/a/+"}, {}});
  EXPECT_EQ(alice.hears(), Lines{"UNSUBACK #4 0x00"});
  carol.publishes_open("a/b", "x");
  EXPECT_EQ(alice.hears(), Lines{});
}

TEST_F(OpenSubscribe5, SharesNoTopicsOfTheHandler) {
  Client user = stage.connects(clean_connect(kV5));
  user.subscribes(1, "$share/g/aos/v1/alice/evt");
  EXPECT_EQ(user.hears(), Lines{"SUBACK #1 0x87"});
}

}  // namespace
}  // namespace claims::server
