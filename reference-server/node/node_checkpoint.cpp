// Checkpoints: what of the node's state changed, taken where the state is that of a block's end,
// and given out once that block is durable.

#include <utility>

#include "reference-server/node/node_impl.h"

namespace claims::server {

Result<void, std::string> Node::load(std::string_view key, std::string_view value) {
  if (key.empty()) return std::string("a row without a key");
  const auto kind = static_cast<RowKind>(key.front());
  key.remove_prefix(1);
  if (kind == RowKind::session) return impl_->kept_sessions.load(key, value);
  return impl_->service.load(kind, key, value);
}

Result<void, std::string> Node::loaded(const BlockMark& at) {
  auto loaded = impl_->service.loaded();
  if (!loaded) return loaded;
  impl_->queue.restored(at);
  impl_->delivered = impl_->checkpointed = at.last;
  return {};
}

std::shared_ptr<const Checkpoint> Node::take_checkpoint() {
  return std::exchange(impl_->checkpoint, nullptr);
}

bool Node::Impl::checkpoint_due(Position last) const {
  if (config.checkpoint_records == 0 || checkpoint) return false;
  const std::uint64_t records =
      static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(checkpointed);
  return records >= (closed_all ? 1 : config.checkpoint_records);
}

void Node::Impl::take_checkpoint(const BlockMark& at) {
  auto taken = std::make_shared<Checkpoint>();
  taken->at = at;
  service.write_changes(taken->rows);
  kept_sessions.write_changes(taken->rows);
  ++counts.checkpoints_total;
  counts.checkpoint_rows_total += taken->rows.size();
  counts.checkpoint_bytes_total += taken->rows.bytes();
  checkpointed = at.last;
  checkpoint = std::move(taken);
}

void Node::Impl::block_began(const Block& block) {
  // With more decided already than the block holds, the state is ahead of its end: the next time.
  const auto behind = static_cast<std::uint64_t>(block.last()) + 1;
  if (Position{behind} != queue.next_position() || !checkpoint_due(block.last())) return;
  take_checkpoint(mark_of(block));
}

void Node::Impl::checkpoint_durable(Position last) {
  if (!checkpoint || checkpoint->at.last > last) return;
  actions.emplace_back(StoreCheckpoint{std::exchange(checkpoint, nullptr)});
}

}  // namespace claims::server
