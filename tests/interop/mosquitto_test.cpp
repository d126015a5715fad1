// claimchatd with open topics, from end to end with Mosquitto's clients.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/interop/open_server.h"
#include "tests/interop/raw_client.h"
#include "tests/reference-server/net/child_process.h"

namespace claims::interop {
namespace {

using server::testing::ChildProcess;
using ::testing::HasSubstr;

class Mosquitto : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    for (const char* program : {"mosquitto_pub", "mosquitto_sub", "mosquitto_rr"}) {
      if (!is_installed(program)) {
        GTEST_SKIP() << program << " is not installed (package mosquitto-clients)";
      }
    }
  }
  std::vector<std::string> with_version(std::vector<std::string> more) const {
    more.insert(more.begin(), {"-V", GetParam()});
    return more;
  }
  void publish(const OpenServer& server, std::vector<std::string> more) const {
    ChildProcess process(server.mosquitto("mosquitto_pub", with_version(std::move(more))));
    EXPECT_EQ(process.wait(), 0);
  }
  std::string subscribe(const OpenServer& server, std::vector<std::string> more) const {
    more.insert(more.end(), {"-W", "20"});
    ChildProcess process(server.mosquitto("mosquitto_sub", with_version(std::move(more))));
    const std::string said = process.rest();
    EXPECT_EQ(process.wait(), 0);
    return said;
  }
  bool v5() const { return GetParam() == "mqttv5"; }
  mqtt::Version version() const { return v5() ? mqtt::Version::v5_0 : mqtt::Version::v3_1_1; }
  mqtt::Connect connect(std::string_view client_id) const {
    mqtt::Connect connect;
    connect.version = version();
    connect.client_id = client_id;
    return connect;
  }
};
INSTANTIATE_TEST_SUITE_P(Versions, Mosquitto, testing::Values("mqttv311", "mqttv5"),
                         [](const auto& info) { return info.param; });

TEST_P(Mosquitto, KeepsWhatIsRetained) {
  const OpenServer server;
  for (const char* qos : {"0", "1", "2"}) {
    publish(server, {"-t", std::string("kept/") + qos, "-m", qos, "-q", qos, "-r"});
  }
  EXPECT_EQ(subscribe(server, {"-t", "kept/+", "-C", "3", "-q", "2", "-F", "%t %p %q %r"}),
            "kept/0 0 0 1\nkept/1 1 1 1\nkept/2 2 2 1\n");
  publish(server, {"-t", "kept/1", "-n", "-r"});
  EXPECT_EQ(subscribe(server, {"-t", "kept/#", "-C", "2", "-F", "%t"}), "kept/0\nkept/2\n");
}

TEST_P(Mosquitto, KeepsMessagesForWhoIsAway) {
  const OpenServer server;
  std::vector<std::string> kept{"-i", "sleeper", "-c", "-q", "2", "-t", "away/#"};
  if (v5()) kept.insert(kept.end(), {"-x", "100"});
  std::vector<std::string> first = kept;
  first.insert(first.end(), {"-E"});  // Subscribes and leaves.
  EXPECT_EQ(subscribe(server, first), "");
  for (const char* qos : {"0", "1", "2"}) {
    publish(server, {"-t", std::string("away/") + qos, "-m", qos, "-q", qos});
  }
  kept.insert(kept.end(), {"-C", "2", "-F", "%t %q"});
  EXPECT_EQ(subscribe(server, kept), "away/1 1\naway/2 2\n");
}

TEST_P(Mosquitto, CarriesManyInOrder) {
  const OpenServer server;
  std::vector<std::string> kept{"-i", "reader", "-c", "-q", "2", "-t", "many"};
  if (v5()) kept.insert(kept.end(), {"-x", "100"});
  std::vector<std::string> first = kept;
  first.insert(first.end(), {"-E"});
  subscribe(server, first);
  RawClient writer(server.address(), version());
  writer.says(connect("writer"));
  std::string expected;
  for (std::uint16_t i = 1; i <= 500; ++i) {
    const std::string text = std::to_string(i);
    writer.says(mqtt::Publish{
        .topic = "many", .payload = text, .qos = mqtt::QoS::at_least_once, .packet_id = i});
    expected += text + "\n";
  }
  EXPECT_EQ(writer.hears(501).back(), "PUBACK #500 0x00");
  kept.insert(kept.end(), {"-C", "500"});
  EXPECT_EQ(subscribe(server, kept), expected);
}

TEST_P(Mosquitto, IsRefusedWhatTheConfigurationForbids) {
  const OpenServer server({"--forbid-topic", "test/nosubscribe", "--forbid-topic", "plant/#"});
  ChildProcess subscriber(
      server.mosquitto("mosquitto_sub", with_version({"-t", "plant/1", "-W", "20", "-d"})));
  EXPECT_THAT(subscriber.rest(), HasSubstr("Subscribed (mid: 1): 128"));
  subscriber.wait();
  RawClient client(server.address(), version());
  client.says(connect("raw"));
  EXPECT_EQ(client.hears(), Lines{"CONNACK 0x00"});
  client.says(mqtt::Publish{
      .topic = "plant/1", .payload = "x", .qos = mqtt::QoS::at_least_once, .packet_id = 1});
  EXPECT_EQ(client.hears(), Lines{v5() ? "PUBACK #1 0x87" : "closed"});
}

TEST_P(Mosquitto, PublishesAWill) {
  const OpenServer server;
  RawClient dying(server.address(), version());
  mqtt::Connect with_will = connect("dying");
  with_will.will = mqtt::Will{.topic = "will", .payload = "gone", .retain = true, .properties = {}};
  dying.says(with_will);
  EXPECT_EQ(dying.hears(), Lines{"CONNACK 0x00"});
  dying.hangs_up();
  EXPECT_EQ(subscribe(server, {"-t", "will", "-C", "1"}), "gone\n");
}

TEST(MosquittoRequest, IsAnswered) {  // 5.0 section 4.10
  if (!is_installed("mosquitto_rr")) {
    GTEST_SKIP() << "mosquitto_rr is not installed (package mosquitto-clients)";
  }
  const OpenServer server;
  // What is asked is sent back on the topic for the answer: here they are one.
  ChildProcess asking(server.mosquitto(
      "mosquitto_rr", {"-V", "mqttv5", "-t", "echo", "-e", "echo", "-m", "ping", "-W", "20"}));
  EXPECT_EQ(asking.rest(), "ping\n");
  EXPECT_EQ(asking.wait(), 0);
}

}  // namespace
}  // namespace claims::interop
