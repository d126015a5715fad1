#include "reference-server/history/grams.h"

#include <algorithm>
#include <vector>

namespace claims::server {
namespace {

/// A long text is rare with the grams it begins with alone.
constexpr std::size_t kMatchedGramsMax = 16;

constexpr char kAsciiPage = '\x80';  // U+E000 … U+E07F
constexpr char kRoomPage = '\x84';   // U+E100 … U+E10F: the hexadecimal digits of rooms.

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
}

/// The characters of the text with its ASCII moved to a private page of Unicode. A text with
/// characters of that page may be found too often, and is dropped when it is looked at.
class Characters {
 public:
  explicit Characters(std::string_view text) {
    bytes_.reserve(text.size() + text.size() / 2);
    begins_.reserve(text.size() + 1);
    for (char c : text) {
      if (begins_character(c)) begins_.push_back(bytes_.size());
      if (static_cast<unsigned char>(c) >= 0x80) {
        bytes_ += c;
        continue;
      }
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      const auto code = static_cast<unsigned char>(c);
      bytes_ += '\xEE';
      bytes_ += static_cast<char>(kAsciiPage + (code >> 6U));
      bytes_ += static_cast<char>(0x80U | (code & 0x3FU));
    }
    begins_.push_back(bytes_.size());
  }
  std::size_t size() const { return begins_.size() - 1; }
  std::string_view part(std::size_t at, std::size_t count) const {
    return std::string_view(bytes_).substr(begins_[at], begins_[at + count] - begins_[at]);
  }

 private:
  std::string bytes_;
  std::vector<std::size_t> begins_;  ///< Of each character, and the end.
};

void append_room(chat::RoomId room, std::string& out) {
  auto number = static_cast<std::uint64_t>(room);
  do {
    out += '\xEE';
    out += kRoomPage;
    out += static_cast<char>(0x80U | (number & 15U));
    number >>= 4U;
  } while (number > 0);
}

}  // namespace

std::string folded_case(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

std::string index_tokens(chat::RoomId room, std::string_view text) {
  const Characters characters(text);
  std::string tokens;
  tokens.reserve(text.size() * 4 + 32);
  append_room(room, tokens);
  for (std::size_t i = 0; i < characters.size(); ++i) {
    tokens += ' ';
    tokens += characters.part(i, 1);
    if (i + 1 == characters.size()) break;
    tokens += ' ';
    tokens += characters.part(i, 2);
  }
  return tokens;
}

std::string match_expression(std::span<const chat::RoomId> rooms, std::string_view text) {
  const Characters characters(text);
  const std::size_t length = std::min<std::size_t>(characters.size(), 2);
  std::vector<std::string_view> grams;
  for (std::size_t i = 0; i + length <= characters.size(); ++i) {
    const std::string_view gram = characters.part(i, length);
    if (std::ranges::find(grams, gram) == grams.end()) grams.push_back(gram);
    if (grams.size() == kMatchedGramsMax) break;
  }
  std::string expression;
  for (const chat::RoomId room : rooms) {
    expression += expression.empty() ? "(\"" : " OR \"";
    append_room(room, expression);
    expression += '"';
  }
  if (!expression.empty()) expression += ')';
  for (const std::string_view gram : grams) {
    if (!expression.empty()) expression += " AND ";
    expression += '"';
    expression += gram;
    expression += '"';
  }
  return expression;
}

}  // namespace claims::server
