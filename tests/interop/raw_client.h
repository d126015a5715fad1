#pragma once
// RawClient: a dialogue with a server, packet by packet or byte by byte, over a real socket. It
// does nothing by itself: no answer, no PINGREQ.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/packet.h"
#include "reference-server/net/descriptor.h"
#include "reference-server/net/socket_address.h"

namespace claims::interop {

using Lines = std::vector<std::string>;

class RawClient {
 public:
  static constexpr std::chrono::seconds kPatience{20};

  RawClient(const server::SocketAddress& server, mqtt::Version version);

  void says(const mqtt::Packet& packet);
  void says_bytes(std::string_view bytes);
  /// The next `count` packets in the words of describe(); "closed" when the server ends the
  /// connection. Fewer when kPatience is over.
  Lines hears(std::size_t count = 1);
  /// Everything up to the end of the connection.
  Lines hears_all();
  /// Of the CONNACK heard last: "receive-max=20" (packet_reader.h).
  const Lines& connack_properties() const { return connack_properties_; }
  /// The connection breaks without a DISCONNECT.
  void hangs_up();

 private:
  bool read_more();

  mqtt::Version version_;
  mqtt::Decoder decoder_;
  server::Descriptor socket_;
  Lines heard_;
  Lines connack_properties_;
};

}  // namespace claims::interop
