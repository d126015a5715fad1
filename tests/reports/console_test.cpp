#include "reports/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "reports/terminal_text.h"
#include "tests/reports/sample_result.h"

namespace claims::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ConsoleSummary, TellsVerdictReasonAndStory) {
  const std::string text = console_summary(sample_result());
  EXPECT_THAT(text, HasSubstr("verdict: fail"));
  EXPECT_THAT(text, HasSubstr("because: 1 violation"));
  EXPECT_THAT(text, HasSubstr("[secrecy] saw a <message> of a foreign room"));
  EXPECT_THAT(text, HasSubstr("MISSED"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(ConsoleSummary, SpeaksKoreanWhenAsked) {
  const std::string text = console_summary(sample_result(), {.colour = true, .korean = true});
  EXPECT_THAT(text, HasSubstr("위반 1건"));
  EXPECT_THAT(text, HasSubstr("\x1b[1;31m"));
}

TEST(ConsoleSummary, FixedWordsAreKoreanToo) {
  const std::string text = console_summary(sample_result(), {.colour = false, .korean = true});
  for (const char* word : {"판정: 불합격", "이유: 위반 1건", "유지 구간만", "충족", "미달"}) {
    EXPECT_THAT(text, HasSubstr(word));
  }
  EXPECT_THAT(text, Not(HasSubstr("because")));
}

TEST(ConsoleSummary, OfManyFaultsTellsTheFirstAndHowManyMore) {
  RunResult result = sample_result();
  result.faults.assign(12, {"끊김", "it was cut"});
  EXPECT_THAT(console_summary(result), Not(HasSubstr("more (report.html)")));
  result.faults.insert(result.faults.end(), 100, {"멈춤", "it stood still"});
  EXPECT_THAT(console_summary(result), HasSubstr("  fault: 100 more (report.html)\n"));
  EXPECT_THAT(console_summary(result), Not(HasSubstr("it stood still")));
  EXPECT_THAT(console_summary(result, {.korean = true}),
              HasSubstr("  장애: 그 밖에 100건 (report.html)\n"));
}

TEST(ConsoleSummary, AMonthIsNotToldInSecondsNorItsRateInHundredths) {
  RunResult result = sample_result();
  result.duration_s = 30 * 86'400;
  result.target_rate = 0.00194;
  result.achieved_rate = 0.0021;
  Latency& workflow = result.latency_ms["workflow"];
  workflow = sample_latency(1'000, 1);
  workflow.p99 = 9'999'999;
  workflow.max = 5.0 * 86'400'000;
  const std::string text = console_summary(result);
  EXPECT_THAT(text, HasSubstr("; 30 d at 0.0021 of 0.0019 workflows/s;"));
  EXPECT_THAT(text, HasSubstr(" 9999999       - 432000s\n")) << text;
}

TEST(ConsoleSummary, FiguresFitEightyColumns) {
  RunResult result = sample_result();
  result.stories.clear();
  result.users = 20'012;
  result.duration_s = 3'600;
  result.outage_seconds = 3;
  result.counts.commands = result.counts.acknowledged = 1'234'567;
  result.counts.deliveries = result.counts.deliveries_expected = 3'456'789;
  Latency& latency = result.latency_ms["delivery_last_member"];
  latency.count = 3'456'789;
  latency.mean = latency.p50 = latency.p95 = latency.p99 = latency.p999 = latency.max = 29'999.99;
  const std::string text = console_summary(result);
  EXPECT_THAT(text, HasSubstr("hold phases only, ms"));
  EXPECT_THAT(text, HasSubstr("outage: 3 s"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

/// Everything that a run that passed can show, before the line with its files.
TEST(ConsoleSummary, OfARunThatPassedFitsOneScreen) {
  RunResult result = sample_result();
  result.verdict = Verdict::pass;
  result.reasons.clear();
  result.stories.clear();
  result.violations_total = 0;
  for (const char* figure : {"delivery_last_member", "error_reply", "catch_up", "workflow"}) {
    result.latency_ms[figure] = sample_latency(1'000, 1);
  }
  result.harness = result.server;
  result.thresholds.assign(11, {"violations.total", "== 0", 0.0, true, false});
  for (const bool korean : {false, true}) {
    const std::string text = console_summary(result, {.colour = false, .korean = korean});
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 23) << text;
    EXPECT_THAT(text, HasSubstr(korean ? "그 밖에 충족한 기준 8개" : "further thresholds met: 8"));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 80U) << line;
  }
}

TEST(ConsoleSummary, CountsHaveNoFractionAndTheLongestMetricKeepsItsColumns) {
  RunResult result = sample_result();
  result.thresholds = {{"violations.legal_negotiation_steps", "== 0", 5.0, false, false},
                       {"reply.max_ms", "<= 1000", 5.0, true, false},
                       {"workflows.completed_percent", ">= 100", 83.333, false, false}};
  EXPECT_THAT(console_summary(result),
              HasSubstr("  violations.legal_negotiation_steps == 0               5  MISSED\n"
                        "  reply.max_ms                       <= 1000         5.00  ok\n"
                        "  workflows.completed_percent        >= 100         83.33  MISSED\n"));
}

TEST(ConsoleSummary, WithoutDeliveriesThereIsNoCostOfOne) {
  RunResult result = sample_result();
  result.server.cpu_us_per_delivery = 62.5;
  EXPECT_THAT(console_summary(result), HasSubstr("MB; 62.50 us CPU per delivery\n"));
  result.server.cpu_us_per_delivery = std::nullopt;
  EXPECT_THAT(console_summary(result), Not(HasSubstr("CPU per delivery")));
}

TEST(ConsoleSummary, EveryMissedThresholdIsShown) {
  RunResult result = sample_result();
  result.thresholds.assign(9, {"reply.max_ms", "<= 1", 2.0, false, false});
  const std::string text = console_summary(result);
  std::size_t missed = 0;
  for (auto at = text.find("MISSED"); at != std::string::npos; at = text.find("MISSED", at + 1)) {
    ++missed;
  }
  EXPECT_EQ(missed, 9U);
}

TEST(ConsoleSummary, TellsTheMaximumOverAllErrorReplies) {
  RunResult result = sample_result();
  result.faults.clear();
  result.errors.push_back({"unknown_room", 1, 1'200, 1'200, {}});
  EXPECT_THAT(console_summary(result, {.colour = true, .korean = false}),
              HasSubstr("\x1b[1;31merror replies: at most 1200 ms (unknown_room), allowed 1000"));
  EXPECT_THAT(console_summary(sample_result()), HasSubstr("at most 17.75 ms (illegal_step)"));
}

/// Its latencies are what the faults do: the second is no part of the verdict, and not said to be.
TEST(ConsoleSummary, WithFaultsTellsWhatCountsInstead) {
  RunResult result = sample_result();
  result.errors.push_back({"unknown_room", 1, 5'120, 5'120, {}});
  result.thresholds = {{"deliveries", "== 1", 1.0, true, false},
                       {"recovery.max_s", "<= 30", 4.0, true, false}};
  const ConsoleStyle english{.colour = true, .korean = false};
  EXPECT_THAT(console_summary(result, english),
              HasSubstr("  error replies: at most 5120 ms (unknown_room); counts: "
                        "recovery.max_s <= 30\n"));
  EXPECT_THAT(console_summary(result, {.colour = false, .korean = true}),
              HasSubstr("5120 ms (unknown_room); 판정 기준: recovery.max_s <= 30\n"));
  result.thresholds.pop_back();
  EXPECT_THAT(console_summary(result, english),
              HasSubstr("(unknown_room); no limit with faults\n"));
  // A plan's own threshold, or a crash that leaves the scenario's as they are.
  result.thresholds.push_back({"error_reply.max_ms", "<= 1000", 900.0, true, false});
  EXPECT_THAT(console_summary(result, english), HasSubstr("(unknown_room), allowed 1000"));
}

TEST(ConsoleSummary, ShowsClosedArrivalsApart) {
  RunResult result = sample_result();
  result.closed_at_a_time = 20;
  result.closed_rate = 12.5;
  EXPECT_THAT(console_summary(result),
              HasSubstr("60 s at 50.00 of 50.00 workflows/s, 12.50 workflows/s closed (20 at a "
                        "time); 9 of 10 completed"));
  result.target_rate = result.achieved_rate = 0;
  EXPECT_THAT(console_summary(result),
              HasSubstr("60 s at 12.50 workflows/s closed (20 at a time); 9 of 10"));
}

TEST(ConsoleSummary, TellsTheServiceLevel) {
  RunResult result = sample_result();
  EXPECT_THAT(console_summary(result), Not(HasSubstr("service level")));
  result.service = sample_service();
  const std::string text = console_summary(result);
  EXPECT_THAT(text, HasSubstr("service level: 99.500% available; outages: 3 of 3 h 35 min; longest "
                              "2 h 30 min, grade 1\n"));
  EXPECT_THAT(text, HasSubstr("mean time to recover 1 h 12 min, goal 1 h: MISSED\n"));
  EXPECT_THAT(text, HasSubstr("credit: general 10%, strict 20%\n"));
  const std::string korean = console_summary(result, {.colour = false, .korean = true});
  EXPECT_THAT(korean, HasSubstr("서비스 수준: 가용률 99.500%; 중단 3회 3시간 35분"));
  EXPECT_THAT(korean, HasSubstr("평균 복구 시간 1시간 12분, 목표 1시간: 초과"));
}

TEST(ConsoleSummary, WithoutAHoldPhaseInventsNoFiguresOfOne) {
  RunResult result = sample_result();
  result.duration_s = 0;
  const std::string text = console_summary(result);
  EXPECT_THAT(text, Not(HasSubstr("workflows/s")));
  EXPECT_THAT(text, Not(HasSubstr("p99.9")));
}

TEST(RequirementTable, KoreanStatusKeepsItsColumns) {
  const std::string text = requirement_table(sample_result(), {.colour = false, .korean = true});
  EXPECT_THAT(text, HasSubstr("적합        방 하나"));  // 4 columns and 8 blanks.
  EXPECT_THAT(text, HasSubstr("부적합      차단"));     // 6 columns and 6 blanks.
  EXPECT_THAT(text, HasSubstr("미검증      검색"));
}

}  // namespace
}  // namespace claims::report
