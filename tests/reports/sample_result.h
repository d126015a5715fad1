#pragma once
// A result with something in every part of it.

#include "reports/result.h"

namespace claims::report {

inline RunResult sample_result() {
  RunResult result;
  result.scenario = "inbound";
  result.title = {"시나리오 A 입고", "Scenario A, inbound"};
  result.target = "mqtt://127.0.0.1:1883";
  result.started_at = "2026-11-22T09:00:00Z";
  result.seed = 7;
  result.verdict = Verdict::fail;
  result.reasons = {{"위반 1건", "1 violation"}};
  result.users = 2000;
  result.duration_s = 60.0004;
  result.counts.commands = 100;
  result.counts.workflows_started = 10;
  result.counts.workflows_completed = 9;
  result.violations = {{"agreement", 0}, {"secrecy", 1}};
  result.violations_total = 1;
  result.stories = {
      {"secrecy", {"남의 방 <메시지>를 보았다", "saw a <message> of a foreign room"}}};
  Latency latency;
  latency.count = 12;
  latency.mean = 1.23456;
  latency.max = 9.5;
  result.latency_ms["delivery"] = latency;
  result.thresholds = {{"delivery.p99_ms", "<= 1000", 12.5, true, false},
                       {"reply.p99_ms", "<= 1", 2.0, false, false},
                       {"error_reply.p99_ms", "<= 1000", std::nullopt, false, true}};
  result.requirements = {
      {"CPC-003", "", ClauseStatus::partial, {"방 자동 개설", "rooms open by themselves"}, {}},
      {"CPC-003", "one-room", ClauseStatus::pass, {"방 하나", "one room"}, {"5회", "5 times"}},
      {"CPC-003", "found", ClauseStatus::not_covered, {"검색", "found"}, {"없음", "no step"}},
      {"MAN-002", "x", ClauseStatus::fail, {"차단", "blocked"}, {"단계 3", "step 3 \"failed\""}}};
  return result;
}

}  // namespace claims::report
