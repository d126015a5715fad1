// Many clients of open topics that do anything: no assertion breaks, and nothing of them is left
// behind when they are gone.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;

constexpr const char* kFilters[] = {"a",   "a/b",        "+",   "#",          "a/#",
                                    "+/b", "$share/g/a", "b/+", "$share/g/#", "plant/x"};
constexpr const char* kTopics[] = {"a", "a/b", "b/c", "b", "plant/x", "$SYS/x"};

class RandomPlay {
 public:
  RandomPlay(mqtt::Version version, std::uint64_t seed)
      : version_(version), seed_(seed), stage_(config()) {}

  void step() {
    if (clients_.size() < 6 || draw(20) == 0) return connect();
    Client& client = clients_[draw(clients_.size())];
    if (stage_.heard.at(client.id).closed) return forget(client);
    switch (draw(10)) {
      case 0:
        client.subscribes(1, kFilters[draw(std::size(kFilters))], static_cast<QoS>(draw(3)));
        break;
      case 1:
        client.says(mqtt::Unsubscribe{1, {kFilters[draw(std::size(kFilters))]}, {}});
        break;
      case 2:
        client.hangs_up();
        stage_.heard.at(client.id).closed = true;
        break;
      case 3:
        stage_.passes(Microseconds{static_cast<std::int64_t>(draw(3'000'000))});
        break;
      case 4:
      case 5:
        answer(client);
        break;
      default:
        publish(client);
    }
    client.hears();
  }

  /// All go, and all time passes.
  BrokerCounters end() {
    for (Client& client : clients_) {
      if (!stage_.heard.at(client.id).closed) client.hangs_up();
    }
    for (int i = 0; i < 100; ++i) stage_.passes(Microseconds{1'000'000});
    for (const char* id : {"0", "1", "2", "3", "4", "5", "6", "7"}) {  // 3.1.1 keeps for ever.
      Client client = stage_.connects(open_connect(version_, id));
      client.hangs_up();
    }
    return stage_.broker.counters();
  }

 private:
  static BrokerConfig config() {
    BrokerConfig config = open_config();
    config.inflight_max = 4;
    config.receive_maximum = 5;
    config.open_topics.queue_messages_max = 6;
    config.open_topics.retained_messages_max = 3;
    config.open_topics.sessions_max = 7;
    return config;
  }
  std::size_t draw(std::size_t below) {  // SplitMix64
    std::uint64_t z = (seed_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>((z ^ (z >> 31U)) % below);
  }
  void connect() {
    const std::string id = std::to_string(draw(8));
    mqtt::Connect connect = open_connect(version_, id, draw(2) == 0 ? 0 : 5);
    if (draw(3) == 0) {
      connect.will = mqtt::Will{.topic = "a", .payload = "w", .retain = draw(2) == 0};
    }
    if (version_ == kV5) {
      connect.clean_start = draw(4) == 0;
      connect.properties.push_back(
          {.id = PropertyId::topic_alias_maximum, .number = static_cast<std::uint32_t>(draw(3))});
      connect.properties.push_back(
          {.id = PropertyId::receive_maximum, .number = static_cast<std::uint32_t>(1 + draw(6))});
      if (connect.will) {
        connect.will->properties.push_back(
            {.id = PropertyId::will_delay_interval, .number = static_cast<std::uint32_t>(draw(4))});
      }
    }
    clients_.push_back(stage_.connects(connect));
  }
  void publish(Client& client) {
    mqtt::Properties properties;
    if (version_ == kV5 && draw(3) == 0) {
      properties.push_back({.id = PropertyId::message_expiry_interval,
                            .number = static_cast<std::uint32_t>(draw(4))});
    }
    const char* topic = kTopics[draw(std::size(kTopics))];
    if (version_ == kV5 && draw(4) == 0) {
      properties.push_back(
          {.id = PropertyId::topic_alias, .number = static_cast<std::uint32_t>(1 + draw(3))});
      if (draw(2) == 0) topic = "";
    }
    client.publishes_open(topic, draw(4) == 0 ? "" : "text", static_cast<QoS>(draw(3)),
                          draw(3) == 0, properties, static_cast<std::uint16_t>(1 + draw(8)));
  }
  void answer(Client& client) {
    const auto id = static_cast<std::uint16_t>(32'768 + draw(24));
    switch (draw(5)) {
      case 0:
        return client.acknowledges(id);
      case 1:
        return client.receives(id);
      case 2:
        return client.completes(id);
      case 3:
        return client.receives(id, mqtt::ReasonCode::unspecified_error);
      default:
        return client.releases(static_cast<std::uint16_t>(1 + draw(8)));
    }
  }
  void forget(const Client& client) {
    std::erase_if(clients_, [id = client.id](const Client& one) { return one.id == id; });
  }

  mqtt::Version version_;
  std::uint64_t seed_;
  OpenStage stage_;
  std::vector<Client> clients_;
};

class OpenRandom : public testing::TestWithParam<mqtt::Version> {};
INSTANTIATE_TEST_SUITE_P(Versions, OpenRandom, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(OpenRandom, LeavesNothingBehind) {
  std::uint64_t deliveries = 0, dropped = 0, errors = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    RandomPlay play(GetParam(), seed);
    for (int i = 0; i < 1'000; ++i) play.step();
    const BrokerCounters counters = play.end();
    EXPECT_EQ(counters.connections, 0U) << seed;
    EXPECT_EQ(counters.sessions, 0U) << seed;
    EXPECT_EQ(counters.open_subscriptions, 0U) << seed;
    EXPECT_EQ(counters.queued_bytes, 0U) << seed;
    EXPECT_LE(counters.retained_messages, 3U) << seed;
    deliveries += counters.deliveries_total;
    dropped += counters.messages_dropped_total;
    errors += counters.protocol_errors_total;
  }
  // It came to what it is about.
  EXPECT_GT(deliveries, 1'000U);
  EXPECT_GT(dropped, 100U);
  EXPECT_GT(errors, 100U);
}

}  // namespace
}  // namespace claims::server
