#include "simulator/world/real/clock.h"

#include <ctime>

namespace claims::storm {

Now read_clock() {
  timespec steady{}, wall{};
  clock_gettime(CLOCK_MONOTONIC, &steady);
  clock_gettime(CLOCK_REALTIME, &wall);
  return {Microseconds(std::int64_t{steady.tv_sec} * 1'000'000 + steady.tv_nsec / 1'000),
          Milliseconds(std::int64_t{wall.tv_sec} * 1'000 + wall.tv_nsec / 1'000'000)};
}

}  // namespace claims::storm
