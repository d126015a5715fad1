#pragma once
// When workflows of one kind begin that are kept at a constant number: each of so many places holds
// one workflow at a time, and begins the next when that has ended and a pause is over.
//
// A place is open while the phases' share of all places reaches it, so that a ramp opens one after
// the other, and one that closes lets its workflow end and begins no other. What would begin all at
// once with the first phase is spread over its first second. Integers only.

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "protocol/time.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

class ClosedSchedule {
 public:
  /// `pause` as it is played.
  ClosedSchedule(std::vector<Phase> phases, std::int64_t concurrent, Microseconds pause);

  /// Times count from the beginning of the first phase.
  struct Start {
    Microseconds at{0};
    std::uint32_t place = 0;
  };
  /// The place that begins next; nothing while all are busy or closed for good.
  std::optional<Start> next() const;
  void begin(const Start& start);
  /// The workflow of a place has ended.
  void ended(std::uint32_t place, Microseconds at);

 private:
  __extension__ using Wide = __int128;

  bool is_open(std::uint32_t place, const Phase& phase, Microseconds elapsed) const;
  std::optional<Microseconds> open_from(std::uint32_t place, Microseconds at) const;

  std::vector<Phase> phases_;
  std::int64_t concurrent_;
  Microseconds pause_;
  std::set<std::pair<Microseconds, std::uint32_t>> waiting_;
};

}  // namespace claims::storm
