#pragma once
// The service level of a month (requirements, section 3), or of as much of one as was played.
//
// Availability is 1 - outages / period; announced maintenance counts in neither. An outage is a
// time in which no client can get an answer. Whole microseconds throughout: no rounding decides on
// a credit or a grade.

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/time.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

struct ServiceOutage {
  Microseconds begin{0}, end{0};  ///< As it was, with what of it was maintenance.
  Microseconds counted{0};        ///< Without it; what the grade goes by.
  int grade = 0;                  ///< 4, the lightest, to 1.
};

struct ServiceCredit {
  std::string schedule;
  LocalText title;
  std::int64_t percent = 0;
};

struct ServiceLevel {
  Microseconds period{0};       ///< Without maintenance.
  Microseconds maintenance{0};  ///< Within the period.
  Microseconds outage{0};       ///< Of all outages.
  /// Thousandths of a percent, cut off: what is shown as 99.9 % has reached it.
  std::int64_t availability_milli = 100'000;
  std::vector<ServiceOutage> outages;  ///< Ascending and apart; those wholly in maintenance not.
  std::vector<ServiceCredit> credits;  ///< One of each schedule.
  bool redundant = false;
  Microseconds recovery_goal{0};
  Microseconds mean_to_recover{0};  ///< Cut off to a microsecond; 0 without outages.
  Microseconds longest{0};
  bool goal_met = true;  ///< Just the goal meets it.
};

/// Up to half an hour 4, up to an hour 3, up to two 2, longer 1; the bounds belong to the lighter.
int outage_grade(Microseconds counted);

/// Percent of the month's price; `outage` <= `period`.
std::int64_t credit_of(const CreditSchedule& schedule, Microseconds outage, Microseconds period);

/// Times since the period's beginning, in any order; what overlaps or touches is one, what lies
/// outside of the period is left out. `period` is at most limits::kServicePeriodMax.
ServiceLevel service_level(Microseconds period, std::vector<TimeSpan> outages,
                           const ServiceSpec& spec, const std::vector<CreditSchedule>& schedules);

}  // namespace claims::storm
