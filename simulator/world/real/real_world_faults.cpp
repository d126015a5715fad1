// RealWorld's faults: what the harness can do to its own ends of real connections, and to the
// server that it has started.

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <utility>

#include "simulator/world/real/clock.h"
#include "simulator/world/real/real_world.h"

namespace claims::storm {
namespace {

constexpr unsigned kPublish = 3, kPuback = 4;

bool is_publish_of_qos_1(std::uint8_t first) {
  return first >> 4U == kPublish && (first >> 1U & 3U) == 1;
}

}  // namespace

void RealWorld::play_faults(std::vector<Fault> faults, ServerFaults* server) {
  for (const Fault& fault : faults) {
    assert(happens_in_real_world(fault.kind));
    assert(server != nullptr || !ServerFaults::is_one(fault.kind));
    static_cast<void>(fault);
  }
  plays_faults_ = true;
  going_on_.assign(faults.size(), false);
  faults_ = FaultSchedule(std::move(faults));
  server_faults_ = server;
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
  orphans_.clear();
  for (Link& link : links_) link.cut_armed = false;
  for (Connection& connection : connections_) connection.cut_at = 0;
  carry_out();
}

void RealWorld::begin_fault(const Fault& fault, const Now& now) {
  if (ServerFaults::is_one(fault.kind)) return server_faults_->begin(fault.kind, now);
  for (const ConnectionNumber number : fault.connections) {
    const auto user = static_cast<std::uint32_t>(number);
    switch (fault.kind) {
      case FaultKind::cut:
        cut(user);
        break;
      case FaultKind::cut_after_publish:
        links_[user].cut_armed = true;
        break;
      case FaultKind::takeover:
        abandon(user);
        break;
      case FaultKind::half_open:
        // One that is being opened already is none that anybody could think open.
        if (connections_[user].socket && !connections_[user].connecting) {
          connections_[user].vanishes = true;
          watch(user, EPOLL_CTL_MOD, interest(user));
        }
        break;
      case FaultKind::partition:
        hold_back(user, fault.direction, true);
        break;
      case FaultKind::slow_reader:
        set_unread(user, 1);
        break;
      case FaultKind::repeat:
        repeats_.emplace(now.steady + Microseconds(fault.amount), user);
        break;
      default:
        assert(false && "play_faults() takes what happens in the real world");
    }
  }
}

void RealWorld::end_fault(const Fault& fault, const Now& now) {
  if (ServerFaults::is_one(fault.kind)) {
    server_faults_->end(fault.kind, now);
  } else {
    for (const ConnectionNumber number : fault.connections) {
      const auto user = static_cast<std::uint32_t>(number);
      if (fault.kind == FaultKind::partition) hold_back(user, fault.direction, false);
      if (fault.kind == FaultKind::slow_reader) set_unread(user, -1);
      if (fault.kind == FaultKind::half_open) end_half_open(user);
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

void RealWorld::hold_back(std::uint32_t user, Direction direction, bool begins) {
  if (direction != Direction::to_server) set_unread(user, begins ? 1 : -1);
  if (direction == Direction::to_user) return;
  links_[user].held += begins ? 1 : -1;
  assert(links_[user].held >= 0);
  if (connections_[user].socket && !connections_[user].connecting) write(user, {});
}

/// What comes stays in the kernel, until its window is full.
void RealWorld::set_unread(std::uint32_t user, int change) {
  links_[user].unread += change;
  assert(links_[user].unread >= 0);
  const Connection& connection = connections_[user];
  if (!connection.socket || connection.connecting) return;
  watch(user, EPOLL_CTL_MOD, interest(user));
}

/// Closed with RST: both ends are told at once, and what is under way is lost.
void RealWorld::cut(std::uint32_t user) {
  Connection& connection = connections_[user];
  if (!connection.socket || connection.vanishes) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(connection.socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  if (connection.connecting) return fail(user, ECONNRESET);
  lose(user);
}

/// The user is told that its connection is lost; the server is not.
void RealWorld::abandon(std::uint32_t user) {
  Connection& connection = connections_[user];
  if (!connection.socket || connection.connecting) return;
  connection.vanishes = true;
  lose(user);
}

void RealWorld::end_half_open(std::uint32_t user) {
  if (connections_[user].vanishes) lose(user);
}

/// The server has ended a connection that is half open: the user is not told, and there is nothing
/// to read any more.
void RealWorld::vanish(std::uint32_t user) {
  epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, connections_[user].socket.number(), nullptr);
  connections_[user].socket.reset();
  ++connections_[user].generation;
}

/// Stays open until the server ends it, or the world heals.
void RealWorld::adopt(Descriptor socket) {
  const int number = socket.number();
  if (healed_ || number < 0) return;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = std::uint64_t{kOrphanGeneration} << 32U | static_cast<std::uint32_t>(number);
  if (epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, number, &event) != 0) return;
  orphans_.insert_or_assign(number, std::move(socket));
}

void RealWorld::read_orphan(int descriptor) {
  if (!orphans_.contains(descriptor)) return;
  const ssize_t bytes = ::recv(descriptor, buffer_.get(), kReadBytes, 0);
  if (bytes == 0 || (bytes < 0 && errno != EAGAIN && errno != EINTR)) orphans_.erase(descriptor);
}

void RealWorld::watch_ready() {
  const int descriptor = server_faults_ != nullptr ? server_faults_->ready_descriptor() : -1;
  if (descriptor != watched_ready_ && descriptor >= 0) listen(descriptor, kReadyTag);
  watched_ready_ = descriptor;
}

void RealWorld::note_sent(std::uint32_t user, std::string_view bytes) {
  Connection& connection = connections_[user];
  connection.sent.scan(bytes, [&](std::uint8_t first, std::size_t) {
    if (!is_publish_of_qos_1(first)) return;
    ++connection.publishes;
    if (!std::exchange(links_[user].cut_armed, false)) return;
    connection.cut_at = connection.publishes;
  });
}

/// What the user still gets of this. PUBACKs come in the order of their PUBLISHes.
std::string_view RealWorld::until_cut(Connection& connection, std::string_view bytes,
                                      bool& is_cut) {
  std::size_t end = bytes.size();
  connection.received.scan(bytes, [&](std::uint8_t first, std::size_t offset) {
    if (first >> 4U != kPuback || is_cut) return;
    if (++connection.acknowledged != connection.cut_at) return;
    is_cut = true;
    end = offset;
  });
  return bytes.substr(0, end);
}

}  // namespace claims::storm
