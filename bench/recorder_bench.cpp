// What a sample costs in a hold phase: corrected and uncorrected, in total and in its second.

#include <benchmark/benchmark.h>

#include "simulator/measure/recorder.h"

namespace claims::storm {
namespace {

constexpr Microseconds kHold{3'600'000'000'000};
/// Between samples: 10,000 a second, so that each closes its share of a second of the time series.
constexpr Microseconds kApart{100};

void record(benchmark::State& state, Figure figure) {
  Recorder recorder;
  recorder.begin(Microseconds{0});
  recorder.hold(Microseconds{0}, kHold);
  Microseconds now{100'000};
  for (auto _ : state) {
    now += kApart;
    const Microseconds latency{500 + now.count() % 8'192};
    recorder.record(figure, {now - latency, now - latency + kApart, now});
  }
  if (recorder.corrected(figure).count() != static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("samples of the hold phase were not recorded");
  }
  state.SetItemsProcessed(state.iterations());
}

void recorder_record_reply(benchmark::State& state) {
  record(state, Figure::reply);
}
BENCHMARK(recorder_record_reply);

void recorder_record_delivery(benchmark::State& state) {
  record(state, Figure::delivery);
}
BENCHMARK(recorder_record_delivery);

}  // namespace
}  // namespace claims::storm
