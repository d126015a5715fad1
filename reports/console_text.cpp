#include "reports/console_text.h"

#include <fmt/format.h>

namespace claims::report {

const std::string& in_language(const Text& text, const ConsoleStyle& style) {
  const std::string& chosen = style.korean ? text.ko : text.en;
  return chosen.empty() ? (style.korean ? text.en : text.ko) : chosen;
}

std::string coloured(std::string_view text, bool good, const ConsoleStyle& style) {
  if (!style.colour) return std::string(text);
  return fmt::format("\x1b[1;{}m{}\x1b[0m", good ? 32 : 31, text);
}

}  // namespace claims::report
