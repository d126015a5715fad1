#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "protocol/time.h"
#include "reference-server/net/descriptor.h"

namespace claims::server {

/// What the main loop waits on. One thread. Registering fails only when the kernel is out of memory
/// or watches: then it is false.
class Epoll {
 public:
  using Token = std::uint64_t;  ///< Comes back with the readiness.
  struct Ready {
    Token token;
    bool readable, writable;  ///< Both with an error or a hang-up: the next call on it tells.
    bool ended;  ///< Whoever writes has ended: behind what is to be read there is the end.
  };

  Epoll();

  /// Comes with each wait() for as long as it is readable.
  [[nodiscard]] bool add(int descriptor, Token token);
  /// Comes once for all that has arrived until then (edge-triggered, which saves the kernel to look
  /// at each again in the next wait). Who leaves something unread calls watch() to be told again.
  [[nodiscard]] bool add_edge(int descriptor, Token token);
  /// What an add_edge() is to tell from now on, beginning with what is so already.
  void watch(int descriptor, Token token, bool readable, bool writable);
  void remove(int descriptor);
  /// Waits until something is ready or `timeout` is over (none: for ever). At most 512 at a time;
  /// the span lives until the next call.
  std::span<const Ready> wait(std::optional<Microseconds> timeout);

 private:
  int wait_for_events(std::optional<Microseconds> timeout);

  static constexpr int kEventsPerWait = 512;
  Descriptor epoll_;
  bool microseconds_ = true;  // epoll_pwait2 is there (Linux 5.11).
  std::array<epoll_event, kEventsPerWait> events_{};
  std::array<Ready, kEventsPerWait> ready_{};
};

}  // namespace claims::server
