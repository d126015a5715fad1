#include "reference-server/node/start_up.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace claims::server {
namespace {

/// The log has that block, and it is the same one.
Result<bool, LogError> has_block(EventLog& log, std::uint64_t number, const Hash& hash) {
  auto found = log.hash_of(number);
  if (!found) return LogError{fmt::format("log: {}", found.error().what)};
  return *found && **found == hash;
}

/// Fills the node from the snapshot; `refused` says what is wrong with it.
Result<void, LogError> load(const StartUpSources& sources, Node& node, std::string& refused) {
  SnapshotStore& snapshot = *sources.snapshot;
  const BlockMark& at = snapshot.at();
  auto ours = has_block(sources.log, at.number, at.hash);
  if (!ours) return ours.error();
  if (!*ours) {
    refused = fmt::format("snapshot: the log has no such block {} as it is of", at.number);
    return {};
  }
  const auto loaded = snapshot.load(
      [&](std::string_view key, std::string_view value) { return node.load(key, value); });
  if (!loaded) {
    refused = loaded.error().what;
  } else if (const auto finished = node.loaded(at); !finished) {
    refused = "snapshot: " + finished.error();
  }
  return {};
}

Result<void, LogError> begin_with_snapshot(const StartUpSources& sources, const NodeConfig& config,
                                           std::uint64_t random_seed, StartedUp& started) {
  SnapshotStore& snapshot = *sources.snapshot;
  if (snapshot.at().number > 0) {
    auto done = load(sources, *started.node, started.snapshot_refused);
    if (!done) return done;
    if (started.snapshot_refused.empty()) {
      started.snapshot_blocks = snapshot.at().number;
      started.snapshot_rows = snapshot.rows();
      started.snapshot_usable = true;
      return {};
    }
    started.node = std::make_unique<Node>(config, random_seed);
  }
  const auto cleared = snapshot.clear();
  started.snapshot_usable = cleared.has_value();
  if (!cleared) started.snapshot_refused = cleared.error().what;
  return {};
}

}  // namespace

Result<StartedUp, LogError> start_up(const StartUpSources& sources, const NodeConfig& config,
                                     std::uint64_t random_seed) {
  StartedUp started;
  started.node = std::make_unique<Node>(config, random_seed);
  if (sources.snapshot != nullptr) {
    if (auto begun = begin_with_snapshot(sources, config, random_seed, started); !begun) {
      return begun.error();
    }
  }
  auto continues = has_block(sources.log, sources.history_folded, sources.history_hash);
  if (!continues) return continues.error();
  const std::uint64_t after_node = started.snapshot_blocks;
  const std::uint64_t after_history = *continues ? sources.history_folded : 0;

  std::string wrong;
  const auto read = sources.log.read(std::min(after_node, after_history), [&](Block&& read_block) {
    if (!wrong.empty()) return;
    const auto block = std::make_shared<const Block>(std::move(read_block));
    if (block->number > after_node) {
      if (auto folded = started.node->restored(*block); !folded) {
        wrong = fmt::format("log: block {}: {}", block->number, folded.error());
        return;
      }
      ++started.folded_blocks;
      if (const auto checkpoint = started.node->take_checkpoint()) {
        sources.take_checkpoint(checkpoint);
      }
    }
    if (block->number > after_history) {
      ++started.history_blocks;
      if (auto folded = sources.fold_history(block); !folded) wrong = folded.error().what;
    }
  });
  if (!read) return LogError{fmt::format("log: {}", read.error().what)};
  if (!wrong.empty()) return LogError{wrong};
  return started;
}

}  // namespace claims::server
