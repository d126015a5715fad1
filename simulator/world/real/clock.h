#pragma once

#include "protocol/time.h"

namespace claims::storm {

/// Reads both clocks of the machine: the one place of claimstorm's real world where time comes in.
Now read_clock();

}  // namespace claims::storm
