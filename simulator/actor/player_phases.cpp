// Player's way through a run: connecting, the scenario's phases, drain, final reading, end.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "simulator/actor/player.h"
#include "simulator/actor/recovery.h"
#include "simulator/check/open_topics_checker.h"
#include "simulator/limits.h"

namespace claims::storm {
namespace {

/// So many failures before anybody was connected: nothing is there.
constexpr std::uint64_t kOpenFailuresMax = 20;
constexpr Microseconds kDrainMax{30'000'000};
/// Between looks at whether the drain is over, and how long nothing may have come by then.
constexpr Microseconds kDrainCheck{50'000}, kQuiet{250'000};

}  // namespace

std::string_view to_string(RunPhase phase) {
  constexpr std::array<std::string_view, 6> kNames{"connecting", "ramp",    "hold",
                                                   "drain",      "reading", "done"};
  return kNames.at(static_cast<std::size_t>(phase));
}

void Player::note_outage(const Outage& outage) {
  outages_.push_back(outage);
  ++shared_.server_restarts;
  auditor_.server_restarted();
}

void Player::expect_faults(Microseconds liveness) {
  liveness_ = liveness;
  shared_.patient = true;
  stage_.patient = true;
  auditor_.expect_repeats();
  if (const auto above = slow_above(scenario_.faults.thresholds)) {
    recorder_.keep_slow_seconds(*above);
  }
}

void Player::end_open_topics(const WorkflowInstance& instance) {
  if (!instance.plan().uses_open_topics()) return;
  auditor_.open_topics().end(static_cast<std::uint64_t>(instance.number()));
}

std::optional<Microseconds> Player::phases_began() const {
  if (phase_ == RunPhase::connecting) return std::nullopt;
  return phases_start_;
}

Microseconds Player::phases_length() const {
  Microseconds length{0};
  for (const Phase& phase : scenario_.phases) length += phase.length;
  return length;
}

void Player::move_on(const Turn& turn) {
  if (phase_ == RunPhase::done) return;
  if (stage_.seed_used) {
    end_run(End::seed_used, *stage_.seed_used, turn);
    return;
  }
  if (end_ == End::refused) {
    end_run(End::refused, end_reason_, turn);
    return;
  }
  if (phase_ == RunPhase::connecting) {
    // Where faults come, everybody must know first where it stands in its stream.
    if (connected_ == users_.size() && (!liveness_ || all_settled_down())) {
      begin_phases(turn);
    } else if (turn.handled >= deadline_ ||
               (ever_connected_ == 0 && (open_failures_ >= kOpenFailuresMax ||
                                         turn.handled >= start_ + limits::kConnectTimeout))) {
      end_run(End::unreachable,
              {fmt::format("연결 {}개 중 {}개만 됨{}{}", users_.size(), connected_,
                           last_failure_.empty() ? "" : "; 마지막 시도: ", last_failure_),
               fmt::format("{} of {} connections could be made{}{}", connected_, users_.size(),
                           last_failure_.empty() ? "" : "; the last attempt: ", last_failure_)},
              turn);
    }
    return;
  }
  while ((phase_ == RunPhase::ramp || phase_ == RunPhase::hold) && phase_end_ <= turn.handled) {
    if (phase_ == RunPhase::hold) held_ += scenario_.phases[scenario_phase_].length;
    if (++scenario_phase_ == scenario_.phases.size()) {
      begin_drain(turn);
    } else {
      const auto& next = scenario_.phases[scenario_phase_];
      phase_end_ += next.length;
      enter(next.hold ? RunPhase::hold : RunPhase::ramp, phase_end_ - next.length);
    }
  }
  if (phase_ == RunPhase::drain && check_at_ <= turn.handled) {
    check_at_ = turn.handled + kDrainCheck;
    if (drained(turn) || deadline_ <= turn.handled) end_drain(turn);
  }
  if (phase_ == RunPhase::reading) {
    if (reading_.finished() != rooms_read_before_) {
      rooms_read_before_ = reading_.finished();
      deadline_ = turn.handled + limits::kReplyTimeout;
    }
    if (deadline_ <= turn.handled) reading_.give_up();
    if (!reading_.done()) reading_.go_on(turn);
    if (reading_.done()) finish(turn);
  }
}

void Player::begin_phases(const Turn& turn) {
  assert(!scenario_.phases.empty());
  phases_start_ = turn.handled;
  Microseconds begin = phases_start_;
  std::optional<Microseconds> hold;  // Holds that follow each other, as those of a curve, are one.
  for (const Phase& phase : scenario_.phases) {
    if (phase.hold && !hold) hold = begin;
    if (!phase.hold && hold) recorder_.hold(*std::exchange(hold, std::nullopt), begin);
    begin += phase.length;
  }
  if (hold) recorder_.hold(*hold, begin);
  enter(scenario_.phases[0].hold ? RunPhase::hold : RunPhase::ramp, phases_start_);
  phase_end_ = phases_start_ + scenario_.phases[0].length;
}

void Player::enter(RunPhase phase, Microseconds at) {
  phase_ = phase;
  stage_.holding = phase == RunPhase::hold;
  if (!played_.empty()) played_.back().end = at - start_;
  if (phase == RunPhase::done) return;
  const bool named = phase == RunPhase::ramp || phase == RunPhase::hold;
  played_.push_back({.phase = phase,
                     .name = named ? scenario_.phases[scenario_phase_].name : std::string(),
                     .begin = at - start_,
                     .end = at - start_});
}

std::uint64_t Player::active_users() const {
  return static_cast<std::uint64_t>(
      std::count(stage_.active_users.begin(), stage_.active_users.end(), true));
}

bool Player::in_hold(Microseconds at) const {
  Microseconds end = phases_start_;
  for (const Phase& phase : scenario_.phases) {
    end += phase.length;
    if (at < end) return phase.hold;
  }
  return false;
}

/// The run does not play the rest of a hold phase.
void Player::end_hold(Microseconds at) {
  if (phase_ != RunPhase::hold) return;
  held_ += at - (phase_end_ - scenario_.phases[scenario_phase_].length);
}

void Player::begin_drain(const Turn& turn) {
  enter(RunPhase::drain, turn.handled);
  deadline_ = turn.handled + liveness_.value_or(std::min(scenario_.drain, kDrainMax));
  check_at_ = turn.handled;
  // Who has retired is refused still, whatever went wrong since then.
  for (const auto& user : users_) {
    if (auditor_.may_have_retired(user->session())) user->knock(turn);
  }
  if (!liveness_) return;
  // A connection that died in silence must be noticed by those too who only wait for events.
  for (const auto& user : users_) user->probe(turn);
}

bool Player::all_settled_down() const {
  return std::all_of(users_.begin(), users_.end(),
                     [](const auto& user) { return user->settled_down(); });
}

std::size_t Player::in_service() const {
  const auto gone = std::count_if(users_.begin(), users_.end(), [](const auto& user) {
    return user->state() == VirtualUser::State::gone;
  });
  return users_.size() - static_cast<std::size_t>(gone);
}

/// Everybody who has retired was turned away.
bool Player::retired_are_gone() const {
  return std::all_of(users_.begin(), users_.end(), [&](const auto& user) {
    return user->state() == VirtualUser::State::gone || !auditor_.has_retired(user->session());
  });
}

/// No workflow is open, nothing outstanding, everything delivered that must be, as far as is known.
bool Player::drained(const Turn& turn) const {
  if (!open_.empty() || turn.handled < last_input_ + kQuiet) return false;
  if (crash_ == Crash::due) return false;
  if (crash_ == Crash::happened) {  // Everybody was thrown out, and is back.
    const std::size_t users = in_service();
    const bool all_lost = connections_lost_ - lost_before_crash_ >= users;
    if (!all_lost || connected_ < users) return false;
  }
  if (liveness_ && !all_settled_down()) return false;
  if (!retired_are_gone()) return false;
  const bool waiting = std::any_of(users_.begin(), users_.end(),
                                   [](const auto& user) { return user->outstanding() > 0; });
  return !waiting && auditor_.counts().deliveries >= auditor_.counts().deliveries_expected;
}

/// What is still open now was not answered, or not told, since the faults were over; nor was who is
/// away let in again.
void Player::end_patience(const Turn& turn) {
  if (!liveness_) return;
  for (const auto& user : users_) {
    if (!user->ready()) auditor_.stayed_away(user->session());
  }
  std::vector<InstanceNumber> open;
  open.reserve(open_.size());
  for (const auto& [number, instance] : open_) open.push_back(number);
  for (const InstanceNumber number : open) {
    WorkflowInstance& instance = *find_instance(number);
    instance.end_patience(turn);
    reap(instance, turn);
  }
}

/// Nobody goes on with the workflows that are still open.
void Player::let_go(const Turn& turn) {
  for (const auto& [number, instance] : open_) {
    instance->abandon(turn);
    end_open_topics(*instance);
  }
  open_.clear();
  places_.clear();
}

void Player::end_drain(const Turn& turn) {
  end_patience(turn);
  if (!open_.empty()) {
    // What they did while the history is read would be told and stand in no history. What is under
    // way must arrive first.
    let_go(turn);
    deadline_ = turn.handled + limits::kReplyTimeout;
    return;
  }
  if (crash_ != Crash::wanted) {
    begin_reading(turn);
    return;
  }
  crash_ = Crash::due;
  lost_before_crash_ = connections_lost_;
  deadline_ = turn.handled + kDrainMax;
}

void Player::begin_reading(const Turn& turn) {
  enter(RunPhase::reading, turn.handled);
  deadline_ = turn.handled + limits::kReplyTimeout;
  reading_.start(turn);
}

void Player::finish(const Turn& turn) {
  auditor_.finish(Now{turn.handled, turn.begin.wall});
  end_run(End::finished, {}, turn);
}

void Player::end_run(End end, LocalText reason, const Turn& turn) {
  end_ = end;
  end_reason_ = std::move(reason);
  enter(RunPhase::done, turn.handled);
  let_go(turn);
  for (const auto& user : users_) user->leave(turn);
  recorder_.advance(turn.handled);
}

std::optional<Microseconds> Player::next_deadline() const {
  if (phase_ == RunPhase::done) return std::nullopt;
  std::optional<Microseconds> next = deadlines_.next();
  const auto add = [&](Microseconds at) { next = next ? std::min(*next, at) : at; };
  if (phase_ == RunPhase::connecting) {
    add(deadline_);
    if (ever_connected_ == 0) add(start_ + limits::kConnectTimeout);
    if (next_connect_ < users_.size()) {
      add(start_ + Microseconds(static_cast<std::int64_t>(next_connect_) * 1'000'000 /
                                std::max<std::int64_t>(1, scenario_.connects_per_second)));
    }
  } else if (phase_ == RunPhase::ramp || phase_ == RunPhase::hold) {
    add(phase_end_);
    for (const Arrival& arrival : arrivals_) {
      if (arrival.next) add(phases_start_ + *arrival.next);
    }
    for (const Closed& closed : closed_) {
      if (const auto next = closed.schedule.next()) add(phases_start_ + next->at);
    }
  } else if (phase_ == RunPhase::drain) {
    add(std::min(check_at_, deadline_));
  } else {
    add(deadline_);
  }
  return next;
}

/// The scenario's rate at this moment, and what began in the last whole second.
void Player::add_rates(const Now& now, Progress& progress) const {
  if (phase_ != RunPhase::ramp && phase_ != RunPhase::hold) return;
  progress.phase_left = std::max(Microseconds{0}, phase_end_ - now.steady);
  if (const auto& last = recorder_.last_second()) {
    progress.closed_milli = static_cast<std::int64_t>(last->workflows_closed) * 1'000;
    progress.rate_milli =
        static_cast<std::int64_t>(last->workflows_started) * 1'000 - progress.closed_milli;
  }
  const Phase& phase = scenario_.phases[scenario_phase_];
  std::int64_t full = 0;
  for (const ArrivalSpec& arrival : scenario_.arrivals) full += arrival.rate_milli;
  const std::int64_t length = std::max<std::int64_t>(1, phase.length.count() / 1'000);
  const std::int64_t played =
      std::clamp<std::int64_t>(length - progress.phase_left.count() / 1'000, 0, length);
  const std::int64_t permille =
      phase.from_permille + (phase.to_permille - phase.from_permille) * played / length;
  progress.target_milli = full * permille / 1'000;
  if (!phase.hold) return;
  // Counts are spread evenly over the hold phases, whatever rate these have.
  std::int64_t held_ms = 0;
  for (const Phase& one : scenario_.phases) {
    if (one.hold) held_ms += one.length.count() / 1'000;
  }
  for (const ArrivalSpec& arrival : scenario_.arrivals) {
    progress.target_milli += arrival.count * 1'000'000 / std::max<std::int64_t>(1, held_ms);
  }
}

Progress Player::progress(const Now& now) const {
  Progress progress;
  progress.phase = phase_;
  if (phase_ == RunPhase::ramp || phase_ == RunPhase::hold) {
    progress.phase_name = scenario_.phases[scenario_phase_].name;
  }
  progress.elapsed = now.steady - start_;
  progress.users = stage_.population.people.size();
  progress.connections = users_.size();
  progress.connected = connected_;
  progress.started = instances_;
  progress.completed = completed_;
  progress.failed = failed_;
  progress.open = open_.size();
  progress.connections_lost = connections_lost_;
  progress.violations = auditor_.violations_total() + outcomes_.failures();
  progress.rooms = reading_.rooms();
  progress.rooms_read = reading_.finished();
  progress.delivery_p99 = recorder_.recent_delivery_p99();
  progress.errors = auditor_.counts().error_replies;
  add_rates(now, progress);
  return progress;
}

}  // namespace claims::storm
