#include "simulator/command/run_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "reports/terminal_text.h"
#include "simulator/command/output.h"

namespace claims::storm {
namespace {

constexpr int kPlainEvery = 5;

/// What a pipe or a file takes; no terminal.
constexpr std::size_t kPlainColumns = 1'000;

struct Part {
  int weight = 0;  // The lightest goes first.
  std::string text;
  bool alarming = false;
};

std::string_view korean_name(RunPhase phase) {
  switch (phase) {
    case RunPhase::connecting:
      return "접속";
    case RunPhase::ramp:
      return "증가";
    case RunPhase::hold:
      return "유지";
    case RunPhase::drain:
      return "마무리";
    case RunPhase::reading:
      return "이력 확인";
    case RunPhase::done:
      break;
  }
  return "끝";
}

/// Of thousandths: "3.5", from `least` on without a fraction.
std::string short_number(std::int64_t milli, std::int64_t least) {
  const double number = static_cast<double>(milli) / 1'000.0;
  return fmt::format("{:.{}f}", number, milli >= least * 1'000 ? 0 : 1);
}

/// The phase, and how long it still takes where that is known, else how long the run has taken.
std::string phase_part(const Progress& progress, bool korean) {
  const bool timed = progress.phase == RunPhase::ramp || progress.phase == RunPhase::hold;
  const auto whole_seconds = [](Microseconds time) { return (time.count() + 999'999) / 1'000'000; };
  const std::string name(korean ? korean_name(progress.phase) : to_string(progress.phase));
  if (timed) {
    return fmt::format(fmt::runtime(korean ? "{} {}초 남음" : "{} {} s left"), name,
                       whole_seconds(progress.phase_left));
  }
  return fmt::format(fmt::runtime(korean ? "{} {}초째" : "{} at {} s"), name,
                     progress.elapsed.count() / 1'000'000);
}

std::vector<Part> parts_of(const Progress& progress, bool korean) {
  std::vector<Part> parts;
  const auto add = [&](int weight, std::string_view ko, std::string_view en,
                       const auto&... values) {
    parts.push_back({weight, fmt::format(fmt::runtime(korean ? ko : en), values...)});
  };
  parts.push_back({99, phase_part(progress, korean)});
  if (progress.connections == progress.users) {
    add(6, "접속 {}/{}", "{}/{} users", progress.connected, progress.users);
  } else {
    add(6, "접속 {}/{}", "{}/{} devices", progress.connected, progress.connections);
  }
  if (progress.target_milli > 0 || progress.rate_milli > 0) {
    add(5, "초당 {}/{}건", "{} of {}/s", short_number(progress.rate_milli, 10),
        short_number(progress.target_milli, 10));
  }
  if (progress.closed_milli > 0) {
    add(5, "닫힌 도착 초당 {}건", "{}/s closed", short_number(progress.closed_milli, 10));
  }
  if (progress.delivery_p99) {
    add(7, "전달 p99 {} ms", "p99 {} ms", short_number(progress.delivery_p99->count(), 100));
  }
  if (progress.phase == RunPhase::reading) {
    add(8, "대화방 {}/{}", "{}/{} rooms read back", progress.rooms_read, progress.rooms);
  }
  add(9, "위반 {}", "{} violations", progress.violations);
  parts.back().alarming = progress.violations > 0;
  add(4, "오류 {}", "{} errors", progress.errors);
  if (progress.connections_lost > 0) {
    add(8, "끊긴 연결 {}", "{} connections lost", progress.connections_lost);
  }
  if (progress.failed > 0) add(7, "실패 {}", "{} failed", progress.failed);
  if (progress.started > 0) {
    add(1, "시작 {}", "{} started", progress.started);
    add(3, "완료 {}", "{} done", progress.completed);
    add(2, "진행 {}", "{} open", progress.open);
  }
  return parts;
}

/// Asked each time: windows change.
std::size_t terminal_columns() {
  constexpr std::size_t kUsual = 80;
  winsize size{};
  const bool told = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return told ? size.ws_col : kUsual;
}

}  // namespace

std::string progress_line(const Progress& progress, std::size_t columns,
                          const report::ConsoleStyle& style) {
  constexpr std::string_view kBetween = "  ";
  std::vector<Part> parts = parts_of(progress, style.korean);
  const auto width = [&] {
    std::size_t sum = kBetween.size() * (parts.size() - 1);
    for (const Part& part : parts) sum += report::columns(part.text);
    return sum;
  };
  while (parts.size() > 1 && width() > columns) {
    parts.erase(std::min_element(parts.begin(), parts.end(),
                                 [](const Part& a, const Part& b) { return a.weight < b.weight; }));
  }
  if (parts.size() == 1) return report::cut(parts[0].text, columns);
  std::string line;
  for (const Part& part : parts) {
    if (!line.empty()) line += kBetween;
    line += part.alarming && style.colour ? "\x1b[1;31m" + part.text + "\x1b[0m" : part.text;
  }
  return line;
}

RunProgress::RunProgress()
    : style_(console_style(STDERR_FILENO)), terminal_(redraws_lines(STDERR_FILENO)) {}

void RunProgress::show(const Progress& progress) {
  if (terminal_) {
    // Back to the line's beginning, and clear what a longer line before left behind.
    say(stderr, "\r{}\x1b[K", progress_line(progress, terminal_columns() - 1, style_));
    line_open_ = true;
  } else if (++calls_ % kPlainEvery == 0) {
    say(stderr, "{}\n", progress_line(progress, kPlainColumns, style_));
  }
}

void RunProgress::finish() {
  if (line_open_) say(stderr, "\r\x1b[K");
  line_open_ = false;
}

}  // namespace claims::storm
