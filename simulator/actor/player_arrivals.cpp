// Player's arrivals: which workflow begins next, open or closed, and its beginning.

#include <utility>

#include "simulator/actor/cast.h"
#include "simulator/actor/player.h"

namespace claims::storm {
namespace {

// Streams of the run's random source; see player.cpp for its others.
constexpr std::uint64_t kInstanceStream = 3'000'000;
constexpr std::uint64_t kCastStream = 2;  // Of an instance; see WorkflowInstance for its others.

}  // namespace

void Player::add_arrival(const ArrivalSpec& spec, Random random) {
  if (spec.concurrent > 0) {
    const Microseconds pause = spec.pause / scenario_.time_scale;
    closed_.push_back({spec.workflow, ClosedSchedule(scenario_.phases, spec.concurrent, pause)});
    return;
  }
  Arrival arrival{spec.workflow, ArrivalSchedule(scenario_.phases, spec, random), std::nullopt};
  arrival.next = arrival.schedule.next();
  arrivals_.push_back(std::move(arrival));
}

Player::Arrival* Player::next_arrival() {
  Arrival* first = nullptr;
  for (Arrival& arrival : arrivals_) {
    if (arrival.next && (first == nullptr || *arrival.next < *first->next)) first = &arrival;
  }
  return first;
}

void Player::start_due_workflows(const Turn& turn) {
  while (phase_ == RunPhase::ramp || phase_ == RunPhase::hold) {
    Arrival* arrival = next_arrival();
    Closed* closed = next_closed();
    if (arrival != nullptr && closed != nullptr) {
      // An open one first, if they are due together.
      if (closed->schedule.next()->at < *arrival->next) arrival = nullptr;
    }
    if (arrival != nullptr) {
      const Microseconds at = phases_start_ + *arrival->next;
      if (at > turn.handled) return;
      arrival->next = arrival->schedule.next();
      start_workflow(arrival->workflow, at, std::nullopt, turn);
      continue;
    }
    if (closed == nullptr) return;
    const ClosedSchedule::Start start = *closed->schedule.next();
    if (phases_start_ + start.at > turn.handled) return;
    closed->schedule.begin(start);
    const auto index = static_cast<std::size_t>(closed - closed_.data());
    start_workflow(closed->workflow, phases_start_ + start.at, ClosedPlace{index, start.place},
                   turn);
  }
}

Player::Closed* Player::next_closed() {
  Closed* first = nullptr;
  for (Closed& closed : closed_) {
    const auto next = closed.schedule.next();
    if (next && (first == nullptr || next->at < first->schedule.next()->at)) first = &closed;
  }
  return first;
}

void Player::start_workflow(std::size_t workflow, Microseconds arrival,
                            std::optional<ClosedPlace> place, const Turn& turn) {
  const InstanceNumber number{++instances_};
  if (place) places_.emplace(number, *place);
  const Random random = random_.split(kInstanceStream).split(instances_);
  recorder_.count_workflow_started(place.has_value(), turn.handled);
  WorkflowCounts& counts = counts_[workflow];
  ++counts.started;
  if (in_hold(arrival)) ++(place ? counts.closed_in_hold : counts.open_in_hold);
  auto instance = std::make_unique<WorkflowInstance>(
      stage_, plans_[workflow], number,
      choose_cast(scenario_.workflows[workflow], stage_.population, random.split(kCastStream),
                  set_aside_used_),
      arrival, random);
  set_aside_used_ += set_aside_roles(scenario_.workflows[workflow]);
  WorkflowInstance& started = *instance;
  open_.emplace(number, std::move(instance));
  started.start(turn);
  reap(started, turn);
}

}  // namespace claims::storm
