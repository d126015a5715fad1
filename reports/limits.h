#pragma once
// Every bound that reports keep.

#include <cstddef>

namespace claims::report::limits {

/// A result file that is read: a day of seconds, each a line of some 600 bytes, fits in it twice.
inline constexpr std::size_t kResultBytesMax = std::size_t{128} << 20U;
inline constexpr std::size_t kResultDepthMax = 16;
/// Of any list or object in it but the seconds.
inline constexpr std::size_t kElementsMax = 10'000;
inline constexpr std::size_t kSecondsMax = 200'000;
inline constexpr std::size_t kOutagesMax = 1'000;
inline constexpr std::size_t kErrorsToldMax = 20;

/// Points of a line in a picture; more seconds than that share one.
inline constexpr std::size_t kChartPointsMax = 360;

}  // namespace claims::report::limits
