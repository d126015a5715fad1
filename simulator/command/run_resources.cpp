#include "simulator/command/run_resources.h"

#include <algorithm>

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

}  // namespace

void add_resources(const ResourceSampler& harness, const ResourceSampler* server,
                   Microseconds began, report::RunResult& result) {
  result.harness = process_use(harness, result.counts.deliveries);
  if (server != nullptr) result.server = process_use(*server, result.counts.deliveries);
  const auto into_series = [&](const ResourceSampler& sampler, auto cpu, auto rss) {
    for (const ResourceSample& one : sampler.samples()) {
      // A sample taken at the end of a second is that second's.
      const std::int64_t second = (one.at - began).count() / 1'000'000 - 1;
      if (second < 0 || static_cast<std::size_t>(second) >= result.series.size()) continue;
      report::Second& at = result.series[static_cast<std::size_t>(second)];
      at.*cpu = one.cpu_percent;
      at.*rss = static_cast<double>(one.resident_bytes) / (1024.0 * 1024.0);
    }
  };
  into_series(harness, &report::Second::harness_cpu_percent, &report::Second::harness_rss_mb);
  if (server != nullptr) {
    into_series(*server, &report::Second::server_cpu_percent, &report::Second::server_rss_mb);
  }
}

}  // namespace claims::storm
