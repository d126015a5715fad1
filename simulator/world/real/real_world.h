#pragma once
// RealWorld: plays a Player over a transport, in real time.
//
// One thread, one epoll. Each turn of the loop reads the clock once for what woke it (the beginning
// of the turn, that later steps count from) and once more for each connection it handles.

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "simulator/actor/player.h"
#include "simulator/scenario/fault_plan.h"
#include "simulator/world/real/descriptor.h"
#include "simulator/world/real/server_faults.h"
#include "simulator/world/real/socket_transport.h"
#include "simulator/world/real/transport.h"

namespace claims::storm {

class RealWorld {
 public:
  enum class End : std::uint8_t {
    played,  ///< To the player's own end; the first SIGINT or SIGTERM makes it end early.
    quit,    ///< A second signal: at once, without a result.
  };

  /// Attaches the transport, which outlives it. Takes SIGINT and SIGTERM of this thread for as long
  /// as it lives. `crash_server` carries out what the player asks for by CrashServer.
  RealWorld(Player& player, Transport& transport, std::function<void()> crash_server = {});
  ~RealWorld();
  RealWorld(const RealWorld&) = delete;
  RealWorld& operator=(const RealWorld&) = delete;

  /// Told of the first SIGINT or SIGTERM, after the player.
  void on_interrupt(std::function<void()> told) { interrupted_ = std::move(told); }
  /// Told once this child process has ended; again after it was started anew.
  void watch_process(pid_t process, std::function<void()> ended);
  /// Before run(). Carries these out while the scenario's phases are played, and heals everything
  /// when they are over. Each must happen_in_real_world(); `server` is needed for those that
  /// ServerFaults does, `sockets`, which is the transport, for those that it carries_out(). The
  /// player is told of each fault when it is over.
  void play_faults(std::vector<Fault> faults, ServerFaults* server, SocketTransport* sockets);
  /// `each_second` is called about once a second while it plays.
  End run(const std::function<void(const Now&)>& each_second);

 private:
  void wait();
  void tick_if_due(const Now& now);
  bool handle(std::uint64_t tag, std::uint32_t events, const Now& begin);
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
  void watch_ready();

  static constexpr int kEventsPerTurn = 64;
  // Tags of epoll that are not the transport's.
  static constexpr std::uint64_t kTimerTag = ~std::uint64_t{0};
  static constexpr std::uint64_t kSignalTag = kTimerTag - 1;
  static constexpr std::uint64_t kProcessTag = kTimerTag - 2;
  static constexpr std::uint64_t kReadyTag = kTimerTag - 3;
  static_assert(kReadyTag >= Transport::kTagEnd);

  Player& player_;
  Transport& transport_;
  const std::function<void()> crash_server_;
  std::function<void()> interrupted_, process_ended_;
  Descriptor epoll_, timer_, signals_, process_;
  std::vector<PlayerAction> actions_;
  std::optional<Microseconds> timer_at_;
  Microseconds next_second_{0};
  int signals_taken_ = 0;

  bool plays_faults_ = false, healed_ = false;
  FaultSchedule faults_;
  std::vector<bool> going_on_;  // By fault: begun, and not over.
  ServerFaults* server_faults_ = nullptr;
  SocketTransport* sockets_ = nullptr;
  int watched_ready_ = -1;
  std::multimap<Microseconds, std::uint32_t> repeats_;  // Users, by the steady time.
};

}  // namespace claims::storm
