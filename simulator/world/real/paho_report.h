#pragma once
// What Paho is asked for, and what it reports.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "protocol/mqtt/packet.h"
#include "protocol/result.h"

namespace claims::storm {

/// A property that owns its text: what Paho reports outlives Paho's call.
struct PahoProperty {
  mqtt::PropertyId id{};
  std::uint32_t number = 0;
  std::string text, value;
};
using PahoProperties = std::vector<PahoProperty>;

/// CONNACK with success.
struct PahoConnected {
  bool session_present = false;
  PahoProperties properties;
};
/// No connection, or a CONNACK with a refusal.
struct PahoNotConnected {
  int code = 0;  ///< > 0: that of CONNACK, by the version of the connection; else Paho's own.
  std::string why;
};
struct PahoSubscribed {
  std::uint16_t packet_id = 0;  ///< The user's, as in all that answer it.
  std::vector<mqtt::ReasonCode> reasons;
};
/// UNSUBACK.
struct PahoUnsubscribed {
  std::uint16_t packet_id = 0;
  mqtt::ReasonCode reason{};
};
/// PUBACK.
struct PahoPublished {
  std::uint16_t packet_id = 0;
  mqtt::ReasonCode reason{};
};
/// Acknowledged to the server already, if it is of QoS 1.
struct PahoMessage {
  std::string topic, payload;
  mqtt::QoS qos{};
  bool retain = false, dup = false;
  PahoProperties properties;
};
/// DISCONNECT from the server (5.0).
struct PahoDisconnected {
  mqtt::ReasonCode reason{};
};
struct PahoLost {};
/// What the user's DISCONNECT began is done.
struct PahoGone {};

using PahoReport =
    std::variant<PahoConnected, PahoNotConnected, PahoSubscribed, PahoPublished, PahoUnsubscribed,
                 PahoMessage, PahoDisconnected, PahoLost, PahoGone>;

/// One connection of Paho's. The packets' views are needed during the call only. An error is in
/// Paho's words, and the connection is of no use any more.
class PahoCalls {
 public:
  virtual ~PahoCalls() = default;
  virtual Result<void, std::string> connect(const mqtt::Connect& connect) = 0;
  virtual Result<void, std::string> subscribe(const mqtt::Subscribe& subscribe) = 0;
  virtual Result<void, std::string> unsubscribe(const mqtt::Unsubscribe& unsubscribe) = 0;
  virtual Result<void, std::string> publish(const mqtt::Publish& publish) = 0;
  virtual Result<void, std::string> disconnect(const mqtt::Disconnect& disconnect) = 0;
};

}  // namespace claims::storm
