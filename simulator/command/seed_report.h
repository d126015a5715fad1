#pragma once
// SeedReport: what one simulation of many came to, small enough to travel over a pipe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/time.h"
#include "reports/result.h"
#include "simulator/command/worker_pool.h"
#include "simulator/world/virtual/simulation.h"

namespace claims::storm {

struct SeedReport {
  enum class Kind : std::uint8_t {
    passed,
    failed,
    invalid,      ///< It proves nothing: a threshold without enough samples.
    broken,       ///< It came to no result.
    crashed,      ///< An assert, a signal.
    out_of_time,  ///< It does not end.
  };
  std::uint64_t seed = 0;
  Kind kind = Kind::passed;
  /// Unless passed: what is wrong, as a name that stays the same from run to run: "delivery" (the
  /// checker of the first story), "threshold delivery.p99_ms", "broken", "crash", "hang", …
  std::string sign;
  report::Text story;  ///< Unless passed: the first one.
  std::string words;   ///< Of crashed and out_of_time: the end of what the program said.
  std::string trace_hash;
  std::uint64_t events = 0, users = 0, workflows_started = 0;
  Microseconds virtual_time{0};
  Microseconds cpu{0};

  bool failure() const { return kind != Kind::passed && kind != Kind::invalid; }
};

/// In the same way: the same sign; of crashes, also the same last words, but for what has digits in
/// it, as ids have.
bool fail_alike(const SeedReport& one, const SeedReport& other);

SeedReport to_seed_report(std::uint64_t seed, const Simulated& simulated, Microseconds cpu);
/// Of a worker that gave none.
SeedReport to_seed_report(std::uint64_t seed, const TaskEnding& ending, const WorkerLimits& limits);

/// One line, of at most WorkerPool::kAnswerBytesMax: long texts are cut.
std::string write_seed_report(const SeedReport& report);
/// Nothing when it is none.
std::optional<SeedReport> read_seed_report(std::string_view line);
/// What a worker that was given this seed as its task came to.
SeedReport report_of(const TaskEnding& ending, std::uint64_t seed, const WorkerLimits& limits);

/// CPU time of this process so far.
Microseconds cpu_used();

}  // namespace claims::storm
