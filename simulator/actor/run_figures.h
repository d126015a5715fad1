#pragma once
// The figures of a run as the result model holds them.

#include "reports/result.h"
#include "simulator/actor/player.h"
#include "simulator/check/auditor.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/country_load.h"
#include "simulator/scenario/defect_catalogue.h"

namespace claims::storm {

/// What a run is judged by and compared with, beside its scenario.
struct Catalogues {
  std::vector<DefectEntry> defects;
  CountryFigures country;
};

/// Everything that scenario, player, auditor and recorder know: counts, violations, stories,
/// latencies, time series, rates, thresholds, verdict, requirements, defects. What only the shell
/// knows (target, seed, resources, environment) is left empty.
report::RunResult run_figures(const Scenario& scenario, const Player& player,
                              const Auditor& auditor, const Recorder& recorder, const Now& now,
                              const Catalogues& catalogues = {});

report::Latency to_latency(const Histogram& histogram);

}  // namespace claims::storm
