#include "reference-server/log/byte_codec.h"

#include <fmt/format.h>

namespace claims::server {

void put_fixed(std::uint64_t value, std::size_t bytes, std::string& out) {
  for (std::size_t i = 0; i < bytes; ++i) {
    out.push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
  }
}

void ByteReader::refuse(std::string_view what) {
  if (wrong.empty()) {
    wrong = fmt::format("{} (at byte {} of {})", what, size_ - rest_.size(), size_);
  }
}

std::string_view ByteReader::take(std::size_t bytes, std::string_view what) {
  if (!wrong.empty()) return {};
  if (rest_.size() < bytes) {
    refuse(fmt::format("{} needs {} bytes, {} are left", what, bytes, rest_.size()));
    return {};
  }
  const std::string_view taken = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return taken;
}

std::uint64_t ByteReader::take_little_endian(std::size_t bytes, std::string_view what) {
  std::uint64_t value = 0;
  const std::string_view taken = take(bytes, what);
  for (std::size_t i = 0; i < taken.size(); ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(taken[i])} << (8 * i);
  }
  return value;
}

std::uint64_t ByteReader::take_fixed(std::size_t bytes, std::string_view what) {
  return bounded(take_little_endian(bytes, what), what);
}

std::uint64_t ByteReader::take_word(std::string_view what) {
  return take_little_endian(8, what);
}

std::uint64_t ByteReader::take_varint(std::string_view what) {
  return bounded(take_number(what), what);
}

std::uint64_t ByteReader::take_number(std::string_view what) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::string_view taken = take(1, what);
    if (taken.empty()) return 0;
    const std::uint64_t byte = static_cast<unsigned char>(taken.front());
    if ((shift == 63 && byte > 1) || (shift > 0 && byte == 0)) break;
    value |= (byte & 0x7FU) << shift;
    if (byte < 0x80U) return value;
  }
  refuse(fmt::format("{} is not a shortest LEB128 number", what));
  return 0;
}

std::uint64_t ByteReader::bounded(std::uint64_t value, std::string_view what) {
  if (value <= kNumberMax) return value;
  refuse(fmt::format("{} is {}, above {}", what, value, kNumberMax));
  return 0;
}

}  // namespace claims::server
