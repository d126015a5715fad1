#pragma once
// A result with something in every part of it.

#include "reports/result.h"

namespace claims::report {

inline Latency sample_latency(std::uint64_t count, double scale) {
  Latency latency;
  latency.count = count;
  latency.mean = 1.23456 * scale;
  latency.p50 = scale;
  latency.p90 = 2 * scale;
  latency.p95 = 3 * scale;
  latency.p99 = 4 * scale;
  latency.max = 9.5 * scale;
  return latency;
}

inline void add_sample_figures(RunResult& result) {
  Latency latency;
  latency.count = 12;
  latency.mean = 1.23456;
  latency.max = 9.5;
  result.latency_ms["delivery"] = latency;
  result.latency_ms["reply"] = sample_latency(34'567, 1.5);
  result.latency_uncorrected_ms["reply"] = sample_latency(34'567, 1.25);
  result.steps_ms["inbound/message.send"] = sample_latency(1'200, 2);
  result.lateness_ms = result.read_lag_ms = sample_latency(34'567, 0.25);
  for (const double percent : {0.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
    result.curves_ms["reply"].corrected.push_back({percent, 1 + percent / 10});
    result.curves_ms["reply"].uncorrected.push_back({percent, 1 + percent / 20});
  }
  for (std::int64_t second = 0; second < 5; ++second) {
    Second one;
    one.second = second;
    one.commands = one.replies = static_cast<std::uint64_t>(1'000 + 10 * second);
    one.deliveries = 2'500;
    one.connected = 2'000;
    one.delivery_p50_ms = 2;
    if (second > 1) one.delivery_p99_ms = 4.5;
    one.server_cpu_percent = 40.125;
    one.machine_cpu_percent = 30;
    result.series.push_back(one);
  }
}

inline void add_sample_outcomes(RunResult& result) {
  result.thresholds = {{"delivery.p99_ms", "<= 1000", 12.5, true, false},
                       {"reply.p99_ms", "<= 1", 2.0, false, false},
                       {"error_reply.p99_ms", "<= 1000", std::nullopt, false, true}};
  result.requirements = {
      {"CPC-003", "", ClauseStatus::partial, {"방 자동 개설", "rooms open by themselves"}, {}},
      {"CPC-003", "one-room", ClauseStatus::pass, {"방 하나", "one room"}, {"5회", "5 times"}},
      {"CPC-003", "found", ClauseStatus::not_covered, {"검색", "found"}, {"없음", "no step"}},
      {"MAN-002", "x", ClauseStatus::fail, {"차단", "blocked"}, {"단계 3", "step 3 \"failed\""}}};
  result.errors = {
      {"illegal_step", 5, 2.5, 17.75, {"순서가 아닙니다", "not the step that comes next"}}};
  result.defects = {
      {"D-01", {"인사말 두 번", "the greeting twice"}, ClauseStatus::pass, {"0건", "none in 10"}},
      {"D-08", {"CSP 없음", "no CSP"}, ClauseStatus::not_covered, {"화면 없음", "no pages"}}};
}

inline ServiceLevel sample_service() {
  ServiceLevel service;
  service.period_s = 2'584'800;  // 30 days without 2 hours.
  service.maintenance_s = 7'200;
  service.outage_s = 12'900;
  service.availability_percent = 99.5;
  service.outage_count = 3;
  service.outages = {
      {259'200, 260'400, 1'200, 4}, {604'800, 607'500, 2'700, 3}, {869'400, 885'600, 9'000, 1}};
  service.credits = {{"general", {"일반 (99.9 %)", "General (99.9 %)"}, 10},
                     {"strict", {"엄격 (99.95 %)", "Strict (99.95 %)"}, 20}};
  service.architecture = "single";
  service.mean_to_recover_s = 4'300;
  service.longest_s = 9'000;
  service.recovery_goal_s = 3'600;
  service.goal_met = false;
  return service;
}

inline Simulation sample_simulation() {
  Simulation played;
  played.trace_hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  played.virtual_s = 86'400;
  played.events = 12'345'678;
  return played;
}

inline RunResult sample_result() {
  RunResult result;
  result.scenario = "inbound";
  result.scenario_file = "scenarios/inbound.json";
  result.title = {"시나리오 A 입고", "Scenario A, inbound"};
  result.target = "mqtt://127.0.0.1:1883";
  result.started_at = "2026-11-22T09:00:00Z";
  result.seed = 7;
  result.verdict = Verdict::fail;
  result.reasons = {{"위반 1건", "1 violation"}};
  result.faults = {{"서버를 죽임", "the server was killed"}};
  result.recovery = {{1'000, 7.5}};
  result.users = 2000;
  result.active_users = 1'500;
  result.duration_s = 60.0004;
  result.target_rate = result.achieved_rate = 50;
  result.load = {12,
                 1'000,
                 1'000,
                 {{"inbound", {"입고", "Inbound"}, 50, 49.9, 0.4, 0.8}},
                 {"추정", "estimates"}};
  result.counts.commands = 100;
  result.counts.workflows_started = 10;
  result.counts.workflows_completed = 9;
  result.workflows = {{.name = "inbound",
                       .title = {"입고", "Inbound"},
                       .target_rate = 50,
                       .achieved_rate = 49.9,
                       .started = 10,
                       .completed = 9,
                       .failed = 1,
                       .latency_ms = sample_latency(9, 1'000)}};
  result.phases = {
      {"", "connecting", 0, 1}, {"ramp", "ramp", 1, 2}, {"", "hold", 2, 4}, {"", "drain", 4, 5}};
  result.violations = {{"agreement", 0}, {"secrecy", 1}};
  result.violations_total = 1;
  result.stories = {
      {"secrecy", {"남의 방 <메시지>를 보았다", "saw a <message> of a foreign room"}}};
  add_sample_figures(result);
  add_sample_outcomes(result);
  result.server.cpu_percent_mean = 40;
  result.server.cpu_seconds = 2;
  result.server.run_delay_seconds = 0.125;
  result.machine.cpu_percent_max = 71.5;
  result.environment = {{"cores", "2"}, {"kernel", "Linux <6>"}};
  result.repeat_command = "claimstorm run scenarios/inbound.json --seed 7";
  return result;
}

}  // namespace claims::report
