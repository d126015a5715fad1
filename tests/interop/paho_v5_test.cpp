// claimchatd with open topics, from end to end with Eclipse Paho's C++ client: what the
// interoperability suite of that project checks for 5.0 alone. paho_test.cpp has the rest.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/interop/open_server.h"
#include "tests/interop/paho_client.h"
#include "tests/interop/raw_client.h"

namespace claims::interop {
namespace {

using mqtt::Version;
using Code = ::mqtt::property::code;
using ::mqtt::subscribe_options;

PahoConnect with(std::initializer_list<std::pair<Code, std::int32_t>> properties,
                 bool clean = true) {
  PahoConnect connect{.clean = clean};
  for (const auto& [code, number] : properties) connect.properties.add({code, number});
  return connect;
}

mqtt::Connect raw_connect(std::string_view client_id, mqtt::Properties properties = {}) {
  mqtt::Connect connect;
  connect.client_id = client_id;
  connect.properties = std::move(properties);
  return connect;
}

class PahoV5 : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(b.connects(), "0x00"); }
  /// A client whose connection breaks: Paho would say DISCONNECT.
  void dies(std::string_view will, std::uint32_t session_expiry_s, std::uint32_t will_delay_s) {
    using P = mqtt::PropertyId;
    RawClient client(server.address(), Version::v5_0);
    mqtt::Connect connect =
        raw_connect("dying", {{.id = P::session_expiry_interval, .number = session_expiry_s}});
    connect.clean_start = false;
    connect.will =
        mqtt::Will{.topic = "will",
                   .payload = will,
                   .properties = {{.id = P::will_delay_interval, .number = will_delay_s}}};
    client.says(connect);
    EXPECT_EQ(client.hears(), Lines{"CONNACK 0x00"});
    client.hangs_up();
  }
  void ends(const std::string& topic) { b.publishes(topic, "end", 0); }

  const OpenServer server{{"--topic-alias-maximum", "5", "--server-keep-alive", "120",
                           "--forbid-topic", "test/nosubscribe"}};
  PahoClient a{server.address(), Version::v5_0, "first"};
  PahoClient b{server.address(), Version::v5_0, "second"};
};

TEST_F(PahoV5, UserProperties) {
  ASSERT_EQ(a.connects(), "0x00");
  a.subscribes("t", 2);
  PahoProperties properties;
  properties.add({Code::USER_PROPERTY, "a", "2"});
  properties.add({Code::USER_PROPERTY, "c", "3"});
  properties.add({Code::USER_PROPERTY, "a", "1"});
  for (int qos = 0; qos < 3; ++qos) b.publishes("t", "x", qos, false, properties);
  EXPECT_EQ(a.hears(3),
            (Lines{"t x qos0 a=2 c=3 a=1", "t x qos1 a=2 c=3 a=1", "t x qos2 a=2 c=3 a=1"}));
}

TEST_F(PahoV5, PayloadFormat) {
  ASSERT_EQ(a.connects(), "0x00");
  a.subscribes("t", 2);
  PahoProperties properties;
  properties.add({Code::PAYLOAD_FORMAT_INDICATOR, 1});
  properties.add({Code::CONTENT_TYPE, "My name"});
  b.publishes("t", "x", 1, false, properties);
  EXPECT_EQ(a.hears(1), Lines{"t x qos1 format=1 3=My name"});
}

TEST_F(PahoV5, WillDelay) {
  b.subscribes("#", 2);
  const auto died = std::chrono::steady_clock::now();
  dies("late", 100, 1);
  ends("first");
  EXPECT_EQ(b.hears(2), (Lines{"first end qos0", "will late qos0"}));
  EXPECT_GE(std::chrono::steady_clock::now() - died, std::chrono::milliseconds(1'000));
}

TEST_F(PahoV5, CleanStart) {
  const auto kept = [](bool clean) { return with({{Code::SESSION_EXPIRY_INTERVAL, 100}}, clean); };
  EXPECT_EQ(a.connects(kept(false)), "0x00");
  a.disconnects();
  EXPECT_EQ(a.connects(kept(false)), "0x00 present");
  a.disconnects();
  EXPECT_EQ(a.connects(kept(true)), "0x00");
}

TEST_F(PahoV5, SessionExpiry) {
  // None, then one that lasts, then one that is over at once.
  EXPECT_EQ(a.connects(with({}, false)), "0x00");
  a.disconnects();
  EXPECT_EQ(a.connects(with({{Code::SESSION_EXPIRY_INTERVAL, 100}}, false)), "0x00");
  EXPECT_EQ(a.number(Code::SESSION_EXPIRY_INTERVAL), 0U) << "what was asked is not told";
  a.disconnects();
  EXPECT_EQ(a.connects(with({{Code::SESSION_EXPIRY_INTERVAL, 0}}, false)), "0x00 present");
  a.disconnects();
  EXPECT_EQ(a.connects(with({}, false)), "0x00");
  // A will that waits tells when a session is over.
  b.subscribes("will", 0);
  dies("over", 1, 100);
  EXPECT_EQ(b.hears(1), Lines{"will over qos0"});
  PahoClient again(server.address(), Version::v5_0, "dying");
  EXPECT_EQ(again.connects(with({}, false)), "0x00");
}

TEST_F(PahoV5, ServerKeepAlive) {
  PahoConnect longer;
  longer.keep_alive_s = 1'000;
  ASSERT_EQ(a.connects(longer), "0x00");
  EXPECT_EQ(a.number(Code::SERVER_KEEP_ALIVE), 120U);
  a.disconnects();
  ASSERT_EQ(a.connects(), "0x00");
  EXPECT_EQ(a.number(Code::SERVER_KEEP_ALIVE), 0U);
}

TEST_F(PahoV5, NoLocal) {
  ASSERT_EQ(a.connects(), "0x00");
  a.subscribes("t", 2, subscribe_options(true));
  a.publishes("t", "own", 1);
  b.publishes("t", "other", 1);
  EXPECT_EQ(a.hears(1), Lines{"t other qos1"});
}

TEST_F(PahoV5, RetainAsPublished) {
  ASSERT_EQ(a.connects(), "0x00");
  a.subscribes("as", 2, subscribe_options(false, true));
  a.subscribes("off", 2, subscribe_options(false, false));
  for (const char* topic : {"as", "off"}) {
    b.publishes(topic, "kept", 1, true);
    b.publishes(topic, "not", 1, false);
  }
  EXPECT_EQ(a.hears(4),
            (Lines{"as kept qos1 retain", "as not qos1", "off kept qos1", "off not qos1"}));
}

TEST_F(PahoV5, RetainHandling) {
  b.publishes("t", "kept", 1, true);
  ASSERT_EQ(a.connects(), "0x00");
  a.subscribes("end", 0);
  const auto handling = [](subscribe_options::RetainHandling how) {
    return subscribe_options(false, false, how);
  };
  a.subscribes("t", 2, handling(subscribe_options::DONT_SEND_RETAINED));
  a.unsubscribes("t");
  a.publishes("end", "never", 0);
  EXPECT_EQ(a.hears(1), Lines{"end never qos0"});
  a.subscribes("t", 2, handling(subscribe_options::SEND_RETAINED_ON_NEW));
  EXPECT_EQ(a.hears(1), Lines{"t kept qos1 retain"});
  a.subscribes("t", 2, handling(subscribe_options::SEND_RETAINED_ON_NEW));
  a.publishes("end", "not new", 0);
  EXPECT_EQ(a.hears(1), Lines{"end not new qos0"});
  a.subscribes("t", 2, handling(subscribe_options::SEND_RETAINED_ON_SUBSCRIBE));
  EXPECT_EQ(a.hears(1), Lines{"t kept qos1 retain"});
}

TEST_F(PahoV5, AssignedClientId) {
  PahoClient first(server.address(), Version::v5_0, "");
  PahoClient other(server.address(), Version::v5_0, "");
  ASSERT_EQ(first.connects(with({{Code::SESSION_EXPIRY_INTERVAL, 100}})), "0x00");
  ASSERT_EQ(other.connects(), "0x00");
  const std::string assigned = first.text(Code::ASSIGNED_CLIENT_IDENTIFER);
  EXPECT_NE(assigned, "");
  EXPECT_NE(assigned, other.text(Code::ASSIGNED_CLIENT_IDENTIFER));
  first.disconnects();
  PahoClient again(server.address(), Version::v5_0, assigned);
  EXPECT_EQ(again.connects(with({}, false)), "0x00 present");
  EXPECT_EQ(again.text(Code::ASSIGNED_CLIENT_IDENTIFER), "");
}

TEST_F(PahoV5, SubscribeIdentifiers) {
  ASSERT_EQ(a.connects(), "0x00");
  const auto id = [](std::int32_t number) {
    PahoProperties properties;
    properties.add({Code::SUBSCRIPTION_IDENTIFIER, number});
    return properties;
  };
  a.subscribes("t/x", 2, {}, id(456'789));
  a.subscribes("t/#", 2, {}, id(2));
  ASSERT_EQ(b.subscribes("t/+", 2, {}, id(7)), "0x02");
  b.publishes("t/x", "one", 1);
  ends("t/y");
  const Lines heard = a.hears(2);  // One copy, with both; their order is the server's.
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_TRUE(heard[0] == "t/x one qos1 id=456789 id=2" ||
              heard[0] == "t/x one qos1 id=2 id=456789")
      << heard[0];
  EXPECT_EQ(heard[1], "t/y end qos0 id=2");
  EXPECT_EQ(b.hears(2), (Lines{"t/x one qos1 id=7", "t/y end qos0 id=7"}));
}

TEST_F(PahoV5, RequestResponse) {
  ASSERT_EQ(a.connects(), "0x00");
  a.subscribes("request", 2);
  b.subscribes("response", 2, subscribe_options(true));
  PahoProperties asking, answering;
  asking.add({Code::RESPONSE_TOPIC, "response"});
  asking.add({Code::CORRELATION_DATA, "334"});
  b.publishes("request", "ping", 1, false, asking);
  EXPECT_EQ(a.hears(1), Lines{"request ping qos1 8=response 9=334"});
  answering.add({Code::CORRELATION_DATA, "334"});
  a.publishes("response", "pong", 1, false, answering);
  EXPECT_EQ(b.hears(1), Lines{"response pong qos1 9=334"});
}

TEST_F(PahoV5, ClientTopicAlias) {
  ASSERT_EQ(a.connects(), "0x00");
  EXPECT_EQ(a.number(Code::TOPIC_ALIAS_MAXIMUM), 5U);
  a.subscribes("t", 2);
  PahoProperties alias;
  alias.add({Code::TOPIC_ALIAS, 5});
  a.publishes("t", "named", 1, false, alias);
  // Paho publishes to no empty topic: the rest is a raw client's.
  EXPECT_EQ(a.hears(1), Lines{"t named qos1"});
  RawClient raw(server.address(), Version::v5_0);
  raw.says(raw_connect("raw"));
  const mqtt::Properties five{{.id = mqtt::PropertyId::topic_alias, .number = 5}};
  raw.says(mqtt::Publish{.topic = "t", .payload = "1", .properties = five});
  raw.says(mqtt::Publish{.topic = "", .payload = "2", .properties = five});
  EXPECT_EQ(a.hears(2), (Lines{"t 1 qos0", "t 2 qos0"}));
  for (const std::uint32_t wrong : {0U, 6U}) {
    RawClient one(server.address(), Version::v5_0);
    one.says(raw_connect("one"));
    one.says(mqtt::Publish{.topic = "t",
                           .payload = "x",
                           .properties = {{.id = mqtt::PropertyId::topic_alias, .number = wrong}}});
    EXPECT_EQ(one.hears(3), (Lines{"CONNACK 0x00", "DISCONNECT 0x94", "closed"}));
  }
}

TEST_F(PahoV5, ServerTopicAlias) {
  RawClient raw(server.address(), Version::v5_0);
  raw.says(raw_connect("raw", {{.id = mqtt::PropertyId::topic_alias_maximum, .number = 1}}));
  raw.says(mqtt::Subscribe{1, {{.filter = "#"}}, {}});
  raw.hears(2);
  for (const char* topic : {"t", "t", "u"}) b.publishes(topic, "x", 1);
  EXPECT_EQ(raw.hears(3),
            (Lines{"PUBLISH qos0 t x alias=1", "PUBLISH qos0  x alias=1", "PUBLISH qos0 u x"}));
}

TEST_F(PahoV5, MaximumPacketSize) {
  ASSERT_EQ(a.connects(with({{Code::MAXIMUM_PACKET_SIZE, 64}})), "0x00");
  const std::uint32_t servers = a.number(Code::MAXIMUM_PACKET_SIZE);
  EXPECT_GT(servers, 64U);
  a.subscribes("t", 2);
  b.publishes("t", std::string(64, 'x'), 1);
  b.publishes("t", "small", 1);
  EXPECT_EQ(a.hears(1), Lines{"t small qos1"});
  RawClient raw(server.address(), Version::v5_0);
  raw.says(raw_connect("raw"));
  const std::string large(servers, 'x');
  raw.says(mqtt::Publish{.topic = "t", .payload = large});
  EXPECT_EQ(raw.hears(3), (Lines{"CONNACK 0x00", "DISCONNECT 0x95", "closed"}));
}

TEST_F(PahoV5, FlowControlTowardsTheClient) {
  RawClient raw(server.address(), Version::v5_0);
  raw.says(raw_connect("raw", {{.id = mqtt::PropertyId::receive_maximum, .number = 2}}));
  raw.says(mqtt::Subscribe{1, {{.filter = "t", .qos = mqtt::QoS::exactly_once}}, {}});
  raw.hears(2);
  for (const char* text : {"1", "2", "3"}) b.publishes("t", text, 2);
  raw.says(mqtt::Pingreq{});
  EXPECT_EQ(raw.hears(3),
            (Lines{"PUBLISH #32768 qos2 t 1", "PUBLISH #32769 qos2 t 2", "PINGRESP"}));
  mqtt::Pubrec received;
  received.packet_id = 32'768;
  raw.says(received);
  mqtt::Pubcomp completed;
  completed.packet_id = 32'768;
  raw.says(completed);
  EXPECT_EQ(raw.hears(2), (Lines{"PUBREL #32768 0x00", "PUBLISH #32770 qos2 t 3"}));
}

TEST_F(PahoV5, FlowControlTowardsTheServer) {
  ASSERT_EQ(a.connects(), "0x00");
  const std::uint32_t maximum = a.number(Code::RECEIVE_MAXIMUM);
  ASSERT_GT(maximum, 0U);
  ASSERT_LT(maximum, 65'535U);
  RawClient raw(server.address(), Version::v5_0);
  raw.says(raw_connect("raw"));
  EXPECT_EQ(raw.hears(), Lines{"CONNACK 0x00"});
  for (std::uint32_t id = 1; id <= maximum + 1; ++id) {
    raw.says(mqtt::Publish{.topic = "t",
                           .payload = "x",
                           .qos = mqtt::QoS::exactly_once,
                           .packet_id = static_cast<std::uint16_t>(id)});
  }
  const Lines heard = raw.hears_all();
  ASSERT_EQ(heard.size(), maximum + 2);
  EXPECT_EQ(heard[maximum - 1], "PUBREC #" + std::to_string(maximum) + " 0x10");
  EXPECT_EQ(heard[maximum], "DISCONNECT 0x93");
}

TEST_F(PahoV5, PublicationExpiry) {
  const PahoConnect kept = with({{Code::SESSION_EXPIRY_INTERVAL, 100}}, false);
  ASSERT_EQ(a.connects(kept), "0x00");
  a.subscribes("t", 2);
  a.disconnects();
  const auto expiry = [](std::int32_t seconds) {
    PahoProperties properties;
    properties.add({Code::MESSAGE_EXPIRY_INTERVAL, seconds});
    return properties;
  };
  b.publishes("t", "short", 1, false, expiry(1));
  b.publishes("t", "long", 2, false, expiry(60));
  b.publishes("t", "ever", 1);
  b.subscribes("will", 0);
  dies("late", 100, 2);
  EXPECT_EQ(b.hears(1), Lines{"will late qos0"});
  ASSERT_EQ(a.connects(kept), "0x00 present");
  const Lines heard = a.hears(2);
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_TRUE(heard[0].starts_with("t long qos2 expiry=5")) << heard[0];
  EXPECT_EQ(heard[1], "t ever qos1");
}

TEST_F(PahoV5, SharedSubscriptions) {
  PahoClient c(server.address(), Version::v5_0, "third");
  ASSERT_EQ(a.connects(), "0x00");
  ASSERT_EQ(c.connects(), "0x00");
  EXPECT_EQ(a.subscribes("$share/group/t/x", 2), "0x02");
  EXPECT_EQ(c.subscribes("$share/group/t/x", 2), "0x02");
  a.subscribes("t/end", 2);
  c.subscribes("t/end", 2);
  for (int i = 0; i < 10; ++i) b.publishes("t/x", std::to_string(i), 1);
  b.publishes("t/end", "x", 1);
  const auto until_end = [](PahoClient& client) {
    Lines all;
    for (Lines one = client.hears(1); !one.empty(); one = client.hears(1)) {
      all.push_back(one.front());
      if (all.back() == "t/end x qos1") break;
    }
    return all;
  };
  const Lines first = until_end(a), second = until_end(c);
  EXPECT_EQ(first.size() + second.size(), 12U);
  EXPECT_GE(first.size(), 2U);
  EXPECT_GE(second.size(), 2U);
}

TEST_F(PahoV5, DisconnectWithWill) {
  b.subscribes("will", 2);
  // Paho C++ 1.2.0 does not send the reason of a DISCONNECT.
  for (const auto reason : {mqtt::ReasonCode::success, mqtt::ReasonCode::disconnect_with_will}) {
    RawClient raw(server.address(), Version::v5_0);
    mqtt::Connect connect = raw_connect("raw");
    connect.will = mqtt::Will{
        .topic = "will", .payload = "gone", .qos = mqtt::QoS::exactly_once, .properties = {}};
    raw.says(connect);
    raw.says(mqtt::Disconnect{reason, {}});
    EXPECT_EQ(raw.hears(2), (Lines{"CONNACK 0x00", "closed"}));
    ends("will");
  }
  EXPECT_EQ(b.hears(3), (Lines{"will end qos0", "will gone qos2", "will end qos0"}));
}

TEST_F(PahoV5, ServerReasonCodes) {
  ASSERT_EQ(a.connects(), "0x00");
  EXPECT_EQ(a.subscribes("test/nosubscribe", 1), "0x80");
  EXPECT_EQ(a.publishes("test/nosubscribe", "x", 1), "0x87");
  // Of reasons below 0x80 Paho C++ 1.2.0 tells those of SUBACK alone.
  RawClient raw(server.address(), Version::v5_0);
  raw.says(raw_connect("raw"));
  raw.says(mqtt::Publish{
      .topic = "unread", .payload = "x", .qos = mqtt::QoS::at_least_once, .packet_id = 1});
  raw.says(mqtt::Publish{
      .topic = "unread", .payload = "x", .qos = mqtt::QoS::exactly_once, .packet_id = 2});
  raw.says(mqtt::Unsubscribe{3, {"nothing"}, {}});
  EXPECT_EQ(raw.hears(4),
            (Lines{"CONNACK 0x00", "PUBACK #1 0x10", "PUBREC #2 0x10", "UNSUBACK #3 0x11"}));
  PahoClient taking(server.address(), Version::v5_0, "raw");
  ASSERT_EQ(taking.connects(), "0x00");
  EXPECT_EQ(raw.hears(2), (Lines{"DISCONNECT 0x8E", "closed"}));
}

}  // namespace
}  // namespace claims::interop
