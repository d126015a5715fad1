#pragma once
// Text and numbers as the page shows them; for reports/html*.cpp and charts only.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/result.h"

namespace claims::report::html {

/// For element content and quoted attributes. Bytes that are no UTF-8 become U+FFFD, control
/// characters but line breaks go.
std::string escaped(std::string_view text);

/// Both languages, one of which is shown; where one is empty the other stands for it.
std::string both(const Text& text);
std::string both(std::string_view ko, std::string_view en);
/// ` data-ko="…" data-en="…"`
std::string both_attributes(const Text& text);

std::string whole(std::uint64_t number);         ///< 1,234,567
std::string decimal(double number, int digits);  ///< 1,234.50
std::string decimal(const std::optional<double>& number, int digits);
/// 12.35; without a fraction from 1,000 on.
std::string milliseconds(const std::optional<double>& ms);
/// Per second: "12.30"; a low one with two digits that say something: "0.0031".
std::string per_second(double rate);
/// "62.5 ×"; from 100 on without a fraction.
std::string multiple(double number);
/// What stands where there is no figure.
std::string missing();
/// Marks an estimate.
std::string estimate();

std::string badge(ClauseStatus status);
std::string badge(std::string_view style, std::string_view mark, const Text& word);
Text word_of(ClauseStatus status);
Text word_of(Verdict verdict);
/// "reply", "delivery_last_member", … in words.
Text name_of_figure(std::string_view figure);

/// A section with its heading; `lead` is a paragraph under it, or nothing.
std::string section(std::string_view id, const Text& heading, const Text& lead,
                    std::string_view content);
/// A sentence in place of what is not there.
std::string nothing(const Text& sentence);

/// A table that becomes a list of cards on a narrow screen.
class Table {
 public:
  struct Column {
    Text head;
    bool number = false;
  };
  Table(std::string_view style, const Text& caption, std::vector<Column> columns);
  /// Cells are HTML; the first is the row's head.
  void row(const std::vector<std::string>& cells, std::string_view style = {});
  /// The rows that follow belong together: paper does not part the first of them.
  void begin_group();
  std::string html() const;

 private:
  std::string head_, rows_;
  std::vector<Column> columns_;
  bool in_group_ = false;
};

}  // namespace claims::report::html
