#include "simulator/world/real/target_address.h"

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "simulator/world/real/descriptor.h"

namespace claims::storm {
namespace {

struct HostAndPort {
  std::string host, port;
};

Result<HostAndPort, std::string> split_url(std::string_view url) {
  constexpr std::string_view kScheme = "mqtt://";
  const auto refuse = [&] {
    return Result<HostAndPort, std::string>(
        boost::system::in_place_error,
        fmt::format("target \"{}\": allowed is mqtt://HOST:PORT, as mqtt://127.0.0.1:1883", url));
  };
  std::string_view rest = url;
  if (!rest.starts_with(kScheme)) return refuse();
  rest.remove_prefix(kScheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return refuse();
  std::string_view host = rest.substr(0, colon);
  const std::string_view port = rest.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc{} || end != port.data() + port.size() || number == 0 || number > 65'535 ||
      host.empty()) {
    return refuse();
  }
  return HostAndPort{std::string(host), std::string(port)};
}

}  // namespace

Result<TargetAddress, std::string> parse_target(std::string_view url) {
  auto parts = split_url(url);
  if (!parts) return {boost::system::in_place_error, parts.error()};
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(parts->host.c_str(), parts->port.c_str(), &hints, &found);
  if (error != 0 || found == nullptr) {
    return {boost::system::in_place_error,
            fmt::format("target \"{}\": the host \"{}\" has no address ({})", url, parts->host,
                        gai_strerror(error))};
  }
  TargetAddress target;
  target.url = url;
  std::memcpy(&target.address, found->ai_addr, found->ai_addrlen);
  target.address_bytes = found->ai_addrlen;
  freeaddrinfo(found);
  return target;
}

Result<void, std::string> probe(const TargetAddress& target, Milliseconds timeout) {
  const auto say = [&](int number) {
    return fmt::format("nothing answers at {}: {}", target.url, std::strerror(number));
  };
  Descriptor socket(
      ::socket(target.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return say(errno);
  const auto* address = reinterpret_cast<const sockaddr*>(&target.address);
  if (::connect(socket.number(), address, target.address_bytes) == 0) return {};
  if (errno != EINPROGRESS) return say(errno);
  pollfd wait{socket.number(), POLLOUT, 0};
  const int ready = ::poll(&wait, 1, static_cast<int>(timeout.count()));
  if (ready == 0) return say(ETIMEDOUT);
  if (ready < 0) return say(errno);
  int error = 0;
  socklen_t bytes = sizeof error;
  ::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &bytes);
  if (error != 0) return say(error);
  return {};
}

}  // namespace claims::storm
