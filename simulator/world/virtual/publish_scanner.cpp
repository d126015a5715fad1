#include "simulator/world/virtual/publish_scanner.h"

#include <algorithm>

namespace claims::storm {

std::optional<std::size_t> PublishScanner::scan(std::string_view bytes) {
  std::optional<std::size_t> end;
  std::size_t read = 0;
  while (read < bytes.size() && part_ != Part::lost) {
    bool complete = false;
    if (part_ == Part::body) {
      const std::size_t skipped = std::min<std::size_t>(remaining_, bytes.size() - read);
      read += skipped;
      remaining_ -= static_cast<std::uint32_t>(skipped);
      complete = remaining_ == 0;
    } else {
      complete = read_header(static_cast<std::uint8_t>(bytes[read]));
      ++read;
    }
    if (!complete) continue;
    part_ = Part::type;
    if (publish_ && !end) end = read;
  }
  return end;
}

bool PublishScanner::read_header(std::uint8_t byte) {
  if (part_ == Part::type) {
    publish_ = byte >> 4U == 3;
    remaining_ = 0;
    shift_ = 0;
    part_ = Part::length;
    return false;
  }
  remaining_ |= (byte & 0x7FU) << shift_;
  shift_ += 7;
  if ((byte & 0x80U) == 0) {
    part_ = Part::body;
    return remaining_ == 0;
  }
  // Of a stream that is not MQTT nothing is known from here on.
  if (shift_ == 28) part_ = Part::lost;
  return false;
}

}  // namespace claims::storm
