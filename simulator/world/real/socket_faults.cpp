// SocketTransport's faults: what the harness can do to its own ends of real connections.

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include "simulator/world/real/socket_transport.h"

namespace claims::storm {
namespace {

constexpr unsigned kPublish = 3, kPuback = 4;

bool is_publish_of_qos_1(std::uint8_t first) {
  return first >> 4U == kPublish && (first >> 1U & 3U) == 1;
}

}  // namespace

bool SocketTransport::carries_out(FaultKind kind) {
  switch (kind) {
    case FaultKind::cut:
    case FaultKind::cut_after_publish:
    case FaultKind::takeover:
    case FaultKind::half_open:
    case FaultKind::partition:
    case FaultKind::slow_reader:
      return true;
    default:
      return false;
  }
}

void SocketTransport::begin(const Fault& fault, std::uint32_t user) {
  switch (fault.kind) {
    case FaultKind::cut:
      return cut(user);
    case FaultKind::cut_after_publish:
      links_[user].cut_armed = true;
      return;
    case FaultKind::takeover:
      return abandon(user);
    case FaultKind::half_open:
      return open_half(user);
    case FaultKind::partition:
      return hold_back(user, fault.direction, true);
    case FaultKind::slow_reader:
      return set_unread(user, 1);
    default:
      assert(false && "not of those that it carries out");
  }
}

void SocketTransport::end(const Fault& fault, std::uint32_t user) {
  if (fault.kind == FaultKind::partition) hold_back(user, fault.direction, false);
  if (fault.kind == FaultKind::slow_reader) set_unread(user, -1);
  if (fault.kind == FaultKind::half_open) end_half_open(user);
}

void SocketTransport::heal() {
  healed_ = true;
  orphans_.clear();
  for (Link& link : links_) link.cut_armed = false;
  for (Connection& connection : connections_) connection.cut_at = 0;
}

void SocketTransport::hold_back(std::uint32_t user, Direction direction, bool begins) {
  if (direction != Direction::to_server) set_unread(user, begins ? 1 : -1);
  if (direction == Direction::to_user) return;
  links_[user].held += begins ? 1 : -1;
  assert(links_[user].held >= 0);
  if (connections_[user].socket && !connections_[user].connecting) send(user, {});
}

/// What comes stays in the kernel, until its window is full.
void SocketTransport::set_unread(std::uint32_t user, int change) {
  links_[user].unread += change;
  assert(links_[user].unread >= 0);
  const Connection& connection = connections_[user];
  if (!connection.socket || connection.connecting) return;
  watch(user, EPOLL_CTL_MOD, interest(user));
}

/// Closed with RST: both ends are told at once, and what is under way is lost.
void SocketTransport::cut(std::uint32_t user) {
  Connection& connection = connections_[user];
  if (!connection.socket || connection.vanishes) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(connection.socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  if (connection.connecting) return fail(user, std::strerror(ECONNRESET));
  lose(user);
}

/// The user is told that its connection is lost; the server is not.
void SocketTransport::abandon(std::uint32_t user) {
  Connection& connection = connections_[user];
  if (!connection.socket || connection.connecting) return;
  connection.vanishes = true;
  lose(user);
}

void SocketTransport::open_half(std::uint32_t user) {
  // One that is being opened already is none that anybody could think open.
  if (!connections_[user].socket || connections_[user].connecting) return;
  connections_[user].vanishes = true;
  watch(user, EPOLL_CTL_MOD, interest(user));
}

void SocketTransport::end_half_open(std::uint32_t user) {
  if (connections_[user].vanishes) lose(user);
}

/// The server has ended a connection that is half open: the user is not told, and there is nothing
/// to read any more.
void SocketTransport::vanish(std::uint32_t user) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, connections_[user].socket.number(), nullptr);
  connections_[user].socket.reset();
  ++connections_[user].generation;
}

/// Stays open until the server ends it, or the world heals.
void SocketTransport::adopt(Descriptor socket) {
  const int number = socket.number();
  if (healed_ || number < 0) return;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = std::uint64_t{kOrphanGeneration} << 32U | static_cast<std::uint32_t>(number);
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, number, &event) != 0) return;
  orphans_.insert_or_assign(number, std::move(socket));
}

void SocketTransport::read_orphan(int descriptor) {
  if (!orphans_.contains(descriptor)) return;
  const ssize_t bytes = ::recv(descriptor, buffer_.get(), kReadBytes, 0);
  if (bytes == 0 || (bytes < 0 && errno != EAGAIN && errno != EINTR)) orphans_.erase(descriptor);
}

void SocketTransport::note_sent(std::uint32_t user, std::string_view bytes) {
  Connection& connection = connections_[user];
  connection.sent.scan(bytes, [&](std::uint8_t first, std::size_t) {
    if (!is_publish_of_qos_1(first)) return;
    ++connection.publishes;
    if (!std::exchange(links_[user].cut_armed, false)) return;
    connection.cut_at = connection.publishes;
  });
}

/// What the user still gets of this. PUBACKs come in the order of their PUBLISHes.
std::string_view SocketTransport::until_cut(Connection& connection, std::string_view bytes,
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
