#include "simulator/actor/run_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "simulator/actor/defect_outcomes.h"
#include "simulator/actor/load_figures.h"
#include "simulator/actor/recovery.h"
#include "simulator/actor/requirement_outcomes.h"
#include "simulator/actor/service_figures.h"
#include "simulator/actor/verdict.h"
#include "simulator/limits.h"

namespace claims::storm {
namespace {

double to_ms(Microseconds time) {
  return static_cast<double>(time.count()) / 1'000.0;
}
double to_s(Microseconds time) {
  return static_cast<double>(time.count()) / 1'000'000.0;
}

std::optional<double> to_ms(const std::optional<Microseconds>& time) {
  if (!time) return std::nullopt;
  return to_ms(*time);
}

void add_counts(const Progress& progress, const AuditCounts& counts, const Recorder& recorder,
                report::RunResult& result) {
  result.counts = {.commands = counts.commands,
                   .acknowledged = counts.acknowledged,
                   .error_replies = counts.error_replies,
                   .timeouts = counts.timeouts,
                   .unsent = recorder.unsent(),
                   .connections_lost = progress.connections_lost,
                   .deliveries_expected = counts.deliveries_expected,
                   .deliveries = counts.deliveries,
                   .workflows_started = progress.started,
                   .workflows_completed = progress.completed};
}

void add_violations(const Player& player, const Auditor& auditor, report::RunResult& result) {
  for (std::size_t i = 0; i < kCheckers; ++i) {
    const auto checker = static_cast<Checker>(i);
    result.violations[std::string(to_string(checker))] = auditor.violations(checker);
  }
  result.violations["steps"] = player.steps().failures();
  result.violations_total = auditor.violations_total() + player.steps().failures();
  for (const Violation& violation : auditor.stories()) {
    result.stories.push_back(
        {std::string(to_string(violation.checker)), {violation.ko, violation.en}});
  }
  for (const StepFailure& failure : player.steps().stories()) {
    if (result.stories.size() >= 2 * limits::kStoriesMax) break;
    result.stories.push_back({"steps", {failure.text.ko, failure.text.en}});
  }
}

std::vector<report::CurvePoint> to_curve(const Histogram& histogram) {
  std::vector<report::CurvePoint> points;
  for (const int of_10000 : {0, 1'000, 2'000, 3'000, 4'000, 5'000, 6'000, 7'000, 8'000, 9'000,
                             9'500, 9'900, 9'950, 9'990, 9'999, 10'000}) {
    const auto value = histogram.percentile_unguarded(of_10000);
    if (value) points.push_back({static_cast<double>(of_10000) / 100.0, to_ms(*value)});
  }
  return points;
}

void add_latencies(const Recorder& recorder, report::RunResult& result) {
  for (std::size_t i = 0; i < kFigures; ++i) {
    const auto figure = static_cast<Figure>(i);
    if (figure == Figure::lateness || figure == Figure::read_lag) continue;
    const std::string name(to_string(figure));
    result.latency_ms[name] = to_latency(recorder.corrected(figure));
    result.latency_uncorrected_ms[name] = to_latency(recorder.uncorrected(figure));
  }
  for (const auto& [step, histogram] : recorder.steps()) {
    result.steps_ms[step] = to_latency(histogram);
  }
  for (const Figure figure : {Figure::reply, Figure::delivery, Figure::workflow}) {
    if (recorder.corrected(figure).count() == 0) continue;
    result.curves_ms[std::string(to_string(figure))] = {to_curve(recorder.corrected(figure)),
                                                        to_curve(recorder.uncorrected(figure))};
  }
  for (const auto& [code, error] : recorder.errors()) {
    result.errors.push_back({.code = code,
                             .count = error.count,
                             .mean_ms = to_ms(error.sum) / static_cast<double>(error.count),
                             .max_ms = to_ms(error.max),
                             .message = {error.example_ko, error.example_en}});
  }
  result.lateness_ms = to_latency(recorder.corrected(Figure::lateness));
  result.read_lag_ms = to_latency(recorder.corrected(Figure::read_lag));
  result.outage_seconds = recorder.outage_seconds();
}

report::Second to_second(const SecondOfRun& from) {
  report::Second second;
  second.second = from.second;
  second.seconds = from.seconds;
  second.commands = from.commands;
  second.replies = from.replies;
  second.errors = from.errors;
  second.deliveries = from.deliveries;
  second.workflows_started = from.workflows_started;
  second.workflows_completed = from.workflows_completed;
  second.connected = from.connected;
  second.outstanding = from.outstanding;
  second.reply_p99_ms = to_ms(from.reply_p99);
  second.reply_max_ms = to_ms(from.reply_max);
  second.delivery_p50_ms = to_ms(from.delivery_p50);
  second.delivery_p99_ms = to_ms(from.delivery_p99);
  second.delivery_max_ms = to_ms(from.delivery_max);
  return second;
}

/// With the second in which the run ended, so that the series adds up to the totals.
void add_series(const Recorder& recorder, report::RunResult& result) {
  for (const SecondOfRun& second : recorder.seconds()) result.series.push_back(to_second(second));
  result.series.push_back(to_second(recorder.unclosed()));
}

void add_faults(const Scenario& scenario, const Player& player, const Recorder& recorder,
                report::RunResult& result) {
  const std::vector<NotedFault>& faults = player.faults();
  const std::size_t told = std::min(faults.size(), limits::kFaultsToldMax);
  for (std::size_t i = 0; i < told; ++i) {
    result.faults.push_back({faults[i].what.ko, faults[i].what.en});
  }
  if (faults.size() > told) {
    result.faults.push_back({fmt::format("그 밖에 {}건", faults.size() - told),
                             fmt::format("and {} more", faults.size() - told)});
  }
  if (!player.expects_faults()) return;
  for (const ThresholdSpec& spec : scenario.faults.thresholds) {
    if (spec.metric != kRecoveryMetric) continue;
    const std::int64_t below_ms = spec.recovered_below_ms;
    if (std::any_of(result.recovery.begin(), result.recovery.end(),
                    [&](const report::Recovery& one) { return one.delivery_p99_ms == below_ms; })) {
      continue;
    }
    result.recovery.push_back(
        {below_ms, to_s(longest_recovery(faults, player.outages(), recorder.slow_seconds(),
                                         player.began(), Microseconds{below_ms * 1'000}))});
  }
}

/// How fast the service is, and always there: what a scenario asks of it without faults.
bool is_about_speed(std::string_view metric) {
  constexpr std::array<Figure, 7> kSpeed{
      Figure::reply,    Figure::error_reply, Figure::delivery, Figure::delivery_last_member,
      Figure::catch_up, Figure::workflow,    Figure::connect};
  const std::string_view group = metric.substr(0, metric.find('.'));
  return metric == "outage.seconds" || std::any_of(kSpeed.begin(), kSpeed.end(), [&](Figure one) {
           return to_string(one) == group;
         });
}

/// With faults, how fast the service is decides only as far as their plan says so.
std::vector<ThresholdSpec> judged_thresholds(const Scenario& scenario, const Player& player) {
  std::vector<ThresholdSpec> judged = scenario.thresholds;
  if (!player.expects_faults()) return judged;
  std::erase_if(judged, [](const ThresholdSpec& spec) { return is_about_speed(spec.metric); });
  judged.insert(judged.end(), scenario.faults.thresholds.begin(), scenario.faults.thresholds.end());
  return judged;
}

}  // namespace

report::Latency to_latency(const Histogram& histogram) {
  return {.count = histogram.count(),
          .mean = to_ms(histogram.mean()),
          .p50 = to_ms(histogram.percentile(5'000)),
          .p90 = to_ms(histogram.percentile(9'000)),
          .p95 = to_ms(histogram.percentile(9'500)),
          .p99 = to_ms(histogram.percentile(9'900)),
          .p999 = to_ms(histogram.percentile(9'990)),
          .max = to_ms(histogram.max())};
}

report::RunResult run_figures(const Scenario& scenario, const Player& player,
                              const Auditor& auditor, const Recorder& recorder, const Now& now,
                              const Catalogues& catalogues) {
  const Progress progress = player.progress(now);
  report::RunResult result;
  result.scenario = scenario.name;
  result.scenario_file = scenario.file;
  result.title = {scenario.title.ko, scenario.title.en};
  result.users = progress.users;
  result.connections = progress.connections;
  result.time_scale = scenario.time_scale;
  result.ended_early = player.ended_early();
  result.duration_s = to_s(player.held());
  add_load(scenario, player, recorder, catalogues.country, result);
  add_counts(progress, auditor.counts(), recorder, result);
  add_violations(player, auditor, result);
  add_latencies(recorder, result);
  add_series(recorder, result);
  add_service_level(scenario, player, result);
  add_faults(scenario, player, recorder, result);
  const std::vector<ThresholdSpec> judged = judged_thresholds(scenario, player);
  decide_verdict(judged, result, generator_limit_ms(scenario.thresholds));
  result.requirements = requirement_outcomes(scenario, player.steps(), {judged, result.thresholds});
  result.defects = defect_outcomes(catalogues.defects, result, recorder);
  return result;
}

}  // namespace claims::storm
