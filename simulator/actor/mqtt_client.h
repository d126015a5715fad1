#pragma once
// MqttClient: the client side of one MQTT session, with QoS 0 and 1.
//
// A state machine: no socket, no thread, no clock. What it wants to send is appended to the `out`
// of the call that caused it. Lean, since a load run keeps one for each virtual user: idle, it
// holds its own few hundred bytes and the three strings of its configuration.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/limits.h"
#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/packet.h"
#include "protocol/time.h"

namespace claims::storm {

struct MqttClientConfig {
  mqtt::Version version = mqtt::Version::v5_0;
  std::string client_id;
  std::string username, password;      ///< Empty: not sent.
  bool clean = true;                   ///< 3.1.1 clean session, 5.0 clean start.
  std::uint32_t session_expiry_s = 0;  ///< 5.0: how long the session outlives its connection.
  std::uint16_t keep_alive_s = 60;     ///< 0: none. A 5.0 server may set another.
  std::size_t packet_bytes_max = claims::limits::kPacketBytesMax;  ///< Either way.
  std::uint16_t inflight_max =
      claims::limits::kReceiveMaximum;      ///< Less if a 5.0 server says less.
  std::size_t unacknowledged_max = 256;     ///< QoS 1 publishes, sent or waiting.
  Microseconds answer_timeout{10'000'000};  ///< For CONNACK and PINGRESP.
  std::uint16_t first_packet_id = 1;        ///< Not 0. Near 65,535 they begin anew soon.
};

/// Callbacks happen inside MqttClient::received and tick, and may call publish, subscribe and
/// disconnect with the same `out`. After on_refused, on_disconnected and on_failed the owner closes
/// the connection and then calls closed().
class MqttClientHandler {
 public:
  virtual ~MqttClientHandler() = default;
  /// Without `session_present` nothing is subscribed.
  virtual void on_connected(bool session_present) = 0;
  virtual void on_refused(mqtt::ReasonCode reason) = 0;
  /// One reason for each filter, in order.
  virtual void on_subscribed(std::uint16_t packet_id,
                             const std::vector<mqtt::ReasonCode>& reasons) = 0;
  /// Views live during the call. QoS 1 is acknowledged when it returns.
  virtual void on_publish(const mqtt::Publish& publish) = 0;
  /// PUBACK.
  virtual void on_published(std::uint16_t packet_id, mqtt::ReasonCode reason) = 0;
  /// UNSUBACK; in 3.1.1 it has no reason, and means success.
  virtual void on_unsubscribed(std::uint16_t packet_id, mqtt::ReasonCode reason) {
    static_cast<void>(packet_id), static_cast<void>(reason);
  }
  /// A QoS 1 publish that will neither be sent again nor be acknowledged: the server has forgotten
  /// the session, or has said in CONNACK that it takes no such packet. Before on_connected.
  virtual void on_forgotten(std::uint16_t packet_id) { static_cast<void>(packet_id); }
  /// The server's DISCONNECT (5.0).
  virtual void on_disconnected(mqtt::ReasonCode reason) = 0;
  /// The server broke the protocol or did not answer in time. Static text.
  virtual void on_failed(std::string_view why) = 0;
};

class MqttClient {
 public:
  explicit MqttClient(MqttClientConfig config);

  /// The network connection is there: writes CONNECT. Only while there was none.
  void connected(const Now& now, std::string& out);
  /// Takes any bytes; what comes after the end (refusal, failure, disconnect) is ignored.
  void received(std::string_view bytes, const Now& now, MqttClientHandler& handler,
                std::string& out);
  /// The network connection is gone. What is unacknowledged waits for the next one.
  void closed();
  /// Keep-alive and timeouts. Calling early does nothing.
  void tick(const Now& now, MqttClientHandler& handler, std::string& out);
  std::optional<Microseconds> next_deadline() const;  ///< Steady time of the next tick needed.

  /// The packet identifier of the SUBSCRIBE; nullopt while not online, or with 16 unanswered.
  /// The filters must fit the bounds of the contract (protocol/limits.h).
  std::optional<std::uint16_t> subscribe(std::vector<mqtt::TopicFilter> filters, const Now& now,
                                         std::string& out);
  /// As subscribe(), with whose bound they share.
  std::optional<std::uint16_t> unsubscribe(std::vector<std::string_view> filters, const Now& now,
                                           std::string& out);
  /// QoS 1: the packet identifier; sent when there is a connection and room in the window, in the
  /// order of the calls, and again with DUP in the next connection if the server kept the session.
  /// QoS 0: 0; sent at once. nullopt: not taken (QoS 0 while not online, too many unacknowledged,
  /// larger or of a higher QoS than the server takes). QoS 2 is not for this client.
  std::optional<std::uint16_t> publish(std::string_view topic, std::string_view payload,
                                       mqtt::QoS qos, const Now& now, std::string& out);
  /// The same with `retain` and properties; its packet identifier and DUP are this client's affair.
  std::optional<std::uint16_t> publish(mqtt::Publish publish, const Now& now, std::string& out);
  /// Nothing: what CONNACK said does not forbid it. It is too large, its QoS too high, or it is to
  /// be retained: as long as the connection lasts, it is not taken.
  std::optional<mqtt::ReasonCode> forbidden(mqtt::Publish publish) const;
  /// Writes PINGREQ if online and none is unanswered: a connection that is dead shows by its answer
  /// not coming in time.
  void ping(const Now& now, std::string& out);
  bool ping_unanswered() const { return state_ == State::online && ping_unanswered_; }
  /// Writes DISCONNECT if online. The owner closes the connection once `out` has left.
  void disconnect(std::string& out);

  /// The following connections go on with the session that the server keeps.
  void keep_session() { config_.clean = false; }
  /// What CONNACK said: the server keeps retained messages (5.0; else it is not told).
  bool retain_available() const { return retain_available_; }
  bool online() const { return state_ == State::online; }  ///< CONNACK with success has come.
  std::size_t unacknowledged() const { return unacknowledged_.size(); }
  const MqttClientConfig& config() const { return config_; }

 private:
  enum class State : std::uint8_t { offline, connecting, online, ended };
  struct Unacknowledged {
    std::uint16_t packet_id = 0;
    std::string packet;  // Its bytes, with DUP once it was sent in an earlier connection.
  };
  struct Subscribing {
    std::uint16_t packet_id = 0;
    std::uint16_t filters = 0;
    bool unsubscribe = false;
  };
  struct Context;  // What one call of received or tick was given.

  void take(const mqtt::Packet& packet, const Context& context);
  void take(const mqtt::Connack& connack, const Context& context);
  void take(const mqtt::Publish& publish, const Context& context);
  void take(const mqtt::Puback& puback, const Context& context);
  void take(const mqtt::Suback& suback, const Context& context);
  void take(const mqtt::Unsuback& unsuback, const Context& context);
  std::vector<Subscribing>::iterator find_subscribing(std::uint16_t packet_id, bool unsubscribe);
  void adopt(const mqtt::Connack& connack);
  void forget(bool session_present, MqttClientHandler& handler);
  void fill_window(const Now& now, std::string& out);
  void write_ping(const Now& now, std::string& out);
  void fail(std::string_view why, mqtt::ReasonCode reason, const Context& context);
  std::uint16_t next_packet_id();
  bool in_use(std::uint16_t packet_id) const;
  std::optional<Microseconds> ping_due() const;

  MqttClientConfig config_;
  mqtt::Decoder decoder_;
  State state_ = State::offline;
  bool ping_unanswered_ = false;
  bool retain_available_ = true;
  mqtt::QoS qos_max_ = mqtt::QoS::at_least_once;
  std::uint16_t last_packet_id_ = 0;
  std::uint16_t keep_alive_s_ = 0;  // In force in this connection.
  std::uint16_t window_ = 0;
  std::size_t sent_packet_bytes_max_ = 0;
  std::size_t in_window_ = 0;                   // The first so many of unacknowledged_ are sent.
  Microseconds last_sent_{0};                   // Steady, as the next.
  Microseconds answer_deadline_{0};             // Of CONNACK or PINGRESP.
  std::vector<Unacknowledged> unacknowledged_;  // In the order of publish().
  std::vector<Subscribing> subscribing_;
};

}  // namespace claims::storm
