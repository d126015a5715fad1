#include "protocol/chat/hashtag.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace claims::chat {
namespace {

constexpr std::string_view kExemption = "#면책", kPriorAgreement = "#기협의";
constexpr std::string_view kNotCovered = "담보외";

/// Opening and closing marks; the straight ones close what they opened.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kQuotes{{
    {"\"", "\""},
    {"'", "'"},
    {"“", "”"},
    {"‘", "’"},
    {"「", "」"},
    {"『", "』"},
    {"«", "»"},
    {"＂", "＂"},
    {"｢", "｣"},
}};

/// White space that is no blank or line feed, and what it is read as. NFC leaves no other.
constexpr std::array<std::pair<std::string_view, char>, 17> kSpaces{{
    {"\u00A0", ' '},
    {"\u1680", ' '},
    {"\u2002", ' '},
    {"\u2003", ' '},
    {"\u2004", ' '},
    {"\u2005", ' '},
    {"\u2006", ' '},
    {"\u2007", ' '},
    {"\u2008", ' '},
    {"\u2009", ' '},
    {"\u200A", ' '},
    {"\u202F", ' '},
    {"\u205F", ' '},
    {"\u3000", ' '},
    {"\t", ' '},
    {"\u2028", '\n'},
    {"\u2029", '\n'},
}};

bool is_space(char c) {
  return c == ' ' || c == '\n';
}

bool is_latin(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// With a blank or a line feed for whatever is white space.
std::string with_plain_spaces(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const auto* space =
        std::ranges::find_if(kSpaces, [&](const auto& one) { return text.starts_with(one.first); });
    const bool found = space != kSpaces.end();
    plain += found ? space->second : text.front();
    text.remove_prefix(found ? space->first.size() : 1);
  }
  return plain;
}

/// Without lines that begin with '>'; each of these becomes an empty one.
std::string without_quoted_lines(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t first = line.find_first_not_of(' ');
    if (first == std::string_view::npos || line[first] != '>') kept += line;
    kept += '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return kept;
}

class Quotations {
 public:
  explicit Quotations(std::string_view text) : text_(text) {}

  /// The end of the quotation that begins at `at`; `at` when none does. A mark that is never closed
  /// quotes nothing, and the straight single one behind a Latin letter or digit is an apostrophe.
  /// To be asked with places that rise.
  std::size_t end(std::size_t at) {
    for (std::size_t i = 0; i < kQuotes.size(); ++i) {
      const auto& [open, close] = kQuotes[i];
      if (never_closed_[i] || text_.substr(at, open.size()) != open) continue;
      if (open == "'" && at > 0 && is_latin(text_[at - 1])) continue;
      const std::size_t end = text_.find(close, at + open.size());
      if (end != std::string_view::npos) return end + close.size();
      never_closed_[i] = true;
    }
    return at;
  }

 private:
  std::string_view text_;
  /// No such mark is closed from here on: told once, or a text full of them would be searched to
  /// its end for each.
  std::array<bool, kQuotes.size()> never_closed_{};
};

/// What is quoted becomes one mark, so that a word that hangs on it is no word alone.
std::string without_quotations(std::string_view text) {
  Quotations quotations(text);
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = quotations.end(at);
    kept += end == at ? text[at] : '"';
    at = end == at ? at + 1 : end;
  }
  return kept;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && !is_space(text[end])) ++end;
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

/// Full-width digits, too: they are meant as a ratio, and are none.
bool begins_with_digit(std::string_view word) {
  if (word.starts_with("\xEF\xBC")) {  // U+FF10 … U+FF19
    return word.size() > 2 && word[2] >= '\x90' && word[2] <= '\x99';
  }
  return !word.empty() && word.front() >= '0' && word.front() <= '9';
}

PriorAgreementTag prior_agreement_with(std::string_view next) {
  PriorAgreementTag tag{parse_ratio(next), {}};
  if (!tag.ratio && begins_with_digit(next)) tag.misread = next;
  return tag;
}

}  // namespace

std::optional<NegotiationTag> find_negotiation_tag(std::string_view text) {
  if (text.find('#') == std::string_view::npos) return std::nullopt;
  const std::string kept = without_quotations(without_quoted_lines(with_plain_spaces(text)));
  const std::vector<std::string_view> words = words_of(kept);
  std::optional<NegotiationTag> found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool exemption = words[i] == kExemption;
    if (!exemption && words[i] != kPriorAgreement) continue;
    if (found) return SeveralTags{};
    const std::string_view next = i + 1 < words.size() ? words[i + 1] : std::string_view{};
    if (exemption) {
      found = ExemptionTag{next == kNotCovered ? ExemptionReason::not_covered
                                               : ExemptionReason::not_liable};
    } else {
      found = prior_agreement_with(next);
    }
  }
  return found;
}

}  // namespace claims::chat
