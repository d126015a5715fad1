#pragma once
// An explicit scenario: one JSON document that has all of a run in it and needs no other file.
//
// Settings, rate and duration are applied, workflows stand in it instead of files, phases and
// arrivals are listed one by one, and faults are those of one seed, each with its time and its
// users. It proves no requirements, as the catalogue of these need not stand beside it.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "protocol/result.h"
#include "simulator/command/simulate_options.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// With the seed it plays as `played` does.
Result<nlohmann::ordered_json, std::string> explicit_scenario(const RunOptions& played,
                                                              std::uint64_t seed);

/// As if it stood in `file`.
Result<Scenario, std::vector<FileError>> load_explicit(const nlohmann::ordered_json& document,
                                                       const std::string& file);

}  // namespace claims::storm
