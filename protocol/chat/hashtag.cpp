#include "protocol/chat/hashtag.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace claims::chat {
namespace {

constexpr std::string_view kExemption = "#면책", kPriorAgreement = "#기협의";
constexpr std::string_view kNotCovered = "담보외";

/// Opening and closing marks; the straight ones close what they opened.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kQuotes{{
    {"\"", "\""},
    {"'", "'"},
    {"“", "”"},
    {"‘", "’"},
    {"「", "」"},
    {"『", "』"},
}};

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t';
}

/// Without lines that begin with '>'; each of these becomes an empty one.
std::string without_quoted_lines(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos || line[first] != '>') kept += line;
    kept += '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return kept;
}

/// The end of the quotation that begins at `at`; `at` when none does. A mark that is never closed
/// quotes nothing, and the straight single one within a word is an apostrophe.
std::size_t end_of_quotation(std::string_view text, std::size_t at) {
  for (const auto& [open, close] : kQuotes) {
    if (text.substr(at, open.size()) != open) continue;
    if (open == "'" && at > 0 && !is_space(text[at - 1])) continue;
    const std::size_t end = text.find(close, at + open.size());
    if (end != std::string_view::npos) return end + close.size();
  }
  return at;
}

/// What is quoted becomes one mark, so that a word that hangs on it is no word alone.
std::string without_quotations(std::string_view text) {
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_quotation(text, at);
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

}  // namespace

std::optional<NegotiationTag> find_negotiation_tag(std::string_view text) {
  if (text.find('#') == std::string_view::npos) return std::nullopt;
  const std::string kept = without_quotations(without_quoted_lines(text));
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
      found = PriorAgreementTag{parse_ratio(next)};
    }
  }
  return found;
}

}  // namespace claims::chat
