#pragma once
// What load a run put on, by kind of workflow, and where it comes from.

#include "reports/result.h"
#include "simulator/actor/player.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/country_load.h"

namespace claims::storm {

/// What the scenario asks for in its hold phases, as far as these were played, of one workflow.
struct LoadTarget {
  double rate = 0;              ///< Open arrivals per second, on the mean.
  double closed_at_a_time = 0;  ///< Workflows that closed arrivals keep open, on the mean.
};
LoadTarget load_target(const Scenario& scenario, const std::vector<PhasePlayed>& played,
                       std::size_t workflow);

/// Fills the rates, active_users, workflows, phases and load of the result. A kind of the country
/// is shown when the scenario plays a workflow of it.
void add_load(const Scenario& scenario, const Player& player, const Recorder& recorder,
              const CountryFigures& country, report::RunResult& result);

}  // namespace claims::storm
