#pragma once

#include <string>

#include "protocol/result.h"
#include "reference-server/net/descriptor.h"
#include "reference-server/net/socket_address.h"

namespace claims::server {

/// A TCP port that clients connect to.
class TcpListener {
 public:
  /// Claims the address; connections are refused until listen().
  static Result<TcpListener, std::string> bind(const SocketAddress& address);
  Result<void, std::string> listen();

  const SocketAddress& address() const { return address_; }  ///< With the port that was chosen.
  int descriptor() const { return socket_.number(); }

  struct Accepted {
    Descriptor socket;  ///< Non-blocking, TCP_NODELAY. None: it went away, or was turned away.
    bool more = false;  ///< Ask again.
  };
  /// The next waiting connection. When the process is out of descriptors it is taken with a spare
  /// one and closed: left waiting, it would wake the loop again and again and answer nobody.
  Accepted accept();

 private:
  TcpListener(Descriptor socket, SocketAddress address);

  Descriptor socket_;
  SocketAddress address_;
  Descriptor spare_;
};

}  // namespace claims::server
