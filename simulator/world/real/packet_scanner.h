#pragma once
// PacketScanner: where the MQTT packets of a byte stream begin, without reading them.

#include <cstdint>
#include <string_view>

namespace claims::storm {

/// Of one direction of one connection, from its first byte on.
class PacketScanner {
 public:
  /// Takes what comes next. `begins(first, offset)` for each packet that begins in it, with its
  /// first byte (type and flags) and where in `bytes` that stands.
  template <class Begins>
  void scan(std::string_view bytes, const Begins& begins) {
    for (std::size_t at = 0; at < bytes.size();) {
      if (state_ == State::body) {
        const std::size_t here = left_ < bytes.size() - at ? left_ : bytes.size() - at;
        left_ -= here;
        at += here;
        if (left_ == 0) state_ = State::first;
        continue;
      }
      const auto byte = static_cast<std::uint8_t>(bytes[at]);
      if (state_ == State::first) {
        begins(byte, at);
        state_ = State::length;
        left_ = shift_ = 0;
      } else {
        take_length(byte);
      }
      ++at;
    }
  }

 private:
  enum class State : std::uint8_t { first, length, body };
  static constexpr unsigned kShiftMax = 21;  // A length has at most four bytes of seven bits.

  void take_length(std::uint8_t byte) {
    left_ |= static_cast<std::size_t>(byte & 0x7FU) << shift_;
    const bool more = (byte & 0x80U) != 0 && shift_ < kShiftMax;
    shift_ += 7;
    if (!more) state_ = left_ == 0 ? State::first : State::body;
  }

  State state_ = State::first;
  std::size_t left_ = 0;
  unsigned shift_ = 0;
};

}  // namespace claims::storm
