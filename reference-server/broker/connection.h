#pragma once
// Connection: the protocol state of one network connection.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/encoder.h"
#include "protocol/mqtt/forwarded_publish.h"
#include "protocol/mqtt/packet.h"
#include "protocol/time.h"
#include "reference-server/broker/broker.h"
#include "reference-server/broker/topic_aliases.h"

namespace claims::server {

struct Session;

struct Connection {
  enum class State : std::uint8_t {
    awaiting_connect,
    held,     ///< CONNECT was taken; all output waits behind the CONNACK.
    open,     ///< CONNACK was sent.
    closing,  ///< Takes and sends nothing more; ends with closed().
  };

  Connection(ConnectionId number, std::size_t packet_bytes_max, Microseconds now)
      : id(number), last_packet(now), decoder(mqtt::Decoder::Side::server, packet_bytes_max) {}

  ConnectionId id;
  State state = State::awaiting_connect;
  mqtt::Version version = mqtt::Version::v3_1_1;
  std::uint16_t keep_alive_s = 0;  ///< The client's, or what we told it.
  std::uint16_t window = 0;        ///< QoS 1 deliveries not acknowledged: client's and our bound.
  std::uint32_t packet_bytes_max = std::numeric_limits<std::uint32_t>::max();  ///< The client's.
  Session* session = nullptr;            ///< From CONNECT until the end was told to the handler.
  Microseconds last_packet;              ///< Its opening, while it awaits CONNECT.
  Milliseconds token_expires{0};         ///< Wall time; 0: never.
  std::optional<Microseconds> deadline;  ///< As scheduled; lies at or before the true one.

  std::unique_ptr<ReceivedAliases> received_aliases;  ///< Where the client has set one.
  std::unique_ptr<SentAliases> sent_aliases;          ///< Where the client takes them.

  std::string connack;                     ///< Encoded, while it is held back.
  std::string output;                      ///< Since the last drain.
  std::size_t unwritten = 0;               ///< Bytes drained and not written yet.
  std::size_t counted = 0;                 ///< Its part in the broker's total of output.
  std::optional<std::size_t> dirty_place;  ///< Its place in the list of what drain() hands out.
  mqtt::Decoder decoder;

  std::size_t outstanding() const { return unwritten + output.size(); }
  /// Appends to the output; false, and nothing appended, when the packet is larger than the client
  /// takes [MQTT-3.1.2-24].
  template <class Packet>
  bool append(const Packet& packet) {
    const std::size_t before = output.size();
    mqtt::encode(packet, version, output);
    if (output.size() - before <= packet_bytes_max) return true;
    output.resize(before);
    return false;
  }

  bool token_expired(const Now& now) const {
    return token_expires.count() != 0 && now.wall >= token_expires;
  }
  bool keep_alive_expired(const Now& now) const;
  /// When something must happen if nothing comes in; nothing if the connection may stay silent.
  std::optional<Microseconds> true_deadline(Microseconds connect_deadline, const Now& now) const;
};

}  // namespace claims::server
