#include "simulator/actor/service_figures.h"

#include <algorithm>
#include <vector>

#include "reports/limits.h"
#include "simulator/measure/service_level.h"

namespace claims::storm {
namespace {

double to_s(Microseconds time) {
  return static_cast<double>(time.count()) / 1'000'000.0;
}

bool wanted(const Scenario& scenario, const Player& player) {
  return scenario.service || !player.outages().empty() ||
         std::any_of(scenario.thresholds.begin(), scenario.thresholds.end(),
                     [](const ThresholdSpec& one) { return one.metric.starts_with("service."); });
}

/// From the first of the scenario's phases to the end of the last that was played, since start().
TimeSpan played(const Player& player) {
  TimeSpan span;
  bool any = false;
  for (const PhasePlayed& phase : player.phases()) {
    if (phase.phase != RunPhase::ramp && phase.phase != RunPhase::hold) continue;
    if (!any) span.begin = phase.begin;
    any = true;
    span.end = phase.end;
  }
  return span;
}

}  // namespace

void add_service_level(const Scenario& scenario, const Player& player, report::RunResult& result) {
  const TimeSpan month = played(player);
  if (month.begin >= month.end || !wanted(scenario, player)) return;
  std::vector<TimeSpan> outages;
  const Microseconds began = player.began() + month.begin;
  for (const Outage& outage : player.outages()) {
    outages.push_back({outage.begin - began, outage.end - began});
  }
  const ServiceLevel level =
      service_level(month.end - month.begin, std::move(outages),
                    scenario.service.value_or(ServiceSpec{}), scenario.credit_schedules);
  report::ServiceLevel& service = result.service.emplace();
  service.period_s = to_s(level.period);
  service.maintenance_s = to_s(level.maintenance);
  service.outage_s = to_s(level.outage);
  service.availability_percent = static_cast<double>(level.availability_milli) / 1'000.0;
  service.outage_count = level.outages.size();
  for (const ServiceOutage& outage : level.outages) {
    if (service.outages.size() >= report::limits::kOutagesMax) break;
    service.outages.push_back(
        {to_s(outage.begin), to_s(outage.end), to_s(outage.counted), outage.grade});
  }
  for (const ServiceCredit& credit : level.credits) {
    service.credits.push_back(
        {credit.schedule, {credit.title.ko, credit.title.en}, credit.percent});
  }
  service.architecture = level.redundant ? "redundant" : "single";
  service.mean_to_recover_s = to_s(level.mean_to_recover);
  service.longest_s = to_s(level.longest);
  service.recovery_goal_s = to_s(level.recovery_goal);
  service.goal_met = level.goal_met;
}

}  // namespace claims::storm
