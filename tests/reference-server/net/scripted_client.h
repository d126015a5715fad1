#pragma once
// A client that does what a test tells it, packet by packet, over a real blocking socket.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/packet.h"
#include "reference-server/net/descriptor.h"
#include "reference-server/net/socket_address.h"

namespace claims::server::testing {

/// One packet from the server, or that there is none.
struct Incoming {
  enum class Type { connack, publish, puback, suback, pingresp, disconnect, closed, nothing };
  Type type = Type::nothing;
  mqtt::ReasonCode reason{};
  bool session_present = false;
  std::uint16_t packet_id = 0;
  std::string topic, payload;
};

class ScriptedClient {
 public:
  static constexpr std::chrono::seconds kPatience{10};

  explicit ScriptedClient(const SocketAddress& server,
                          mqtt::Version version = mqtt::Version::v3_1_1);

  bool connected() const { return static_cast<bool>(socket_); }
  void send(std::string_view bytes);
  void send(const mqtt::Packet& packet);
  /// The next packet; `closed` when the server ended the connection, `nothing` when time is over.
  Incoming next(std::chrono::milliseconds patience = kPatience);

  /// CONNECT, and what the server answers.
  Incoming connect(std::string_view user, std::string_view token, std::string_view client_id,
                   bool clean = true);
  /// Subscribes to the user's replies and events.
  Incoming subscribe();
  /// Publishes on the user's command topic with QoS 1 and waits for the reply; events that come
  /// before it are kept in `events`. Everything is acknowledged.
  std::string command(std::string_view json);
  /// The next event's payload, also of those kept.
  std::string event();

  std::vector<std::string> events;

 private:
  std::optional<Incoming> decode();

  mqtt::Version version_;
  mqtt::Decoder decoder_;
  Descriptor socket_;
  std::string user_;
  std::vector<char> bytes_;
  std::uint16_t last_packet_id_ = 0;
};

}  // namespace claims::server::testing
