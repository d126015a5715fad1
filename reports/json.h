#pragma once
// result.json: the result of a run as other programs read it, and as a report is drawn from again.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "reports/result.h"

namespace claims::report {

/// "claimstorm-result/1", fields in a fixed order; milliseconds rounded to the microsecond.
std::string result_json(const RunResult& result);

/// The result, or all that is wrong with the text, at most limits::kErrorsToldMax: each with where
/// (a JSON pointer; a line for what is no JSON), what was found and what is allowed. Members that
/// later versions added may be missing, and those that are not known are passed over; what was
/// written and read is written the same, byte for byte.
using ParsedResult = std::variant<RunResult, std::vector<std::string>>;
ParsedResult parse_result_json(std::string_view text);

}  // namespace claims::report
