#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/result.h"

namespace claims::server {

/// An IP address and a TCP port; never a name that would have to be looked up.
class SocketAddress {
 public:
  SocketAddress() = default;
  /// `127.0.0.1:1883`, `[::1]:1883`, `localhost:1883` (127.0.0.1). Port 0: a free one, chosen when
  /// it is bound. The error tells what was found and what is allowed.
  static Result<SocketAddress, std::string> parse(std::string_view text);
  /// Where a socket is bound.
  static SocketAddress of_socket(int descriptor);

  const std::string& host() const { return host_; }  ///< Numeric, without brackets.
  std::uint16_t port() const { return port_; }
  bool is_v6() const { return host_.find(':') != std::string::npos; }
  std::string to_string() const;  ///< As parse() takes it.
  /// For bind(); gives the size used.
  socklen_t to_sockaddr(sockaddr_storage& storage) const;

 private:
  std::string host_;
  std::uint16_t port_ = 0;
};

}  // namespace claims::server
