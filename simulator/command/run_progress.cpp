#include "simulator/command/run_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "simulator/command/output.h"

namespace claims::storm {
namespace {

constexpr int kPlainEvery = 5;

}  // namespace

std::string progress_line(const Progress& progress) {
  const auto seconds = progress.elapsed.count() / 1'000'000;
  std::string line = fmt::format("{:<10} {:>4} s  {}/{} connected", to_string(progress.phase),
                                 seconds, progress.connected, progress.users);
  if (progress.started > 0) {
    fmt::format_to(std::back_inserter(line), "  workflows {} started, {} done, {} open",
                   progress.started, progress.completed, progress.open);
    if (progress.failed > 0) {
      fmt::format_to(std::back_inserter(line), ", {} failed", progress.failed);
    }
  }
  if (progress.delivery_p99) {
    fmt::format_to(std::back_inserter(line), "  delivery p99 {:.1f} ms",
                   static_cast<double>(progress.delivery_p99->count()) / 1'000.0);
  }
  if (progress.phase == RunPhase::reading) {
    fmt::format_to(std::back_inserter(line), "  {}/{} rooms read back", progress.rooms_read,
                   progress.rooms);
  }
  if (progress.connections_lost > 0) {
    fmt::format_to(std::back_inserter(line), "  {} connections lost", progress.connections_lost);
  }
  if (progress.violations > 0) {
    fmt::format_to(std::back_inserter(line), "  {} VIOLATIONS", progress.violations);
  }
  return line;
}

RunProgress::RunProgress() : terminal_(isatty(STDERR_FILENO) == 1) {}

void RunProgress::show(const Progress& progress) {
  if (terminal_) {
    // Back to the line's beginning, and clear what a longer line before left behind.
    say(stderr, "\r{}\x1b[K", progress_line(progress));
    line_open_ = true;
  } else if (++calls_ % kPlainEvery == 0) {
    say(stderr, "{}\n", progress_line(progress));
  }
  std::fflush(stderr);
}

void RunProgress::finish() {
  if (line_open_) say(stderr, "\n");
  line_open_ = false;
}

}  // namespace claims::storm
