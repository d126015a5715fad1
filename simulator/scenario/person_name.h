#pragma once
// Names of people, garages and car models.

#include <string>
#include <string_view>

#include "simulator/scenario/expression.h"

namespace claims::storm {

/// "김민준": surnames as often as in the census.
std::string make_person_name(Random& random);
/// "수원 한빛자동차공업사"
std::string make_garage_name(Random& random);
std::string_view draw_car_model(Random& random);

}  // namespace claims::storm
