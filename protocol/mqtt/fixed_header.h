#pragma once
// The fixed header (MQTT 5.0 section 2.1): what a byte stream is cut into packets by.

#include <cstddef>
#include <optional>
#include <string_view>

#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/packet_type.h"

namespace claims::mqtt {

struct FixedHeader {
  PacketType type{};
  std::uint8_t flags = 0;
  std::size_t header_bytes = 0;  ///< This header itself; 0 while the length is not complete.
  std::size_t body_bytes = 0;    ///< The remaining length.
  bool minimal = true;           ///< The length took no more bytes than needed.

  bool complete() const { return header_bytes != 0; }
  std::size_t packet_bytes() const { return header_bytes + body_bytes; }
};

/// Reads what there is of a header (at least its first byte), and refuses as early as it can.
Result<FixedHeader, DecodeError> read_fixed_header(std::string_view bytes, Decoder::Side receiver,
                                                   Version version);

}  // namespace claims::mqtt
