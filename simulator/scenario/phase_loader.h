#pragma once
// The phases of a scenario.

#include <vector>

#include "simulator/scenario/document.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// A spike is a hold at another share; a curve is as many holds as it has pieces.
std::vector<Phase> load_phases(const Cursor& scenario);

}  // namespace claims::storm
