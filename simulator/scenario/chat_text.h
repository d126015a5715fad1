#pragma once
// What garages and adjusters write to each other: plain working Korean with much variation, and
// nothing in it that a personal-data filter could take for a number of somebody (MAN-002).

#include <string>

#include "simulator/scenario/expression.h"

namespace claims::storm {

std::string make_garage_text(Random& random);
std::string make_adjuster_text(Random& random);

}  // namespace claims::storm
