#pragma once
// report.html: what people read and sign a release off with.
//
// One file that needs nothing else: style, script and pictures are in it, and its own content
// security policy lets nothing else run or load. Both languages are in the document; a switch on
// the page shows one, Korean where no script runs. All text of the result is escaped.

#include <string>

#include "reports/result.h"

namespace claims::report {

std::string report_html(const RunResult& result);

}  // namespace claims::report
