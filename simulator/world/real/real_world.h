#pragma once
// RealWorld: plays a Player over TCP connections to one target, in real time.
//
// One thread, one epoll. Each turn of the loop reads the clock once for what woke it (the beginning
// of the turn, that later steps count from) and once more for each connection it handles.

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "simulator/actor/player.h"
#include "simulator/world/real/descriptor.h"
#include "simulator/world/real/target_address.h"

namespace claims::storm {

class RealWorld {
 public:
  enum class End : std::uint8_t {
    played,  ///< To the player's own end; the first SIGINT or SIGTERM makes it end early.
    quit,    ///< A second signal: at once, without a result.
  };

  /// `users`: of the player. Takes SIGINT and SIGTERM of this thread for as long as it lives.
  /// `crash_server` carries out what the player asks for by CrashServer.
  RealWorld(Player& player, const TargetAddress& target, std::size_t users,
            std::function<void()> crash_server = {});
  ~RealWorld();
  RealWorld(const RealWorld&) = delete;
  RealWorld& operator=(const RealWorld&) = delete;

  /// Told of the first SIGINT or SIGTERM, after the player.
  void on_interrupt(std::function<void()> told) { interrupted_ = std::move(told); }
  /// Told once this child process has ended; again after it was started anew.
  void watch_process(pid_t process, std::function<void()> ended);
  /// `each_second` is called about once a second while it plays.
  End run(const std::function<void(const Now&)>& each_second);

 private:
  struct Connection {
    Descriptor socket;
    std::uint32_t generation = 0;  // Tells what epoll says of a socket from its predecessors.
    bool connecting = false;
    bool waits_to_write = false;
    std::string unwritten;
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
  void carry_out();
  void take_signals();
  void set_timer();

  static constexpr int kEventsPerTurn = 64;

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
};

/// Lets this process and its children have as many descriptors as the machine allows; the number.
std::size_t raise_descriptor_limit();

}  // namespace claims::storm
