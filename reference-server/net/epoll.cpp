#include "reference-server/net/epoll.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

namespace claims::server {
namespace {

constexpr std::uint32_t kEdge = std::uint32_t{EPOLLET} | std::uint32_t{EPOLLRDHUP};

}  // namespace

Epoll::Epoll() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

bool Epoll::add(int descriptor, Token token) {
  epoll_event event{.events = EPOLLIN, .data = {.u64 = token}};
  return ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

bool Epoll::add_edge(int descriptor, Token token) {
  epoll_event event{.events = EPOLLIN | kEdge, .data = {.u64 = token}};
  return ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Epoll::watch(int descriptor, Token token, bool readable, bool writable) {
  const std::uint32_t events =
      (readable ? std::uint32_t{EPOLLIN} : 0U) | (writable ? std::uint32_t{EPOLLOUT} : 0U) | kEdge;
  epoll_event event{.events = events, .data = {.u64 = token}};
  ::epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, descriptor, &event);
}

void Epoll::remove(int descriptor) {
  ::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, descriptor, nullptr);
}

int Epoll::wait_for_events(std::optional<Microseconds> timeout) {
  if (microseconds_) {
    timespec limit{};
    if (timeout) {
      limit.tv_sec = timeout->count() / 1'000'000;
      limit.tv_nsec = timeout->count() % 1'000'000 * 1'000;
    }
    const int count = ::epoll_pwait2(epoll_.number(), events_.data(), kEventsPerWait,
                                     timeout ? &limit : nullptr, nullptr);
    if (count >= 0 || errno != ENOSYS) return count;
    microseconds_ = false;
  }
  constexpr std::int64_t kLongest = std::numeric_limits<int>::max();
  // Rounded up: waking before the deadline would spin until it has come.
  const int limit =
      timeout ? static_cast<int>(std::min(kLongest, (timeout->count() + 999) / 1'000)) : -1;
  return ::epoll_wait(epoll_.number(), events_.data(), kEventsPerWait, limit);
}

std::span<const Epoll::Ready> Epoll::wait(std::optional<Microseconds> timeout) {
  if (timeout) timeout = std::max(*timeout, Microseconds{0});
  const int count = wait_for_events(timeout);
  if (count <= 0) return {};  // Time is over, or a signal came.
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events_.at(static_cast<std::size_t>(i));
    const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    ready_.at(static_cast<std::size_t>(i)) =
        Ready{.token = event.data.u64,
              .readable = broken || (event.events & EPOLLIN) != 0,
              .writable = broken || (event.events & EPOLLOUT) != 0,
              .ended = broken || (event.events & EPOLLRDHUP) != 0};
  }
  return std::span(ready_).first(static_cast<std::size_t>(count));
}

}  // namespace claims::server
