#pragma once
// CPU and memory of both programs and the machine, as the result holds them.

#include <sys/types.h>

#include <optional>

#include "protocol/time.h"
#include "reports/result.h"
#include "simulator/command/machine_sampler.h"
#include "simulator/world/real/resource_sampler.h"

namespace claims::storm {

/// Everything is read by the time of the call; a server that still runs has its process number.
struct ResourcesUsed {
  const ResourceSampler& harness;
  const ResourceSampler* server = nullptr;  ///< Null when its process is not known.
  std::optional<pid_t> server_process;
  const MachineSampler& machine;
};
/// `began`: steady time of second 0 of the series. Means and peaks of the machine are those of the
/// hold phases when there were any.
void add_resources(const ResourcesUsed& used, Microseconds began, report::RunResult& result);

}  // namespace claims::storm
