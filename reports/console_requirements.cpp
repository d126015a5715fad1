// The requirement clauses in the terminal.

#include <fmt/format.h>

#include <algorithm>

#include "reports/console_text.h"
#include "reports/terminal_text.h"

namespace claims::report {
namespace {

std::string_view status_text(ClauseStatus status, const ConsoleStyle& style) {
  switch (status) {
    case ClauseStatus::pass:
      return style.korean ? "적합" : "pass";
    case ClauseStatus::fail:
      return style.korean ? "부적합" : "FAIL";
    case ClauseStatus::partial:
      return style.korean ? "부분" : "partial";
    case ClauseStatus::not_covered:
      return style.korean ? "미검증" : "not covered";
  }
  return "";
}

}  // namespace

std::string requirement_table(const RunResult& result, const ConsoleStyle& style) {
  std::size_t width = 0;
  for (const Requirement& one : result.requirements) {
    width = std::max(width, one.id.size() + one.clause.size() + 4);
  }
  std::string out;
  for (const Requirement& one : result.requirements) {
    const std::string name = one.clause.empty() ? one.id : "  " + one.id + "/" + one.clause;
    const std::string status = padded(status_text(one.status, style), 12);
    const bool bad = one.status == ClauseStatus::fail;
    out +=
        fmt::format("{}{}{}\n", padded(name, width), bad ? coloured(status, false, style) : status,
                    in_language(one.title, style));
    if (!one.clause.empty() && !in_language(one.evidence, style).empty()) {
      out += fmt::format("{}{}\n", std::string(width + 12, ' '), in_language(one.evidence, style));
    }
  }
  return out;
}

}  // namespace claims::report
