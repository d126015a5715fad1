#include "simulator/actor/deadlines.h"

namespace claims::storm {

void Deadlines::add(const Due& due) {
  entries_.push({due, order_++});
}

std::optional<Microseconds> Deadlines::next() const {
  if (entries_.empty()) return std::nullopt;
  return entries_.top().due.at;
}

std::optional<Deadlines::Due> Deadlines::take(Microseconds now) {
  if (entries_.empty() || entries_.top().due.at > now) return std::nullopt;
  const Due due = entries_.top().due;
  entries_.pop();
  return due;
}

}  // namespace claims::storm
