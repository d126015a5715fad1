#pragma once
// FaultPlan: what goes wrong in a run, and when; in one language for both worlds.
//
// A plan stands in a scenario file or in a file of its own. schedule_faults() draws from it, by the
// run's seed, which faults happen at which time to whom; a world carries those out.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/result.h"
#include "protocol/time.h"
#include "simulator/scenario/expression.h"
#include "simulator/scenario/model.h"
#include "simulator/scenario/population.h"

namespace claims::storm {

/// A fault of the schedule: at one time, to certain users.
struct Fault {
  FaultKind kind{};
  Microseconds begin{0};          ///< Since the scenario's first phase began.
  Microseconds end{0};            ///< >= begin; equal: it is over at once.
  std::vector<UserNumber> users;  ///< Of faults that happen to users; ascending.
  Direction direction = Direction::both;
  /// By kind: clog bytes a second; latency, repeat and disk_slow microseconds; clock_jump
  /// milliseconds; clock_drift parts in a million. Else 0.
  std::int64_t amount = 0;
};

/// "crash", "cut", "half_open", …, as in the files.
std::string_view to_string(FaultKind kind);
std::optional<FaultKind> parse_fault_kind(std::string_view name);
/// Whether `claimstorm run --embedded` can carry it out.
bool happens_in_real_world(FaultKind kind);
/// What happened, for reports: "at 12.3 s the server was killed, …".
LocalText describe(const Fault& fault, const Population& population);

/// By begin, then by the plan's order. Nothing begins or lasts beyond `length`: then the world
/// heals.
std::vector<Fault> schedule_faults(const FaultPlan& plan, const Population& population,
                                   Microseconds length, const Random& random);

/// Hands out what begins and ends, in order of time; of one instant, ends come first.
class FaultSchedule {
 public:
  explicit FaultSchedule(std::vector<Fault> faults);
  FaultSchedule() = default;
  struct Change {
    std::size_t fault = 0;  ///< Into faults().
    bool begins = false;
  };
  const std::vector<Fault>& faults() const { return faults_; }
  /// Since the first phase began.
  std::optional<Microseconds> next() const;
  std::optional<Change> take(Microseconds now);

 private:
  struct Entry {
    Microseconds at{0};
    Change change;
  };
  std::vector<Fault> faults_;
  std::vector<Entry> entries_;
  std::size_t taken_ = 0;
};

}  // namespace claims::storm
