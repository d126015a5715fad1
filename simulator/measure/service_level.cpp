#include "simulator/measure/service_level.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "simulator/limits.h"

namespace claims::storm {
namespace {

constexpr std::int64_t kWhole = 100'000;  // 100 % in thousandths of a percent.
constexpr Microseconds kMinute{60'000'000};
constexpr Microseconds kGoalOfOne = 60 * kMinute, kGoalOfSeveral = 30 * kMinute;

/// Within [0, period), ascending, apart, none empty.
std::vector<TimeSpan> merged(std::vector<TimeSpan> spans, Microseconds period) {
  std::sort(spans.begin(), spans.end(),
            [](const TimeSpan& a, const TimeSpan& b) { return a.begin < b.begin; });
  std::vector<TimeSpan> apart;
  for (TimeSpan span : spans) {
    span.begin = std::max(span.begin, Microseconds(0));
    span.end = std::min(span.end, period);
    if (span.begin >= span.end) continue;
    if (!apart.empty() && span.begin <= apart.back().end) {
      apart.back().end = std::max(apart.back().end, span.end);
    } else {
      apart.push_back(span);
    }
  }
  return apart;
}

/// How much of `span` lies in `others`, which are apart.
Microseconds overlap(const TimeSpan& span, const std::vector<TimeSpan>& others) {
  Microseconds shared{0};
  for (const TimeSpan& other : others) {
    const Microseconds begin = std::max(span.begin, other.begin);
    const Microseconds end = std::min(span.end, other.end);
    if (begin < end) shared += end - begin;
  }
  return shared;
}

}  // namespace

int outage_grade(Microseconds counted) {
  if (counted <= 30 * kMinute) return 4;
  if (counted <= 60 * kMinute) return 3;
  return counted <= 120 * kMinute ? 2 : 1;
}

std::int64_t credit_of(const CreditSchedule& schedule, Microseconds outage, Microseconds period) {
  assert(outage <= period && period <= limits::kServicePeriodMax);
  std::int64_t percent = 0;
  for (const CreditSchedule::Band& band : schedule.bands) {
    // Availability < bound, without the division.
    if ((period - outage).count() * kWhole >= band.below_milli * period.count()) break;
    percent = band.credit_percent;
  }
  return percent;
}

ServiceLevel service_level(Microseconds period, std::vector<TimeSpan> outages,
                           const ServiceSpec& spec, const std::vector<CreditSchedule>& schedules) {
  assert(period.count() >= 0 && period <= limits::kServicePeriodMax);
  ServiceLevel level;
  level.redundant = spec.redundant;
  level.recovery_goal = spec.redundant ? kGoalOfSeveral : kGoalOfOne;
  const std::vector<TimeSpan> maintenance = merged(spec.maintenance, period);
  level.maintenance = overlap({Microseconds(0), period}, maintenance);
  level.period = period - level.maintenance;
  for (const TimeSpan& outage : merged(std::move(outages), period)) {
    const Microseconds counted = outage.end - outage.begin - overlap(outage, maintenance);
    if (counted.count() == 0) continue;
    level.outages.push_back({outage.begin, outage.end, counted, outage_grade(counted)});
    level.outage += counted;
    level.longest = std::max(level.longest, counted);
  }
  if (level.period.count() > 0) {
    level.availability_milli =
        (level.period - level.outage).count() * kWhole / level.period.count();
  }
  for (const CreditSchedule& schedule : schedules) {
    level.credits.push_back(
        {schedule.name, schedule.title, credit_of(schedule, level.outage, level.period)});
  }
  const auto count = static_cast<std::int64_t>(level.outages.size());
  if (count > 0) level.mean_to_recover = level.outage / count;
  level.goal_met = level.outage <= count * level.recovery_goal;
  return level;
}

}  // namespace claims::storm
