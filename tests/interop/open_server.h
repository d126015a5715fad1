#pragma once
// claimchatd with open topics, on a free port, for other people's clients.

#include <memory>
#include <string>
#include <vector>

#include "reference-server/net/socket_address.h"
#include "tests/reference-server/net/child_process.h"

namespace claims::interop {

class OpenServer {
 public:
  /// `more`: further options. It keeps nothing, and ends with the object.
  explicit OpenServer(const std::vector<std::string>& more = {});
  ~OpenServer();
  OpenServer(const OpenServer&) = delete;
  OpenServer& operator=(const OpenServer&) = delete;

  const server::SocketAddress& address() const { return address_; }
  /// A program of Mosquitto's, connected to this server: `program`, then `more`.
  std::vector<std::string> mosquitto(const std::string& program,
                                     const std::vector<std::string>& more) const;

 private:
  std::string folder_;
  std::unique_ptr<server::testing::ChildProcess> process_;
  server::SocketAddress address_;
};

/// The program is installed.
bool is_installed(const std::string& program);

}  // namespace claims::interop
