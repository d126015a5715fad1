#include "simulator/world/virtual/event_queue.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace claims::storm {

void EventQueue::at(Microseconds time, Event event) {
  heap_.push_back({std::max(time, now_), order_++, std::move(event)});
  std::push_heap(heap_.begin(), heap_.end(), Later{});
}

std::optional<Microseconds> EventQueue::next() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().at;
}

void EventQueue::run_next() {
  assert(!heap_.empty());
  std::pop_heap(heap_.begin(), heap_.end(), Later{});
  Entry entry = std::move(heap_.back());
  heap_.pop_back();
  now_ = entry.at;
  ++run_;
  entry.event();
}

void EventQueue::advance(Microseconds time) {
  assert(heap_.empty() || time <= heap_.front().at);
  now_ = std::max(now_, time);
}

}  // namespace claims::storm
