#pragma once
// Defects that a customer found in an earlier system (scenarios/defects.json), each with what
// proves that it has not come again.

#include <string>
#include <vector>

#include "protocol/result.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

class Cursor;

/// Exactly one of `checkers`, `clauses` and `not_covered` is there.
struct DefectEntry {
  std::string id;  ///< "D-01"
  LocalText title;
  std::vector<std::string> checkers;  ///< As in `violations`: each without any proves it …
  std::vector<std::string> events;    ///< … if an event of each of these types was checked.
  std::vector<std::string> clauses;   ///< Requirement clauses: all of them passed.
  LocalText not_covered;              ///< Why nothing proves it yet.
};

/// The catalogue beside the scenario file, or in the folder above; empty when there is none.
Result<std::vector<DefectEntry>, std::vector<FileError>> load_defects_beside(
    const std::string& scenario_file);
std::vector<DefectEntry> load_defects(const Cursor& root);

}  // namespace claims::storm
