#pragma once
// The language of faults, in scenario files and in files of their own.

#include "simulator/scenario/document.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// "faults" and "liveness", each where it is there.
void load_faults(const Cursor& root, FaultPlan& plan);
/// A file of the format "claimstorm-faults/1".
FaultPlan load_fault_file(const Cursor& root);

}  // namespace claims::storm
