#include "simulator/scenario/receipt.h"

#include <fmt/format.h>

#include <array>

namespace claims::storm {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kYears = 7;
constexpr std::uint64_t kFirstYear = 2020;
constexpr std::uint64_t kDays = 365;
constexpr std::uint64_t kSevenDigits = 10'000'000;
constexpr std::uint64_t kEightDigits = 100'000'000;

/// The serial's place among `size` numbers. A seed's numbers are a run that begins where the golden
/// ratio puts it, which keeps seeds 1, 2, 3 … as far apart as can be; then all are scattered by a
/// multiplication that has no factor in common with `size` (a product of 2, 5, 7 and 73).
std::uint64_t place(std::uint64_t seed, std::uint64_t serial, std::uint64_t size) {
  const std::uint64_t turned = seed * 0x9E3779B97F4A7C15;
  const auto begin = static_cast<std::uint64_t>((Wide{turned} * size) >> 64U);
  const std::uint64_t at = (begin + serial % size) % size;
  constexpr std::uint64_t kScatter = 6'700'417;  // Prime.
  return static_cast<std::uint64_t>(Wide{at} * kScatter % size);
}

std::string month_and_day(std::uint64_t day_of_year) {
  constexpr std::array<std::uint64_t, 12> kLengths = {31, 28, 31, 30, 31, 30,
                                                      31, 31, 30, 31, 30, 31};
  std::uint64_t month = 0;
  while (day_of_year >= kLengths[month]) day_of_year -= kLengths[month++];
  return fmt::format("{:02}{:02}", month + 1, day_of_year + 1);
}

}  // namespace

std::string make_receipt(std::uint64_t seed, std::uint64_t serial) {
  const std::uint64_t of_form = serial / 3;
  switch (serial % 3) {
    case 0: {
      const std::uint64_t at = place(seed, of_form, kYears * kSevenDigits);
      return fmt::format("{}-{:07}", kFirstYear + at / kSevenDigits, at % kSevenDigits);
    }
    case 1: {
      const std::uint64_t at = place(seed, of_form, kYears * kEightDigits);
      return fmt::format("{}-{:08}", kFirstYear % 100 + at / kEightDigits, at % kEightDigits);
    }
    default: {
      const std::uint64_t at = place(seed, of_form, kYears * kDays * kSevenDigits);
      const std::uint64_t day = at / kSevenDigits;
      return fmt::format("{}{}-{:07}", kFirstYear % 100 + day / kDays, month_and_day(day % kDays),
                         at % kSevenDigits);
    }
  }
}

}  // namespace claims::storm
