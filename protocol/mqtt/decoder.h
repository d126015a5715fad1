#pragma once
// Bytes to packets. Takes any split of bytes, and any bytes at all.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/mqtt/packet.h"
#include "protocol/result.h"

namespace claims::mqtt {

/// Why bytes are no packet: the reason MQTT 5.0 sends in CONNACK or DISCONNECT, and words for a
/// log.
struct DecodeError {
  ReasonCode reason = ReasonCode::malformed_packet;
  std::string_view what;  ///< Static text.
};

/// Decodes one direction of one connection. After the first error the stream is unusable: every
/// further next() gives the same error.
///
/// Usage: feed(bytes), then next() until it gives nullopt. The views inside a packet live until the
/// following call of next() or feed(); the fed bytes must live until next() has given nullopt, and
/// a feed() before that is an error of the stream (0x83). Only an incomplete packet is copied;
/// between complete packets a decoder holds no memory.
class Decoder {
 public:
  enum class Side { server, client };  ///< server: takes what a client sends, and the reverse.

  /// On the server side the version is taken from the first CONNECT packet, and is 3.1.1 before it;
  /// a client gives its own. Whether CONNECT comes first and once, and whether its client id may be
  /// empty, is for the broker to say.
  /// A packet whose total size exceeds `packet_bytes_max` is an error (0x95) as soon as its
  /// length is known; so is a first packet from a client beyond limits::kConnectBytesMax.
  Decoder(Side side, std::size_t packet_bytes_max, Version version = Version::v3_1_1);

  void feed(std::string_view bytes);
  std::optional<Result<Packet, DecodeError>> next();
  Version version() const { return version_; }

 private:
  DecodeError fail(const DecodeError& error);
  Result<std::size_t, DecodeError> packet_bytes(std::string_view bytes) const;
  Result<bool, DecodeError> complete_partial();
  Result<Packet, DecodeError> decode(std::string_view packet);

  Side side_;
  Version version_;
  bool failed_ = false;
  bool connect_seen_ = false;
  DecodeError error_{};
  std::size_t packet_bytes_max_;
  std::string partial_;       // An incomplete packet, from its first byte.
  std::string_view pending_;  // Fed and not decoded yet.
  std::string current_;       // The packet that was completed from partial_, while its views live.
};

}  // namespace claims::mqtt
