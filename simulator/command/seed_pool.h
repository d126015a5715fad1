#pragma once
// play_seeds: a simulation of each seed of a range, each in a process of its own, on all cores.
//
// Seeds count in their order, whatever order they end in, so that the outcome does not depend on
// how many are played at a time.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "simulator/command/seed_range.h"
#include "simulator/command/seed_report.h"
#include "simulator/command/worker_pool.h"

namespace claims::storm {

struct SeedTotals {
  static constexpr std::size_t kFailuresToldMax = 100;

  SeedRange seeds;
  std::uint64_t passed = 0, failed = 0, invalid = 0;  ///< Of those that count so far.
  std::uint64_t events = 0;
  Microseconds virtual_time{0}, cpu{0};
  std::vector<SeedReport> failures;  ///< The first ones.
  std::optional<SeedReport> first_invalid;
  bool interrupted = false;
  std::string trouble;  ///< Why it could not go on; else empty.

  std::uint64_t played() const { return passed + failed + invalid; }
};

struct SeedPlan {
  SeedRange seeds;
  bool keep_going = false;  ///< Beyond the first failure.
  WorkerLimits limits = {};
};

/// `play` is called in a worker. `shown` is called about once a second.
SeedTotals play_seeds(const SeedPlan& plan,
                      const std::function<SeedReport(std::uint64_t seed)>& play,
                      const std::function<void(const SeedTotals&)>& shown);

}  // namespace claims::storm
