#include "reports/error_reply_limit.h"

namespace claims::report {

std::optional<std::string> counts_instead_of_error_replies(const RunResult& result) {
  if (result.faults.empty()) return std::nullopt;
  std::string instead;
  for (const Threshold& threshold : result.thresholds) {
    if (threshold.metric.starts_with("error_reply.")) return std::nullopt;
    if (!threshold.metric.starts_with("recovery.")) continue;
    instead += (instead.empty() ? "" : ", ") + threshold.metric + " " + threshold.limit;
  }
  return instead;
}

}  // namespace claims::report
