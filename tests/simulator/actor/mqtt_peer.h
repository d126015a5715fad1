#pragma once
// A scripted peer for MqttClient: the test says what the server answers, and reads what the client
// sent with the server's decoder, so that every byte of the client is checked too.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "protocol/mqtt/encoder.h"
#include "simulator/actor/mqtt_client.h"

namespace claims::storm {

using mqtt::Decoder;
using mqtt::Packet;
using mqtt::PropertyId;
using mqtt::QoS;
using mqtt::ReasonCode;
using mqtt::Version;

inline constexpr Microseconds kSecond{1'000'000};

/// Writes down what happened, one line for each call.
class Diary : public MqttClientHandler {
 public:
  void on_connected(bool session_present) override {
    note(session_present ? "connected, session present" : "connected");
    if (when_connected) when_connected();
  }
  void on_refused(ReasonCode reason) override { note("refused " + number(reason)); }
  void on_subscribed(std::uint16_t packet_id, const std::vector<ReasonCode>& reasons) override {
    std::string line = "subscribed " + std::to_string(packet_id);
    for (const ReasonCode reason : reasons) line += " " + number(reason);
    note(line);
  }
  void on_publish(const mqtt::Publish& publish) override {
    note("got " + std::string(publish.topic) + " " + std::string(publish.payload) +
         (publish.dup ? " dup" : ""));
    if (when_published_to) when_published_to();
  }
  void on_published(std::uint16_t packet_id, ReasonCode reason) override {
    note("published " + std::to_string(packet_id) + " " + number(reason));
  }
  void on_forgotten(std::uint16_t packet_id) override {
    note("forgotten " + std::to_string(packet_id));
  }
  void on_unsubscribed(std::uint16_t packet_id, ReasonCode reason) override {
    note("unsubscribed " + std::to_string(packet_id) + " " + number(reason));
  }
  void on_disconnected(ReasonCode reason) override { note("disconnected " + number(reason)); }
  void on_failed(std::string_view why) override { note("failed: " + std::string(why)); }

  std::vector<std::string> take() { return std::exchange(lines_, {}); }

  std::function<void()> when_connected, when_published_to;

 private:
  static std::string number(ReasonCode reason) { return std::to_string(static_cast<int>(reason)); }
  void note(std::string line) { lines_.push_back(std::move(line)); }
  std::vector<std::string> lines_;
};

/// A packet that the client sent, in words.
inline std::string words(const Packet& packet) {
  if (const auto* connect = std::get_if<mqtt::Connect>(&packet)) {
    return "CONNECT " + std::string(connect->client_id) + (connect->clean_start ? " clean" : "");
  }
  if (const auto* publish = std::get_if<mqtt::Publish>(&packet)) {
    return "PUBLISH " + std::to_string(publish->packet_id) + " " + std::string(publish->payload) +
           (publish->dup ? " dup" : "");
  }
  if (const auto* puback = std::get_if<mqtt::Puback>(&packet)) {
    return "PUBACK " + std::to_string(puback->packet_id);
  }
  if (const auto* subscribe = std::get_if<mqtt::Subscribe>(&packet)) {
    return "SUBSCRIBE " + std::to_string(subscribe->packet_id);
  }
  if (const auto* unsubscribe = std::get_if<mqtt::Unsubscribe>(&packet)) {
    return "UNSUBSCRIBE " + std::to_string(unsubscribe->packet_id) + " " +
           std::string(unsubscribe->filters.front());
  }
  if (std::holds_alternative<mqtt::Pingreq>(packet)) return "PINGREQ";
  if (const auto* disconnect = std::get_if<mqtt::Disconnect>(&packet)) {
    return "DISCONNECT " + std::to_string(static_cast<int>(disconnect->reason));
  }
  return "something else";
}

class MqttClientTest : public testing::Test {
 protected:
  static MqttClientConfig config_of(Version version) {
    MqttClientConfig config;
    config.version = version;
    config.client_id = "garage-1";
    config.username = "garage-1";
    config.password = "token";
    config.clean = false;
    config.keep_alive_s = 40;
    return config;
  }
  void use(const MqttClientConfig& config) {
    client = std::make_unique<MqttClient>(config);
    open();
  }
  /// A new network connection: the server's decoder begins anew.
  void open() {
    server = std::make_unique<Decoder>(Decoder::Side::server, 72 * 1024);
    out.clear();
  }
  /// What the client has sent since the last call.
  std::vector<std::string> sent() {
    std::vector<std::string> lines;
    const std::string bytes = std::exchange(out, {});
    server->feed(bytes);
    while (const auto packet = server->next()) {
      if (packet->has_error()) {
        lines.push_back("error: " + std::string(packet->error().what));
        break;
      }
      lines.push_back(words(**packet));
    }
    return lines;
  }
  void answer(const Packet& packet) {
    std::string bytes;
    mqtt::encode(packet, client->config().version, bytes);
    client->received(bytes, now, diary, out);
  }
  void puback(std::uint16_t packet_id, ReasonCode reason = ReasonCode::success) {
    mqtt::Puback ack;
    ack.packet_id = packet_id;
    ack.reason = reason;
    answer(ack);
  }
  void go_online(mqtt::Connack connack = {}) {
    client->connected(now, out);
    ASSERT_THAT(sent(), testing::SizeIs(1));
    answer(connack);
    ASSERT_TRUE(client->online());
  }
  std::optional<std::uint16_t> publish(std::string_view payload, QoS qos = QoS::at_least_once) {
    return client->publish("aos/v1/garage-1/cmd", payload, qos, now, out);
  }
  void pass(Microseconds time) {
    now.steady += time;
    client->tick(now, diary, out);
  }

  Now now{.steady = 100 * kSecond};
  std::string out;
  Diary diary;
  std::unique_ptr<MqttClient> client;
  std::unique_ptr<Decoder> server;
};

}  // namespace claims::storm
