#pragma once
// Whether the defects of an earlier system came again in a run.

#include <vector>

#include "reports/result.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/defect_catalogue.h"

namespace claims::storm {

/// From the violations and requirements of the result. A checker proves that a defect did not come
/// only if it had something to check: an event of each type that the entry names was delivered.
/// What nothing proved is not covered, with the reason.
std::vector<report::Defect> defect_outcomes(const std::vector<DefectEntry>& catalogue,
                                            const report::RunResult& result,
                                            const Recorder& recorder);

}  // namespace claims::storm
