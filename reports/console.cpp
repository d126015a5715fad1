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

std::string ms(const std::optional<double>& value) {
  return value ? fmt::format("{:.2f}", *value) : "-";
}

std::string latency_row(std::string_view name, const Latency& value) {
  return fmt::format("  {:<22}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>10}\n", name, value.count,
                     ms(value.mean), ms(value.p50), ms(value.p95), ms(value.p99), ms(value.p999),
                     ms(value.max));
}

std::string latency_table(const RunResult& result) {
  std::string out = fmt::format("  {:<22}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>10}\n", "milliseconds",
                                "count", "mean", "p50", "p95", "p99", "p99.9", "max");
  for (const char* name : {"reply", "delivery", "delivery_last_member", "error_reply", "catch_up",
                           "workflow", "connect"}) {
    const auto found = result.latency_ms.find(name);
    if (found != result.latency_ms.end() && found->second.count > 0) {
      out += latency_row(name, found->second);
    }
  }
  out += latency_row("lateness (generator)", result.lateness_ms);
  out += latency_row("read lag (generator)", result.read_lag_ms);
  return out;
}

std::string process_line(std::string_view name, const ProcessUse& use) {
  if (!use.cpu_seconds) return {};
  return fmt::format("  {:<12} CPU {}% mean, {}% max; {} MB at most; {} us CPU per delivery\n",
                     name, ms(use.cpu_percent_mean), ms(use.cpu_percent_max), ms(use.rss_mb_max),
                     ms(use.cpu_us_per_delivery));
}

std::string threshold_lines(const RunResult& result, const ConsoleStyle& style) {
  std::string out;
  for (const Threshold& one : result.thresholds) {
    const std::string_view mark = one.ok                ? "ok"
                                  : one.too_few_samples ? "too few samples"
                                                        : "MISSED";
    out += fmt::format("  {:<34}{:<12}{:>12}  {}\n", one.metric, one.limit, ms(one.value),
                       coloured(mark, one.ok, style));
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
  const bool passed = result.verdict == Verdict::pass;
  std::string out =
      fmt::format("\n{}  {}  (seed {}, {})\n",
                  coloured(fmt::format("verdict: {}", to_string(result.verdict)), passed, style),
                  in_language(result.title, style), result.seed, result.target);
  for (const Text& reason : result.reasons) {
    out += fmt::format("  because: {}\n", in_language(reason, style));
  }
  for (const Text& fault : result.faults) {
    out += fmt::format("  fault: {}\n", in_language(fault, style));
  }
  const Counts& counts = result.counts;
  out += fmt::format(
      "  {} users; {:.0f} s at {:.2f} of {:.2f} workflows/s; {} of {} workflows completed\n",
      result.users, result.duration_s, result.achieved_rate, result.target_rate,
      counts.workflows_completed, counts.workflows_started);
  out += fmt::format(
      "  {} commands, {} acknowledged, {} error replies, {} time-outs; {} of {} deliveries\n",
      counts.commands, counts.acknowledged, counts.error_replies, counts.timeouts,
      counts.deliveries, counts.deliveries_expected);
  out += fmt::format("  violations: {}\n", coloured(std::to_string(result.violations_total),
                                                    result.violations_total == 0, style));
  out += latency_table(result);
  out += process_line("server", result.server);
  out += process_line("harness", result.harness);
  out += threshold_lines(result, style);
  out += story_lines(result, style);
  if (!result.repeat_command.empty()) out += fmt::format("  again: {}\n", result.repeat_command);
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
