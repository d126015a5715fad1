// What a checkpoint of the state costs: the pause in which it is written, at the end of a block,
// and what noting changes costs each record.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <variant>

#include "bench/town.h"
#include "reference-server/limits.h"
#include "reference-server/log/checkpoint.h"

namespace claims::bench {
namespace {

constexpr std::size_t kRooms = 10'000;

/// The pause behind so many records: messages and their outcomes, in as many rooms as there are.
void write_checkpoint(benchmark::State& state) {
  Town town(kRooms, 2);
  town.service().begin_changes();
  std::size_t room = 0, rows = 0, bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    for (std::int64_t record = 0; record < state.range(0); record += 2) {
      room = (room + 7'919) % kRooms;
      const Town::Room& one = town.rooms()[room];
      const auto decision = town.decide(town.message(one.garage, one.id));
      if (!std::holds_alternative<server::Decided>(decision)) state.SkipWithError("not decided");
    }
    state.ResumeTiming();
    server::RowBatch batch;
    town.service().write_changes(batch);
    benchmark::DoNotOptimize(batch);
    rows = batch.size();
    bytes = batch.bytes();
  }
  if (rows < 100) state.SkipWithError("next to nothing was written");
  state.counters["rows"] = static_cast<double>(rows);
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(write_checkpoint)
    ->ArgName("records")
    ->Arg(8'192)
    ->Arg(server::limits::kCheckpointRecords)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace claims::bench
