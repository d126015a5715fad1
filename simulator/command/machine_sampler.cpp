#include "simulator/command/machine_sampler.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace claims::storm {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Takes the number at the beginning of `text` away, with the blanks before it.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<std::uint64_t> number_after(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + key.size());
  return take_number(text);
}

}  // namespace

std::optional<CoreTicks> parse_core_ticks(std::string_view stat) {
  if (!stat.starts_with("cpu ")) return std::nullopt;
  stat = stat.substr(0, stat.find('\n'));
  stat.remove_prefix(4);
  // proc(5): user nice system idle iowait irq softirq steal; guest times are in user and nice.
  constexpr int kFields = 8, kIdle = 3, kDisk = 4;
  CoreTicks ticks;
  for (int field = 0; field < kFields; ++field) {
    const auto number = take_number(stat);
    if (!number) return std::nullopt;
    ticks.all += *number;
    if (field == kIdle || field == kDisk) ticks.idle += *number;
  }
  return ticks;
}

std::optional<MemoryKilobytes> parse_memory(std::string_view meminfo) {
  const auto total = number_after(meminfo, "MemTotal:");
  const auto available = number_after(meminfo, "MemAvailable:");
  if (!total || !available || *total == 0 || *available > *total) return std::nullopt;
  return MemoryKilobytes{*total, *available};
}

void MachineSampler::sample(Microseconds now) {
  const auto ticks = parse_core_ticks(text_of("/proc/stat"));
  const auto memory = parse_memory(text_of("/proc/meminfo"));
  if (!ticks || !memory) return;
  memory_kilobytes_ = memory->total;
  if (last_ && ticks->all > last_->all && ticks->idle >= last_->idle) {
    const auto all = static_cast<double>(ticks->all - last_->all);
    const auto idle = static_cast<double>(ticks->idle - last_->idle);
    const auto used = static_cast<double>(memory->total - memory->available);
    samples_.push_back({.at = now,
                        .cpu_percent = 100.0 * (all - idle) / all,
                        .memory_percent = 100.0 * used / static_cast<double>(memory->total)});
  }
  last_ = ticks;
}

std::optional<Microseconds> run_queue_delay(pid_t process) {
  std::error_code error;
  std::optional<Microseconds> sum;
  const std::filesystem::path tasks = fmt::format("/proc/{}/task", process);
  for (auto task = std::filesystem::directory_iterator(tasks, error);
       !error && task != std::filesystem::directory_iterator(); task.increment(error)) {
    // Nanoseconds on a core, nanoseconds waiting for one, times it was given one.
    const std::string text = text_of(task->path() / "schedstat");
    std::string_view rest = text;
    const auto ran = take_number(rest), waited = take_number(rest);
    if (!ran || !waited) continue;
    sum = sum.value_or(Microseconds{0}) + Microseconds(static_cast<std::int64_t>(*waited / 1'000));
  }
  return sum;
}

}  // namespace claims::storm
