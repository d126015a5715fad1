#include "simulator/command/seed_report.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <nlohmann/json.hpp>
#include <utility>

namespace claims::storm {
namespace {

using nlohmann::json;

constexpr std::size_t kStoryBytesMax = 16 * 1024;

constexpr std::array<std::string_view, 6> kKinds = {"passed", "failed",  "invalid",
                                                    "broken", "crashed", "out_of_time"};

/// At the end of a character.
std::string cut_bytes(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

std::string_view signal_name(int signal) {
  switch (signal) {
    case SIGABRT:
      return "SIGABRT";
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    case SIGKILL:
      return "SIGKILL";
    default:
      return "?";
  }
}

std::string last_words(std::string_view words) {
  while (words.ends_with('\n')) words.remove_suffix(1);
  const std::string_view line = words.substr(words.rfind('\n') + 1);
  std::string told;
  for (std::size_t begin = 0; begin < line.size();) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    const std::string_view word = line.substr(begin, end - begin);
    if (word.find_first_of("0123456789") == std::string_view::npos) (told += word) += ' ';
    begin = end + 1;
  }
  return told;
}

void tell_failure(const report::RunResult& result, SeedReport& report) {
  if (!result.stories.empty()) {
    report.sign = result.stories.front().checker;
    report.story = result.stories.front().text;
    return;
  }
  report.sign = "verdict";
  if (!result.reasons.empty()) report.story = result.reasons.front();
  for (const report::Threshold& threshold : result.thresholds) {
    if (threshold.ok) continue;
    report.sign = "threshold " + threshold.metric;
    return;
  }
}

}  // namespace

bool fail_alike(const SeedReport& one, const SeedReport& other) {
  if (!one.failure() || !other.failure() || one.sign != other.sign) return false;
  return one.kind != SeedReport::Kind::crashed || last_words(one.words) == last_words(other.words);
}

SeedReport to_seed_report(std::uint64_t seed, const Simulated& simulated, Microseconds cpu) {
  const report::RunResult& result = simulated.result;
  SeedReport report;
  report.seed = seed;
  report.trace_hash = simulated.trace_hash;
  report.events = simulated.events;
  report.users = result.users;
  report.workflows_started = result.counts.workflows_started;
  report.virtual_time = simulated.virtual_time;
  report.cpu = cpu;
  if (simulated.broken) {
    report.kind = SeedReport::Kind::broken;
    report.sign = "broken";
    report.story = {simulated.broken->ko, simulated.broken->en};
  } else if (result.verdict == report::Verdict::fail) {
    report.kind = SeedReport::Kind::failed;
    tell_failure(result, report);
  } else if (result.verdict == report::Verdict::invalid) {
    report.kind = SeedReport::Kind::invalid;
    tell_failure(result, report);
  }
  return report;
}

SeedReport to_seed_report(std::uint64_t seed, const TaskEnding& ending,
                          const WorkerLimits& limits) {
  SeedReport report;
  report.seed = seed;
  report.words = ending.words;
  if (ending.kind == TaskEnding::Kind::out_of_time) {
    report.kind = SeedReport::Kind::out_of_time;
    report.sign = "hang";
    const long long seconds = limits.cpu_max.count();
    report.story = {fmt::format("CPU {}초 안에 끝나지 않음", seconds),
                    fmt::format("it does not end within {} s of CPU", seconds)};
    return report;
  }
  report.kind = SeedReport::Kind::crashed;
  report.sign = "crash";
  if (ending.signal == 0) {
    report.story = {"프로그램이 결과 없이 끝남", "the program ended without a result"};
  } else {
    report.story = {
        fmt::format("프로그램이 시그널 {}({})로 죽음", ending.signal, signal_name(ending.signal)),
        fmt::format("the program died of signal {} ({})", ending.signal,
                    signal_name(ending.signal))};
  }
  return report;
}

std::string write_seed_report(const SeedReport& report) {
  const json line = {{"seed", report.seed},
                     {"kind", kKinds.at(static_cast<std::size_t>(report.kind))},
                     {"sign", cut_bytes(report.sign, 200)},
                     {"ko", cut_bytes(report.story.ko, kStoryBytesMax)},
                     {"en", cut_bytes(report.story.en, kStoryBytesMax)},
                     {"trace_hash", report.trace_hash},
                     {"events", report.events},
                     {"users", report.users},
                     {"workflows_started", report.workflows_started},
                     {"virtual_us", report.virtual_time.count()},
                     {"cpu_us", report.cpu.count()}};
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<SeedReport> read_seed_report(std::string_view line) {
  const json parsed = json::parse(line, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  SeedReport report;
  const auto text = [&](const char* key, std::string& value) {
    const auto member = parsed.find(key);
    if (member == parsed.end() || !member->is_string()) return false;
    value = member->get<std::string>();
    return true;
  };
  const auto number = [&](const char* key, std::uint64_t& value) {
    const auto member = parsed.find(key);
    if (member == parsed.end() || !member->is_number_unsigned()) return false;
    value = member->get<std::uint64_t>();
    return true;
  };
  std::string kind;
  std::uint64_t virtual_us = 0, cpu_us = 0;
  const bool whole = number("seed", report.seed) && text("kind", kind) &&
                     text("sign", report.sign) && text("ko", report.story.ko) &&
                     text("en", report.story.en) && text("trace_hash", report.trace_hash) &&
                     number("events", report.events) && number("users", report.users) &&
                     number("workflows_started", report.workflows_started) &&
                     number("virtual_us", virtual_us) && number("cpu_us", cpu_us);
  if (!whole) return std::nullopt;
  report.virtual_time = Microseconds(virtual_us);
  report.cpu = Microseconds(cpu_us);
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds.at(i) != kind) continue;
    report.kind = static_cast<SeedReport::Kind>(i);
    return report;
  }
  return std::nullopt;
}

SeedReport report_of(const TaskEnding& ending, std::uint64_t seed, const WorkerLimits& limits) {
  if (ending.kind == TaskEnding::Kind::answered) {
    if (auto report = read_seed_report(ending.answer)) return std::move(*report);
    TaskEnding none = ending;
    none.kind = TaskEnding::Kind::crashed;
    return to_seed_report(seed, none, limits);
  }
  return to_seed_report(seed, ending, limits);
}

Microseconds cpu_used() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto of = [](const timeval& time) {
    return Microseconds(std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec);
  };
  return of(use.ru_utime) + of(use.ru_stime);
}

}  // namespace claims::storm
