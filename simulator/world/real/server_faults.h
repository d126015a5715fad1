#pragma once
// ServerFaults: crashes and pauses of the embedded server, which may overlap, and the outages that
// come of them. Nothing here blocks for longer than a SIGKILL takes.

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "protocol/time.h"
#include "simulator/actor/player.h"
#include "simulator/scenario/model.h"
#include "simulator/world/real/embedded_server.h"

namespace claims::storm {

class ServerFaults {
 public:
  struct Told {
    std::function<void()> restarted;  ///< It is ready again; a new process.
    std::function<void(const std::string&, const Now&)> not_restarted;  ///< For good.
    std::function<void(const Outage&)> outage;                          ///< That is over.
  };
  ServerFaults(EmbeddedServer& server, Told told) : server_(server), told_(std::move(told)) {}

  static bool is_one(FaultKind kind) {
    return kind == FaultKind::crash || kind == FaultKind::pause;
  }
  /// Of kinds that are one.
  void begin(FaultKind kind, const Now& now);
  void end(FaultKind kind, const Now& now);

  /// A restarting server's, to wait on; -1: none. When it is readable, and about once a second:
  /// look().
  int ready_descriptor() const { return lost_ ? -1 : server_.ready_descriptor(); }
  void look(const Now& now);

 private:
  void restart(const Now& now);
  void lose(const std::string& why, const Now& now);
  void settle(const Now& now);

  EmbeddedServer& server_;
  const Told told_;
  int crashes_ = 0, pauses_ = 0;  // That have begun and not ended.
  bool starting_ = false, lost_ = false;
  Microseconds ready_by_{0};
  std::optional<Microseconds> away_since_;
};

}  // namespace claims::storm
