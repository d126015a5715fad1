#pragma once
// The whole country's load (scenarios/country.json), which a scenario's is compared with.
// Estimates.

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/result.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

class Cursor;

struct CountryKind {
  std::string kind;  ///< "inbound"
  LocalText title;
  std::vector<std::string> workflows;  ///< Names of the workflows that are of this kind.
  std::int64_t mean_milli = 0;         ///< Per 1,000 s, over a working day.
  std::int64_t peak_milli = 0;         ///< Per 1,000 s, in the month-end peak hour.
};
struct CountryFigures {
  LocalText basis;
  std::vector<CountryKind> kinds;
};

/// The file beside the scenario file, or in the folder above; empty when there is none.
Result<CountryFigures, std::vector<FileError>> load_country_beside(
    const std::string& scenario_file);
CountryFigures load_country(const Cursor& root);

}  // namespace claims::storm
