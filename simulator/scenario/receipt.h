#pragma once
// Accident receipt numbers in the three forms that insurers use.

#include <cstdint>
#include <string>

namespace claims::storm {

/// `2024-1234567`, `24-01234567` or `240501-1234567`. Two serials of a seed never give the same
/// one; two seeds share none as long as their runs draw fewer than about 90 million divided by the
/// number of seeds in use.
std::string make_receipt(std::uint64_t seed, std::uint64_t serial);

}  // namespace claims::storm
