#include "simulator/command/run_resources.h"

#include <unistd.h>

#include <algorithm>
#include <vector>

namespace claims::storm {
namespace {

report::ProcessUse process_use(const ResourceSampler& sampler, std::uint64_t deliveries) {
  report::ProcessUse use;
  const auto& samples = sampler.samples();
  if (samples.empty()) return use;
  double sum = 0, highest = 0;
  for (const ResourceSample& one : samples) {
    sum += one.cpu_percent;
    highest = std::max(highest, one.cpu_percent);
  }
  const double cpu_s = static_cast<double>(sampler.cpu_used().count()) / 1'000'000.0;
  use.cpu_percent_mean = sum / static_cast<double>(samples.size());
  use.cpu_percent_max = highest;
  use.cpu_seconds = cpu_s;
  use.rss_mb_max = static_cast<double>(sampler.resident_bytes_max()) / (1024.0 * 1024.0);
  if (deliveries > 0) use.cpu_us_per_delivery = cpu_s * 1e6 / static_cast<double>(deliveries);
  return use;
}

std::optional<double> to_seconds(const std::optional<Microseconds>& time) {
  if (!time) return std::nullopt;
  return static_cast<double>(time->count()) / 1'000'000.0;
}

/// A sample taken at the end of a second is that second's, or of the entry that stands for it.
report::Second* second_of(report::RunResult& result, Microseconds at) {
  const std::int64_t second = at.count() / 1'000'000 - 1;
  const auto after =
      std::partition_point(result.series.begin(), result.series.end(),
                           [&](const report::Second& one) { return one.second <= second; });
  if (second < 0 || after == result.series.begin()) return nullptr;
  report::Second& found = *std::prev(after);
  return second < found.second + found.seconds ? &found : nullptr;
}

bool in_hold(const report::RunResult& result, Microseconds at) {
  const double seconds = static_cast<double>(at.count()) / 1'000'000.0;
  return std::any_of(result.phases.begin(), result.phases.end(), [&](const auto& phase) {
    return phase.kind == "hold" && phase.begin_s < seconds && seconds <= phase.end_s;
  });
}

void add_machine(const MachineSampler& machine, Microseconds began, report::RunResult& result) {
  std::vector<MachineSample> counted;
  for (const MachineSample& one : machine.samples()) {
    if (report::Second* at = second_of(result, one.at - began)) {
      at->machine_cpu_percent = one.cpu_percent;
    }
    if (in_hold(result, one.at - began)) counted.push_back(one);
  }
  if (counted.empty()) counted = machine.samples();
  if (counted.empty()) return;
  double sum = 0, highest = 0, memory = 0;
  for (const MachineSample& one : counted) {
    sum += one.cpu_percent;
    highest = std::max(highest, one.cpu_percent);
    memory = std::max(memory, one.memory_percent);
  }
  result.machine = {.cpu_percent_mean = sum / static_cast<double>(counted.size()),
                    .cpu_percent_max = highest,
                    .memory_mb_total = static_cast<double>(machine.memory_kilobytes()) / 1'024.0,
                    .memory_percent_max = memory};
}

}  // namespace

void add_resources(const ResourcesUsed& used, Microseconds began, report::RunResult& result) {
  result.harness = process_use(used.harness, result.counts.deliveries);
  result.harness.run_delay_seconds = to_seconds(run_queue_delay(getpid()));
  const auto into_series = [&](const ResourceSampler& sampler, auto cpu, auto rss) {
    for (const ResourceSample& one : sampler.samples()) {
      report::Second* at = second_of(result, one.at - began);
      if (at == nullptr) continue;
      at->*cpu = one.cpu_percent;
      at->*rss = static_cast<double>(one.resident_bytes) / (1024.0 * 1024.0);
    }
  };
  into_series(used.harness, &report::Second::harness_cpu_percent, &report::Second::harness_rss_mb);
  if (used.server != nullptr) {
    result.server = process_use(*used.server, result.counts.deliveries);
    if (used.server_process) {
      result.server.run_delay_seconds = to_seconds(run_queue_delay(*used.server_process));
    }
    into_series(*used.server, &report::Second::server_cpu_percent, &report::Second::server_rss_mb);
  }
  add_machine(used.machine, began, result);
}

}  // namespace claims::storm
