#pragma once
// claimstorm shrink: makes a simulation that fails smaller, while it still fails in the same way.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocol/result.h"
#include "simulator/command/simulate_command.h"
#include "simulator/command/simulate_options.h"

namespace CLI {
class App;
}

namespace claims::storm {

struct ShrinkOptions {
  RunOptions played;
  std::uint64_t seed = 1;
  std::optional<std::string> out;  ///< Nothing: out/<scenario>-seed-<N>-shrunk.json.
  std::chrono::microseconds budget{120'000'000};
  std::size_t jobs = 1;
};

/// All errors at once. `budget`: as "120s"; empty: the default.
Result<ShrinkOptions, std::vector<std::string>> parse_shrink_options(const SimulateWords& words,
                                                                     const std::string& budget,
                                                                     std::size_t cores);

/// Returns an ExitCode: that the smaller file was written, not that it fails.
int run_shrink_command(const ShrinkOptions& options, const SimulateFunction& simulate);
void add_shrink_command(CLI::App& app, std::function<int()>& chosen);

}  // namespace claims::storm
