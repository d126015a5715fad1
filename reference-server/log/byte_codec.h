#pragma once
// Numbers and texts as bytes, written, and read back strictly: what blocks and the rows of a
// snapshot are made of.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace claims::server {

void put_fixed(std::uint64_t value, std::size_t bytes, std::string& out);  ///< Little-endian.
/// As the shortest LEB128.
inline void put_varint(std::uint64_t value, std::string& out) {
  while (value >= 0x80U) {
    out.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
    value >>= 7U;
  }
  out.push_back(static_cast<char>(value));
}
/// Its length, then its bytes.
inline void put_text(std::string_view text, std::string& out) {
  put_varint(text.size(), out);
  out.append(text);
}

/// Takes bytes apart; once something does not fit, `wrong` says what and nothing more is read.
class ByteReader {
 public:
  /// SQLite's integers are signed; no number of a block is above what they hold.
  static constexpr std::uint64_t kNumberMax = std::numeric_limits<std::int64_t>::max();

  explicit ByteReader(std::string_view bytes) : rest_(bytes), size_(bytes.size()) {}

  std::string wrong;

  void refuse(std::string_view what);
  std::string_view take(std::size_t bytes, std::string_view what);
  std::uint64_t take_fixed(std::size_t bytes, std::string_view what);  ///< Up to kNumberMax.
  std::uint64_t take_varint(std::string_view what);                    ///< Up to kNumberMax.
  // Of all 64 bits.
  std::uint64_t take_word(std::string_view what);    ///< Fixed.
  std::uint64_t take_number(std::string_view what);  ///< LEB128.
  std::string_view take_text(std::string_view what) { return take(take_varint(what), what); }

  std::size_t left() const { return rest_.size(); }
  bool at_end() const { return rest_.empty(); }

 private:
  std::uint64_t bounded(std::uint64_t value, std::string_view what);
  std::uint64_t take_little_endian(std::size_t bytes, std::string_view what);

  std::string_view rest_;
  std::size_t size_;
};

}  // namespace claims::server
