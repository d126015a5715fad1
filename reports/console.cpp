#include "reports/console.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/console_text.h"
#include "reports/duration_text.h"
#include "reports/error_reply_limit.h"
#include "reports/terminal_text.h"

namespace claims::report {
namespace {

/// The fixed words of the summary.
struct Words {
  std::string_view verdict, because, fault, violations, again;
  std::string_view errors;         // With maximum, code.
  std::string_view errors_limit;   // Behind it: what is allowed; or, with faults, what counts.
  std::string_view errors_faults;  // Without anything that counts.
  std::string_view errors_instead;
  std::string_view more_met;  // With a number.
  std::string_view of_holds, count, mean, max, lateness, read_lag;
  std::string_view server, harness, ok, too_few, missed;
  std::string_view users, users_and_devices;
  // With values in this order: who, seconds, rates (neither in before_hold), completed, started;
  // commands, acknowledged, errors, time-outs, deliveries, expected; mean, max, memory; per
  // delivery; seconds; connections, commands never sent.
  std::string_view played, before_hold, counts, process, per_delivery, outage, lost;
  // Of `played`, with achieved and target, or with rate and number at a time.
  std::string_view open_rate, closed_rate;
  // Availability, outages, their time, longest, its grade; mean to recover, goal; credits.
  std::string_view service, recovered, credit, goal_met, goal_missed;
};

constexpr Words kEnglish{
    "verdict",
    "because",
    "fault",
    "violations",
    "again",
    "error replies: at most {} ms ({})",
    ", allowed 1000",
    "; no limit with faults",
    "; counts: {}",
    "further thresholds met: {}",
    "hold phases only, ms",
    "count",
    "mean",
    "max",
    "lateness (generator)",
    "read lag (generator)",
    "server",
    "harness",
    "ok",
    "too few samples",
    "MISSED",
    "{} users",
    "{} users, {} devices",
    "{}; {} at {}; {} of {} completed",
    "{}; ended before the first hold phase; {} of {} workflows completed",
    "{} commands, {} acknowledged, {} errors, {} time-outs\n  {} of {} deliveries; ",
    "CPU {}% mean, {}% max; {} MB",
    "; {} us CPU per delivery",
    "outage: {} s with commands and no reply",
    "connections lost: {}; commands due and never sent: {}",
    "{} of {} workflows/s",
    "{} workflows/s closed ({:.0f} at a time)",
    "service level: {:.3f}% available; outages: {} of {}; longest {}, grade {}",
    "mean time to recover {}, goal {}: {}",
    "credit: {}",
    "met",
    "MISSED"};

constexpr Words kKorean{"판정",
                        "이유",
                        "장애",
                        "위반",
                        "다시 실행",
                        "오류 응답: 최대 {} ms ({})",
                        ", 허용 1000",
                        "; 장애를 넣어 기준 없음",
                        "; 판정 기준: {}",
                        "그 밖에 충족한 기준 {}개",
                        "유지 구간만, ms",
                        "표본",
                        "평균",
                        "최대",
                        "발신 지연 (발생기)",
                        "수신 지연 (발생기)",
                        "서버",
                        "발생기",
                        "충족",
                        "표본 부족",
                        "미달",
                        "사용자 {}명",
                        "사용자 {}명, 기기 {}대",
                        "{}; {}, {}; 완료 {}/{}",
                        "{}; 첫 유지 구간 전에 끝남; 업무 완료 {}/{}",
                        "명령 {}, 확인 {}, 오류 {}, 시간 초과 {}\n  전달 {}/{}; ",
                        "CPU 평균 {}%, 최대 {}%; {} MB",
                        "; 전달당 CPU {} us",
                        "중단: 명령에 응답이 없던 시간 {}초",
                        "끊긴 연결 {}개, 보내야 했으나 보내지 못한 명령 {}건",
                        "초당 업무 {}건 (목표 {})",
                        "닫힌 도착 초당 {}건 (한 번에 {:.0f}건)",
                        "서비스 수준: 가용률 {:.3f}%; 중단 {}회 {}; 가장 긴 중단 {}, {}등급",
                        "평균 복구 시간 {}, 목표 {}: {}",
                        "환급: {}",
                        "달성",
                        "초과"};

std::string_view verdict_word(Verdict verdict, const ConsoleStyle& style) {
  if (!style.korean) return to_string(verdict);
  return verdict == Verdict::pass ? "합격" : verdict == Verdict::fail ? "불합격" : "무효";
}

std::string ms(const std::optional<double>& value) {
  return value ? fmt::format("{:.2f}", *value) : "-";
}

/// "12.3", "-"; of four digits and more without a fraction, so that the columns hold.
std::string short_ms(const std::optional<double>& value) {
  if (!value) return "-";
  return *value < 1'000 ? fmt::format("{:.2f}", *value) : fmt::format("{:.0f}", *value);
}

/// Of hours and days, which workflows take, seconds: "86400s".
std::string time_cell(const std::optional<double>& value) {
  constexpr double kWide = 1e7;
  return value && *value >= kWide ? fmt::format("{:.0f}s", *value / 1'000) : short_ms(value);
}

std::string latency_row(std::string_view name, const Latency& value) {
  return fmt::format("  {}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}\n", padded(name, 21), value.count,
                     time_cell(value.mean), time_cell(value.p50), time_cell(value.p95),
                     time_cell(value.p99), time_cell(value.p999), time_cell(value.max));
}

std::string latency_table(const RunResult& result, const Words& words) {
  std::string out = "  " + padded(words.of_holds, 21);
  for (const std::string_view column :
       {words.count, words.mean, std::string_view("p50"), std::string_view("p95"),
        std::string_view("p99"), std::string_view("p99.9"), words.max}) {
    out += padded_left(column, 8);
  }
  out += "\n";
  for (const char* name :
       {"reply", "delivery", "delivery_last_member", "error_reply", "catch_up", "workflow"}) {
    const auto found = result.latency_ms.find(name);
    if (found != result.latency_ms.end() && found->second.count > 0) {
      out += latency_row(name, found->second);
    }
  }
  out += latency_row(words.lateness, result.lateness_ms);
  out += latency_row(words.read_lag, result.read_lag_ms);
  return out;
}

std::string process_line(std::string_view name, const ProcessUse& use, const Words& words) {
  if (!use.cpu_seconds) return {};
  std::string out = "  " + padded(name, 10) +
                    fmt::format(fmt::runtime(words.process), short_ms(use.cpu_percent_mean),
                                short_ms(use.cpu_percent_max), short_ms(use.rss_mb_max));
  if (use.cpu_us_per_delivery) {
    out += fmt::format(fmt::runtime(words.per_delivery), short_ms(use.cpu_us_per_delivery));
  }
  return out + "\n";
}

/// Of times two digits behind the point, and of shares that have a fraction; of counts none.
std::string measured(const Threshold& one) {
  const bool is_whole = one.value && *one.value == std::floor(*one.value);
  return is_whole && !one.metric.ends_with("_ms") ? fmt::format("{:.0f}", *one.value)
                                                  : ms(one.value);
}

/// All that are not met, and of the others as many as leave the summary on one screen.
std::string threshold_lines(const RunResult& result, const Words& words,
                            const ConsoleStyle& style) {
  constexpr std::size_t kShown = 4;
  std::string out;
  std::size_t shown = 0, left_out = 0;
  for (const Threshold& one : result.thresholds) shown += one.ok ? 0 : 1;
  for (const Threshold& one : result.thresholds) {
    // One left out would take as much room as the words that say so.
    if (one.ok && result.thresholds.size() > kShown && shown + 1 >= kShown) {
      ++left_out;
      continue;
    }
    if (one.ok) ++shown;
    const std::string_view mark = one.ok                ? words.ok
                                  : one.too_few_samples ? words.too_few
                                                        : words.missed;
    out += fmt::format("  {:<34} {:<10}{:>10}  {}\n", one.metric, one.limit, measured(one),
                       coloured(mark, one.ok, style));
  }
  if (left_out > 0) out += "  " + fmt::format(fmt::runtime(words.more_met), left_out) + "\n";
  return out;
}

/// The maximum over all error replies of the run, hold phase or not, and what it is held to.
std::string error_line(const RunResult& result, const Words& words, const ConsoleStyle& style) {
  const auto slowest = std::max_element(
      result.errors.begin(), result.errors.end(),
      [](const ErrorReplies& a, const ErrorReplies& b) { return a.max_ms < b.max_ms; });
  if (slowest == result.errors.end()) return {};
  std::string line =
      fmt::format(fmt::runtime(words.errors), short_ms(slowest->max_ms), slowest->code);
  if (const auto instead = counts_instead_of_error_replies(result)) {
    line += instead->empty() ? std::string(words.errors_faults)
                             : fmt::format(fmt::runtime(words.errors_instead), *instead);
    return "  " + line + "\n";
  }
  line += words.errors_limit;
  const bool within = slowest->max_ms <= kErrorReplyLimitMs;
  return "  " + (within ? line : coloured(line, false, style)) + "\n";
}

/// A month of a small service has a workflow every few minutes: "0.0019".
std::string rate_text(double rate) {
  constexpr double kFew = 0.1;
  return rate < kFew && rate > 0 ? fmt::format("{:#.2g}", rate) : fmt::format("{:.2f}", rate);
}

/// What was asked of open arrivals, which have a rate to reach, and of closed ones, which have
/// none.
std::string rates(const RunResult& result, const Words& words) {
  std::string out;
  if (result.closed_at_a_time <= 0 || result.target_rate > 0) {
    out = fmt::format(fmt::runtime(words.open_rate), rate_text(result.achieved_rate),
                      rate_text(result.target_rate));
  }
  if (result.closed_at_a_time <= 0) return out;
  if (!out.empty()) out += ", ";
  return out + fmt::format(fmt::runtime(words.closed_rate), rate_text(result.closed_rate),
                           result.closed_at_a_time);
}

/// A minute of load is told in seconds, a month not.
std::string played_for(double seconds, const ConsoleStyle& style) {
  constexpr double kHour = 3'600;
  if (seconds >= kHour) return in_language(duration_text(seconds), style);
  return fmt::format("{:.0f}{}", seconds, style.korean ? "초" : " s");
}

/// "300 users" or "300 users, 420 devices", as far as they differ.
std::string people(const RunResult& result, const Words& words) {
  if (result.connections <= result.users) {
    return fmt::format(fmt::runtime(words.users), result.users);
  }
  return fmt::format(fmt::runtime(words.users_and_devices), result.users, result.connections);
}

std::string played(const RunResult& result, const Words& words, const ConsoleStyle& style) {
  const Counts& counts = result.counts;
  if (result.duration_s <= 0) {
    return fmt::format(fmt::runtime(words.before_hold), people(result, words),
                       counts.workflows_completed, counts.workflows_started);
  }
  return fmt::format(fmt::runtime(words.played), people(result, words),
                     played_for(result.duration_s, style), rates(result, words),
                     counts.workflows_completed, counts.workflows_started);
}

/// Also without outages: then that is what was to be known.
std::string service_lines(const RunResult& result, const Words& words, const ConsoleStyle& style) {
  if (!result.service) return {};
  const ServiceLevel& service = *result.service;
  const auto length = [&](double seconds) { return in_language(duration_text(seconds), style); };
  std::int64_t worst = 4;
  for (const ServiceOutage& outage : service.outages) worst = std::min(worst, outage.grade);
  const bool any = service.outage_count > 0;
  std::string out = "  " +
                    fmt::format(fmt::runtime(words.service), service.availability_percent,
                                service.outage_count, length(service.outage_s),
                                length(service.longest_s), any ? std::to_string(worst) : "-") +
                    "\n";
  if (any) {
    out += "  " +
           fmt::format(fmt::runtime(words.recovered), length(service.mean_to_recover_s),
                       length(service.recovery_goal_s),
                       coloured(service.goal_met ? words.goal_met : words.goal_missed,
                                service.goal_met, style)) +
           "\n";
  }
  std::string credits;
  for (const ServiceCredit& credit : service.credits) {
    credits +=
        fmt::format("{}{} {}%", credits.empty() ? "" : ", ", credit.schedule, credit.percent);
  }
  if (any && !credits.empty()) {
    out += "  " + fmt::format(fmt::runtime(words.credit), credits) + "\n";
  }
  return out;
}

std::string story_lines(const RunResult& result, const ConsoleStyle& style) {
  std::string out;
  for (const Story& story : result.stories) {
    out += fmt::format("\n  [{}] {}\n", story.checker, in_language(story.text, style));
  }
  return out;
}

}  // namespace

std::string console_summary(const RunResult& result, const ConsoleStyle& style) {
  const Words& words = style.korean ? kKorean : kEnglish;
  const bool passed = result.verdict == Verdict::pass;
  std::string out = fmt::format(
      "\n{}  {}  (seed {}, {})\n",
      coloured(fmt::format("{}: {}", words.verdict, verdict_word(result.verdict, style)), passed,
               style),
      in_language(result.title, style), result.seed, result.target);
  for (const Text& reason : result.reasons) {
    out += fmt::format("  {}: {}\n", words.because, in_language(reason, style));
  }
  // A plan makes a hundred of them; the verdict should not scroll away.
  constexpr std::size_t kFaultsMax = 12;
  const std::size_t told = std::min(result.faults.size(), kFaultsMax);
  for (std::size_t i = 0; i < told; ++i) {
    out += fmt::format("  {}: {}\n", words.fault, in_language(result.faults[i], style));
  }
  if (const std::size_t more = result.faults.size() - told; more > 0) {
    out += fmt::format("  {}: {}\n", words.fault,
                       style.korean ? fmt::format("그 밖에 {}건 (report.html)", more)
                                    : fmt::format("{} more (report.html)", more));
  }
  const Counts& counts = result.counts;
  out += "  " + played(result, words, style) + "\n";
  out += "  " + fmt::format(fmt::runtime(words.counts), counts.commands, counts.acknowledged,
                            counts.error_replies, counts.timeouts, counts.deliveries,
                            counts.deliveries_expected);
  out += fmt::format(
      "{}: {}\n", words.violations,
      coloured(std::to_string(result.violations_total), result.violations_total == 0, style));
  out += error_line(result, words, style);
  if (result.outage_seconds > 0) {
    out += "  " + fmt::format(fmt::runtime(words.outage), result.outage_seconds) + "\n";
  }
  if (counts.connections_lost + counts.unsent > 0) {
    out +=
        "  " + fmt::format(fmt::runtime(words.lost), counts.connections_lost, counts.unsent) + "\n";
  }
  out += service_lines(result, words, style);
  // Ended before a hold phase there is nothing of one to show.
  if (result.duration_s > 0) out += latency_table(result, words);
  out += process_line(words.server, result.server, words);
  out += process_line(words.harness, result.harness, words);
  out += threshold_lines(result, words, style);
  out += story_lines(result, style);
  if (!result.repeat_command.empty()) {
    out += fmt::format("  {}: {}\n", words.again, result.repeat_command);
  }
  return out;
}

}  // namespace claims::report
