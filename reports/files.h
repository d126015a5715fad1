#pragma once
// Writing a run's files.

#include <optional>
#include <string>

#include "reports/result.h"

namespace claims::report {

/// Takes away what an earlier run left in `directory` (result.json, junit.xml, unfinished ones
/// too), so that a run that comes to no result leaves none that seems to be its own. Files of the
/// same names that no run wrote stay.
void remove_result_files(const std::string& directory);

/// result.json and junit.xml in `directory`, which is made if it is not there; each is written
/// whole or not at all, and both or none. What went wrong, or nothing.
std::optional<std::string> write_result_files(const RunResult& result,
                                              const std::string& directory);

}  // namespace claims::report
