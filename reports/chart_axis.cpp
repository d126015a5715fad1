#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/chart.h"
#include "reports/html_text.h"

namespace claims::report::chart {
namespace {

constexpr double kMinute = 60, kHour = 3'600;
constexpr double kMinutesFrom = 15 * kMinute, kHoursFrom = 6 * kHour;

/// 1, 2, 2.5 or 5 times a power of ten, at least `least`.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

int decimals_of(double step) {
  constexpr int kMost = 6;
  for (int digits = 0; digits < kMost; ++digits) {
    const double scaled = step * std::pow(10.0, digits);
    if (std::fabs(scaled - std::round(scaled)) < 1e-6 * scaled) return digits;
  }
  return kMost;
}

double unit_seconds(double seconds) {
  return seconds < kMinutesFrom ? 1 : seconds < kHoursFrom ? kMinute : kHour;
}

}  // namespace

std::vector<Tick> round_ticks(double most, int wanted) {
  if (!(most > 0) || !std::isfinite(most)) most = 1;
  const double step = round_step(most / std::max(1, wanted));
  const int digits = decimals_of(step);
  std::vector<Tick> ticks;
  // By a count: sums of 0.1 drift.
  const auto last = static_cast<int>(std::ceil(most / step - 1e-9));
  for (int i = 0; i <= last; ++i) ticks.push_back({i * step, html::decimal(i * step, digits)});
  return ticks;
}

std::vector<Tick> time_ticks(double seconds, int wanted) {
  const double unit = unit_seconds(seconds);
  constexpr std::array<double, 13> kSteps{1, 2, 5, 10, 15, 20, 30, 60, 90, 120, 180, 240, 480};
  const double length = std::max(1.0, seconds / unit);
  double step = kSteps.back();
  for (const double one : kSteps) {
    if (length / one <= wanted) {
      step = one;
      break;
    }
  }
  std::vector<Tick> ticks;
  for (int i = 0; i * step <= length + 1e-9 && ticks.size() < 1'000; ++i) {
    ticks.push_back({i * step * unit, fmt::format("{:.0f}", i * step)});
  }
  return ticks;
}

Text time_unit(double seconds) {
  const double unit = unit_seconds(seconds);
  if (unit == kHour) return {"시간", "h"};
  return unit == kMinute ? Text{"분", "min"} : Text{"초", "s"};
}

}  // namespace claims::report::chart
