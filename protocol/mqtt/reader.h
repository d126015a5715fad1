#pragma once
// Reads the fields of one packet's body.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocol/mqtt/decoder.h"

namespace claims::mqtt {

/// The first failure stays; from then on every field reads as zero or empty, so that a caller need
/// only ask once, at the end. Views are into the bytes given.
///
/// Failures cite [MQTT-…] for a statement of 3.1.1 (which 5.0 repeats, often under another number)
/// and [MQTT5-…] for one of 5.0 alone.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte();
  std::uint16_t two_bytes();
  std::uint32_t four_bytes();
  std::uint32_t variable_byte_integer();
  std::string_view string();  ///< Valid UTF-8 without U+0000.
  std::string_view binary();
  std::string_view take(std::size_t bytes);
  std::string_view rest() { return take(rest_.size()); }

  std::size_t bytes_left() const { return rest_.size(); }
  bool empty() const { return rest_.empty(); }

  void fail(ReasonCode reason, std::string_view what);
  bool failed() const { return failed_; }
  const DecodeError& error() const { return error_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
  DecodeError error_{};
};

}  // namespace claims::mqtt
