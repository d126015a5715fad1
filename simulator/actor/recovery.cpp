#include "simulator/actor/recovery.h"

#include <algorithm>
#include <utility>

namespace claims::storm {
namespace {

constexpr Microseconds kSecond{1'000'000};

using Interval = std::pair<Microseconds, Microseconds>;

/// In order, those that overlap or touch put together.
std::vector<Interval> disturbed(const std::vector<NotedFault>& faults,
                                const std::vector<Outage>& outages) {
  std::vector<Interval> all;
  all.reserve(faults.size() + outages.size());
  for (const NotedFault& fault : faults) all.emplace_back(fault.begin, fault.end);
  for (const Outage& outage : outages) all.emplace_back(outage.begin, outage.end);
  std::sort(all.begin(), all.end());
  std::vector<Interval> merged;
  for (const Interval& one : all) {
    if (!merged.empty() && one.first <= merged.back().second) {
      merged.back().second = std::max(merged.back().second, one.second);
    } else {
      merged.push_back(one);
    }
  }
  return merged;
}

}  // namespace

std::optional<Microseconds> slow_above(const std::vector<ThresholdSpec>& thresholds) {
  std::optional<Microseconds> least;
  for (const ThresholdSpec& spec : thresholds) {
    if (spec.metric != kRecoveryMetric) continue;
    const Microseconds below{spec.recovered_below_ms * 1'000};
    least = least ? std::min(*least, below) : below;
  }
  return least;
}

Microseconds longest_recovery(const std::vector<NotedFault>& faults,
                              const std::vector<Outage>& outages,
                              const std::vector<SlowSecond>& slow, Microseconds began,
                              Microseconds below) {
  const std::vector<Interval> intervals = disturbed(faults, outages);
  Microseconds longest{0};
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    const Microseconds end = intervals[i].second;
    const Microseconds next =
        i + 1 < intervals.size() ? intervals[i + 1].first : Microseconds::max();
    // The last one that was over when the next fault began.
    auto after = std::partition_point(slow.begin(), slow.end(), [&](const SlowSecond& one) {
      return began + (one.second + 1) * kSecond <= next;
    });
    while (after != slow.begin()) {
      const SlowSecond& one = *--after;
      const Microseconds over = began + (one.second + 1) * kSecond;
      if (over <= end) break;
      if (one.delivery_p99 < below) continue;
      longest = std::max(longest, over - end);
      break;
    }
  }
  return longest;
}

}  // namespace claims::storm
