#pragma once
// The server of a run: claimchatd, where the run started it itself, or whoever answers at the
// target; and what goes wrong beside the players: the plan's faults, what /healthz says, an end
// that nobody asked for.

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reports/result.h"
#include "simulator/actor/player.h"
#include "simulator/check/auditor.h"
#include "simulator/command/run_faults.h"
#include "simulator/world/real/embedded_server.h"
#include "simulator/world/real/real_world.h"
#include "simulator/world/real/resource_sampler.h"
#include "simulator/world/real/server_faults.h"

namespace claims::storm {

/// Used on the run's one thread; outlives the world that it is given.
class RunServer {
 public:
  /// `began`: of the run.
  explicit RunServer(const Now& began) : began_(began) {}

  /// Starts one for this run. The error tells of its end.
  Result<void, std::string> start(const EmbeddedServerOptions& options);
  bool embedded() const { return server_ != nullptr; }
  const std::string& mqtt_url() const { return server_->mqtt_url(); }

  // Of an embedded one; else nothing, and nothing happens.
  std::optional<pid_t> process() const;
  const ResourceSampler* use() const { return use_ ? &*use_ : nullptr; }
  void sample(const Now& now);
  /// From now on of the process that runs now.
  void follow(Player& player, RealWorld& world);
  /// As --crash asks for, once.
  void crash(Player& player, RealWorld& world);
  /// An end that nobody asked for ends the run: what is left of it could only show that nobody is
  /// there.
  void notice_end(Player& player);

  /// The faults of the plan that can happen over real connections; says which cannot.
  void play_faults(std::vector<Fault> faults, Player& player, Auditor& auditor, RealWorld& world,
                   SocketTransport* sockets);

  /// What was left out of the plan, what /healthz said, and the crash of --crash (`crashed`).
  void add_faults(bool crashed, report::RunResult& result) const;
  /// Ends it. One that did not end in order failed the run, whatever it did before.
  void stop(report::RunResult& result);

 private:
  void note_health(const std::string& said, const Player& player, const Now& now);
  void lose(const std::string& why, Player& player, const Now& now);

  const Now began_;
  std::unique_ptr<EmbeddedServer> server_;
  std::optional<ResourceSampler> use_;
  std::unique_ptr<ServerFaults> faults_;
  std::vector<report::Text> left_out_;        // Faults.
  std::vector<report::Text> health_said_;     // That the server was unavailable, and why.
  std::optional<report::Text> ended_;         // Before it was asked to.
  std::optional<std::string> not_restarted_;  // After crash().
};

}  // namespace claims::storm
