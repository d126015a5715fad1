#pragma once
// Korean number plates, VINs and the regions that stand on plates, in their stored form.

#include <string>
#include <string_view>

#include "simulator/scenario/expression.h"

namespace claims::storm {

/// Any class that is on the road, as often as one meets it: "123가4567", "12하3456",
/// "서울32바1234", "경기5가1234".
std::string make_plate(Random& random);
/// 17 characters without I, O and Q; for vehicles without a plate.
std::string make_vin(Random& random);
/// One of the 17 regions, by population.
std::string_view draw_region(Random& random);

}  // namespace claims::storm
