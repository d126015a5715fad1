// RealWorld's faults: when they happen, and to whom they are passed on.

#include <algorithm>
#include <cassert>
#include <utility>

#include "simulator/world/real/clock.h"
#include "simulator/world/real/real_world.h"

namespace claims::storm {
void RealWorld::play_faults(std::vector<Fault> faults, ServerFaults* server,
                            SocketTransport* sockets) {
  for (const Fault& fault : faults) {
    assert(happens_in_real_world(fault.kind));
    assert(server != nullptr || !ServerFaults::is_one(fault.kind));
    assert(sockets != nullptr || !SocketTransport::carries_out(fault.kind));
    static_cast<void>(fault);
  }
  plays_faults_ = true;
  going_on_.assign(faults.size(), false);
  faults_ = FaultSchedule(std::move(faults));
  server_faults_ = server;
  sockets_ = sockets;
  if (sockets_ != nullptr) sockets_->expect_faults();
}

bool RealWorld::in_phases() const {
  return player_.phase() == RunPhase::ramp || player_.phase() == RunPhase::hold;
}

std::optional<Microseconds> RealWorld::next_fault() const {
  if (!plays_faults_ || healed_ || !in_phases()) return std::nullopt;
  std::optional<Microseconds> next;
  if (const auto change = faults_.next()) next = *player_.phases_began() + *change;
  if (!repeats_.empty()) {
    next = std::min(next.value_or(repeats_.begin()->first), repeats_.begin()->first);
  }
  return next;
}

void RealWorld::play_due_faults(const Now& now) {
  if (server_faults_ != nullptr) server_faults_->look(now);
  if (in_phases()) {
    const Microseconds since = now.steady - *player_.phases_began();
    while (const auto change = faults_.take(since)) {
      const Fault& fault = faults_.faults()[change->fault];
      if (change->begins) {
        begin_fault(fault, now);
      } else {
        end_fault(fault, now);
      }
      going_on_[change->fault] = change->begins;
      watch_ready();
      carry_out();
    }
    repeat_due(now);
  } else if (player_.phases_began()) {
    heal(now);
  }
  watch_ready();
}

/// Everything that goes on is over.
void RealWorld::heal(const Now& now) {
  if (std::exchange(healed_, true)) return;
  for (std::size_t i = 0; i < going_on_.size(); ++i) {
    if (going_on_[i]) end_fault(faults_.faults()[i], now);
  }
  repeats_.clear();
  if (sockets_ != nullptr) sockets_->heal();
  carry_out();
}

void RealWorld::begin_fault(const Fault& fault, const Now& now) {
  if (ServerFaults::is_one(fault.kind)) return server_faults_->begin(fault.kind, now);
  for (const ConnectionNumber number : fault.connections) {
    const auto user = static_cast<std::uint32_t>(number);
    if (fault.kind == FaultKind::repeat) {
      repeats_.emplace(now.steady + Microseconds(fault.amount), user);
    } else {
      sockets_->begin(fault, user);
    }
  }
}

void RealWorld::end_fault(const Fault& fault, const Now& now) {
  if (ServerFaults::is_one(fault.kind)) {
    server_faults_->end(fault.kind, now);
  } else if (SocketTransport::carries_out(fault.kind)) {
    for (const ConnectionNumber number : fault.connections) {
      sockets_->end(fault, static_cast<std::uint32_t>(number));
    }
  }
  Fault happened = fault;  // It may end early, with the phases.
  const Microseconds began = *player_.phases_began();
  happened.end = std::clamp(now.steady - began, fault.begin, fault.end);
  player_.note_fault({.what = describe(happened, player_.population()),
                      .begin = began + happened.begin,
                      .end = began + happened.end});
}

void RealWorld::repeat_due(const Now& now) {
  while (!repeats_.empty() && repeats_.begin()->first <= now.steady) {
    const std::uint32_t user = repeats_.begin()->second;
    repeats_.erase(repeats_.begin());
    player_.repeat_command(ConnectionNumber{user}, now);
    carry_out();
  }
}

void RealWorld::watch_ready() {
  const int descriptor = server_faults_ != nullptr ? server_faults_->ready_descriptor() : -1;
  if (descriptor != watched_ready_ && descriptor >= 0) listen(descriptor, kReadyTag);
  watched_ready_ = descriptor;
}

}  // namespace claims::storm
