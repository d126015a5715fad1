#pragma once
// What a person reads in the terminal when a run has ended.

#include <string>

#include "reports/result.h"

namespace claims::report {

struct ConsoleStyle {
  bool colour = false;
  bool korean = false;  ///< Otherwise English.
};

/// Its figures fit 80 columns, all of it one screen unless there are violations to tell.
std::string console_summary(const RunResult& result, const ConsoleStyle& style = {});

/// The requirement clauses with verdict and evidence, as `accept` shows them.
std::string requirement_table(const RunResult& result, const ConsoleStyle& style = {});

}  // namespace claims::report
