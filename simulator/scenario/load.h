#pragma once
// Loading scenario files: schema and meaning errors are all reported at once.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

struct Population;

struct FileError {
  FilePlace place;
  std::string found, allowed;
  bool syntax = false;  ///< No JSON: what else is found may only follow from it.
};
/// "scenarios/a.json:12: /steps/3/role: found "mechanic", allowed: garage, adjuster, insurer"
std::string to_string(const FileError& error);

/// Loads the catalogue of requirements and their clauses (scenarios/requirements.json).
Result<std::vector<RequirementEntry>, std::vector<FileError>> load_requirements(
    const std::string& file);

/// Of `--set key=value`; see variant.h.
struct Setting {
  std::string key, value;
};
/// "scale=x3"; the error says what is allowed.
Result<Setting, std::string> parse_setting(std::string_view text);

/// Loads a scenario file, changed by the settings, and the workflow files that it names (relative
/// to it).
Result<Scenario, std::vector<FileError>> load_scenario(const std::string& file,
                                                       const std::vector<Setting>& settings = {});

/// Loads a file of faults ("claimstorm-faults/1").
Result<FaultPlan, std::vector<FileError>> load_faults(const std::string& file);
/// Users that the scenario's faults name and the population does not have; else where they come to
/// more faults, or to more connections that they happen to, than a run may have.
std::vector<FileError> check_faults(const Scenario& scenario, const Population& population);

/// All that is wrong with a scenario, workflow, fault or catalogue file, told apart by its
/// "format"; of a scenario with the settings, and with each choice of the variants that they leave
/// open.
std::vector<FileError> check_file(const std::string& file,
                                  const std::vector<Setting>& settings = {});

/// Duration text of files and options: "500us", "250ms", "10s", "8m", "4h", "2d".
Result<Microseconds, std::string> parse_duration(std::string_view text);
/// Rate text of files and options, "50/s", "0.8/s", "30/min", "100/h", as ArrivalSpec::rate_milli.
Result<std::int64_t, std::string> parse_rate(std::string_view text);

}  // namespace claims::storm
