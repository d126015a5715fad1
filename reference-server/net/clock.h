#pragma once

#include "protocol/time.h"

namespace claims::server {

/// Reads both clocks of the machine: the one place of claimchatd where time comes in.
Now read_clock();

}  // namespace claims::server
