#include "protocol/chat/json_text.h"

#include <array>
#include <charconv>

namespace claims::chat {
namespace {

constexpr std::array<bool, 256> kNeedsEscape = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 0x20; ++c) table[static_cast<std::size_t>(c)] = true;
  table['"'] = true;
  table['\\'] = true;
  return table;
}();

void append_escaped(char c, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      break;
  }
  out += "\\u00";
  out += kHex[static_cast<unsigned char>(c) >> 4U];
  out += kHex[static_cast<unsigned char>(c) & 15U];
}

template <class Integer>
void append_decimal(Integer value, std::string& out) {
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

}  // namespace

void append_json_number(std::int64_t value, std::string& out) {
  append_decimal(value, out);
}
void append_json_number(std::uint64_t value, std::string& out) {
  append_decimal(value, out);
}

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  std::size_t begin = 0;  // Of the run not written yet.
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!kNeedsEscape[static_cast<unsigned char>(text[i])]) continue;
    out.append(text, begin, i - begin);
    append_escaped(text[i], out);
    begin = i + 1;
  }
  out.append(text, begin);
  out += '"';
}

}  // namespace claims::chat
