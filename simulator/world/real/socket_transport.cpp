#include "simulator/world/real/socket_transport.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include "simulator/world/real/clock.h"

namespace claims::storm {
namespace {

/// A user whose bytes the network does not take is lost: none has this much to say.
constexpr std::size_t kUnwrittenBytesMax = 1024 * 1024;

std::uint64_t tag_of(std::uint32_t user, std::uint32_t generation) {
  return (std::uint64_t{generation} << 32U) | user;
}

/// Why connect() did not begin.
std::string connect_error(int error) {
  std::string text = std::strerror(error);
  if (error == EADDRNOTAVAIL) {
    text += ": this source address has no port left (net.ipv4.ip_local_port_range)";
  }
  return text;
}

}  // namespace

SocketTransport::SocketTransport(Player& player, const TargetAddress& target, std::size_t users,
                                 SourceAddresses sources)
    : player_(player),
      target_(target),
      sources_(sources),
      connections_(users),
      buffer_(std::make_unique<char[]>(kReadBytes)),
      links_(users) {}

bool SocketTransport::handle(std::uint64_t tag, std::uint32_t events, const Now& begin) {
  if (tag >> 32U == kOrphanGeneration) {
    read_orphan(static_cast<int>(tag & ~0U));
    return false;
  }
  const auto user = static_cast<std::uint32_t>(tag);
  Connection& connection = connections_[user];
  if (!connection.socket || tag != tag_of(user, connection.generation)) return false;
  if (connection.connecting) {
    finish_connect(user);
    return false;
  }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(user, begin);
  const bool still = connection.socket && tag == tag_of(user, connection.generation);
  if (still && (events & EPOLLOUT) != 0) send(user, {});
  return false;
}

void SocketTransport::open(std::uint32_t user) {
  Connection& connection = connections_[user];
  close(connection);
  connection.socket = Descriptor(
      ::socket(target_.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!connection.socket) return fail(user, std::strerror(errno));
  const int on = 1;
  setsockopt(connection.socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (const int error = sources_.bind(connection.socket.number(), user); error != 0) {
    return fail(user, fmt::format("cannot connect from {}: {}", sources_.address_of(user),
                                  std::strerror(error)));
  }
  const auto* address = reinterpret_cast<const sockaddr*>(&target_.address);
  const int result = ::connect(connection.socket.number(), address, target_.address_bytes);
  if (result != 0 && errno != EINPROGRESS) return fail(user, connect_error(errno));
  connection.connecting = true;
  watch(user, EPOLL_CTL_ADD, EPOLLOUT);
}

void SocketTransport::finish_connect(std::uint32_t user) {
  Connection& connection = connections_[user];
  int error = 0;
  socklen_t bytes = sizeof error;
  getsockopt(connection.socket.number(), SOL_SOCKET, SO_ERROR, &error, &bytes);
  if (error != 0) return fail(user, std::strerror(error));
  connection.connecting = false;
  watch(user, EPOLL_CTL_MOD, interest(user));
  player_.opened(ConnectionNumber{user}, read_clock());
}

void SocketTransport::read(std::uint32_t user, const Now& begin) {
  Connection& connection = connections_[user];
  const ssize_t bytes = ::recv(connection.socket.number(), buffer_.get(), kReadBytes, 0);
  if (connection.vanishes) {
    if (bytes == 0 || (bytes < 0 && errno != EAGAIN && errno != EINTR)) vanish(user);
  } else if (bytes > 0) {
    std::string_view come(buffer_.get(), static_cast<std::size_t>(bytes));
    bool is_cut = false;
    if (plays_faults_) come = until_cut(connection, come, is_cut);
    if (!come.empty()) player_.received(ConnectionNumber{user}, come, {begin, read_clock().steady});
    if (is_cut) cut(user);
  } else if (bytes == 0 || (errno != EAGAIN && errno != EINTR)) {
    lose(user);
  }
}

void SocketTransport::send(std::uint32_t user, std::string_view bytes) {
  Connection& connection = connections_[user];
  if (!connection.socket) return;
  if (plays_faults_) note_sent(user, bytes);
  if (connection.vanishes) return;
  if (!connection.unwritten.empty()) {
    connection.unwritten.append(bytes);
    bytes = connection.unwritten;
  }
  const bool held = links_[user].held > 0;
  const ssize_t sent = bytes.empty() || held ? 0
                                             : ::send(connection.socket.number(), bytes.data(),
                                                      bytes.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return lose(user);
  std::string rest(bytes.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent)));
  connection.unwritten = std::move(rest);
  if (connection.unwritten.size() > kUnwrittenBytesMax) return lose(user);
  const bool waits = !connection.unwritten.empty() && !held;
  if (waits == connection.waits_to_write) return;
  connection.waits_to_write = waits;
  watch(user, EPOLL_CTL_MOD, interest(user));
}

std::uint32_t SocketTransport::interest(std::uint32_t user) const {
  const Connection& connection = connections_[user];
  const bool reads = links_[user].unread == 0 || connection.vanishes;
  return (reads ? EPOLLIN : 0U) | (connection.waits_to_write ? EPOLLOUT : 0U);
}

void SocketTransport::fail(std::uint32_t user, const std::string& why) {
  close(connections_[user]);
  player_.open_failed(ConnectionNumber{user}, read_clock(), why);
}

void SocketTransport::lose(std::uint32_t user) {
  close(connections_[user]);
  player_.closed(ConnectionNumber{user}, read_clock());
}

void SocketTransport::close(Connection& connection) {
  if (connection.vanishes) adopt(std::move(connection.socket));  // The server is not told.
  const std::uint32_t generation = connection.generation + 1;
  connection = {};  // Closing takes it out of the epoll set.
  connection.generation = generation;
}

void SocketTransport::watch(std::uint32_t user, int operation, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag_of(user, connections_[user].generation);
  const int result = epoll_ctl(epoll_, operation, connections_[user].socket.number(), &event);
  assert(result == 0);
  static_cast<void>(result);
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace claims::storm
