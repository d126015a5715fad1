#pragma once
// SocketTransport: the bytes of our own MQTT client over one TCP connection for each user; and what
// faults do to these connections.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/actor/player.h"
#include "simulator/scenario/fault_plan.h"
#include "simulator/world/packet_scanner.h"
#include "simulator/world/real/descriptor.h"
#include "simulator/world/real/source_addresses.h"
#include "simulator/world/real/target_address.h"
#include "simulator/world/real/transport.h"

namespace claims::storm {

class SocketTransport final : public Transport {
 public:
  /// `users`: of the player.
  SocketTransport(Player& player, const TargetAddress& target, std::size_t users,
                  SourceAddresses sources = {});

  void attach(int epoll) override { epoll_ = epoll; }
  void open(std::uint32_t user) override;
  void send(std::uint32_t user, std::string_view bytes) override;
  void close(std::uint32_t user) override { close(connections_[user]); }
  bool handle(std::uint64_t tag, std::uint32_t events, const Now& begin) override;

  // Faults: socket_faults.cpp.
  /// Faults of these kinds happen to users' sockets.
  static bool carries_out(FaultKind kind);
  /// Before the run: faults will come.
  void expect_faults() { plays_faults_ = true; }
  /// Of kinds that it carries_out(), to one of the fault's users.
  void begin(const Fault& fault, std::uint32_t user);
  void end(const Fault& fault, std::uint32_t user);
  /// Everything that went on has ended, and nothing else begins.
  void heal();

 private:
  struct Connection {
    Descriptor socket;
    std::uint32_t generation = 0;  // Tells what epoll says of a socket from its predecessors.
    bool connecting = false;
    bool waits_to_write = false;
    std::string unwritten;
    // Of faults.
    bool vanishes = false;  // Half open: nothing gets through, and neither end is told.
    PacketScanner sent, received;
    std::uint64_t publishes = 0, acknowledged = 0;  // Of QoS 1.
    std::uint64_t cut_at = 0;  // Is cut when so many have been acknowledged; 0: not.
  };
  /// What faults do to a user, whichever connection it has.
  struct Link {
    int held = 0;            // Bytes to the server are held back.
    int unread = 0;          // Nothing is read.
    bool cut_armed = false;  // The next PUBLISH is the last.
  };

  void finish_connect(std::uint32_t user);
  void read(std::uint32_t user, const Now& begin);
  void fail(std::uint32_t user, const std::string& why);
  void lose(std::uint32_t user);
  void close(Connection& connection);
  void watch(std::uint32_t user, int operation, std::uint32_t events);
  std::uint32_t interest(std::uint32_t user) const;

  void hold_back(std::uint32_t user, Direction direction, bool begins);
  void set_unread(std::uint32_t user, int change);
  void cut(std::uint32_t user);
  void abandon(std::uint32_t user);
  void open_half(std::uint32_t user);
  void end_half_open(std::uint32_t user);
  void vanish(std::uint32_t user);
  void adopt(Descriptor socket);
  void read_orphan(int descriptor);
  void note_sent(std::uint32_t user, std::string_view bytes);
  std::string_view until_cut(Connection& connection, std::string_view bytes, bool& is_cut);

  static constexpr std::size_t kReadBytes = 64 * 1024;
  // The uppermost half of a tag: a user's is the generation of its connection.
  static constexpr std::uint32_t kOrphanGeneration = ~std::uint32_t{0} - 1;

  Player& player_;
  const TargetAddress& target_;
  const SourceAddresses sources_;
  int epoll_ = -1;
  std::vector<Connection> connections_;  // By user.
  std::unique_ptr<char[]> buffer_;

  bool plays_faults_ = false, healed_ = false;
  std::vector<Link> links_;            // By user.
  std::map<int, Descriptor> orphans_;  // Whose users are gone, unknown to the server.
};

/// Lets this process and its children have as many descriptors as the machine allows; the number.
std::size_t raise_descriptor_limit();

}  // namespace claims::storm
