#include "simulator/command/seed_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace claims::storm {
namespace {

constexpr std::size_t kWordsLinesMax = 20;

double seconds(Microseconds time) {
  return static_cast<double>(time.count()) / 1'000'000.0;
}

/// "12,345"
std::string grouped(std::uint64_t number) {
  const std::string digits = fmt::format("{}", number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string per_cpu_second(double amount, Microseconds cpu, bool grouped_whole) {
  if (cpu.count() <= 0) return "?";
  const double rate = amount / seconds(cpu);
  return grouped_whole ? grouped(static_cast<std::uint64_t>(rate)) : fmt::format("{:.1f}", rate);
}

std::string speed(std::uint64_t events, Microseconds virtual_time, Microseconds cpu, bool korean) {
  return fmt::format(
      fmt::runtime(korean ? "가상 시간 {:.1f}초, 이벤트 {}개, CPU {:.2f}초: CPU 1초당 가상 시간 "
                            "{}초, 이벤트 {}개"
                          : "{:.1f} virtual s, {} events, {:.2f} CPU s: {} virtual s and {} events "
                            "per CPU s"),
      seconds(virtual_time), grouped(events), seconds(cpu),
      per_cpu_second(seconds(virtual_time), cpu, false),
      per_cpu_second(static_cast<double>(events), cpu, true));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// What the program said before it died: control characters would act on the terminal.
std::string plain(std::string_view line) {
  std::string text(line);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return text;
}

std::string failure_text(const SeedReport& report, const std::string& replay,
                         const report::ConsoleStyle& style) {
  const std::string head = style.korean
                               ? fmt::format("시드 {}: 실패 ({})", report.seed, report.sign)
                               : fmt::format("seed {}: failed ({})", report.seed, report.sign);
  std::string text = style.colour ? "\x1b[1;31m" + head + "\x1b[0m\n" : head + "\n";
  for (const std::string_view line : lines_of(style.korean ? report.story.ko : report.story.en)) {
    text += fmt::format("  {}\n", line);
  }
  return text + last_words_text(report.words) + fmt::format("  {}\n\n", replay);
}

std::string ending_text(const SeedTotals& totals, bool korean) {
  if (!totals.trouble.empty()) {
    return fmt::format(
        fmt::runtime(korean ? "계속할 수 없어 멈춤: {}\n" : "stopped, as it could not go on: {}\n"),
        totals.trouble);
  }
  if (totals.interrupted) {
    return korean ? "시그널로 중단됨: 나머지 시드는 해 보지 않음\n"
                  : "ended by a signal: the other seeds were not played\n";
  }
  if (totals.played() < totals.seeds.count()) {
    return korean ? "첫 실패에서 멈춤 (--keep-going: 계속)\n"
                  : "stopped at the first failure (--keep-going goes on)\n";
  }
  return {};
}

}  // namespace

std::string last_words_text(std::string_view words) {
  std::string text;
  const std::vector<std::string_view> lines = lines_of(words);
  const std::size_t first = lines.size() - std::min(lines.size(), kWordsLinesMax);
  for (std::size_t i = first; i < lines.size(); ++i) {
    text += fmt::format("  | {}\n", plain(lines[i]));
  }
  return text;
}

std::string simulation_figures(const SeedReport& report, const report::ConsoleStyle& style) {
  return fmt::format("  trace hash {}\n  {}\n", report.trace_hash,
                     speed(report.events, report.virtual_time, report.cpu, style.korean));
}

std::string seed_progress(const SeedTotals& totals, const report::ConsoleStyle& style) {
  return fmt::format(fmt::runtime(style.korean ? "시드 {}/{}  실패 {}  가상 시간 {:.1f}시간"
                                               : "{} of {} seeds  {} failed  {:.1f} virtual h"),
                     grouped(totals.played()), grouped(totals.seeds.count()), totals.failed,
                     seconds(totals.virtual_time) / 3'600.0);
}

std::string seed_summary(const SeedTotals& totals,
                         const std::function<std::string(std::uint64_t)>& replay,
                         const report::ConsoleStyle& style) {
  std::string text;
  for (const SeedReport& report : totals.failures) {
    text += failure_text(report, replay(report.seed), style);
  }
  const bool korean = style.korean;
  if (totals.failed > totals.failures.size()) {
    text += fmt::format(
        fmt::runtime(korean ? "실패한 시드 {}개 더 있음\n\n" : "and {} more failing seeds\n\n"),
        grouped(totals.failed - totals.failures.size()));
  }
  text += fmt::format(
      fmt::runtime(korean ? "시드 {}..{}: 통과 {}, 실패 {}" : "seeds {}..{}: {} passed, {} failed"),
      totals.seeds.first, totals.seeds.last, grouped(totals.passed), grouped(totals.failed));
  if (totals.first_invalid) {
    text += fmt::format(
        fmt::runtime(korean ? ", 무효 {} (예: 시드 {}: {})" : ", {} invalid (as seed {}: {})"),
        grouped(totals.invalid), totals.first_invalid->seed,
        korean ? totals.first_invalid->story.ko : totals.first_invalid->story.en);
  }
  text += fmt::format("\n{}\n", speed(totals.events, totals.virtual_time, totals.cpu, korean));
  return text + ending_text(totals, korean);
}

}  // namespace claims::storm
