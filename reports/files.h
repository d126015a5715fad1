#pragma once
// Writing a run's files.

#include <optional>
#include <string>

#include "reports/result.h"

namespace claims::report {

/// result.json and junit.xml in `directory`, which is made if it is not there; each is written
/// whole or not at all. What went wrong, or nothing.
std::optional<std::string> write_result_files(const RunResult& result,
                                              const std::string& directory);

}  // namespace claims::report
