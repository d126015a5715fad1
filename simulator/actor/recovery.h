#pragma once
// Recovery: how long after faults deliveries are as fast again as they should be.
//
// Faults and outages that overlap are one. It has recovered at the end of the last second, before
// the next one begins, whose delivery p99 (of however few samples) is not below the limit; at once
// when there is no such second.

#include <optional>
#include <string_view>
#include <vector>

#include "simulator/actor/player.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

inline constexpr std::string_view kRecoveryMetric = "recovery.max_s";

/// The least limit that a threshold on recovery sets; nothing without one.
std::optional<Microseconds> slow_above(const std::vector<ThresholdSpec>& thresholds);

/// The longest recovery; 0 without faults. `slow`: the seconds of the run, from `began` on, that
/// were above `below` or a lower limit, in order.
Microseconds longest_recovery(const std::vector<NotedFault>& faults,
                              const std::vector<Outage>& outages,
                              const std::vector<SlowSecond>& slow, Microseconds began,
                              Microseconds below);

}  // namespace claims::storm
