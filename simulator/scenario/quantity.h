#pragma once
// Numbers with units as they stand in scenario files, turned into integers. parse_duration and
// parse_rate are in load.h, as options use them, too.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/result.h"
#include "simulator/scenario/expression.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// "80 %" as 800; up to 10,000 %.
Result<std::int64_t, std::string> parse_percent(std::string_view text);
/// The shortest text that parse_duration reads as exactly that: "7d", "90m", "1ms", "1500us".
std::string write_duration(Microseconds duration);
/// "5s" or "5s..20s"; a single one as twice itself.
Result<std::pair<Microseconds, Microseconds>, std::string> parse_duration_range(
    std::string_view text);
/// "-30s..30s", "1h", in milliseconds; up to 366d either way.
Result<std::pair<std::int64_t, std::int64_t>, std::string> parse_signed_duration_range(
    std::string_view text);
/// "5s" or "5s..20s".
Result<ThinkTime, std::string> parse_think_time(std::string_view text);
/// "12.5" in thousandths: 12,500.
Result<std::int64_t, std::string> parse_weight(std::string_view text);
/// "09:30", or a duration.
Result<Microseconds, std::string> parse_time_of_curve(std::string_view text);
/// "2..4" as {2, 4}, a single number as twice itself; both within [least, most].
Result<std::pair<std::int64_t, std::int64_t>, std::string> parse_range(std::string_view text,
                                                                       std::int64_t least,
                                                                       std::int64_t most);
/// "-200..200", "50".
Result<std::pair<std::int64_t, std::int64_t>, std::string> parse_signed_range(std::string_view text,
                                                                              std::int64_t least,
                                                                              std::int64_t most);
/// "<= 1000", ">= 99.9", "== 0"; as in ThresholdSpec.
struct Limit {
  std::int64_t milli = 0;
  std::string op;
};
Result<Limit, std::string> parse_limit(std::string_view text);

}  // namespace claims::storm
