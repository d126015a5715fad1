#pragma once
// EventQueue: everything that happens in a virtual world, one thing after the other, by (time,
// order of entry). Its time is the only one there is.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "protocol/time.h"

namespace claims::storm {

class EventQueue {
 public:
  using Event = std::function<void()>;

  explicit EventQueue(Microseconds start) : now_(start) {}
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  Microseconds now() const { return now_; }
  /// What lies in the past happens next, at the time that it is then.
  void at(Microseconds time, Event event);
  void in(Microseconds delay, Event event) { at(now_ + delay, std::move(event)); }
  /// Of the earliest event.
  std::optional<Microseconds> next() const;
  /// Goes to the earliest event and lets it happen. Only when there is one.
  void run_next();
  /// Goes to a time at or before the earliest event's; never back.
  void advance(Microseconds time);
  std::uint64_t events_run() const { return run_; }

 private:
  struct Entry {
    Microseconds at{0};
    std::uint64_t order = 0;
    Event event;
  };
  /// A type, not a function: so the heap's algorithms have it inline.
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const {
      return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
  };

  Microseconds now_;
  std::vector<Entry> heap_;
  std::uint64_t order_ = 0, run_ = 0;
};

}  // namespace claims::storm
