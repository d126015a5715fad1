#pragma once
// Numbers with units as scenario files have them: what the parsers of quantity.h read as these.

#include <cstdint>
#include <string>

namespace claims::storm {

/// "0.5/s" of 500 per 1,000 s.
std::string write_rate(std::int64_t milli);
/// "12.5 %" of 125.
std::string write_percent(std::int64_t permille);
/// "99.9" of 99,900.
std::string write_thousandths(std::int64_t milli);

}  // namespace claims::storm
