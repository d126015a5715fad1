#include "simulator/check/event_window.h"

#include <cassert>
#include <utility>

#include "simulator/limits.h"

namespace claims::storm::audit {

SeenEvent* EventWindow::find(chat::Seq seq) {
  if (seq < begin_ || seq >= end_) return nullptr;
  return &at(seq);
}

SeenEvent& EventWindow::extend_to(chat::Seq seq) {
  assert(seq >= end_);
  while (end_ <= seq) {
    while (end_ - begin_ >= limits::kRecentDigestsPerRoom &&
           (at(begin_).waiting == 0 || end_ - begin_ >= kHeldMax)) {
      ++begin_;
    }
    if (end_ - begin_ >= ring_.size()) grow();
    at(end_) = SeenEvent{};
    ++end_;
  }
  return at(seq);
}

void EventWindow::grow() {
  std::vector<SeenEvent> old(ring_.empty() ? 8 : ring_.size() * 2);
  std::swap(old, ring_);
  for (chat::Seq seq = begin_; seq < end_; ++seq) {
    at(seq) = old[static_cast<std::size_t>(seq) & (old.size() - 1)];
  }
}

}  // namespace claims::storm::audit
