#include "reports/json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace claims::report {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

Json number(const std::optional<double>& value) {
  return value ? Json(rounded(*value)) : Json(nullptr);
}

Json text(const Text& value) {
  return {{"ko", value.ko}, {"en", value.en}};
}

Json latency(const Latency& value) {
  return {{"count", value.count},       {"mean", number(value.mean)}, {"p50", number(value.p50)},
          {"p90", number(value.p90)},   {"p95", number(value.p95)},   {"p99", number(value.p99)},
          {"p999", number(value.p999)}, {"max", number(value.max)}};
}

Json latencies(const std::map<std::string, Latency>& values) {
  Json out = Json::object();
  for (const auto& [name, value] : values) out[name] = latency(value);
  return out;
}

Json counts(const Counts& value) {
  return {{"commands", value.commands},
          {"acknowledged", value.acknowledged},
          {"error_replies", value.error_replies},
          {"timeouts", value.timeouts},
          {"deliveries_expected", value.deliveries_expected},
          {"deliveries", value.deliveries},
          {"workflows_started", value.workflows_started},
          {"workflows_completed", value.workflows_completed}};
}

Json violations(const RunResult& result) {
  Json out = {{"total", result.violations_total}};
  for (const auto& [checker, count] : result.violations) out[checker] = count;
  return out;
}

Json stories(const RunResult& result) {
  Json out = Json::array();
  for (const Story& story : result.stories) {
    out.push_back({{"checker", story.checker}, {"story", text(story.text)}});
  }
  return out;
}

Json thresholds(const RunResult& result) {
  Json out = Json::array();
  for (const Threshold& one : result.thresholds) {
    out.push_back({{"metric", one.metric},
                   {"limit", one.limit},
                   {"value", number(one.value)},
                   {"ok", one.ok},
                   {"too_few_samples", one.too_few_samples}});
  }
  return out;
}

Json requirements(const RunResult& result) {
  Json out = Json::array();
  for (const Requirement& one : result.requirements) {
    out.push_back({{"id", one.id},
                   {"clause", one.clause},
                   {"status", to_string(one.status)},
                   {"title", text(one.title)},
                   {"evidence", text(one.evidence)}});
  }
  return out;
}

Json process(const ProcessUse& use) {
  return {{"cpu_percent_mean", number(use.cpu_percent_mean)},
          {"cpu_percent_max", number(use.cpu_percent_max)},
          {"cpu_seconds", number(use.cpu_seconds)},
          {"rss_mb_max", number(use.rss_mb_max)},
          {"cpu_us_per_delivery", number(use.cpu_us_per_delivery)}};
}

Json series(const RunResult& result) {
  Json out = Json::array();
  for (const Second& one : result.series) {
    out.push_back({{"second", one.second},
                   {"commands", one.commands},
                   {"replies", one.replies},
                   {"errors", one.errors},
                   {"deliveries", one.deliveries},
                   {"workflows_started", one.workflows_started},
                   {"workflows_completed", one.workflows_completed},
                   {"connected", one.connected},
                   {"outstanding", one.outstanding},
                   {"reply_p99_ms", number(one.reply_p99_ms)},
                   {"reply_max_ms", number(one.reply_max_ms)},
                   {"delivery_p50_ms", number(one.delivery_p50_ms)},
                   {"delivery_p99_ms", number(one.delivery_p99_ms)},
                   {"delivery_max_ms", number(one.delivery_max_ms)},
                   {"server_cpu_percent", number(one.server_cpu_percent)},
                   {"harness_cpu_percent", number(one.harness_cpu_percent)},
                   {"server_rss_mb", number(one.server_rss_mb)},
                   {"harness_rss_mb", number(one.harness_rss_mb)}});
  }
  return out;
}

Json texts(const std::vector<Text>& values) {
  Json out = Json::array();
  for (const Text& value : values) out.push_back(text(value));
  return out;
}

}  // namespace

std::string result_json(const RunResult& result) {
  const Json out = {
      {"format", RunResult::kFormat},
      {"scenario", result.scenario},
      {"scenario_file", result.scenario_file},
      {"title", text(result.title)},
      {"target", result.target},
      {"started_at", result.started_at},
      {"seed", result.seed},
      {"verdict", to_string(result.verdict)},
      {"reasons", texts(result.reasons)},
      {"ended_early", result.ended_early},
      {"faults", texts(result.faults)},
      {"users", result.users},
      {"duration_s", rounded(result.duration_s)},
      {"target_rate", rounded(result.target_rate)},
      {"achieved_rate", rounded(result.achieved_rate)},
      {"time_scale", result.time_scale},
      {"counts", counts(result.counts)},
      {"violations", violations(result)},
      {"stories", stories(result)},
      {"latency_ms", latencies(result.latency_ms)},
      {"latency_uncorrected_ms", latencies(result.latency_uncorrected_ms)},
      {"steps_ms", latencies(result.steps_ms)},
      {"lateness_ms", latency(result.lateness_ms)},
      {"read_lag_ms", latency(result.read_lag_ms)},
      {"outage_seconds", result.outage_seconds},
      {"thresholds", thresholds(result)},
      {"requirements", requirements(result)},
      {"resources", {{"server", process(result.server)}, {"harness", process(result.harness)}}},
      {"environment", result.environment},
      {"series", series(result)},
      {"repeat_command", result.repeat_command}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace claims::report
