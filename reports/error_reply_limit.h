#pragma once
// What a run's slowest error reply is held to: one second (PER-001), and with faults something
// else.

#include <optional>
#include <string>

#include "reports/result.h"

namespace claims::report {

inline constexpr double kErrorReplyLimitMs = 1'000;

/// Of a run with faults whose thresholds say nothing of error replies: its latencies are what the
/// faults do, and are no part of the verdict. The text is what of it is, "recovery.max_s <= 30";
/// empty: nothing. Without a value the second counts.
std::optional<std::string> counts_instead_of_error_replies(const RunResult& result);

}  // namespace claims::report
