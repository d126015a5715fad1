#include "reference-server/node/commit_queue.h"

#include <cassert>
#include <utility>

#include "reference-server/limits.h"

namespace claims::server {

void CommitQueue::restored(const Block& block) {
  assert(blocks_.empty());
  next_ = Position{static_cast<std::uint64_t>(block.last()) + 1};
  next_number_ = block.number + 1;
  previous_ = block.hash;
}

CommitQueue::Waiting& CommitQueue::open() {
  const bool none_open = blocks_.empty() || (out_ && blocks_.size() == 1);
  if (none_open || blocks_.back().block->records.size() >= limits::kRecordsPerBlockMax ||
      blocks_.back().bytes >= limits::kBlockBytesMax) {
    blocks_.emplace_back();
    blocks_.back().block->first = next_;
  }
  return blocks_.back();
}

Position CommitQueue::add(Record record) {
  Waiting& waiting = open();
  waiting.bytes += record.payload.size();
  waiting.block->records.push_back(std::move(record));
  const Position position = next_;
  next_ = Position{static_cast<std::uint64_t>(next_) + 1};
  return position;
}

void CommitQueue::wait(Effect effect) {
  assert(!blocks_.empty());
  blocks_.back().effects.push_back(std::move(effect));
}

std::shared_ptr<const Block> CommitQueue::begin(Microseconds steady) {
  if (out_ || blocks_.empty() || (not_before_ && steady < *not_before_)) return nullptr;
  Block& block = *blocks_.front().block;
  block.number = next_number_++;
  block.previous = previous_;
  seal(block);
  previous_ = block.hash;
  out_ = true;
  not_before_.reset();
  if (block.records.size() >= pacing_.load_records) not_before_ = steady + pacing_.interval;
  return blocks_.front().block;
}

std::optional<Microseconds> CommitQueue::next_deadline() const {
  if (out_ || blocks_.empty()) return std::nullopt;
  return not_before_.value_or(Microseconds{0});
}

std::vector<Effect> CommitQueue::durable(Position last) {
  assert(out_ && blocks_.front().block->last() == last);
  (void)last;
  std::vector<Effect> effects = std::move(blocks_.front().effects);
  blocks_.pop_front();
  out_ = false;
  return effects;
}

}  // namespace claims::server
