#pragma once
// junit.xml: the same result for build servers: one case per checker, threshold, clause and
// defect.

#include <string>

#include "reports/result.h"

namespace claims::report {

std::string junit_xml(const RunResult& result);

}  // namespace claims::report
