#pragma once
// Simulation: a scenario played in virtual time, in one thread, against the server's production
// code over a simulated network and disk. The same scenario and seed give the same run, to the
// byte, everywhere.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/time.h"
#include "reports/result.h"
#include "simulator/actor/run_figures.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

struct SimulationOptions {
  std::uint64_t seed = 1;
  Catalogues catalogues;
  /// Lines of the readable trace; empty: none.
  std::function<void(std::string_view)> trace_line;
};

struct Simulated {
  report::RunResult result;  ///< What only a shell knows (repeat_command, environment) is empty.
  std::string trace_hash;    ///< 64 hexadecimal digits.
  std::uint64_t events = 0;  ///< Of the one queue.
  Microseconds virtual_time{0};
  /// The run came to no result, e.g. the server's log could not be opened again.
  std::optional<LocalText> broken;
};

/// While it runs, reading a real clock or entropy anywhere in this process ends the program with a
/// stack trace (see clock_guard.h). The scenario's fault plan happens to it.
Simulated simulate(const Scenario& scenario, const SimulationOptions& options);

}  // namespace claims::storm
