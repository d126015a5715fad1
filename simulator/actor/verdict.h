#pragma once
// Verdict: pass, fail or invalid, from the figures of a run alone (docs/checking.md).
//
// fail if anything was violated; else invalid if the generator was the limit, a percentile with a
// threshold has too few samples, a latency was missed by a statistic by which the generator was
// late too, or the run was ended early; else fail if a threshold was missed; else pass.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/result.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// The figure that a threshold names, "delivery.p99_ms"; nothing when there were too few samples or
/// there is no such figure.
std::optional<double> metric_value(const report::RunResult& result, std::string_view metric);

/// Its value as evidence and reasons tell it: "12.5", "98"; "-" where there is none.
std::string shown_value(const report::Threshold& threshold);

std::vector<report::Threshold> check_thresholds(const std::vector<ThresholdSpec>& thresholds,
                                                const report::RunResult& result);

/// Lateness and read lag above this at p99 make the generator the limit: 10 ms, or a tenth of the
/// tightest limit on delivery if that is more.
double generator_limit_ms(const std::vector<ThresholdSpec>& thresholds);

/// Fills `thresholds`, `verdict` and `reasons` of a result that is complete otherwise.
void decide_verdict(const std::vector<ThresholdSpec>& thresholds, report::RunResult& result);
/// With another limit of the generator's than these thresholds set.
void decide_verdict(const std::vector<ThresholdSpec>& thresholds, report::RunResult& result,
                    double generator_limit);

}  // namespace claims::storm
