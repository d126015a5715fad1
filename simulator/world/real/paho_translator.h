#pragma once
// PahoTranslator: between a virtual user, which speaks MQTT in bytes, and Paho, which has calls and
// reports.
//
// What the user sends is decoded and asked of Paho; what Paho reports becomes the packets that the
// server's must have been. Paho does not show everything, so this much is not the server's:
//  - Packet identifiers of the connection are Paho's own. The user sees its own in SUBACK and
//    PUBACK; PUBLISHes of QoS 1 that come are numbered here.
//  - PUBACKs for these are Paho's: it sends one when it has handed the message over to the queue
//    before the loop, not when the user has taken it. The user's own PUBACK goes nowhere.
//  - DUP of a PUBLISH that the user sends again is lost: to Paho, each is a new one.
//  - PINGREQ and PINGRESP: Paho sends them by itself, and reports a missing answer as the loss of
//    the connection. The user's PINGREQ is answered here.
//  - The reason of a successful PUBACK (0x10, no matching subscribers) or UNSUBACK (0x11) and the
//    properties of SUBACK, UNSUBACK, PUBACK and DISCONNECT are not told; an UNSUBSCRIBE is of one
//    filter.

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/limits.h"
#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/packet.h"
#include "protocol/result.h"
#include "simulator/world/real/paho_report.h"

namespace claims::storm {

/// Of one connection.
class PahoTranslator {
 public:
  enum class Outcome : std::uint8_t {
    open,
    not_opened,  ///< No connection came about; nothing was refused in MQTT.
    lost,
  };

  /// Asks what the user's bytes say. Appends to `answers` what the user gets at once. The error
  /// tells what Paho does not do, or did not take.
  Result<void, std::string> take(std::string_view bytes, PahoCalls& calls, std::string& answers);
  /// Appends to `bytes` what the report is to the user. PahoGone is none of it.
  Outcome take(const PahoReport& report, std::string& bytes);

 private:
  Result<void, std::string> ask(const mqtt::Packet& packet, PahoCalls& calls,
                                std::string& answers) const;
  void write(const PahoMessage& message, std::string& bytes);
  Outcome write(const PahoNotConnected& failure, std::string& bytes) const;

  mqtt::Decoder decoder_{mqtt::Decoder::Side::server, claims::limits::kPacketBytesMax};
  std::uint16_t last_packet_id_ = 0;  // Of what comes.
};

}  // namespace claims::storm
