#pragma once
// Time as everything that decides receives it: an argument, never read from a clock.

#include <chrono>

namespace claims {

using Microseconds = std::chrono::microseconds;
using Milliseconds = std::chrono::milliseconds;

/// One instant, read once per loop turn by the shell (or set by the virtual world).
struct Now {
  Microseconds steady{0};  ///< Since an arbitrary origin; never goes back. Deadlines, keep-alive.
  Milliseconds wall{0};    ///< UTC since 1970; may jump. `at` of events, expiry of tokens.
};

}  // namespace claims
