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

/// A fault of the schedule: at one time, to certain users' connections.
struct Fault {
  FaultKind kind{};
  Microseconds begin{0};  ///< Since the scenario's first phase began.
  Microseconds end{0};    ///< >= begin; equal: it is over at once.
  /// Of faults that happen to users; ascending, at least one.
  std::vector<ConnectionNumber> connections;
  Direction direction = Direction::both;
  /// By kind: clog bytes a second; latency, repeat and disk_slow microseconds; clock_jump
  /// milliseconds; clock_drift parts in a million. Else 0.
  std::int64_t amount = 0;
  bool operator==(const Fault&) const = default;
};

/// What the entries of a kind look like in files, and what its faults have.
struct FaultForm {
  enum class Amount : std::uint8_t {
    none,
    bytes_a_second,
    microseconds,
    milliseconds_signed,
    parts_in_a_million_signed
  };
  FaultKind kind{};
  std::string_view name;  ///< "crash", "half_open", …
  bool lasts = false;     ///< Else it is over at once.
  bool users = false;     ///< It happens to users.
  bool direction = false;
  std::string_view amount_key = {};  ///< "rate", "adds", …; empty: none.
  Amount amount = Amount::none;
  bool real = false;        ///< See happens_in_real_world().
  std::string_view ko, en;  ///< What happens: "the server was killed".
};
const FaultForm& form_of(FaultKind kind);

/// "crash", "cut", "half_open", …, as in the files.
std::string_view to_string(FaultKind kind);
std::optional<FaultKind> parse_fault_kind(std::string_view name);
std::vector<std::string> fault_kind_names();
/// Whether `claimstorm run --embedded` can carry it out.
bool happens_in_real_world(FaultKind kind);
/// What happened, for reports: "at 12.300 s for 2.000 s: the server was killed, …". Names up to
/// three users, with their devices, else says how many.
LocalText describe(const Fault& fault, const Population& population);

/// The stream of a run's random source that its faults are drawn from: Random(seed).split(this).
inline constexpr std::uint64_t kFaultStream = 5'000'000;

/// How much an entry comes to at most in phases of `length`, whatever is drawn.
struct FaultCount {
  std::uint64_t faults = 0;
  std::uint64_t connections = 0;  ///< Of all its faults together.
};
FaultCount most_faults(const FaultSpec& spec, const Population& population, Microseconds length);

/// By begin, then by the plan's order. Nothing begins or lasts beyond `length`: then the world
/// heals. Each entry has a stream of its own, found by what it says: taking one out of the plan, or
/// adding one, leaves the faults of the others as they were. Named users must be in the population
/// and the bounds of limits.h kept (check_faults() of load.h).
std::vector<Fault> schedule_faults(const FaultPlan& plan, const Population& population,
                                   Microseconds length, const Random& random);

/// Hands out what begins and ends, in order of time; of one instant, ends come first, except that
/// nothing ends before it began.
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
