#pragma once
// Names of people, garages and car models.

#include <string>
#include <string_view>

#include "simulator/scenario/expression.h"

namespace claims::storm {

/// "김민준": surnames as often as in the census.
std::string make_person_name(Random& random);
struct GarageName {
  std::string name;         ///< "수원 한빛자동차공업사"
  std::string_view region;  ///< "경기"; the place in the name lies in it.
};
GarageName make_garage_name(Random& random);
std::string_view draw_car_model(Random& random);

}  // namespace claims::storm
