#pragma once
// CPU and memory of both programs, as the result holds them.

#include "protocol/time.h"
#include "reports/result.h"
#include "simulator/world/real/resource_sampler.h"

namespace claims::storm {

/// `server`: null when its process is not known. `began`: steady time of second 0 of the series.
void add_resources(const ResourceSampler& harness, const ResourceSampler* server,
                   Microseconds began, report::RunResult& result);

}  // namespace claims::storm
