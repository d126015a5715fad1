#pragma once
// What load a run put on, by kind of workflow, and where it comes from.

#include "reports/result.h"
#include "simulator/actor/player.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/country_load.h"

namespace claims::storm {

/// Workflows per second that the scenario asks for in its hold phases, of one workflow.
double target_rate(const Scenario& scenario, std::size_t workflow);

/// Fills target_rate, achieved_rate, active_users, workflows, phases and load of the result, whose
/// duration_s is there. A kind of the country is shown when the scenario plays a workflow of it.
void add_load(const Scenario& scenario, const Player& player, const Recorder& recorder,
              const CountryFigures& country, report::RunResult& result);

}  // namespace claims::storm
