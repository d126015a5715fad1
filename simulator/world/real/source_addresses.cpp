#include "simulator/world/real/source_addresses.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "simulator/limits.h"

namespace claims::storm {
namespace {

constexpr std::uint32_t kLoopbackNetwork = 127;  // The uppermost byte of 127.0.0.0/8.

bool is_loopback(const TargetAddress& target) {
  if (target.address.ss_family != AF_INET) return false;
  sockaddr_in address{};
  std::memcpy(&address, &target.address, sizeof address);
  return ntohl(address.sin_addr.s_addr) >> 24U == kLoopbackNetwork;
}

}  // namespace

Result<SourceAddresses, std::string> SourceAddresses::choose(const TargetAddress& target,
                                                             std::size_t users,
                                                             std::optional<std::uint32_t> wished) {
  using boost::system::in_place_error;
  if (wished && (*wished < 1 || *wished > limits::kSourceAddressesMax)) {
    return {in_place_error, fmt::format("--source-addresses {}: allowed are 1 to {}", *wished,
                                        limits::kSourceAddressesMax)};
  }
  if (wished && *wished > 1 && !is_loopback(target)) {
    return {in_place_error,
            fmt::format("--source-addresses {}: allowed for targets in 127.0.0.0/8 only, and {} is "
                        "none; there the system chooses the address",
                        *wished, target.url)};
  }
  if (!is_loopback(target)) return SourceAddresses();
  const std::size_t needed =
      (users + limits::kUsersPerSourceAddress - 1) / limits::kUsersPerSourceAddress;
  const auto automatic =
      static_cast<std::uint32_t>(std::clamp<std::size_t>(needed, 1, limits::kSourceAddressesMax));
  return SourceAddresses(wished.value_or(automatic));
}

std::uint32_t SourceAddresses::number_of(std::uint32_t user) const {
  assert(count_ > 1);
  return (kLoopbackNetwork << 24U) + 1 + user % count_;
}

int SourceAddresses::bind(int socket, std::uint32_t user) const {
  if (count_ == 1) return 0;
  // Else bind() would take a port that no other destination's connection could have.
  const int on = 1;
  if (::setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0) return errno;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(number_of(user));
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return ::bind(socket, generic, sizeof address) == 0 ? 0 : errno;
}

std::string SourceAddresses::address_of(std::uint32_t user) const {
  const in_addr address{.s_addr = htonl(number_of(user))};
  std::array<char, INET_ADDRSTRLEN> text{};
  return ::inet_ntop(AF_INET, &address, text.data(), text.size());
}

}  // namespace claims::storm
