#pragma once
// The names of the figures that thresholds may be set on.

#include <string>
#include <string_view>
#include <vector>

namespace claims::storm {

/// "delivery.p99_ms", "counts.timeouts", "violations.total", "workflows.completed_percent", …
const std::vector<std::string>& metric_names();
bool is_metric(std::string_view name);

}  // namespace claims::storm
