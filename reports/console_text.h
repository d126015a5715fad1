#pragma once
// What the parts of the console's words share; for reports/console*.cpp only.

#include <string>
#include <string_view>

#include "reports/console.h"

namespace claims::report {

/// In the language of the style; the other stands for one that is empty.
const std::string& in_language(const Text& text, const ConsoleStyle& style);
/// Green for good, red for bad; without colours as it is.
std::string coloured(std::string_view text, bool good, const ConsoleStyle& style);

}  // namespace claims::report
