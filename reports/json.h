#pragma once
// result.json: the result of a run as other programs read it.

#include <string>

#include "reports/result.h"

namespace claims::report {

/// "claimstorm-result/1", fields in a fixed order; milliseconds rounded to the microsecond.
std::string result_json(const RunResult& result);

}  // namespace claims::report
