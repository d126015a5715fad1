// What it costs to record a latency, and to ask for a percentile.

#include <benchmark/benchmark.h>

#include <vector>

#include "simulator/measure/histogram.h"

namespace claims::storm {
namespace {

/// Latencies between 100 µs and 100 ms, the small ones far more often, in no order.
std::vector<Microseconds> latencies() {
  constexpr std::size_t kCount = 4'096;
  std::vector<Microseconds> values;
  std::uint64_t x = 1;
  for (std::size_t i = 0; i < kCount; ++i) {
    x = x * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    const std::uint64_t spread = (x >> 33U) % 1'000;
    values.emplace_back(static_cast<std::int64_t>(100 + spread * spread / 10));
  }
  return values;
}

void histogram_record(benchmark::State& state) {
  const std::vector<Microseconds> values = latencies();
  Histogram histogram;
  std::size_t next = 0;
  for (auto _ : state) histogram.record(values[next++ % values.size()]);
  benchmark::DoNotOptimize(histogram);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(histogram_record);

void histogram_percentile(benchmark::State& state) {
  Histogram histogram;
  for (const Microseconds value : latencies()) histogram.record(value);
  for (auto _ : state) {
    auto p99 = histogram.percentile(9'900);
    benchmark::DoNotOptimize(p99);
  }
}
BENCHMARK(histogram_percentile);

}  // namespace
}  // namespace claims::storm
