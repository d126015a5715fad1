#pragma once
// Deadlines: what falls due when, in one order: by time, then by order of entry.

#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "protocol/time.h"

namespace claims::storm {

/// Entries are not taken back: who set one and no longer means it ignores it when it falls due.
class Deadlines {
 public:
  enum class Kind : std::uint8_t { user, role };
  struct Due {
    Microseconds at{0};
    Kind kind{};
    std::uint64_t instance = 0;  ///< Of a role's deadline: the workflow.
    std::uint32_t index = 0;     ///< The user's number, or the role's place in its workflow.
  };

  void add(const Due& due);
  /// Steady time of the earliest entry.
  std::optional<Microseconds> next() const;
  /// Takes out the earliest entry that is due at `now`.
  std::optional<Due> take(Microseconds now);

 private:
  struct Entry {
    Due due;
    std::uint64_t order = 0;
  };
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const {
      return a.due.at != b.due.at ? a.due.at > b.due.at : a.order > b.order;
    }
  };
  std::priority_queue<Entry, std::vector<Entry>, Later> entries_;
  std::uint64_t order_ = 0;
};

}  // namespace claims::storm
