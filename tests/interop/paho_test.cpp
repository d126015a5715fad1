// claimchatd with open topics, from end to end with Eclipse Paho's C++ client: what the
// interoperability suite of that project checks for 3.1.1, in both versions.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/interop/open_server.h"
#include "tests/interop/paho_client.h"
#include "tests/interop/raw_client.h"

namespace claims::interop {
namespace {

using mqtt::Version;
using Code = ::mqtt::property::code;

class Paho : public testing::TestWithParam<Version> {
 protected:
  bool v5() const { return GetParam() == Version::v5_0; }
  PahoConnect kept() const {
    PahoConnect connect{.clean = false};
    if (v5()) connect.properties.add({Code::SESSION_EXPIRY_INTERVAL, 100});
    return connect;
  }
  mqtt::Connect raw_connect(std::string_view client_id, bool clean = true) const {
    mqtt::Connect connect;
    connect.version = GetParam();
    connect.client_id = client_id;
    connect.clean_start = clean;
    if (v5() && !clean) {
      connect.properties.push_back(
          {.id = mqtt::PropertyId::session_expiry_interval, .number = 100});
    }
    return connect;
  }

  const OpenServer server{{"--forbid-topic", "test/nosubscribe"}};
  PahoClient a{server.address(), GetParam(), "first"};
  PahoClient b{server.address(), GetParam(), "second"};
};
INSTANTIATE_TEST_SUITE_P(Versions, Paho, testing::Values(Version::v3_1_1, Version::v5_0),
                         [](const auto& info) {
                           return info.param == Version::v5_0 ? "v5_0" : "v3_1_1";
                         });

TEST_P(Paho, Basic) {
  ASSERT_EQ(a.connects(), "0x00");
  EXPECT_EQ(a.subscribes("TopicA", 2), "0x02");
  EXPECT_EQ(a.publishes("TopicA", "zero", 0), "0x00");
  EXPECT_EQ(a.publishes("TopicA", "one", 1), "0x00");
  EXPECT_EQ(a.publishes("TopicA", "two", 2), "0x00");
  EXPECT_EQ(a.hears(3), (Lines{"TopicA zero qos0", "TopicA one qos1", "TopicA two qos2"}));
  a.disconnects();
  // A second CONNECT on one connection, and a client that is no client.
  RawClient twice(server.address(), GetParam());
  twice.says(raw_connect("twice"));
  twice.says(raw_connect("twice"));
  EXPECT_EQ(twice.hears_all().back(), "closed");
  RawClient other(server.address(), Version::v3_1_1);  // So it is answered, whoever it is.
  other.says_bytes(std::string("\x10\x0F\x00\x04hovp\x04\x02\x00\x00\x00\x03two", 17));
  EXPECT_EQ(other.hears_all(), (Lines{"CONNACK 0x84", "closed"}));
}

TEST_P(Paho, RetainedMessages) {
  ASSERT_EQ(a.connects(), "0x00");
  const char* qos[] = {"zero", "one", "two"};
  for (int i = 0; i < 3; ++i) a.publishes(std::string("kept/") + qos[i], qos[i], i, true);
  ASSERT_EQ(b.connects(), "0x00");
  EXPECT_EQ(b.subscribes("kept/+", 2), "0x02");
  Lines heard = b.hears(3);
  std::sort(heard.begin(), heard.end());
  EXPECT_EQ(heard, (Lines{"kept/one one qos1 retain", "kept/two two qos2 retain",
                          "kept/zero zero qos0 retain"}));
  for (int i = 0; i < 3; ++i) a.publishes(std::string("kept/") + qos[i], "", i, true);
  EXPECT_EQ(b.hears(3).size(), 3U);
  PahoClient c(server.address(), GetParam(), "third");
  ASSERT_EQ(c.connects(), "0x00");
  c.subscribes("kept/+", 2);
  c.subscribes("end", 0);
  c.publishes("end", "x", 0);
  EXPECT_EQ(c.hears(1), Lines{"end x qos0"});
}

TEST_P(Paho, OfflineMessageQueueing) {
  ASSERT_EQ(a.connects(kept()), "0x00");
  EXPECT_EQ(a.subscribes("+/+", 2), "0x02");
  a.disconnects();
  ASSERT_EQ(b.connects(), "0x00");
  b.publishes("a/0", "zero", 0);
  b.publishes("a/1", "one", 1);
  b.publishes("a/2", "two", 2);
  EXPECT_EQ(a.connects(kept()), "0x00 present");
  EXPECT_EQ(a.hears(2), (Lines{"a/1 one qos1", "a/2 two qos2"}));
}

TEST_P(Paho, WillMessage) {
  ASSERT_EQ(b.connects(), "0x00");
  EXPECT_EQ(b.subscribes("TopicC/#", 2), "0x02");
  // Paho always says DISCONNECT: whose connection is taken over dies.
  PahoConnect connect;
  connect.will = std::make_unique<::mqtt::will_options>("TopicC", std::string("gone"), 1, false);
  ASSERT_EQ(a.connects(connect), "0x00");
  RawClient taking(server.address(), GetParam());
  taking.says(raw_connect("first"));
  EXPECT_EQ(b.hears(1), Lines{"TopicC gone qos1"});
}

TEST_P(Paho, ZeroLengthClientId) {
  PahoClient nameless(server.address(), GetParam(), "");
  ASSERT_EQ(nameless.connects(), "0x00");
  EXPECT_EQ(nameless.text(Code::ASSIGNED_CLIENT_IDENTIFER).empty(), !v5());
  nameless.disconnects();
  RawClient kept_one(server.address(), GetParam());
  kept_one.says(raw_connect("", false));
  EXPECT_EQ(kept_one.hears(), Lines{v5() ? "CONNACK 0x00" : "CONNACK 0x85"});
}

TEST_P(Paho, OverlappingSubscriptions) {
  ASSERT_EQ(a.connects(), "0x00");
  a.subscribes("over/#", 2);
  a.subscribes("over/+", 1);
  a.publishes("over/x", "once", 2);
  a.publishes("over", "end", 0);
  EXPECT_EQ(a.hears(2), (Lines{"over/x once qos2", "over end qos0"}));
}

TEST_P(Paho, KeepAlive) {
  ASSERT_EQ(b.connects(), "0x00");
  b.subscribes("TopicE", 2);
  // Paho keeps its keep-alive; who does not is closed, and its will published.
  PahoConnect quick;
  quick.keep_alive_s = 1;
  ASSERT_EQ(a.connects(quick), "0x00");
  RawClient silent(server.address(), GetParam());
  mqtt::Connect connect = raw_connect("silent");
  connect.keep_alive_s = 2;
  connect.will = mqtt::Will{.topic = "TopicE", .payload = "expired", .properties = {}};
  silent.says(connect);
  EXPECT_EQ(b.hears(1), Lines{"TopicE expired qos0"});
  EXPECT_EQ(silent.hears_all().back(), "closed");
  EXPECT_EQ(a.subscribes("still/there", 0), "0x00");
}

TEST_P(Paho, RedeliveryOnReconnect) {
  // Paho acknowledges by itself, so the one who does not is a raw client.
  RawClient raw(server.address(), GetParam());
  raw.says(raw_connect("raw", false));
  raw.says(mqtt::Subscribe{1, {{.filter = "TopicF", .qos = mqtt::QoS::exactly_once}}, {}});
  EXPECT_EQ(raw.hears(2), (Lines{"CONNACK 0x00", "SUBACK #1 0x02"}));
  ASSERT_EQ(a.connects(), "0x00");
  a.publishes("TopicF", "one", 1);
  a.publishes("TopicF", "two", 2);
  EXPECT_EQ(raw.hears(2).size(), 2U);
  raw.hangs_up();
  RawClient back(server.address(), GetParam());
  back.says(raw_connect("raw", false));
  EXPECT_EQ(back.hears(3), (Lines{"CONNACK 0x00 present", "PUBLISH #32768 dup TopicF one",
                                  "PUBLISH #32769 dup qos2 TopicF two"}));
}

TEST_P(Paho, SubscribeFailure) {
  ASSERT_EQ(a.connects(), "0x00");
  EXPECT_EQ(a.subscribes("test/nosubscribe", 2), "0x80");
  EXPECT_EQ(a.subscribes("test/other", 2), "0x02");
}

TEST_P(Paho, DollarTopics) {
  ASSERT_EQ(a.connects(), "0x00");
  a.subscribes("#", 2);
  a.subscribes("+/x", 2);
  EXPECT_EQ(a.publishes("$dollar/x", "hidden", 1), v5() ? "0x87" : "0x00");
  a.publishes("shown", "x", 1);
  EXPECT_EQ(a.hears(1), Lines{"shown x qos1"});
}

TEST_P(Paho, Unsubscribe) {
  ASSERT_EQ(a.connects(), "0x00");
  ASSERT_EQ(b.connects(), "0x00");
  for (const char* topic : {"TopicA", "TopicB", "TopicC"}) a.subscribes(topic, 2);
  EXPECT_EQ(a.unsubscribes("TopicA"), "0x00");
  for (const char* topic : {"TopicA", "TopicB", "TopicC"}) b.publishes(topic, "x", 1);
  EXPECT_EQ(a.hears(2), (Lines{"TopicB x qos1", "TopicC x qos1"}));
}

}  // namespace
}  // namespace claims::interop
