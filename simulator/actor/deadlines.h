#pragma once
// Deadlines: what falls due when, in one order: by time, then by order of entry.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
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

  std::size_t size() const { return entries_.size(); }
  /// Forgets those that nobody means any more, once there are so many that half of them may be.
  template <class Meant>
  void drop_stale(Meant meant) {
    if (entries_.size() < look_at_) return;
    std::erase_if(entries_, [&](const Entry& entry) { return !meant(entry.due); });
    std::make_heap(entries_.begin(), entries_.end(), Later{});
    look_at_ = std::max(kFewEntries, 2 * entries_.size());
  }

 private:
  static constexpr std::size_t kFewEntries = 4'096;
  struct Entry {
    Due due;
    std::uint64_t order = 0;
  };
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const {
      return a.due.at != b.due.at ? a.due.at > b.due.at : a.order > b.order;
    }
  };
  std::vector<Entry> entries_;  // A heap; the earliest is first.
  std::size_t look_at_ = kFewEntries;
  std::uint64_t order_ = 0;
};

}  // namespace claims::storm
