#pragma once
// SourceAddresses: from which addresses users connect to a server on this machine.
//
// One source address has some 28,000 ports to one destination (net.ipv4.ip_local_port_range), and a
// port rests for a minute after its connection. All of 127.0.0.0/8 is this machine, so many users
// come from 127.0.0.1, 127.0.0.2, … Other targets are left alone: there the system chooses.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "protocol/result.h"
#include "simulator/world/real/target_address.h"

namespace claims::storm {

class SourceAddresses {
 public:
  /// The system chooses.
  SourceAddresses() = default;
  /// `wished`: so many, 1 to limits::kSourceAddressesMax; nothing: one for each
  /// limits::kUsersPerSourceAddress users, where the target is in 127.0.0.0/8. The error says what
  /// is allowed.
  static Result<SourceAddresses, std::string> choose(const TargetAddress& target, std::size_t users,
                                                     std::optional<std::uint32_t> wished);

  /// 1: the system chooses.
  std::uint32_t count() const { return count_; }
  /// Binds a TCP socket to the address of that user, and leaves the port to connect(). 0, or errno.
  int bind(int socket, std::uint32_t user) const;
  /// "127.0.0.3"; of count() > 1.
  std::string address_of(std::uint32_t user) const;

 private:
  explicit SourceAddresses(std::uint32_t count) : count_(count) {}
  std::uint32_t number_of(std::uint32_t user) const;

  std::uint32_t count_ = 1;
};

}  // namespace claims::storm
