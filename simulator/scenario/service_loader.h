#pragma once
// The service level that a scenario asks for, and the credit schedules that stand beside it.

#include <optional>
#include <string>
#include <vector>

#include "protocol/result.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

class Cursor;

/// The member "service" of a scenario: {"architecture": "redundant", "maintenance": [{"at": "3d",
/// "lasts": "2h"}]}; nothing when it is not there.
std::optional<ServiceSpec> load_service(const Cursor& scenario);

/// A file of the format claimstorm-service-levels/1.
std::vector<CreditSchedule> load_service_levels(const Cursor& root);
/// service-levels.json beside the scenario file, or in the folder above; empty when there is none.
Result<std::vector<CreditSchedule>, std::vector<FileError>> load_service_levels_beside(
    const std::string& scenario_file);

}  // namespace claims::storm
