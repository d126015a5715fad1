#pragma once
// The fields of result.json, once for writing and for reading; for reports/json*.cpp only.
//
// A visitor is called with the name of each field and a reference to it, in the order of the file.
// `added`: the field came after the first version of the format, so that an older file lacks it.

#include <concepts>
#include <type_traits>

#include "reports/result.h"

namespace claims::report::json {

template <class T, class Plain>
concept Is = std::same_as<std::remove_const_t<T>, Plain>;

enum class Since { first, added };
inline constexpr Since added = Since::added;

void fields(auto& visit, Is<Text> auto& it) {
  visit("ko", it.ko);
  visit("en", it.en);
}

void fields(auto& visit, Is<Latency> auto& it) {
  visit("count", it.count);
  visit("mean", it.mean);
  visit("p50", it.p50);
  visit("p90", it.p90);
  visit("p95", it.p95);
  visit("p99", it.p99);
  visit("p999", it.p999);
  visit("max", it.max);
}

void fields(auto& visit, Is<CurvePoint> auto& it) {
  visit("percent", it.percent);
  visit("ms", it.ms);
}

void fields(auto& visit, Is<Curve> auto& it) {
  visit("corrected", it.corrected);
  visit("uncorrected", it.uncorrected);
}

void fields(auto& visit, Is<Counts> auto& it) {
  visit("commands", it.commands);
  visit("acknowledged", it.acknowledged);
  visit("error_replies", it.error_replies);
  visit("timeouts", it.timeouts);
  visit("unsent", it.unsent, added);
  visit("connections_lost", it.connections_lost, added);
  visit("deliveries_expected", it.deliveries_expected);
  visit("deliveries", it.deliveries);
  visit("workflows_started", it.workflows_started);
  visit("workflows_completed", it.workflows_completed);
}

void fields(auto& visit, Is<Story> auto& it) {
  visit("checker", it.checker);
  visit("story", it.text);
}

void fields(auto& visit, Is<Threshold> auto& it) {
  visit("metric", it.metric);
  visit("limit", it.limit);
  visit("value", it.value);
  visit("ok", it.ok);
  visit("too_few_samples", it.too_few_samples);
}

void fields(auto& visit, Is<Requirement> auto& it) {
  visit("id", it.id);
  visit("clause", it.clause);
  visit("status", it.status);
  visit("title", it.title);
  visit("evidence", it.evidence);
}

void fields(auto& visit, Is<Defect> auto& it) {
  visit("id", it.id);
  visit("status", it.status);
  visit("title", it.title);
  visit("evidence", it.evidence);
}

void fields(auto& visit, Is<WorkflowFigures> auto& it) {
  visit("name", it.name);
  visit("title", it.title);
  visit("target_rate", it.target_rate);
  visit("achieved_rate", it.achieved_rate);
  visit("closed_at_a_time", it.closed_at_a_time, added);
  visit("closed_rate", it.closed_rate, added);
  visit("started", it.started);
  visit("completed", it.completed);
  visit("failed", it.failed);
  visit("latency_ms", it.latency_ms);
}

void fields(auto& visit, Is<PlayedPhase> auto& it) {
  visit("name", it.name);
  visit("kind", it.kind);
  visit("begin_s", it.begin_s);
  visit("end_s", it.end_s);
}

void fields(auto& visit, Is<ErrorReplies> auto& it) {
  visit("code", it.code);
  visit("count", it.count);
  visit("mean_ms", it.mean_ms);
  visit("max_ms", it.max_ms);
  visit("message", it.message);
}

void fields(auto& visit, Is<CountryLoad> auto& it) {
  visit("kind", it.kind);
  visit("title", it.title);
  visit("target_rate", it.target_rate);
  visit("achieved_rate", it.achieved_rate);
  visit("mean_rate", it.mean_rate);
  visit("peak_rate", it.peak_rate);
}

void fields(auto& visit, Is<LoadDerivation> auto& it) {
  visit("insurers", it.insurers);
  visit("adjusters", it.adjusters);
  visit("garages", it.garages);
  visit("country", it.country);
  visit("basis", it.basis);
}

void fields(auto& visit, Is<ProcessUse> auto& it) {
  visit("cpu_percent_mean", it.cpu_percent_mean);
  visit("cpu_percent_max", it.cpu_percent_max);
  visit("cpu_seconds", it.cpu_seconds);
  visit("rss_mb_max", it.rss_mb_max);
  visit("cpu_us_per_delivery", it.cpu_us_per_delivery);
  visit("run_delay_seconds", it.run_delay_seconds, added);
}

void fields(auto& visit, Is<MachineUse> auto& it) {
  visit("cpu_percent_mean", it.cpu_percent_mean);
  visit("cpu_percent_max", it.cpu_percent_max);
  visit("memory_mb_total", it.memory_mb_total);
  visit("memory_percent_max", it.memory_percent_max);
}

void fields(auto& visit, Is<Second> auto& it) {
  visit("second", it.second);
  visit("seconds", it.seconds, added);
  visit("commands", it.commands);
  visit("replies", it.replies);
  visit("errors", it.errors);
  visit("deliveries", it.deliveries);
  visit("workflows_started", it.workflows_started);
  visit("workflows_completed", it.workflows_completed);
  visit("connected", it.connected);
  visit("outstanding", it.outstanding);
  visit("reply_p99_ms", it.reply_p99_ms);
  visit("reply_max_ms", it.reply_max_ms);
  visit("delivery_p50_ms", it.delivery_p50_ms);
  visit("delivery_p99_ms", it.delivery_p99_ms);
  visit("delivery_max_ms", it.delivery_max_ms);
  visit("machine_cpu_percent", it.machine_cpu_percent, added);
  visit("server_cpu_percent", it.server_cpu_percent);
  visit("harness_cpu_percent", it.harness_cpu_percent);
  visit("server_rss_mb", it.server_rss_mb);
  visit("harness_rss_mb", it.harness_rss_mb);
}

void fields(auto& visit, Is<ServiceOutage> auto& it) {
  visit("begin_s", it.begin_s);
  visit("end_s", it.end_s);
  visit("counted_s", it.counted_s);
  visit("grade", it.grade);
}

void fields(auto& visit, Is<ServiceCredit> auto& it) {
  visit("schedule", it.schedule);
  visit("title", it.title);
  visit("percent", it.percent);
}

void fields(auto& visit, Is<ServiceLevel> auto& it) {
  visit("period_s", it.period_s);
  visit("maintenance_s", it.maintenance_s);
  visit("outage_s", it.outage_s);
  visit("availability_percent", it.availability_percent);
  visit("outage_count", it.outage_count);
  visit("outages", it.outages);
  visit("credits", it.credits);
  visit("architecture", it.architecture);
  visit("mean_to_recover_s", it.mean_to_recover_s);
  visit("longest_s", it.longest_s);
  visit("recovery_goal_s", it.recovery_goal_s);
  visit("goal_met", it.goal_met);
}

void fields(auto& visit, Is<Recovery> auto& it) {
  visit("delivery_p99_ms", it.delivery_p99_ms);
  visit("max_s", it.max_s);
}

void fields(auto& visit, Is<Simulation> auto& it) {
  visit("trace_hash", it.trace_hash);
  visit("virtual_s", it.virtual_s);
  visit("events", it.events);
}

/// "violations": {"total": …, "agreement": …}
template <class Result>
struct Violations {
  Result& of;
};
/// "resources": {"server": …, "harness": …, "machine": …}
template <class Result>
struct Resources {
  Result& of;
};

template <class Result>
void fields(auto& visit, const Resources<Result>& it) {
  visit("server", it.of.server);
  visit("harness", it.of.harness);
  visit("machine", it.of.machine, added);
}

template <Is<RunResult> Result>
void fields(auto& visit, Result& it) {
  visit("scenario", it.scenario);
  visit("scenario_file", it.scenario_file);
  visit("title", it.title);
  visit("target", it.target);
  visit("started_at", it.started_at);
  visit("seed", it.seed);
  visit("verdict", it.verdict);
  visit("reasons", it.reasons);
  visit("ended_early", it.ended_early);
  visit("faults", it.faults);
  visit("recovery", it.recovery, added);
  visit("users", it.users);
  visit("connections", it.connections, added);
  visit("active_users", it.active_users, added);
  visit("duration_s", it.duration_s);
  visit("target_rate", it.target_rate);
  visit("achieved_rate", it.achieved_rate);
  visit("closed_at_a_time", it.closed_at_a_time, added);
  visit("closed_rate", it.closed_rate, added);
  visit("time_scale", it.time_scale);
  visit("load", it.load, added);
  visit("counts", it.counts);
  visit("workflows", it.workflows, added);
  visit("phases", it.phases, added);
  Violations<Result> violations{it};
  visit("violations", violations);
  visit("stories", it.stories);
  visit("latency_ms", it.latency_ms);
  visit("latency_uncorrected_ms", it.latency_uncorrected_ms);
  visit("curves_ms", it.curves_ms, added);
  visit("steps_ms", it.steps_ms);
  visit("errors", it.errors, added);
  visit("lateness_ms", it.lateness_ms);
  visit("read_lag_ms", it.read_lag_ms);
  visit("outage_seconds", it.outage_seconds);
  visit("thresholds", it.thresholds);
  visit("requirements", it.requirements);
  visit("defects", it.defects, added);
  Resources<Result> resources{it};
  visit("resources", resources);
  visit("environment", it.environment);
  visit("service", it.service, added);
  visit("simulation", it.simulation, added);
  visit("series", it.series);
  visit("repeat_command", it.repeat_command);
}

}  // namespace claims::report::json
