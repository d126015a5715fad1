#pragma once
// The sections of report.html, in their order; for reports/html*.cpp only. Each is a <section> with
// its id, also when there is nothing to show: then a sentence says so.

#include <string>

#include "reports/result.h"

namespace claims::report::html {

std::string verdict_header(const RunResult& result);
std::string tested_section(const RunResult& result);
std::string load_section(const RunResult& result);
std::string requirements_section(const RunResult& result);
std::string thresholds_section(const RunResult& result);
std::string latency_section(const RunResult& result);
std::string time_section(const RunResult& result);
std::string errors_section(const RunResult& result);
std::string violations_section(const RunResult& result);
std::string generator_section(const RunResult& result);
std::string resources_section(const RunResult& result);
std::string defects_section(const RunResult& result);
std::string service_section(const RunResult& result);
std::string faults_section(const RunResult& result);
std::string repeat_section(const RunResult& result);
std::string signatures_section();
/// CPU over time, for resources_section().
std::string processors_chart(const RunResult& result);
std::string programs_chart(const RunResult& result);

}  // namespace claims::report::html
