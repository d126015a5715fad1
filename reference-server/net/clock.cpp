#include "reference-server/net/clock.h"

namespace claims::server {

Now read_clock() {
  return Now{.steady = std::chrono::duration_cast<Microseconds>(
                 std::chrono::steady_clock::now().time_since_epoch()),
             .wall = std::chrono::duration_cast<Milliseconds>(
                 std::chrono::system_clock::now().time_since_epoch())};
}

}  // namespace claims::server
