#include "protocol/mqtt/utf8.h"

#include <cstddef>
#include <cstdint>

namespace claims::mqtt {
namespace {

/// Length of the sequence a byte leads, 0 for a byte that leads none; the bounds of the second byte
/// exclude overlong forms, surrogates and what is above U+10FFFF (Unicode table 3-7).
struct Lead {
  std::size_t length = 0;
  std::uint8_t second_min = 0x80, second_max = 0xBF;
};

Lead lead_of(std::uint8_t byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xC2) return {};
  if (byte < 0xE0) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

}  // namespace

Utf8 check_utf8(std::string_view text) {
  bool has_null = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (byte < 0x80) {
      has_null = has_null || byte == 0;
      ++i;
      continue;
    }
    const Lead lead = lead_of(byte);
    if (lead.length == 0 || text.size() - i < lead.length) return Utf8::ill_formed;
    const auto second = static_cast<std::uint8_t>(text[i + 1]);
    if (second < lead.second_min || second > lead.second_max) return Utf8::ill_formed;
    for (std::size_t k = 2; k < lead.length; ++k) {
      if ((static_cast<std::uint8_t>(text[i + k]) & 0xC0) != 0x80) return Utf8::ill_formed;
    }
    i += lead.length;
  }
  return has_null ? Utf8::has_null : Utf8::valid;
}

}  // namespace claims::mqtt
