#pragma once
// CrashChoice: what a crash leaves of changes that no sync had made durable, by chance.

#include <cstdint>

#include "simulator/scenario/expression.h"

namespace claims::storm {

/// Changes to files and their names are counted in the order in which they were made.
using ChangeNumber = std::uint64_t;

class CrashChoice {
 public:
  enum class Fate : std::uint8_t {
    kept,
    lost,
    prefix,   ///< Of a write: its first bytes. Of anything else: kept.
    sectors,  ///< Of a write: some sectors of the disk. Of anything else: kept.
  };

  /// Changes after `last` were never made. `first`: the earliest that is at risk.
  CrashChoice(const Random& random, ChangeNumber first, ChangeNumber last);

  /// To be asked once for each change.
  Fate fate(ChangeNumber change);
  bool heads() { return random_.below(2) == 0; }
  /// How many bytes of a write are there: cut at any byte, or at the end of a sector.
  std::uint64_t prefix(std::uint64_t offset, std::uint64_t size);

  static constexpr std::uint64_t kSectorBytes = 512;

 private:
  /// Disks differ in how they go down, so that each way of it is met often.
  enum class Way : std::uint8_t {
    all_kept,  ///< As when a process is killed.
    all_lost,
    in_order,    ///< Up to some change, which may be torn.
    individual,  ///< Each by itself.
  };

  Random random_;
  ChangeNumber last_;
  Way way_;
  ChangeNumber cut_ = 0;
};

}  // namespace claims::storm
