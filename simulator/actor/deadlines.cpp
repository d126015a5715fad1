#include "simulator/actor/deadlines.h"

namespace claims::storm {

void Deadlines::add(const Due& due) {
  entries_.push_back({due, order_++});
  std::push_heap(entries_.begin(), entries_.end(), Later{});
}

std::optional<Microseconds> Deadlines::next() const {
  if (entries_.empty()) return std::nullopt;
  return entries_.front().due.at;
}

std::optional<Deadlines::Due> Deadlines::take(Microseconds now) {
  if (entries_.empty() || entries_.front().due.at > now) return std::nullopt;
  const Due due = entries_.front().due;
  std::pop_heap(entries_.begin(), entries_.end(), Later{});
  entries_.pop_back();
  return due;
}

}  // namespace claims::storm
