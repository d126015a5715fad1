#include "reports/html_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace claims::report::html {
namespace {

/// Length of the UTF-8 sequence at the beginning; 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool no_character = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
  return overlong || no_character ? 0 : length;
}

std::string with_separators(std::string_view digits) {
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > first && i < point && (point - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const char c = text[0];
    const auto code = static_cast<unsigned char>(c);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else if (code >= 0x20 ? code != 0x7F : c == '\n' || c == '\t') {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

std::string both(const Text& text) {
  return both(text.ko, text.en);
}

std::string both(std::string_view ko, std::string_view en) {
  if (ko.empty()) ko = en;
  if (en.empty()) en = ko;
  if (ko == en) return escaped(ko);
  return fmt::format(R"(<span lang="ko">{}</span><span lang="en">{}</span>)", escaped(ko),
                     escaped(en));
}

std::string both_attributes(const Text& text) {
  return fmt::format(R"( data-ko="{}" data-en="{}")", escaped(text.ko), escaped(text.en));
}

std::string whole(std::uint64_t number) {
  return with_separators(std::to_string(number));
}

std::string decimal(double number, int digits) {
  return with_separators(fmt::format("{:.{}f}", number, digits));
}

std::string decimal(const std::optional<double>& number, int digits) {
  return number ? decimal(*number, digits) : missing();
}

std::string milliseconds(const std::optional<double>& ms) {
  constexpr double kWithoutFraction = 999.995;
  return ms ? decimal(*ms, std::fabs(*ms) < kWithoutFraction ? 2 : 0) : missing();
}

std::string per_second(double rate) {
  constexpr int kMost = 6;
  int digits = 2;
  for (double scaled = rate * 100; scaled > 0 && scaled < 10 && digits < kMost; scaled *= 10) {
    ++digits;
  }
  return decimal(rate, digits);
}

std::string multiple(double number) {
  constexpr double kWithoutFraction = 99.95;
  return decimal(number, number < kWithoutFraction ? 1 : 0) + " ×";
}

std::string missing() {
  return "<span class=\"none\">–</span>";
}

std::string estimate() {
  return "<abbr class=\"estimate\" title=\"추정 · estimate\">E</abbr>";
}

Text word_of(ClauseStatus status) {
  switch (status) {
    case ClauseStatus::pass:
      return {"적합", "pass"};
    case ClauseStatus::fail:
      return {"부적합", "fail"};
    case ClauseStatus::partial:
      return {"부분", "partial"};
    case ClauseStatus::not_covered:
      break;
  }
  return {"미검증", "not covered"};
}

Text word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return {"합격", "Pass"};
    case Verdict::fail:
      return {"불합격", "Fail"};
    case Verdict::invalid:
      break;
  }
  return {"무효", "Invalid"};
}

std::string badge(std::string_view style, std::string_view mark, const Text& word) {
  return fmt::format(R"(<span class="badge {}"><span aria-hidden="true">{}</span> {}</span>)",
                     style, mark, both(word));
}

std::string badge(ClauseStatus status) {
  switch (status) {
    case ClauseStatus::pass:
      return badge("pass", "✓", word_of(status));
    case ClauseStatus::fail:
      return badge("fail", "✕", word_of(status));
    case ClauseStatus::partial:
      return badge("partial", "◐", word_of(status));
    case ClauseStatus::not_covered:
      break;
  }
  return badge("open", "○", word_of(status));
}

Text name_of_figure(std::string_view figure) {
  struct Name {
    std::string_view figure, ko, en;
  };
  constexpr std::array<Name, 7> kNames{
      {{"reply", "응답", "reply"},
       {"error_reply", "오류 응답", "error reply"},
       {"delivery", "전달", "delivery"},
       {"delivery_last_member", "전달(마지막 참여자)", "delivery, last member"},
       {"catch_up", "재접속 뒤 전달", "catch-up after a reconnect"},
       {"workflow", "업무 전체", "whole workflow"},
       {"connect", "접속", "connect"}}};
  for (const Name& name : kNames) {
    if (name.figure == figure) return {std::string(name.ko), std::string(name.en)};
  }
  return {std::string(figure), std::string(figure)};
}

std::string section(std::string_view id, const Text& heading, const Text& lead,
                    std::string_view content) {
  std::string out = fmt::format("<section id=\"{}\" aria-labelledby=\"{}-heading\">\n", id, id);
  out += fmt::format("<h2 id=\"{}-heading\">{}</h2>\n", id, both(heading));
  if (!lead.ko.empty()) out += fmt::format("<p class=\"lead\">{}</p>\n", both(lead));
  out += content;
  return out + "</section>\n";
}

std::string nothing(const Text& sentence) {
  return fmt::format("<p class=\"nothing\">{}</p>\n", both(sentence));
}

Table::Table(std::string_view style, const Text& caption, std::vector<Column> columns)
    : columns_(std::move(columns)) {
  head_ =
      fmt::format("<table class=\"{}\">\n<caption>{}</caption>\n<thead><tr>", style, both(caption));
  for (const Column& column : columns_) {
    head_ += fmt::format("<th scope=\"col\"{}>{}</th>", column.number ? " class=\"n\"" : "",
                         both(column.head));
  }
  head_ += "</tr></thead>\n";
}

void Table::row(const std::vector<std::string>& cells, std::string_view style) {
  if (!in_group_) begin_group();
  rows_ += style.empty() ? "<tr>" : fmt::format("<tr class=\"{}\">", style);
  for (std::size_t i = 0; i < cells.size() && i < columns_.size(); ++i) {
    const std::string_view number = columns_[i].number ? " class=\"n\"" : "";
    rows_ += i == 0 ? fmt::format("<th scope=\"row\">{}</th>", cells[i])
                    : fmt::format("<td{}{}>{}</td>", number, both_attributes(columns_[i].head),
                                  cells[i]);
  }
  rows_ += "</tr>\n";
}

void Table::begin_group() {
  rows_ += in_group_ ? "</tbody>\n<tbody>\n" : "<tbody>\n";
  in_group_ = true;
}

std::string Table::html() const {
  return head_ + rows_ + (in_group_ ? "</tbody>\n" : "") + "</table>\n";
}

}  // namespace claims::report::html
