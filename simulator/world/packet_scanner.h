#pragma once
// PacketScanner: where the packets of a stream of MQTT begin and end. It reads the fixed headers
// alone (MQTT 3.1.1 and 5.0, 2.1) and skips what is in the packets.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace claims::storm {

/// Of one direction of one connection, from its first byte on. Of a stream that is not MQTT it
/// finds nothing more.
class PacketScanner {
 public:
  /// Takes what comes next in the stream. `begins(first, place)` for each packet that begins in it,
  /// with its first byte (type and flags) and where in `bytes` that stands; `ends(first, place)`
  /// for each that ends in it, with the place behind its last byte.
  template <class Begins, class Ends>
  void scan(std::string_view bytes, const Begins& begins, const Ends& ends) {
    for (std::size_t at = 0; at < bytes.size() && part_ != Part::lost;) {
      if (part_ == Part::body) {
        const std::size_t skipped = std::min<std::size_t>(left_, bytes.size() - at);
        left_ -= static_cast<std::uint32_t>(skipped);
        at += skipped;
      } else {
        const auto byte = static_cast<std::uint8_t>(bytes[at]);
        if (part_ == Part::type) {
          begins(byte, at);
          first_ = byte;
          left_ = shift_ = 0;
          part_ = Part::length;
        } else {
          take_length(byte);
        }
        ++at;
      }
      if (part_ != Part::body || left_ > 0) continue;
      part_ = Part::type;
      ends(first_, at);
    }
  }

  template <class Begins>
  void scan(std::string_view bytes, const Begins& begins) {
    scan(bytes, begins, [](std::uint8_t, std::size_t) {});
  }

 private:
  enum class Part : std::uint8_t { type, length, body, lost };
  static constexpr unsigned kShiftMax = 21;  // A length has at most four bytes of seven bits.

  void take_length(std::uint8_t byte) {
    left_ |= (byte & 0x7FU) << shift_;
    if ((byte & 0x80U) == 0) {
      part_ = Part::body;
    } else if (shift_ == kShiftMax) {
      part_ = Part::lost;
    }
    shift_ += 7;
  }

  std::uint32_t left_ = 0;
  Part part_ = Part::type;
  std::uint8_t first_ = 0, shift_ = 0;
};

}  // namespace claims::storm
