#pragma once
// Appends the fields of packets.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace claims::mqtt {

inline constexpr std::size_t kVariableByteIntegerMax = 268'435'455;

inline void write_byte(std::uint8_t value, std::string& out) {
  out.push_back(static_cast<char>(value));
}

inline void write_two_bytes(std::uint16_t value, std::string& out) {
  const char bytes[] = {static_cast<char>(value >> 8), static_cast<char>(value & 0xFF)};
  out.append(bytes, sizeof bytes);
}

inline void write_four_bytes(std::uint32_t value, std::string& out) {
  write_two_bytes(static_cast<std::uint16_t>(value >> 16), out);
  write_two_bytes(static_cast<std::uint16_t>(value & 0xFFFF), out);
}

inline std::size_t variable_byte_integer_bytes(std::size_t value) {
  assert(value <= kVariableByteIntegerMax);
  return value < 128 ? 1 : value < 16'384 ? 2 : value < 2'097'152 ? 3 : 4;
}

inline void write_variable_byte_integer(std::size_t value, std::string& out) {
  assert(value <= kVariableByteIntegerMax);
  while (value >= 128) {
    write_byte(static_cast<std::uint8_t>(value % 128 + 128), out);
    value /= 128;
  }
  write_byte(static_cast<std::uint8_t>(value), out);
}

/// Strings and binary data: two bytes of length, then the bytes.
inline void write_string(std::string_view text, std::string& out) {
  assert(text.size() <= 65'535);
  write_two_bytes(static_cast<std::uint16_t>(text.size()), out);
  out.append(text);
}

}  // namespace claims::mqtt
