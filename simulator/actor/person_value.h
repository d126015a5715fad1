#pragma once

#include "simulator/scenario/expression.h"
#include "simulator/scenario/population.h"

namespace claims::storm {

/// A person as expressions see one: `id`, `name`, `role`, `insurer` {`id`, `code`, `name`} (null
/// for a garage).
Value person_value(const Population& population, UserNumber user);

}  // namespace claims::storm
