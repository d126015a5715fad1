#include "simulator/scenario/closed_schedule.h"

#include <algorithm>
#include <cassert>

namespace claims::storm {
namespace {

constexpr Microseconds kSpread{1'000'000};

}  // namespace

ClosedSchedule::ClosedSchedule(std::vector<Phase> phases, std::int64_t concurrent,
                               Microseconds pause)
    : phases_(std::move(phases)), concurrent_(concurrent), pause_(pause) {
  std::int64_t highest = 0;
  for (const Phase& phase : phases_) {
    highest = std::max({highest, phase.from_permille, phase.to_permille});
  }
  const auto places = static_cast<std::uint32_t>((concurrent * highest + 999) / 1'000);
  std::uint32_t at_once = 0;
  while (at_once < places && is_open(at_once, phases_.front(), Microseconds(0))) ++at_once;
  const Microseconds spread = std::min(kSpread, phases_.front().length);
  for (std::uint32_t place = 0; place < places; ++place) {
    const Microseconds from = place < at_once ? spread * place / at_once : Microseconds(0);
    if (const auto at = open_from(place, from)) waiting_.emplace(*at, place);
  }
}

std::optional<ClosedSchedule::Start> ClosedSchedule::next() const {
  if (waiting_.empty()) return std::nullopt;
  return Start{waiting_.begin()->first, waiting_.begin()->second};
}

void ClosedSchedule::begin(const Start& start) {
  [[maybe_unused]] const std::size_t erased = waiting_.erase({start.at, start.place});
  assert(erased == 1);
}

void ClosedSchedule::ended(std::uint32_t place, Microseconds at) {
  // Never at the same moment: a workflow that ends as it begins would stop the clock.
  const Microseconds earliest = at + std::max(pause_, Microseconds(1));
  if (const auto next = open_from(place, earliest)) waiting_.emplace(*next, place);
}

/// Whether the share at that time, of all places, is more than those before this one.
bool ClosedSchedule::is_open(std::uint32_t place, const Phase& phase, Microseconds elapsed) const {
  const Wide length = std::max<std::int64_t>(1, phase.length.count());
  const Wide share = phase.from_permille * length +
                     Wide{phase.to_permille - phase.from_permille} * elapsed.count();
  return share * concurrent_ > Wide{place} * 1'000 * length;
}

std::optional<Microseconds> ClosedSchedule::open_from(std::uint32_t place, Microseconds at) const {
  Microseconds begin{0};
  for (const Phase& phase : phases_) {
    const Microseconds end = begin + phase.length;
    const Microseconds from = std::max(at, begin) - begin;
    const Microseconds last = phase.length - Microseconds(1);
    begin = end;
    if (end <= at || phase.length.count() == 0) continue;
    if (is_open(place, phase, from)) return end - phase.length + from;
    if (!is_open(place, phase, last)) continue;
    // It opens in between, once: the share is linear.
    std::int64_t closed = from.count();
    std::int64_t open = last.count();
    while (open - closed > 1) {
      const std::int64_t middle = closed + (open - closed) / 2;
      (is_open(place, phase, Microseconds(middle)) ? open : closed) = middle;
    }
    return end - phase.length + Microseconds(open);
  }
  return std::nullopt;
}

}  // namespace claims::storm
