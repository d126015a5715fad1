#pragma once
// When the workflows of a scenario begin.

#include <cstdint>
#include <vector>

#include "simulator/scenario/document.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// `loaded` has its workflows and phases.
std::vector<ArrivalSpec> load_arrivals(const Cursor& scenario, const Scenario& loaded);

/// `total` in parts by weight, which sum to it exactly: each rounded down, and what is left over
/// goes one by one to those who lost most. Weights are at least 0, one of them more; products stay
/// within 128 bits.
std::vector<std::int64_t> divide_by_weight(std::int64_t total,
                                           const std::vector<std::int64_t>& weights);

}  // namespace claims::storm
