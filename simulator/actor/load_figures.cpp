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

/// Of the scenario's rates, on the mean over the hold phases as far as they were played; 0 if none
/// was.
double mean_share(const Scenario& scenario, const std::vector<PhasePlayed>& played) {
  double held_s = 0;
  double share_s = 0;
  std::size_t next = 0;  // Phases are played in the scenario's order.
  for (const PhasePlayed& part : played) {
    if (part.phase != RunPhase::ramp && part.phase != RunPhase::hold) continue;
    const Phase& phase = scenario.phases.at(next++);
    // The loop turn that ends a phase may come late; arrivals end with the phase.
    const double length_s = to_s(std::min(part.end - part.begin, phase.length));
    if (!phase.hold || length_s <= 0) continue;
    const auto from = static_cast<double>(phase.from_permille) / 1'000.0;
    const auto to = static_cast<double>(phase.to_permille) / 1'000.0;
    held_s += length_s;
    share_s += length_s * (from + (to - from) * length_s / (2 * to_s(phase.length)));
  }
  return held_s > 0 ? share_s / held_s : 0;
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
    const LoadTarget target = load_target(scenario, player.phases(), i);
    figures.target_rate = target.rate;
    figures.closed_at_a_time = target.closed_at_a_time;
    if (held_s > 0) {
      figures.achieved_rate = static_cast<double>(counts.open_in_hold) / held_s;
      figures.closed_rate = static_cast<double>(counts.closed_in_hold) / held_s;
    }
    figures.started = counts.started;
    figures.completed = counts.completed;
    figures.failed = counts.failed;
    const auto latency = recorder.workflows().find(workflow.name);
    if (latency != recorder.workflows().end()) figures.latency_ms = to_latency(latency->second);
    result.target_rate += figures.target_rate;
    result.achieved_rate += figures.achieved_rate;
    result.closed_at_a_time += figures.closed_at_a_time;
    result.closed_rate += figures.closed_rate;
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
      load.achieved_rate += workflow.achieved_rate + workflow.closed_rate;
    }
    if (played) result.load.country.push_back(std::move(load));
  }
  if (!result.load.country.empty()) result.load.basis = {country.basis.ko, country.basis.en};
}

}  // namespace

LoadTarget load_target(const Scenario& scenario, const std::vector<PhasePlayed>& played,
                       std::size_t workflow) {
  const double share = mean_share(scenario, played);
  double planned_s = 0;
  for (const Phase& phase : scenario.phases) {
    if (phase.hold) planned_s += to_s(phase.length);
  }
  LoadTarget target;
  for (const ArrivalSpec& arrival : scenario.arrivals) {
    if (arrival.workflow != workflow) continue;
    target.rate += per_second(arrival.rate_milli) * share;
    // Counts are spread evenly, whatever share a phase has.
    if (arrival.count > 0 && share > 0) {
      target.rate += static_cast<double>(arrival.count) / planned_s;
    }
    target.closed_at_a_time += static_cast<double>(arrival.concurrent) * share;
  }
  return target;
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
