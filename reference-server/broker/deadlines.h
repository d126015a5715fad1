#pragma once
// Deadlines: which of many things is due next. A thing has one deadline at most, and remembers it.

#include <optional>
#include <set>
#include <utility>

#include "protocol/time.h"

namespace claims::server {

/// A deadline that moves on often (keep-alive) is not rescheduled each time: when it comes, the
/// owner looks whether it still holds, and schedules the new one.
template <class Id>
class Deadlines {
 public:
  /// `scheduled` is the thing's memory of its deadline.
  void schedule(Id id, std::optional<Microseconds>& scheduled, Microseconds when) {
    if (scheduled == when) return;
    cancel(id, scheduled);
    queue_.emplace(when, id);
    scheduled = when;
  }
  void cancel(Id id, std::optional<Microseconds>& scheduled) {
    if (!scheduled) return;
    queue_.erase({*scheduled, id});
    scheduled.reset();
  }
  /// The first one due at `now`; its owner cancels or reschedules it.
  std::optional<Id> due(Microseconds now) const {
    if (queue_.empty() || queue_.begin()->first > now) return std::nullopt;
    return queue_.begin()->second;
  }
  std::optional<Microseconds> next() const {
    if (queue_.empty()) return std::nullopt;
    return queue_.begin()->first;
  }

 private:
  std::set<std::pair<Microseconds, Id>> queue_;
};

}  // namespace claims::server
