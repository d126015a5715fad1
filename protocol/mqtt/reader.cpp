#include "protocol/mqtt/reader.h"

#include "protocol/mqtt/utf8.h"

namespace claims::mqtt {

void Reader::fail(ReasonCode reason, std::string_view what) {
  if (failed_) return;
  failed_ = true;
  error_ = {reason, what};
  rest_ = {};
}

std::string_view Reader::take(std::size_t bytes) {
  if (rest_.size() < bytes) {
    fail(ReasonCode::malformed_packet, "the packet ends inside a field");
    return {};
  }
  const std::string_view taken = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return taken;
}

std::uint8_t Reader::byte() {
  const std::string_view bytes = take(1);
  return bytes.empty() ? 0 : static_cast<std::uint8_t>(bytes[0]);
}

std::uint16_t Reader::two_bytes() {
  const std::string_view bytes = take(2);
  if (bytes.empty()) return 0;
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes[0]) << 8 |
                                    static_cast<std::uint8_t>(bytes[1]));
}

std::uint32_t Reader::four_bytes() {
  const std::uint32_t high = two_bytes();
  return high << 16 | two_bytes();
}

std::uint32_t Reader::variable_byte_integer() {
  std::uint32_t value = 0;
  for (int shift = 0; shift <= 21; shift += 7) {
    const std::uint8_t next = byte();
    value |= static_cast<std::uint32_t>(next & 0x7F) << shift;
    if ((next & 0x80) != 0) continue;
    if (next == 0 && shift > 0) {
      fail(ReasonCode::malformed_packet,
           "a variable byte integer longer than needed [MQTT5-1.5.5-1]");
    }
    return failed_ ? 0 : value;
  }
  fail(ReasonCode::malformed_packet, "a variable byte integer of more than 4 bytes");
  return 0;
}

std::string_view Reader::binary() {
  return take(two_bytes());
}

std::string_view Reader::string() {
  const std::string_view text = binary();
  switch (check_utf8(text)) {
    case Utf8::valid:
      return text;
    case Utf8::ill_formed:
      fail(ReasonCode::malformed_packet, "ill-formed UTF-8 [MQTT-1.5.3-1]");
      break;
    case Utf8::has_null:
      fail(ReasonCode::malformed_packet, "U+0000 in a string [MQTT-1.5.3-2]");
      break;
  }
  return {};
}

}  // namespace claims::mqtt
