#include "reference-server/net/tcp_listener.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace claims::server {
namespace {

constexpr int kBacklog = 4'096;

Descriptor open_spare() {
  return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

std::string cannot(const SocketAddress& address, int error) {
  return fmt::format("cannot listen on {}: {}", address.to_string(), std::strerror(error));
}

}  // namespace

TcpListener::TcpListener(Descriptor socket, SocketAddress address)
    : socket_(std::move(socket)), address_(std::move(address)), spare_(open_spare()) {}

Result<TcpListener, std::string> TcpListener::bind(const SocketAddress& address) {
  const int family = address.is_v6() ? AF_INET6 : AF_INET;
  Descriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return cannot(address, errno);
  const int on = 1;
  ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_storage storage{};
  const socklen_t size = address.to_sockaddr(storage);
  if (::bind(socket.number(), reinterpret_cast<const sockaddr*>(&storage), size) != 0) {
    return cannot(address, errno);
  }
  SocketAddress bound = SocketAddress::of_socket(socket.number());
  return TcpListener(std::move(socket), std::move(bound));
}

Result<void, std::string> TcpListener::listen() {
  if (::listen(socket_.number(), kBacklog) != 0) return cannot(address_, errno);
  return {};
}

TcpListener::Accepted TcpListener::accept() {
  const auto take = [this] {
    return Descriptor(::accept4(socket_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  };
  Descriptor socket = take();
  if (socket) {
    const int on = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return {.socket = std::move(socket), .more = true};
  }
  switch (errno) {
    case EMFILE:
    case ENFILE: {
      spare_.reset();
      const bool taken = static_cast<bool>(take());  // And closed at once.
      spare_ = open_spare();
      return {.socket = {}, .more = taken};
    }
    case EAGAIN:
    case ENOBUFS:
    case ENOMEM:
      return {.socket = {}, .more = false};
    default:  // This connection failed before it was taken (accept(2)): the next one may be fine.
      return {.socket = {}, .more = true};
  }
}

}  // namespace claims::server
