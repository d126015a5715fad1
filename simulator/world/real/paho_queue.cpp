#include "simulator/world/real/paho_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <system_error>
#include <utility>

#include "simulator/world/real/clock.h"

namespace claims::storm {
namespace {

/// What the report holds beside itself, about.
std::size_t bytes_of(const PahoReport& report) {
  const auto* message = std::get_if<PahoMessage>(&report);
  return message == nullptr ? 0 : message->topic.size() + message->payload.size();
}

Descriptor make_event() {
  Descriptor event(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!event) throw std::system_error(errno, std::generic_category(), "eventfd");
  return event;
}

}  // namespace

PahoQueue::PahoQueue(Bounds bounds) : bounds_(bounds), event_(make_event()) {}

void PahoQueue::put(Connection connection, PahoReport report) {
  const std::size_t bytes = bytes_of(report);
  {
    const MutexLock lock(mutex_);
    const auto lost = lost_.find(connection.user);
    if (lost != lost_.end() && lost->second == connection.generation) return;
    const bool fits = entries_.size() < bounds_.reports && bytes_ + bytes <= bounds_.bytes;
    if (!fits) {
      lost_[connection.user] = connection.generation;
    } else {
      entries_.push_back({connection, read_clock(), std::move(report)});
      bytes_ += bytes;
    }
  }
  wake();
}

void PahoQueue::take(std::vector<Entry>& entries) {
  assert(entries.empty());
  // Before the entries: what comes from here on wakes anew.
  std::uint64_t times = 0;
  static_cast<void>(::read(event_.number(), &times, sizeof times));
  const MutexLock lock(mutex_);
  entries.swap(entries_);
  bytes_ = 0;
  for (const auto& [user, generation] : lost_) {
    entries.push_back({{user, generation}, read_clock(), PahoLost{}});
  }
  lost_.clear();  // Whoever takes this takes nothing more of them.
}

void PahoQueue::wake() const {
  const std::uint64_t once = 1;
  static_cast<void>(::write(event_.number(), &once, sizeof once));
}

}  // namespace claims::storm
