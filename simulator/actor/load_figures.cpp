#include "simulator/actor/load_figures.h"

#include <algorithm>
#include <cassert>

#include "simulator/actor/run_figures.h"

namespace claims::storm {
namespace {

double to_s(Microseconds time) {
  return static_cast<double>(time.count()) / 1'000'000.0;
}

double per_second(std::int64_t milli) {
  return static_cast<double>(milli) / 1'000.0;
}

void add_workflows(const Scenario& scenario, const Player& player, const Recorder& recorder,
                   report::RunResult& result) {
  assert(player.workflows().size() == scenario.workflows.size());
  const double held_s = to_s(player.held());
  for (std::size_t i = 0; i < scenario.workflows.size(); ++i) {
    const Workflow& workflow = scenario.workflows[i];
    const WorkflowCounts& counts = player.workflows()[i];
    report::WorkflowFigures figures;
    figures.name = workflow.name;
    figures.title = {workflow.title.ko, workflow.title.en};
    figures.target_rate = target_rate(scenario, i);
    if (held_s > 0) figures.achieved_rate = static_cast<double>(counts.started_in_hold) / held_s;
    figures.started = counts.started;
    figures.completed = counts.completed;
    figures.failed = counts.failed;
    const auto latency = recorder.workflows().find(workflow.name);
    if (latency != recorder.workflows().end()) figures.latency_ms = to_latency(latency->second);
    result.target_rate += figures.target_rate;
    result.achieved_rate += figures.achieved_rate;
    result.workflows.push_back(std::move(figures));
  }
}

void add_country(const CountryFigures& country, report::RunResult& result) {
  for (const CountryKind& kind : country.kinds) {
    report::CountryLoad load{.kind = kind.kind,
                             .title = {kind.title.ko, kind.title.en},
                             .mean_rate = per_second(kind.mean_milli),
                             .peak_rate = per_second(kind.peak_milli)};
    bool played = false;
    for (const report::WorkflowFigures& workflow : result.workflows) {
      const auto& names = kind.workflows;
      if (std::find(names.begin(), names.end(), workflow.name) == names.end()) continue;
      played = true;
      load.target_rate += workflow.target_rate;
      load.achieved_rate += workflow.achieved_rate;
    }
    if (played) result.load.country.push_back(std::move(load));
  }
  if (!result.load.country.empty()) result.load.basis = {country.basis.ko, country.basis.en};
}

}  // namespace

double target_rate(const Scenario& scenario, std::size_t workflow) {
  double hold_s = 0;
  for (const Phase& phase : scenario.phases) {
    if (phase.hold) hold_s += to_s(phase.length);
  }
  double rate = 0;
  for (const ArrivalSpec& arrival : scenario.arrivals) {
    if (arrival.workflow != workflow) continue;
    rate += per_second(arrival.rate_milli);
    if (arrival.count > 0 && hold_s > 0) rate += static_cast<double>(arrival.count) / hold_s;
  }
  return rate;
}

void add_load(const Scenario& scenario, const Player& player, const Recorder& recorder,
              const CountryFigures& country, report::RunResult& result) {
  result.active_users = player.active_users();
  for (const Person& person : player.population().people) {
    ++(person.role == chat::Role::garage     ? result.load.garages
       : person.role == chat::Role::adjuster ? result.load.adjusters
                                             : result.load.insurers);
  }
  add_workflows(scenario, player, recorder, result);
  add_country(country, result);
  for (const PhasePlayed& phase : player.phases()) {
    result.phases.push_back({.name = phase.name,
                             .kind = std::string(to_string(phase.phase)),
                             .begin_s = to_s(phase.begin),
                             .end_s = to_s(phase.end)});
  }
}

}  // namespace claims::storm
