#pragma once
// What negotiations of fault and estimates deal in: ratios, reasons, amounts. Invented, shaped as
// real ones (docs/scenarios.md); integers only.

#include <cstdint>
#include <string>

#include "simulator/scenario/expression.h"

namespace claims::storm {

/// "70:30", own:other, integers from 0 to 100 that sum to 100; mostly in steps of 10 and 5.
std::string make_ratio(Random& random);
/// Why a ratio is objected to: a sentence in Korean, without anything like personal data.
std::string make_objection_reason(Random& random);
/// A pre-estimate in won: 200,000 to 8,000,000 in steps of 10,000, small ones more often.
std::int64_t draw_estimate_won(Random& random);

}  // namespace claims::storm
