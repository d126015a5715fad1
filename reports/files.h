#pragma once
// Writing a run's files.

#include <optional>
#include <string>

#include "reports/json.h"
#include "reports/result.h"

namespace claims::report {

/// Takes away what an earlier run left in `directory` (result.json, junit.xml, report.html,
/// unfinished ones too), so that a run that comes to no result leaves none that seems to be its
/// own. Files of the same names that no run wrote stay.
void remove_result_files(const std::string& directory);

/// result.json, junit.xml and report.html in `directory`, which is made if it is not there; each is
/// written whole or not at all, and all or none. What went wrong, or nothing.
std::optional<std::string> write_result_files(const RunResult& result,
                                              const std::string& directory);

/// The same without result.json: what is drawn from a result that is there already.
std::optional<std::string> write_report_files(const RunResult& result,
                                              const std::string& directory);

/// A result.json; or what is wrong with it: file, place, what was found, what is allowed.
ParsedResult read_result_file(const std::string& file);

}  // namespace claims::report
