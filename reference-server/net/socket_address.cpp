#include "reference-server/net/socket_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <array>
#include <charconv>

namespace claims::server {

Result<SocketAddress, std::string> SocketAddress::parse(std::string_view text) {
  const auto refuse = [&] {
    return fmt::format("'{}' is not ADDRESS:PORT, such as 127.0.0.1:1883 or [::1]:1883", text);
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refuse();
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);

  SocketAddress address;
  address.host_ = host == "localhost" ? "127.0.0.1" : std::string(host);
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  const int family = brackets ? AF_INET6 : AF_INET;
  if (::inet_pton(family, address.host_.c_str(), ignored.data()) != 1) return refuse();
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port_);
  if (error != std::errc{} || end != port.data() + port.size()) return refuse();
  return address;
}

SocketAddress SocketAddress::of_socket(int descriptor) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  SocketAddress address;
  // The calls below reinterpret one kernel structure as another, as the sockets API asks for.
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return address;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (storage.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    address.port_ = ntohs(v6.sin6_port);
  } else {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    address.port_ = ntohs(v4.sin_port);
  }
  address.host_ = text.data();
  return address;
}

std::string SocketAddress::to_string() const {
  return is_v6() ? fmt::format("[{}]:{}", host_, port_) : fmt::format("{}:{}", host_, port_);
}

socklen_t SocketAddress::to_sockaddr(sockaddr_storage& storage) const {
  storage = {};
  if (is_v6()) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port_);
    ::inet_pton(AF_INET6, host_.c_str(), &v6.sin6_addr);
    return sizeof(sockaddr_in6);
  }
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port_);
  ::inet_pton(AF_INET, host_.c_str(), &v4.sin_addr);
  return sizeof(sockaddr_in);
}

}  // namespace claims::server
