#pragma once

#include <cstdint>

#include "protocol/time.h"

namespace claims::server {

/// What this process has taken from the machine.
struct ProcessUsage {
  std::uint64_t resident_bytes = 0;
  Microseconds cpu{0};  ///< User and system, all threads.
};
ProcessUsage read_process_usage();

}  // namespace claims::server
