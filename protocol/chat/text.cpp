#include "protocol/chat/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace claims::chat {
namespace {

constexpr std::size_t kPlateBytesMax = 128;  ///< More can be no plate, however it is composed.

/// The code point at text[at] and moves past it; nothing when the bytes are no UTF-8.
std::optional<char32_t> take_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  if (lead < 0x80) {
    ++at;
    return lead;
  }
  std::size_t size = 0;
  char32_t value = 0;
  char32_t least = 0;
  if ((lead & 0xE0U) == 0xC0) {
    size = 2, value = lead & 0x1FU, least = 0x80;
  } else if ((lead & 0xF0U) == 0xE0) {
    size = 3, value = lead & 0x0FU, least = 0x800;
  } else if ((lead & 0xF8U) == 0xF0) {
    size = 4, value = lead & 0x07U, least = 0x10000;
  } else {
    return std::nullopt;
  }
  if (text.size() - at < size) return std::nullopt;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80) return std::nullopt;
    value = (value << 6U) | (byte(at + i) & 0x3FU);
  }
  if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
    return std::nullopt;
  }
  at += size;
  return value;
}

/// Code points that are NFC by themselves and after any other of them (UAX #15: starters with
/// NFC_QC=Yes that compose with nothing before them). The rest is left to utf8proc.
bool is_plainly_nfc(char32_t c) {
  if (c < 0x300) return true;                   // Latin before the combining marks.
  if (c >= 0xAC00 && c <= 0xD7A3) return true;  // Hangul syllables.
  if (c >= 0x3131 && c <= 0x318E) return true;  // Compatibility jamo.
  if (c >= 0x4E00 && c <= 0x9FFF) return true;  // Unified ideographs.
  if (c >= 0x2010 && c <= 0x2027) return true;  // Punctuation.
  if (c >= 0x3000 && c <= 0x3029) return true;  // CJK punctuation before its tone marks.
  if (c >= 0xFF01 && c <= 0xFF9D) return true;  // Full- and half-width forms.
  return c >= 0x1F300 && c <= 0x1F6FF;          // Emoji.
}

bool is_control(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c <= 0x9F);
}

std::int32_t class_of(std::int32_t c) {
  return utf8proc_get_property(c)->combining_class;
}

/// Canonical order: marks that follow each other rise by their class. utf8proc does it by swapping
/// neighbours, which takes seconds for a command that is full of them.
void order_marks(std::vector<std::int32_t>& decomposed) {
  const auto is_mark = [](std::int32_t c) { return class_of(c) != 0; };
  for (auto at = decomposed.begin(); at != decomposed.end();) {
    const auto begin = std::find_if(at, decomposed.end(), is_mark);
    at = std::find_if_not(begin, decomposed.end(), is_mark);
    std::stable_sort(begin, at, [](auto a, auto b) { return class_of(a) < class_of(b); });
  }
}

/// NFC of valid UTF-8.
std::optional<std::string> compose(std::string_view text) {
  constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  constexpr std::size_t kDecomposedMax = 4;  // Code points that one becomes.
  std::vector<std::int32_t> decomposed;
  decomposed.reserve(text.size() + kDecomposedMax);
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<std::int32_t>(take_code_point(text, at).value_or(0));
    const std::size_t begin = decomposed.size();
    decomposed.resize(begin + kDecomposedMax);
    int boundary = 0;
    const utf8proc_ssize_t size =
        utf8proc_decompose_char(c, &decomposed[begin], kDecomposedMax, kOptions, &boundary);
    if (size < 0 || static_cast<std::size_t>(size) > kDecomposedMax) return std::nullopt;
    decomposed.resize(begin + static_cast<std::size_t>(size));
  }
  order_marks(decomposed);
  const auto length = static_cast<utf8proc_ssize_t>(decomposed.size());
  decomposed.push_back(0);  // utf8proc ends what it encodes, in place.
  const utf8proc_ssize_t bytes = utf8proc_reencode(decomposed.data(), length, kOptions);
  if (bytes < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(decomposed.data()),
                     static_cast<std::size_t>(bytes));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::string_view kRegions[] = {"서울", "부산", "대구", "인천", "광주", "대전",
                                         "울산", "세종", "경기", "강원", "충북", "충남",
                                         "전북", "전남", "경북", "경남", "제주"};
constexpr std::string_view kPrivateLetters =
    "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주";
constexpr std::string_view kRentalLetters = "하허호";
constexpr std::string_view kCommercialLetters = "바사아자배";

bool is_one_of(std::string_view syllable, std::string_view letters) {
  for (std::size_t i = 0; i < letters.size(); i += 3) {
    if (letters.substr(i, 3) == syllable) return true;
  }
  return false;
}

bool is_vin(std::string_view text) {
  return text.size() == 17 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || (c >= 'A' && c <= 'Z' && c != 'I' && c != 'O' && c != 'Q');
         });
}

/// [region] class letter dddd.
bool is_plate(std::string_view text) {
  bool has_region = false;
  for (const std::string_view region : kRegions) {
    if (!text.starts_with(region)) continue;
    text.remove_prefix(region.size());
    has_region = true;
    break;
  }
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  const std::string_view class_digits = text.substr(0, digits);
  text.remove_prefix(digits);
  if (text.size() != 3 + 4 || !std::all_of(text.begin() + 3, text.end(), is_digit)) return false;
  const std::string_view letter = text.substr(0, 3);

  const bool leading_zero = !class_digits.empty() && class_digits.front() == '0';
  const bool one = digits == 1 && !leading_zero;         // 1–9, old regional only.
  const bool two = digits == 2 && class_digits != "00";  // 01–99
  const bool three = digits == 3 && !leading_zero;       // 100–999
  if (is_one_of(letter, kCommercialLetters)) return has_region && (one || two || three);
  if (!is_one_of(letter, kPrivateLetters) && !is_one_of(letter, kRentalLetters)) return false;
  return has_region ? one || two : two || three;
}

}  // namespace

std::optional<std::string> normalise_text(std::string_view text) {
  bool plain = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = take_code_point(text, at);
    if (!c || is_control(*c)) return std::nullopt;
    plain = plain && is_plainly_nfc(*c);
  }
  if (plain) return std::string(text);
  return compose(text);
}

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  }));
}

std::optional<std::string> normalise_plate(std::string_view text) {
  if (text.size() > kPlateBytesMax) return std::nullopt;
  const auto composed = normalise_text(text);
  if (!composed) return std::nullopt;
  std::string plate;
  for (std::size_t at = 0; at < composed->size();) {
    const std::size_t begin = at;
    const auto taken = take_code_point(*composed, at);
    if (!taken) return std::nullopt;
    char32_t c = *taken;
    if (c == ' ' || c == 0xA0 || c == 0x3000) continue;
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;  // Full-width to ASCII.
    if (c >= 'a' && c <= 'z') c -= 'a' - 'A';
    if (c < 0x80) {
      plate += static_cast<char>(c);
    } else {
      plate.append(*composed, begin, at - begin);
    }
  }
  if (!is_plate(plate) && !is_vin(plate)) return std::nullopt;
  return plate;
}

}  // namespace claims::chat
