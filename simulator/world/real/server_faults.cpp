#include "simulator/world/real/server_faults.h"

#include <fmt/format.h>

#include <cassert>

namespace claims::storm {

void ServerFaults::begin(FaultKind kind, const Now& now) {
  assert(is_one(kind));
  if (lost_) return;
  if (!away_since_) away_since_ = now.steady;
  if (kind == FaultKind::pause) {
    ++pauses_;
    server_.pause();
    return;
  }
  ++crashes_;
  starting_ = false;
  server_.crash();
}

void ServerFaults::end(FaultKind kind, const Now& now) {
  assert(is_one(kind));
  if (lost_) return;
  if (kind == FaultKind::pause) {
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

void ServerFaults::restart(const Now& now) {
  starting_ = true;
  ready_by_ = now.steady + server_.ready_within();
  if (auto begun = server_.restart(); !begun) return lose(begun.error(), now);
  if (pauses_ > 0) server_.pause();
}

void ServerFaults::look(const Now& now) {
  if (!starting_ || lost_) return;
  const auto ready = server_.read_ready();
  if (!ready) return lose(ready.error(), now);
  if (*ready) {
    starting_ = false;
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
  told_.outage({.begin = *away_since_, .end = now.steady});
  away_since_.reset();
}

}  // namespace claims::storm
