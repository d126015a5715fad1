#pragma once

#include <string>
#include <string_view>

#include "reference-server/net/process_usage.h"
#include "reference-server/net/server_snapshot.h"

namespace claims::server {

/// The body of /healthz.
std::string health_json(const ServerSnapshot& snapshot);
/// The same when there is no snapshot.
std::string unhealthy_json(std::string_view reason);
/// The body of /metrics: Prometheus' text format 0.0.4.
std::string metrics_text(const ServerSnapshot& snapshot, const ProcessUsage& usage);

}  // namespace claims::server
