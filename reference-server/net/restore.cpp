#include "reference-server/net/restore.h"

#include <fmt/format.h>

#include <random>

#include "reference-server/net/clock.h"

namespace claims::server {
namespace {

std::uint64_t read_random_seed() {
  std::random_device device;  // getrandom(2)
  const std::uint64_t high = device();
  const std::uint64_t low = device();
  return high << 32U | low;
}

}  // namespace

Result<Restored, LogError> restore(const OpenLog& open_log, HistoryThread& history,
                                   Generation generation, const NodeConfig& config) {
  const Microseconds begin = read_clock().steady;
  auto log = open_log();
  if (!log) return LogError{fmt::format("log: {}", log.error().what)};
  history.reopen(generation);

  Restored restored;
  restored.log = std::move(*log);
  restored.node = std::make_unique<Node>(config, read_random_seed());
  std::string refused;
  const auto read = restored.log->read(0, [&](Block&& block) {
    if (!refused.empty()) return;
    auto shared = std::make_shared<const Block>(std::move(block));
    const auto folded = restored.node->restored(*shared);
    if (!folded) {
      refused = fmt::format("log: block {}: {}", shared->number, folded.error());
      return;
    }
    ++restored.blocks;
    history.fold(std::move(shared));
  });
  if (!read) return LogError{fmt::format("log: {}", read.error().what)};
  if (!refused.empty()) return LogError{refused};
  const auto settled = history.settle();
  if (!settled) return LogError{fmt::format("history: {}", settled.error().what)};
  restored.took = read_clock().steady - begin;
  return restored;
}

}  // namespace claims::server
