#pragma once
// PublishScanner: where PUBLISH packets end in a stream of MQTT packets. It reads the fixed headers
// alone (MQTT 3.1.1 and 5.0, 2.1) and skips what is in the packets.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace claims::storm {

class PublishScanner {
 public:
  /// Takes what comes next in the stream. The number of its bytes up to the end of the first
  /// PUBLISH that ends in them, its last byte included.
  std::optional<std::size_t> scan(std::string_view bytes);

 private:
  /// Of a byte of the fixed header: whether the packet ends with it.
  bool read_header(std::uint8_t byte);

  enum class Part : std::uint8_t { type, length, body, lost };
  std::uint32_t remaining_ = 0;
  Part part_ = Part::type;
  std::uint8_t shift_ = 0;
  bool publish_ = false;
};

}  // namespace claims::storm
