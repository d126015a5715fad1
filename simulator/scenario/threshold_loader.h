#pragma once
// "thresholds" of scenario and fault files: what must hold at the end.

#include <string>
#include <vector>

#include "simulator/scenario/document.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// Of a file's root, none when the key is not there. `clauses`: as in load_clause().
std::vector<ThresholdSpec> load_thresholds(const Cursor& root,
                                           const std::vector<std::string>& clauses);

}  // namespace claims::storm
