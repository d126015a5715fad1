#include "simulator/command/run_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <vector>

#include "simulator/command/output.h"

namespace claims::storm {
namespace {

constexpr int kPlainEvery = 5;

/// What a pipe or a file takes; no terminal.
constexpr std::size_t kPlainColumns = 1'000;

struct Part {
  int weight = 0;  // The lightest goes first.
  std::string text;
};

std::vector<Part> parts_of(const Progress& progress) {
  std::vector<Part> parts{
      {9, fmt::format("{:<10} {:>4} s", to_string(progress.phase),
                      progress.elapsed.count() / 1'000'000)},
      {6, fmt::format("  {}/{} connected", progress.connected, progress.users)}};
  if (progress.started > 0) {
    parts.push_back({3, fmt::format("  {} started", progress.started)});
    parts.push_back({5, fmt::format("  {} done", progress.completed)});
    parts.push_back({2, fmt::format("  {} open", progress.open)});
    if (progress.failed > 0) parts.push_back({7, fmt::format("  {} failed", progress.failed)});
  }
  if (progress.delivery_p99) {
    parts.push_back({4, fmt::format("  delivery p99 {:.1f} ms",
                                    static_cast<double>(progress.delivery_p99->count()) / 1'000)});
  }
  if (progress.phase == RunPhase::reading) {
    parts.push_back(
        {7, fmt::format("  {}/{} rooms read back", progress.rooms_read, progress.rooms)});
  }
  if (progress.connections_lost > 0) {
    parts.push_back({6, fmt::format("  {} connections lost", progress.connections_lost)});
  }
  if (progress.violations > 0) {
    parts.push_back({8, fmt::format("  {} VIOLATIONS", progress.violations)});
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

std::string progress_line(const Progress& progress, std::size_t columns) {
  std::vector<Part> parts = parts_of(progress);
  const auto width = [&] {
    return std::accumulate(
        parts.begin(), parts.end(), std::size_t{0},
        [](std::size_t sum, const Part& part) { return sum + part.text.size(); });
  };
  while (parts.size() > 1 && width() > columns) {
    parts.erase(std::min_element(parts.begin(), parts.end(),
                                 [](const Part& a, const Part& b) { return a.weight < b.weight; }));
  }
  std::string line;
  for (const Part& part : parts) line += part.text;
  return line.substr(0, columns);
}

RunProgress::RunProgress() : terminal_(isatty(STDERR_FILENO) == 1) {}

void RunProgress::show(const Progress& progress) {
  if (terminal_) {
    // Back to the line's beginning, and clear what a longer line before left behind.
    say(stderr, "\r{}\x1b[K", progress_line(progress, terminal_columns() - 1));
    line_open_ = true;
  } else if (++calls_ % kPlainEvery == 0) {
    say(stderr, "{}\n", progress_line(progress, kPlainColumns));
  }
  std::fflush(stderr);
}

void RunProgress::finish() {
  if (line_open_) say(stderr, "\n");
  line_open_ = false;
}

}  // namespace claims::storm
