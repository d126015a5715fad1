#pragma once
// What each checker of docs/checking.md proves, in a few words for whoever signs a report.

#include <string_view>

#include "reports/result.h"

namespace claims::report {

/// Of a checker by its name in RunResult::violations; empty for an unknown one.
Text checker_text(std::string_view checker);

}  // namespace claims::report
