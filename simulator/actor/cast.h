#pragma once
// Cast: which users play the roles of one instance of a workflow.

#include <string>
#include <vector>

#include "protocol/result.h"
#include "simulator/scenario/model.h"
#include "simulator/scenario/population.h"

namespace claims::storm {

/// Whether every role of every workflow finds its user, whatever the draw. The error names the role
/// and how many users it needs.
Result<void, std::string> check_cast(const Scenario& scenario, const Population& population);

/// By role, as in Workflow::roles; all draws from `random`. Only where check_cast() has nothing to
/// say.
std::vector<UserNumber> choose_cast(const Workflow& workflow, const Population& population,
                                    Random random);

}  // namespace claims::storm
