#pragma once
// The service level of a run, as the result model holds it.

#include "reports/result.h"
#include "simulator/actor/player.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// Of the scenario's phases as they were played, when there were outages, when the scenario has
/// "service" or when one of its thresholds is on it. Before the thresholds are checked.
void add_service_level(const Scenario& scenario, const Player& player, report::RunResult& result);

}  // namespace claims::storm
