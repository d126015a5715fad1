#include "simulator/scenario/threshold_loader.h"

#include <fmt/format.h>

#include "simulator/scenario/loading.h"
#include "simulator/scenario/metric_name.h"
#include "simulator/scenario/near_miss.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

constexpr std::size_t kListMax = 100;
constexpr std::int64_t kRecoveredBelowMsMax = 3'600'000;

std::string load_metric(const Cursor& cursor) {
  std::string name = cursor.text().value_or("");
  if (cursor.node().kind == JsonNode::Kind::text && !is_metric(name)) {
    const std::string near = nearest(name, metric_names());
    cursor.error(
        fmt::format("{}<figure>.<statistic>, counts.<count>, violations.<checker>, "
                    "workflows.completed_percent, outage.seconds, recovery.max_s or "
                    "service.availability_percent",
                    near.empty() ? "" : fmt::format("did you mean {}? ", near)));
  }
  return name;
}

ThresholdSpec load_threshold(const Cursor& cursor, const std::vector<std::string>& clauses) {
  ThresholdSpec threshold;
  if (const auto metric = cursor.required("metric", "a figure: delivery.p99_ms")) {
    threshold.metric = load_metric(*metric);
  }
  const bool recovery = threshold.metric == "recovery.max_s";
  std::vector<std::string> keys = {"metric", "limit", "proves"};
  if (recovery) keys.emplace_back("delivery_p99_ms");
  cursor.allow_only(keys);
  const auto limit =
      load_quantity(cursor.required("limit", R"("<= 1000")"), parse_limit).value_or(Limit{});
  threshold.op = limit.op;
  threshold.limit_milli = limit.milli;
  if (const auto below = cursor.optional("delivery_p99_ms"); below && recovery) {
    threshold.recovered_below_ms =
        below->integer(1, kRecoveredBelowMsMax).value_or(threshold.recovered_below_ms);
  }
  if (const auto proves = cursor.optional("proves")) {
    threshold.proves = load_clauses(*proves, clauses);
  }
  return threshold;
}

}  // namespace

std::vector<ThresholdSpec> load_thresholds(const Cursor& root,
                                           const std::vector<std::string>& clauses) {
  std::vector<ThresholdSpec> thresholds;
  const auto member = root.optional("thresholds");
  const auto list = member ? member->list(0, kListMax) : std::nullopt;
  if (!list) return thresholds;
  for (const Cursor& cursor : *list) {
    if (cursor.is_object()) thresholds.push_back(load_threshold(cursor, clauses));
  }
  return thresholds;
}

}  // namespace claims::storm
