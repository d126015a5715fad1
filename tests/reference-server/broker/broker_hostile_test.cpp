// Bytes of any kind, cut anywhere, end at worst the connection that sent them.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::QoS;

class BrokerHostile : public testing::TestWithParam<mqtt::Version> {
 protected:
  static std::uint64_t draw(std::uint64_t& state) {  // SplitMix64
    std::uint64_t z = (state += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  /// A whole conversation of one client: connects, subscribes, publishes, acknowledges, goes.
  std::string conversation() const {
    std::string bytes;
    const auto says = [&](const mqtt::Packet& packet) { mqtt::encode(packet, GetParam(), bytes); };
    says(clean_connect(GetParam(), "c2"));
    says(mqtt::Subscribe{1, {mqtt::TopicFilter{.filter = kEvents, .qos = QoS::at_least_once}}, {}});
    for (std::uint16_t id = 1; id <= 3; ++id) {
      mqtt::Publish publish{.topic = kCommands, .payload = "{\"n\":1}", .qos = QoS::at_least_once};
      publish.packet_id = id;
      says(publish);
    }
    mqtt::Puback puback;
    puback.packet_id = 1;
    says(puback);
    says(mqtt::Pingreq{});
    says(mqtt::Unsubscribe{2, {kEvents}, {}});
    says(mqtt::Disconnect{});
    return bytes;
  }
};
INSTANTIATE_TEST_SUITE_P(Versions, BrokerHostile, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(BrokerHostile, AnySplitOfBytesIsTheSameConversation) {
  const std::string bytes = conversation();
  Lines whole_calls;
  Lines whole_heard;
  {
    Stage stage;
    Client client = stage.opens(GetParam());
    client.says_bytes(bytes);
    whole_heard = client.hears();
    whole_calls = stage.handler.calls();
  }
  ASSERT_EQ(whole_heard, (Lines{"CONNACK 0x00", "SUBACK #1 0x01", "PUBACK #1 0x00",
                                "PUBACK #2 0x00", "PUBACK #3 0x00", "PINGRESP",
                                GetParam() == kV5 ? "UNSUBACK #2 0x00" : "UNSUBACK #2", "closed"}));
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    Stage stage;
    Client client = stage.opens(GetParam());
    Lines heard;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
      client.says_bytes(std::string_view(bytes).substr(at, size));
      for (std::string& line : client.hears()) heard.push_back(std::move(line));
    }
    EXPECT_EQ(heard, whole_heard) << size;
    EXPECT_EQ(stage.handler.calls(), whole_calls) << size;
  }
}

TEST_P(BrokerHostile, MutatedBytesDisturbNobodyElse) {
  Stage stage;
  Client witness = stage.connects(persistent_connect(GetParam(), "witness"));
  witness.subscribes(1, kEvents);
  witness.hears();
  const SessionId session = *stage.broker.find({"alice", "witness"});
  const std::string good = conversation();
  std::uint64_t seed = 20'250'101;
  int refused = 0;
  for (std::uint16_t round = 1; round <= 3'000; ++round) {
    std::string bytes = good;
    for (std::uint64_t changes = 1 + draw(seed) % 4; changes > 0; --changes) {
      const std::size_t at = draw(seed) % bytes.size();
      switch (draw(seed) % 3) {
        case 0:
          bytes[at] = static_cast<char>(draw(seed));
          break;
        case 1:
          bytes.erase(at, 1 + draw(seed) % 8);
          break;
        default:
          bytes.insert(at, 1, static_cast<char>(draw(seed)));
          break;
      }
      if (bytes.empty()) bytes = good;
    }
    // A mutated client id may be the witness's only by saying so in full, which is a takeover.
    Client client = stage.opens(GetParam());
    const std::size_t cut = draw(seed) % bytes.size();
    client.says_bytes(std::string_view(bytes).substr(0, cut));
    stage.broker.deliver(session, kEvents, "e", {}, QoS::at_least_once, round, true);
    client.says_bytes(std::string_view(bytes).substr(cut));
    const Lines heard = client.hears();
    if (std::ranges::count(heard, "CONNACK 0x00") == 0) ++refused;
    if (!stage.heard.at(client.id).closed) client.hangs_up();
    ASSERT_EQ(witness.hears(), Lines{"PUBLISH #" + std::to_string(round) + " aos/v1/alice/evt e"});
    witness.acknowledges(round);
  }
  EXPECT_GT(refused, 100);    // The mutations do reach CONNECT,
  EXPECT_LT(refused, 2'900);  // and what comes after it.
  EXPECT_EQ(stage.broker.counters().connections, 1U);
  EXPECT_EQ(stage.broker.counters().sessions, 1U);
  EXPECT_TRUE(stage.broker.connected(session));
}

TEST_P(BrokerHostile, RandomBytesAreClosedOrWaitedFor) {
  Stage stage;
  std::uint64_t seed = 7;
  for (int round = 0; round < 2'000; ++round) {
    std::string bytes(1 + draw(seed) % 64, '\0');
    for (char& byte : bytes) byte = static_cast<char>(draw(seed));
    Client client = stage.opens(GetParam());
    client.says_bytes(bytes);
    client.hears();
  }
  EXPECT_EQ(stage.handler.calls(), Lines{});
  stage.passes(Microseconds{5'000'000});
  stage.drain();
  EXPECT_EQ(stage.broker.counters().connections, 0U);
}

}  // namespace
}  // namespace claims::server
