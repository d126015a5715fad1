#pragma once
// Reductions: the ways in which the document of an explicit scenario can be a little smaller.

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocol/time.h"
#include "simulator/command/delta_debugging.h"

namespace claims::storm {

using ScenarioDocument = nlohmann::ordered_json;

class ScenarioReductions {
 public:
  /// With these elements of the list "faults", "arrivals", "phases" or "thresholds" alone; nothing
  /// when that is no scenario.
  std::optional<ScenarioDocument> with_elements(const ScenarioDocument& document,
                                                std::string_view list, const Subset& kept);

  /// JSON pointers to the numbers of "phases", "arrivals" or "population" that can be reduced.
  static std::vector<std::string> numbers(const ScenarioDocument& document, std::string_view part);
  /// With less there, the least first.
  std::vector<ScenarioDocument> with_less(const ScenarioDocument& document,
                                          const std::string& pointer);

 private:
  bool fit(ScenarioDocument& document);
  void fit_faults(ScenarioDocument& document);
  const std::set<std::string>& users_of(const ScenarioDocument& document);

  std::tuple<int, int, int> users_spec_{};
  std::set<std::string> users_;
};

/// Of all phases of an explicit scenario.
Microseconds length_of(const ScenarioDocument& document);

}  // namespace claims::storm
