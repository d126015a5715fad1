#include "simulator/actor/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "simulator/actor/recovery.h"

namespace claims::storm {
namespace {

using report::RunResult;
using report::Text;
using report::Verdict;

constexpr double kGeneratorLimitMs = 10;

std::optional<double> latency_value(const report::Latency& latency, std::string_view statistic) {
  if (statistic == "mean_ms") return latency.mean;
  if (statistic == "p50_ms") return latency.p50;
  if (statistic == "p90_ms") return latency.p90;
  if (statistic == "p95_ms") return latency.p95;
  if (statistic == "p99_ms") return latency.p99;
  if (statistic == "p999_ms") return latency.p999;
  if (statistic == "max_ms") return latency.max;
  return std::nullopt;
}

std::optional<double> count_value(const report::Counts& counts, std::string_view name) {
  const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
  if (name == "commands") return number(counts.commands);
  if (name == "acknowledged") return number(counts.acknowledged);
  if (name == "error_replies") return number(counts.error_replies);
  if (name == "timeouts") return number(counts.timeouts);
  if (name == "unsent") return number(counts.unsent);
  if (name == "connections_lost") return number(counts.connections_lost);
  if (name == "deliveries_expected") return number(counts.deliveries_expected);
  if (name == "deliveries") return number(counts.deliveries);
  if (name == "workflows_started") return number(counts.workflows_started);
  if (name == "workflows_completed") return number(counts.workflows_completed);
  return std::nullopt;
}

std::optional<double> violations_value(const RunResult& result, std::string_view checker) {
  if (checker == "total") return static_cast<double>(result.violations_total);
  const auto found = result.violations.find(std::string(checker));
  if (found == result.violations.end()) return std::nullopt;
  return static_cast<double>(found->second);
}

bool holds(double value, std::string_view op, double limit) {
  if (op == "<") return value < limit;
  if (op == "<=") return value <= limit;
  if (op == ">") return value > limit;
  if (op == ">=") return value >= limit;
  assert(op == "==");
  return value == limit;
}

void add_violations(const RunResult& result, std::vector<Text>& reasons) {
  if (result.violations_total == 0) return;
  std::string each;
  for (const auto& [checker, count] : result.violations) {
    if (count == 0) continue;
    fmt::format_to(std::back_inserter(each), "{}{} {}", each.empty() ? "" : ", ", checker, count);
  }
  reasons.push_back({fmt::format("위반 {}건: {}", result.violations_total, each),
                     fmt::format("{} violations: {}", result.violations_total, each)});
}

void add_generator_limits(double limit, const RunResult& result, std::vector<Text>& reasons) {
  if (result.lateness_ms.p99 && *result.lateness_ms.p99 > limit) {
    reasons.push_back(
        {fmt::format("부하 발생기가 한계: 발신 지연 p99 {:.1f} ms > {:.1f} ms",
                     *result.lateness_ms.p99, limit),
         fmt::format("the generator was the limit: lateness of sending p99 {:.1f} ms > {:.1f} ms",
                     *result.lateness_ms.p99, limit)});
  }
  if (result.read_lag_ms.p99 && *result.read_lag_ms.p99 > limit) {
    reasons.push_back(
        {fmt::format("부하 발생기가 한계: 수신 처리 지연 p99 {:.1f} ms > {:.1f} ms",
                     *result.read_lag_ms.p99, limit),
         fmt::format("the generator was the limit: lag of reading p99 {:.1f} ms > {:.1f} ms",
                     *result.read_lag_ms.p99, limit)});
  }
}

/// A missed latency is the server's only if the generator itself was within its limit by the same
/// statistic: p99 says nothing of a stall that one slow delivery came from.
bool generator_may_be_it(const RunResult& result, std::string_view metric, double limit) {
  const std::size_t dot = metric.find('.');
  if (dot == std::string_view::npos) return false;
  if (!result.latency_ms.contains(std::string(metric.substr(0, dot)))) return false;
  const std::string_view statistic = metric.substr(dot + 1);
  const auto above = [&](const report::Latency& own) {
    const auto value = latency_value(own, statistic);
    return (value ? value : own.max).value_or(0) > limit;
  };
  return above(result.lateness_ms) || above(result.read_lag_ms);
}

std::optional<double> recovery_value(const RunResult& result, std::int64_t below_ms) {
  const auto found =
      std::find_if(result.recovery.begin(), result.recovery.end(),
                   [&](const report::Recovery& one) { return one.delivery_p99_ms == below_ms; });
  if (found == result.recovery.end()) return std::nullopt;
  return found->max_s;
}

}  // namespace

std::optional<double> metric_value(const RunResult& result, std::string_view metric) {
  const std::size_t dot = metric.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view group = metric.substr(0, dot);
  const std::string_view name = metric.substr(dot + 1);
  if (group == "lateness") return latency_value(result.lateness_ms, name);
  if (group == "read_lag") return latency_value(result.read_lag_ms, name);
  if (group == "counts") return count_value(result.counts, name);
  if (group == "violations") return violations_value(result, name);
  if (metric == "outage.seconds") return static_cast<double>(result.outage_seconds);
  if (metric == "service.availability_percent") {
    if (!result.service) return std::nullopt;
    return result.service->availability_percent;
  }
  if (metric == "workflows.completed_percent") {
    if (result.counts.workflows_started == 0) return std::nullopt;
    return 100.0 * static_cast<double>(result.counts.workflows_completed) /
           static_cast<double>(result.counts.workflows_started);
  }
  const auto found = result.latency_ms.find(std::string(group));
  if (found == result.latency_ms.end()) return std::nullopt;
  return latency_value(found->second, name);
}

std::string shown_value(const report::Threshold& threshold) {
  if (!threshold.value) return "-";
  std::string text = fmt::format("{:.3f}", *threshold.value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::vector<report::Threshold> check_thresholds(const std::vector<ThresholdSpec>& thresholds,
                                                const RunResult& result) {
  std::vector<report::Threshold> checked;
  for (const ThresholdSpec& spec : thresholds) {
    const double limit = static_cast<double>(spec.limit_milli) / 1'000.0;
    report::Threshold threshold;
    threshold.metric = spec.metric;
    threshold.limit = fmt::format("{} {}", spec.op, limit);
    threshold.value = spec.metric == kRecoveryMetric
                          ? recovery_value(result, spec.recovered_below_ms)
                          : metric_value(result, spec.metric);
    threshold.too_few_samples = !threshold.value;
    threshold.ok = threshold.value && holds(*threshold.value, spec.op, limit);
    checked.push_back(std::move(threshold));
  }
  return checked;
}

double generator_limit_ms(const std::vector<ThresholdSpec>& thresholds) {
  std::optional<double> delivery;
  for (const ThresholdSpec& spec : thresholds) {
    const bool upper = spec.op == "<" || spec.op == "<=";
    if (!upper || !spec.metric.starts_with("delivery.")) continue;
    const double limit = static_cast<double>(spec.limit_milli) / 1'000.0;
    delivery = delivery ? std::min(*delivery, limit) : limit;
  }
  return std::max(kGeneratorLimitMs, delivery.value_or(0) / 10);
}

void decide_verdict(const std::vector<ThresholdSpec>& thresholds, RunResult& result) {
  decide_verdict(thresholds, result, generator_limit_ms(thresholds));
}

void decide_verdict(const std::vector<ThresholdSpec>& thresholds, RunResult& result,
                    double generator_limit) {
  result.thresholds = check_thresholds(thresholds, result);
  std::vector<Text> violated, invalid, missed;
  // First: too few samples follow from it.
  if (result.ended_early) invalid.push_back({"실행이 도중에 끝남", "the run was ended early"});
  add_violations(result, violated);
  add_generator_limits(generator_limit, result, invalid);
  for (const report::Threshold& threshold : result.thresholds) {
    const std::string value = shown_value(threshold);
    if (threshold.too_few_samples) {
      invalid.push_back({fmt::format("{}: 표본이 너무 적음", threshold.metric),
                         fmt::format("{}: too few samples", threshold.metric)});
    } else if (!threshold.ok && generator_may_be_it(result, threshold.metric, generator_limit)) {
      invalid.push_back(
          {fmt::format("{} = {} (기준 {}): 같은 통계값에서 부하 발생기의 지연도 한계를 넘음",
                       threshold.metric, value, threshold.limit),
           fmt::format("{} = {}, limit {}: by the same statistic the generator was late too",
                       threshold.metric, value, threshold.limit)});
    } else if (!threshold.ok) {
      missed.push_back(
          {fmt::format("기준 미달: {} = {}, 기준 {}", threshold.metric, value, threshold.limit),
           fmt::format("threshold missed: {} = {}, limit {}", threshold.metric, value,
                       threshold.limit)});
    }
  }
  result.verdict = !violated.empty()  ? Verdict::fail
                   : !invalid.empty() ? Verdict::invalid
                   : !missed.empty()  ? Verdict::fail
                                      : Verdict::pass;
  result.reasons = std::move(violated);
  result.reasons.insert(result.reasons.end(), invalid.begin(), invalid.end());
  result.reasons.insert(result.reasons.end(), missed.begin(), missed.end());
}

}  // namespace claims::storm
