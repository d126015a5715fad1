#include "simulator/world/real/server_faults.h"

#include <fmt/format.h>

#include <cassert>
#include <utility>

namespace claims::storm {
namespace {

// An answer takes less than a millisecond.
constexpr Microseconds kLookForAnswer{2'000};
// A write that failed at the last moment shows this late.
constexpr Microseconds kWatchAfter{1'000'000};

}  // namespace

void ServerFaults::begin(FaultKind kind, const Now& now) {
  assert(is_one(kind));
  if (lost_) return;
  if (kind == FaultKind::disk_full) return begin_full(now);
  if (!away_since_) away_since_ = now.steady;
  if (kind == FaultKind::pause) {
    ++pauses_;
    server_.pause();
    return;
  }
  ++crashes_;
  starting_ = unavailable_ = false;
  server_.crash();
}

void ServerFaults::end(FaultKind kind, const Now& now) {
  assert(is_one(kind));
  if (lost_) return;
  if (kind == FaultKind::disk_full) {
    end_full(now);
  } else if (kind == FaultKind::pause) {
    assert(pauses_ > 0);
    if (--pauses_ == 0) {
      server_.go_on();
      ready_by_ = now.steady + server_.ready_within();
    }
  } else {
    assert(crashes_ > 0);
    if (--crashes_ == 0) restart(now);
  }
  settle(now);
}

/// One that is starting is left alone until it has started: it would end, as it should, and then
/// there were nobody to start it again.
void ServerFaults::begin_full(const Now& now) {
  ++full_;
  if (!starting_) server_.fill_disk();
  ask_at_ = now.steady;
}

void ServerFaults::end_full(const Now& now) {
  assert(full_ > 0);
  if (--full_ > 0) return;
  server_.free_disk();
  watch_until_ = now.steady + kWatchAfter;
  if (std::exchange(waits_for_room_, false) && crashes_ == 0) restart(now);
}

void ServerFaults::restart(const Now& now) {
  waits_for_room_ = full_ > 0;
  if (waits_for_room_) return;
  starting_ = true;
  ready_by_ = now.steady + server_.ready_within();
  if (auto begun = server_.restart(); !begun) return lose(begun.error(), now);
  if (pauses_ > 0) server_.pause();
}

bool ServerFaults::watches(const Now& now) const {
  if (lost_ || starting_ || crashes_ > 0 || waits_for_room_) return false;
  return full_ > 0 || unavailable_ || now.steady < watch_until_;
}

std::optional<Microseconds> ServerFaults::next_look() const {
  if (!watches({looked_, {}})) return std::nullopt;
  return probe_.asking() ? looked_ + kLookForAnswer : ask_at_;
}

void ServerFaults::watch_health(const Now& now) {
  looked_ = now.steady;
  const auto health = probe_.look(now);
  if (!watches(now)) return;
  if (health == HealthProbe::Health::unavailable && !unavailable_) {
    unavailable_ = true;
    if (!away_since_) away_since_ = now.steady;
    told_.unavailable(probe_.said(), now);
  } else if (health == HealthProbe::Health::ok && unavailable_) {
    unavailable_ = false;
    settle(now);
  }
  if (probe_.asking() || now.steady < ask_at_) return;
  ask_at_ = now.steady + kAskEvery;
  probe_.ask(server_.http_url(), now);
}

void ServerFaults::look(const Now& now) {
  watch_health(now);
  if (!starting_ || lost_) return;
  const auto ready = server_.read_ready();
  if (!ready) return lose(ready.error(), now);
  if (*ready) {
    starting_ = false;
    if (full_ > 0) server_.fill_disk();
    told_.restarted();
    settle(now);
  } else if (pauses_ == 0 && now.steady >= ready_by_) {
    lose(fmt::format("claimchatd was not ready again within {} ms", server_.ready_within().count()),
         now);
  }
}

void ServerFaults::lose(const std::string& why, const Now& now) {
  lost_ = true;
  told_.not_restarted(why, now);
}

/// The outage is over when nothing is left of any of its causes.
void ServerFaults::settle(const Now& now) {
  if (lost_ || !away_since_ || starting_ || crashes_ > 0 || pauses_ > 0) return;
  if (waits_for_room_ || unavailable_) return;
  told_.outage({.begin = *away_since_, .end = now.steady});
  away_since_.reset();
}

}  // namespace claims::storm
