#pragma once
// ServerFaults: crashes and pauses of the embedded server, and times in which its disk is full.
// They may overlap. Told are the outages that come of them: of a full disk, as long as /healthz
// says that the server is unavailable. Nothing here blocks for longer than a SIGKILL takes.

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "protocol/time.h"
#include "simulator/actor/player.h"
#include "simulator/scenario/model.h"
#include "simulator/world/real/embedded_server.h"
#include "simulator/world/real/health_probe.h"

namespace claims::storm {

class ServerFaults {
 public:
  struct Told {
    std::function<void()> restarted;  ///< It is ready again; a new process.
    std::function<void(const std::string&, const Now&)> not_restarted;  ///< For good.
    std::function<void(const Outage&)> outage;                          ///< That is over.
    /// /healthz says so, in these words: all its sessions are closed, and it will read its log
    /// anew.
    std::function<void(const std::string&, const Now&)> unavailable;
  };
  ServerFaults(EmbeddedServer& server, Told told) : server_(server), told_(std::move(told)) {}

  static bool is_one(FaultKind kind) {
    return kind == FaultKind::crash || kind == FaultKind::pause || kind == FaultKind::disk_full;
  }
  /// Of kinds that are one.
  void begin(FaultKind kind, const Now& now);
  void end(FaultKind kind, const Now& now);

  /// A restarting server's, to wait on; -1: none. When it is readable, when next_look() has come,
  /// and about once a second: look().
  int ready_descriptor() const { return lost_ ? -1 : server_.ready_descriptor(); }
  std::optional<Microseconds> next_look() const;
  void look(const Now& now);

  /// Between two questions about its health.
  static constexpr Microseconds kAskEvery{50'000};

 private:
  void begin_full(const Now& now);
  void end_full(const Now& now);
  bool watches(const Now& now) const;
  void watch_health(const Now& now);
  void restart(const Now& now);
  void lose(const std::string& why, const Now& now);
  void settle(const Now& now);

  EmbeddedServer& server_;
  const Told told_;
  int crashes_ = 0, pauses_ = 0, full_ = 0;  // That have begun and not ended.
  bool starting_ = false, lost_ = false;
  bool waits_for_room_ = false;  // A crash is over, but nothing could start.
  bool unavailable_ = false;     // As it said last.
  HealthProbe probe_;
  Microseconds looked_{0}, ask_at_{0}, watch_until_{0};
  Microseconds ready_by_{0};
  std::optional<Microseconds> away_since_;
};

}  // namespace claims::storm
