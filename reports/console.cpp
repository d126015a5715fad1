#include "reports/console.h"

#include <fmt/format.h>

#include <algorithm>

namespace claims::report {
namespace {

/// Columns of a terminal: Hangul and other East Asian wide characters take two.
std::size_t columns(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    // U+1100… Hangul Jamo to U+FFEF: in UTF-8 these are the three-byte leads E1–EF; the narrow ones
    // among them (E2 80–BF: punctuation, arrows) are taken out.
    width += length == 3 && lead != 0xE2 ? 2 : 1;
    i += length;
  }
  return width;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t used = columns(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

const std::string& in_language(const Text& text, const ConsoleStyle& style) {
  const std::string& chosen = style.korean ? text.ko : text.en;
  return chosen.empty() ? (style.korean ? text.en : text.ko) : chosen;
}

std::string coloured(std::string_view text, bool good, const ConsoleStyle& style) {
  if (!style.colour) return std::string(text);
  return fmt::format("\x1b[1;{}m{}\x1b[0m", good ? 32 : 31, text);
}

/// The fixed words of the summary.
struct Words {
  std::string_view verdict, because, fault, violations, again;
  std::string_view of_holds, milliseconds, count, mean, max, lateness, read_lag;
  std::string_view server, harness, ok, too_few, missed;
  // With values in this order: users, seconds (neither rates nor seconds in before_hold), achieved,
  // target, completed, started; commands, acknowledged, errors, time-outs, deliveries, expected;
  // mean, max, memory, per delivery.
  std::string_view played, before_hold, counts, process, outage;
};

constexpr Words kEnglish{
    "verdict",
    "because",
    "fault",
    "violations",
    "again",
    "latencies of the hold phases only, in milliseconds",
    "",
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
    "{} users; {:.0f} s at {:.2f} of {:.2f} workflows/s; {} of {} completed",
    "{} users; ended before the first hold phase; {} of {} workflows completed",
    "{} commands, {} acknowledged, {} errors, {} time-outs\n  {} of {} deliveries",
    "CPU {}% mean, {}% max; {} MB; {} us CPU per delivery",
    "outage: {} s with commands and no reply"};

constexpr Words kKorean{"판정",
                        "이유",
                        "장애",
                        "위반",
                        "다시 실행",
                        "지연 시간 (유지 구간만, 밀리초)",
                        "",
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
                        "사용자 {}명; {:.0f}초, 초당 업무 {:.2f}건 (목표 {:.2f}); 완료 {}/{}",
                        "사용자 {}명; 첫 유지 구간 전에 끝남; 업무 완료 {}/{}",
                        "명령 {}, 확인 {}, 오류 {}, 시간 초과 {}\n  전달 {}/{}",
                        "CPU 평균 {}%, 최대 {}%; {} MB; 전달당 CPU {} us",
                        "중단: 명령에 응답이 없던 시간 {}초"};

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

std::string latency_row(std::string_view name, const Latency& value) {
  return fmt::format("  {}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}\n", padded(name, 21), value.count,
                     short_ms(value.mean), short_ms(value.p50), short_ms(value.p95),
                     short_ms(value.p99), short_ms(value.p999), short_ms(value.max));
}

std::string latency_table(const RunResult& result, const Words& words) {
  std::string out = fmt::format("  {}\n", words.of_holds);
  out += "  " + padded(words.milliseconds, 21);
  for (const std::string_view column :
       {words.count, words.mean, std::string_view("p50"), std::string_view("p95"),
        std::string_view("p99"), std::string_view("p99.9"), words.max}) {
    out += std::string(8 - columns(column), ' ') + std::string(column);
  }
  out += "\n";
  for (const char* name : {"reply", "delivery", "delivery_last_member", "error_reply", "catch_up",
                           "workflow", "connect"}) {
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
  return "  " + padded(name, 10) +
         fmt::format(fmt::runtime(words.process), short_ms(use.cpu_percent_mean),
                     short_ms(use.cpu_percent_max), short_ms(use.rss_mb_max),
                     short_ms(use.cpu_us_per_delivery)) +
         "\n";
}

std::string threshold_lines(const RunResult& result, const Words& words,
                            const ConsoleStyle& style) {
  std::string out;
  for (const Threshold& one : result.thresholds) {
    const std::string_view mark = one.ok                ? words.ok
                                  : one.too_few_samples ? words.too_few
                                                        : words.missed;
    out += fmt::format("  {:<32} {:<10}{:>12}  {}\n", one.metric, one.limit, ms(one.value),
                       coloured(mark, one.ok, style));
  }
  return out;
}

std::string played(const RunResult& result, const Words& words) {
  const Counts& counts = result.counts;
  if (result.duration_s <= 0) {
    return fmt::format(fmt::runtime(words.before_hold), result.users, counts.workflows_completed,
                       counts.workflows_started);
  }
  return fmt::format(fmt::runtime(words.played), result.users, result.duration_s,
                     result.achieved_rate, result.target_rate, counts.workflows_completed,
                     counts.workflows_started);
}

std::string story_lines(const RunResult& result, const ConsoleStyle& style) {
  std::string out;
  for (const Story& story : result.stories) {
    out += fmt::format("\n  [{}] {}\n", story.checker, in_language(story.text, style));
  }
  return out;
}

std::string_view status_text(ClauseStatus status, const ConsoleStyle& style) {
  switch (status) {
    case ClauseStatus::pass:
      return style.korean ? "적합" : "pass";
    case ClauseStatus::fail:
      return style.korean ? "부적합" : "FAIL";
    case ClauseStatus::partial:
      return style.korean ? "부분" : "partial";
    case ClauseStatus::not_covered:
      return style.korean ? "미검증" : "not covered";
  }
  return "";
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
  for (const Text& fault : result.faults) {
    out += fmt::format("  {}: {}\n", words.fault, in_language(fault, style));
  }
  const Counts& counts = result.counts;
  out += "  " + played(result, words) + "\n";
  out += "  " +
         fmt::format(fmt::runtime(words.counts), counts.commands, counts.acknowledged,
                     counts.error_replies, counts.timeouts, counts.deliveries,
                     counts.deliveries_expected) +
         "\n";
  out += fmt::format(
      "  {}: {}\n", words.violations,
      coloured(std::to_string(result.violations_total), result.violations_total == 0, style));
  if (result.outage_seconds > 0) {
    out += "  " + fmt::format(fmt::runtime(words.outage), result.outage_seconds) + "\n";
  }
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

std::string requirement_table(const RunResult& result, const ConsoleStyle& style) {
  std::size_t width = 0;
  for (const Requirement& one : result.requirements) {
    width = std::max(width, one.id.size() + one.clause.size() + 4);
  }
  std::string out;
  for (const Requirement& one : result.requirements) {
    const std::string name = one.clause.empty() ? one.id : "  " + one.id + "/" + one.clause;
    const std::string status = padded(status_text(one.status, style), 12);
    const bool bad = one.status == ClauseStatus::fail;
    out +=
        fmt::format("{}{}{}\n", padded(name, width), bad ? coloured(status, false, style) : status,
                    in_language(one.title, style));
    if (!one.clause.empty() && !in_language(one.evidence, style).empty()) {
      out += fmt::format("{}{}\n", std::string(width + 12, ' '), in_language(one.evidence, style));
    }
  }
  return out;
}

}  // namespace claims::report
