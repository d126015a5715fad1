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

Result<Hash, LogError> hash_at(EventLog& log, std::uint64_t block) {
  if (block == 0) return Hash{};
  auto found = log.hash_of(block);
  if (!found) return LogError{fmt::format("log: {}", found.error().what)};
  if (!*found) {
    return LogError{fmt::format(
        "log: it has no block {}, which was acknowledged; allowed: the log as it was", block)};
  }
  return **found;
}

Result<std::unique_ptr<EventLog>, LogError> open(const OpenLog& open_log,
                                                 const Acknowledged* acknowledged) {
  auto log = open_log(acknowledged == nullptr ? Missing::is_made : Missing::is_wrong);
  if (!log) return LogError{fmt::format("log: {}", log.error().what)};
  if (acknowledged == nullptr) return log;
  const auto hash = hash_at(**log, acknowledged->blocks);
  if (!hash) return hash.error();
  if (*hash != acknowledged->hash) {
    return LogError{
        fmt::format("log: its block {} is not the one that was acknowledged; allowed: "
                    "the log as it was",
                    acknowledged->blocks)};
  }
  return log;
}

}  // namespace

std::string told(const StartedUp& started, Microseconds took) {
  const std::string after =
      started.snapshot_blocks == 0
          ? std::string()
          : fmt::format(" after the {} of the snapshot", started.snapshot_blocks);
  std::string why;
  if (!started.snapshot_refused.empty()) {
    why =
        fmt::format(" ({}{})", started.snapshot_refused,
                    started.snapshot_usable ? "" : "; no snapshot is written until the next start");
  }
  return fmt::format("folded {} blocks{}{}, in {:.1f} ms", started.folded_blocks, after, why,
                     static_cast<double>(took.count()) / 1e3);
}

Result<Restored, LogError> restore(const OpenLog& open_log, const Acknowledged* acknowledged,
                                   HistoryThread& history, SnapshotThread* snapshots,
                                   Generation generation, const NodeConfig& config) {
  const Microseconds begin = read_clock().steady;
  auto log = open(open_log, acknowledged);
  if (!log) return log.error();
  history.reopen(generation);
  Restored restored;
  restored.log = std::move(*log);

  std::string unusable;
  std::unique_ptr<SnapshotStore> store;
  if (snapshots != nullptr) {
    auto opened = snapshots->open();
    unusable = opened ? std::move(opened->discarded) : opened.error().what;
    if (opened) store = std::move(opened->store);
  }
  const auto history_at = history.opened_at();
  if (!history_at) return LogError{fmt::format("history: {}", history_at.error().what)};
  StartUpSources sources{*restored.log,
                         store.get(),
                         history_at->folded,
                         history_at->hash,
                         [&](const std::shared_ptr<const Block>& block) -> Result<void, LogError> {
                           history.fold(block);  // Its errors show when it is settled.
                           return {};
                         },
                         [&](const std::shared_ptr<const Checkpoint>& checkpoint) {
                           if (store) snapshots->begin(std::move(store));
                           if (snapshots != nullptr) snapshots->take(checkpoint);
                         }};
  auto started = start_up(sources, config, read_random_seed());
  if (!started) return started.error();
  restored.started = std::move(*started);
  restored.acknowledged.blocks = restored.started.snapshot_blocks + restored.started.folded_blocks;
  const auto hash = hash_at(*restored.log, restored.acknowledged.blocks);
  if (!hash) return hash.error();
  restored.acknowledged.hash = *hash;
  if (!unusable.empty()) restored.started.snapshot_refused = unusable;
  if (store && restored.started.snapshot_usable) snapshots->begin(std::move(store));
  const auto settled = history.settle();
  if (!settled) return LogError{fmt::format("history: {}", settled.error().what)};
  restored.took = read_clock().steady - begin;
  return restored;
}

}  // namespace claims::server
