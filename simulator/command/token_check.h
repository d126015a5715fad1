#pragma once
// Whether the tokens of a population that was made before hold as long as the run.

#include <string>

#include "protocol/result.h"
#include "protocol/time.h"
#include "simulator/scenario/model.h"
#include "simulator/scenario/population.h"

namespace claims::storm {

/// A server ends a session with its token (0x87): in the middle of a run that would look like a
/// fault of the server's. `folder`: the population's; `began`: wall time. The error says so in
/// Korean and in English, a line each.
Result<void, std::string> check_tokens(const Population& population, const std::string& folder,
                                       const Scenario& scenario, Milliseconds began);

}  // namespace claims::storm
