#pragma once
// VirtualWorld: a Player and a VirtualServer joined by a VirtualNetwork on one event queue, with
// the faults of a plan. One clock, one order of events.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocol/time.h"
#include "simulator/actor/player.h"
#include "simulator/scenario/fault_plan.h"
#include "simulator/world/virtual/event_queue.h"
#include "simulator/world/virtual/network.h"
#include "simulator/world/virtual/trace.h"
#include "simulator/world/virtual/virtual_server.h"

namespace claims::storm {

class VirtualWorld final : private NetworkHandler {
 public:
  struct Parts {
    Player& player;
    const Population& population;
    const FaultPlan& plan;
    Trace& trace;
    ServerSpec server;
    NetworkSpec network;
    Milliseconds wall{0};  ///< At the beginning.
  };
  /// `run`: the run's source; the world draws from streams of its own.
  VirtualWorld(Parts parts, const Random& run);
  ~VirtualWorld() override;
  VirtualWorld(const VirtualWorld&) = delete;
  VirtualWorld& operator=(const VirtualWorld&) = delete;

  /// Until the player is done. The error: why it never was.
  std::optional<std::string> play();
  Now now() const;  ///< The users' clock, which is right.
  Microseconds elapsed() const { return queue_.now() - kStart; }
  std::uint64_t events() const { return queue_.events_run(); }

 private:
  static constexpr Microseconds kStart{1'000'000'000};

  void connected(LinkId link, ConnectionNumber connection) override;
  void refused(LinkId link, ConnectionNumber connection, std::string_view why) override;
  void accepted(LinkId link) override;
  void arrived(LinkId link, Side at, std::string_view bytes) override;
  void left(LinkId link, Side from, std::size_t bytes) override;
  void ended(LinkId link, Side at) override;

  void after_player();
  void carry_out(PlayerAction& action);
  void wake_player();
  std::optional<ConnectionNumber> connection_of(LinkId link) const;

  // world_faults.cpp
  void begin_faults();
  void next_fault();
  void begin_fault(const Fault& fault);
  void end_fault(const Fault& fault);
  void begin_server_fault(const Fault& fault);
  void end_server_fault(const Fault& fault);
  void hold_back(ConnectionNumber connection);
  void change_network(const Fault& fault, ConnectionNumber connection, bool begins);
  void heal();

  Player& player_;
  const Population& population_;
  const FaultPlan& plan_;
  Trace& trace_;
  Milliseconds wall_start_;
  Random random_;
  EventQueue queue_{kStart};
  VirtualNetwork network_;
  VirtualServer server_;
  std::vector<LinkId> link_of_;                                 // By connection; 0: none.
  std::unordered_map<LinkId, ConnectionNumber> connection_of_;  // Look-ups only.
  std::vector<PlayerAction> actions_;
  std::optional<Microseconds> player_wake_;

  FaultSchedule faults_;
  std::optional<Microseconds> phases_began_;
  bool healed_ = false;
  /// How many faults of a kind are on; by kind, and of those of users by connection, too.
  std::vector<std::uint32_t> on_;
  std::uint32_t& count_of(const Fault& fault, std::optional<ConnectionNumber> whose);
};

}  // namespace claims::storm
