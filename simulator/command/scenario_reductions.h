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

  /// With one of its arrivals alone, which has a number of workflows in place of its rate: so few
  /// come by a rate only now and then.
  std::vector<ScenarioDocument> counted(const ScenarioDocument& document);
  /// The whole course of it in less time, the least first: phases, and when faults begin.
  std::vector<ScenarioDocument> sooner(const ScenarioDocument& document);
  /// Without so much of its beginning, most first: phases are shorter, and faults come earlier.
  std::vector<ScenarioDocument> begun_later(const ScenarioDocument& document);
  /// The fault with these of the users that it names alone; nothing when it names none.
  std::optional<ScenarioDocument> with_users(const ScenarioDocument& document, std::size_t fault,
                                             const Subset& kept);

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
