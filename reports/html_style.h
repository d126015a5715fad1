#pragma once
// Style and script of report.html; for reports/html.cpp only.

#include <string_view>

namespace claims::report::html {

extern const std::string_view kStyle;
/// Chooses the language: by the address (#en, #ko), else by the browser; keeps it there.
extern const std::string_view kScript;

}  // namespace claims::report::html
