#pragma once
// RealWorld: plays a Player over TCP connections to one target, in real time.
//
// One thread, one epoll. Each turn of the loop reads the clock once for what woke it (the beginning
// of the turn, that later steps count from) and once more for each connection it handles.

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulator/actor/player.h"
#include "simulator/scenario/fault_plan.h"
#include "simulator/world/packet_scanner.h"
#include "simulator/world/real/descriptor.h"
#include "simulator/world/real/server_faults.h"
#include "simulator/world/real/target_address.h"

namespace claims::storm {

class RealWorld {
 public:
  enum class End : std::uint8_t {
    played,  ///< To the player's own end; the first SIGINT or SIGTERM makes it end early.
    quit,    ///< A second signal: at once, without a result.
  };

  /// `users`: the connections of the player. Takes SIGINT and SIGTERM of this thread for as long as
  /// it lives. `crash_server` carries out what the player asks for by CrashServer.
  RealWorld(Player& player, const TargetAddress& target, std::size_t users,
            std::function<void()> crash_server = {});
  ~RealWorld();
  RealWorld(const RealWorld&) = delete;
  RealWorld& operator=(const RealWorld&) = delete;

  /// Told of the first SIGINT or SIGTERM, after the player.
  void on_interrupt(std::function<void()> told) { interrupted_ = std::move(told); }
  /// Told once this child process has ended; again after it was started anew.
  void watch_process(pid_t process, std::function<void()> ended);
  /// Before run(). Carries these out while the scenario's phases are played, and heals everything
  /// when they are over. Each must happen_in_real_world(); `server` is needed for those that
  /// ServerFaults does. The player is told of each fault when it is over.
  void play_faults(std::vector<Fault> faults, ServerFaults* server);
  /// `each_second` is called about once a second while it plays.
  End run(const std::function<void(const Now&)>& each_second);

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

  void wait();
  void tick_if_due(const Now& now);
  void handle(std::uint64_t tag, std::uint32_t events, const Now& begin);
  void finish_connect(std::uint32_t user);
  void read(std::uint32_t user, const Now& begin);
  void write(std::uint32_t user, std::string_view bytes);
  void open(std::uint32_t user);
  void fail(std::uint32_t user, int error);
  void lose(std::uint32_t user);
  void close(Connection& connection);
  void watch(std::uint32_t user, int operation, std::uint32_t events);
  void listen(int descriptor, std::uint64_t tag);
  void carry_out();
  void take_signals();
  void set_timer();

  // Faults: real_world_faults.cpp.
  void play_due_faults(const Now& now);
  std::optional<Microseconds> next_fault() const;  // Steady.
  bool in_phases() const;
  void heal(const Now& now);
  void begin_fault(const Fault& fault, const Now& now);
  void end_fault(const Fault& fault, const Now& now);
  void repeat_due(const Now& now);
  void hold_back(std::uint32_t user, Direction direction, bool begins);
  void set_unread(std::uint32_t user, int change);
  void cut(std::uint32_t user);
  void abandon(std::uint32_t user);
  void end_half_open(std::uint32_t user);
  void vanish(std::uint32_t user);
  void watch_ready();
  void adopt(Descriptor socket);
  void read_orphan(int descriptor);
  void note_sent(std::uint32_t user, std::string_view bytes);
  std::string_view until_cut(Connection& connection, std::string_view bytes, bool& is_cut);
  std::uint32_t interest(std::uint32_t user) const;

  static constexpr int kEventsPerTurn = 64;
  static constexpr std::size_t kReadBytes = 64 * 1024;
  // Tags of epoll that are no user's; the uppermost half is the generation of a user's.
  static constexpr std::uint64_t kTimerTag = ~std::uint64_t{0};
  static constexpr std::uint64_t kSignalTag = kTimerTag - 1;
  static constexpr std::uint64_t kProcessTag = kTimerTag - 2;
  static constexpr std::uint64_t kReadyTag = kTimerTag - 3;
  static constexpr std::uint32_t kOrphanGeneration = ~std::uint32_t{0} - 1;

  Player& player_;
  const TargetAddress& target_;
  const std::function<void()> crash_server_;
  std::function<void()> interrupted_, process_ended_;
  std::vector<Connection> connections_;  // By user.
  Descriptor epoll_, timer_, signals_, process_;
  std::unique_ptr<char[]> buffer_;
  std::vector<PlayerAction> actions_;
  std::optional<Microseconds> timer_at_;
  Microseconds next_second_{0};
  int signals_taken_ = 0;

  bool plays_faults_ = false, healed_ = false;
  FaultSchedule faults_;
  std::vector<bool> going_on_;  // By fault: begun, and not over.
  ServerFaults* server_faults_ = nullptr;
  int watched_ready_ = -1;
  std::vector<Link> links_;                             // By user.
  std::multimap<Microseconds, std::uint32_t> repeats_;  // Users, by the steady time.
  std::map<int, Descriptor> orphans_;  // Whose users are gone, unknown to the server.
};

/// Lets this process and its children have as many descriptors as the machine allows; the number.
std::size_t raise_descriptor_limit();

}  // namespace claims::storm
