#pragma once
// The roles of a workflow: who plays them, and how they are chosen.

#include <vector>

#include "simulator/scenario/document.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// In an order in which they can be chosen.
std::vector<RoleSpec> load_roles(const Cursor& workflow);

}  // namespace claims::storm
