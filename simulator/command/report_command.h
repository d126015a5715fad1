#pragma once
// claimstorm report: draws the report of a run again from its result.json.

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace claims::storm {

/// Writes report.html and junit.xml into `folder`; empty: beside the result. Returns an ExitCode:
/// that the report was written, not the run's verdict.
int run_report_command(const std::string& result_file, const std::string& folder);
void add_report_command(CLI::App& app, std::function<int()>& chosen);

}  // namespace claims::storm
