// VirtualWorld's faults: what begins and ends when, and how it is done.

#include <algorithm>
#include <cassert>

#include "simulator/world/virtual/virtual_world.h"

namespace claims::storm {

/// Faults overlap: what one ends another may still want.
std::uint32_t& VirtualWorld::count_of(const Fault& fault, std::optional<ConnectionNumber> whose) {
  const std::size_t all = population_.connections() + 1;
  const std::size_t which = whose ? static_cast<std::size_t>(*whose) + 1 : 0;
  const auto direction = static_cast<std::size_t>(fault.direction);
  return on_[(static_cast<std::size_t>(fault.kind) * all + which) * 3 + direction];
}

void VirtualWorld::begin_faults() {
  phases_began_ = player_.phases_began();
  const Microseconds length = player_.phases_length();
  faults_ = FaultSchedule(schedule_faults(plan_, population_, length, random_));
  next_fault();
  if (!plan_.empty()) {
    queue_.at(*phases_began_ + length, [this] { heal(); });
  }
}

void VirtualWorld::next_fault() {
  const auto next = faults_.next();
  if (!next) return;
  queue_.at(*phases_began_ + *next, [this] {
    if (healed_) return;
    while (const auto change = faults_.take(queue_.now() - *phases_began_)) {
      const Fault& fault = faults_.faults()[change->fault];
      if (change->begins) {
        begin_fault(fault);
      } else {
        end_fault(fault);
      }
    }
    next_fault();
  });
}

void VirtualWorld::begin_fault(const Fault& fault) {
  LocalText what = describe(fault, population_);
  if (fault.kind == FaultKind::crash) {
    // As when the power fails: a process alone that is killed leaves it to its kernel.
    what.ko += " (디스크에 동기화하지 않은 것은 잃음)";
    what.en += ", losing what it had not synced";
  }
  if (trace_.has_reader()) trace_.note(queue_.now(), what.en);
  player_.note_fault({what, *phases_began_ + fault.begin, *phases_began_ + fault.end});
  begin_server_fault(fault);
  for (const ConnectionNumber connection : fault.connections) {
    if (++count_of(fault, connection) == 1 || fault.begin == fault.end) {
      change_network(fault, connection, true);
    }
  }
}

void VirtualWorld::end_fault(const Fault& fault) {
  if (trace_.has_reader()) trace_.note(queue_.now(), "over: " + describe(fault, population_).en);
  end_server_fault(fault);
  for (const ConnectionNumber connection : fault.connections) {
    if (--count_of(fault, connection) == 0) change_network(fault, connection, false);
  }
}

void VirtualWorld::begin_server_fault(const Fault& fault) {
  const bool first = fault.connections.empty() && ++count_of(fault, std::nullopt) == 1;
  switch (fault.kind) {
    case FaultKind::crash:
      server_.kill();
      break;
    case FaultKind::pause:
      if (first) server_.pause(true);
      break;
    case FaultKind::refuse:
      if (first) network_.refuse_connections(true);
      break;
    case FaultKind::backlog:
      if (first) network_.hold_backlog(true);
      break;
    case FaultKind::disk_slow:
      server_.storage().slow_down(Microseconds(fault.amount));
      break;
    case FaultKind::disk_full:
      if (first) server_.storage().set_full(true);
      break;
    case FaultKind::disk_fails:
      server_.storage().fail_next_sync();
      break;
    case FaultKind::clock_jump:
      server_.jump_clock(Milliseconds(fault.amount));
      break;
    case FaultKind::clock_drift:
      server_.drift_clock(fault.amount);
      break;
    default:
      break;  // It happens to users.
  }
}

void VirtualWorld::end_server_fault(const Fault& fault) {
  const bool last = fault.connections.empty() && --count_of(fault, std::nullopt) == 0;
  if (!last) return;
  switch (fault.kind) {
    case FaultKind::crash:
      server_.start();
      break;
    case FaultKind::pause:
      server_.pause(false);
      break;
    case FaultKind::refuse:
      network_.refuse_connections(false);
      break;
    case FaultKind::backlog:
      network_.hold_backlog(false);
      break;
    case FaultKind::disk_slow:
      server_.storage().slow_down(Microseconds{0});
      break;
    case FaultKind::disk_full:
      server_.storage().set_full(false);
      break;
    case FaultKind::clock_drift:
      server_.drift_clock(0);
      break;
    default:
      break;  // Over when it had happened.
  }
}

void VirtualWorld::change_network(const Fault& fault, ConnectionNumber connection, bool begins) {
  switch (fault.kind) {
    case FaultKind::cut:
      if (begins) network_.cut(connection);
      break;
    case FaultKind::cut_after_publish:
      if (begins) network_.cut_after_publish(connection);
      break;
    case FaultKind::takeover:
      if (begins) network_.lose_user_side(connection);
      break;
    case FaultKind::half_open:
      if (begins) {
        network_.begin_half_open(connection);
      } else {
        network_.end_half_open(connection);
      }
      break;
    case FaultKind::partition:
      hold_back(connection);
      break;
    case FaultKind::clog:
      network_.limit_rate(connection, begins ? fault.amount : 0);
      break;
    case FaultKind::latency:
      network_.add_latency(connection, Microseconds(begins ? fault.amount : 0));
      break;
    case FaultKind::slow_reader:
      network_.stop_reading(connection, begins);
      break;
    case FaultKind::repeat:
      if (!begins) break;
      queue_.in(Microseconds(fault.amount), [this, connection] {
        player_.repeat_command(connection, now());
        after_player();
      });
      break;
    default:
      break;  // It happens to the server.
  }
}

/// Each direction for as long as a partition of it, or of both, is on.
void VirtualWorld::hold_back(ConnectionNumber connection) {
  const auto is_on = [&](Direction direction) {
    return count_of({.kind = FaultKind::partition, .connections = {}, .direction = direction},
                    connection) > 0;
  };
  for (const Direction direction : {Direction::to_server, Direction::to_user}) {
    network_.hold_back(connection, direction, is_on(direction) || is_on(Direction::both));
  }
}

/// The end of all faults: from here on everything must come right.
void VirtualWorld::heal() {
  healed_ = true;
  trace_.note(queue_.now(), "the world heals");
  network_.heal();
  server_.storage().heal();
  server_.drift_clock(0);
  server_.pause(false);
  server_.start();  // Unless it runs.
}

}  // namespace claims::storm
