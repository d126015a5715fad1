#pragma once
// The program itself in a folder of its own, with the small directory of running_server.h.

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "reference-server/net/socket_address.h"
#include "tests/reference-server/net/child_process.h"

namespace claims::server::testing {

/// receipt.register with the id 1.<n>, of the receipt 2024-<number>, seven digits.
std::string receipt_command(int n, int number);

/// The most bytes that a file of the program may have; nothing: any number.
void limit_files(const ChildProcess& program, std::optional<std::uintmax_t> most);

class ClaimchatdProgram : public ::testing::Test {
 protected:
  struct Addresses {
    SocketAddress mqtt, http;
  };

  ClaimchatdProgram();
  ~ClaimchatdProgram() override;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string text_of(const std::string& name) const;
  std::string errors() const { return text_of("errors"); }
  /// A command line that takes free ports and has its data in path("data").
  std::vector<std::string> command(const std::vector<std::string>& more = {}) const;
  /// Where MQTT and HTTP are served, from the line that says that all is ready.
  static Addresses addresses_of(ChildProcess& server);

  std::filesystem::path folder_;
};

}  // namespace claims::server::testing
