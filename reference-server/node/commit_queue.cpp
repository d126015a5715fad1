#include "reference-server/node/commit_queue.h"

#include <cassert>
#include <utility>

#include "reference-server/limits.h"

namespace claims::server {
namespace {

std::size_t bytes_of(const PageRead& read) {
  std::size_t bytes = 0;
  if (const auto* page = std::get_if<MessagesPage>(&read.shown)) {
    bytes += page->read_by.size() * sizeof(page->read_by[0]);
  }
  if (const auto* list = std::get_if<ListQuery>(&read.query)) {
    bytes += list->ranges.size() * sizeof(StreamRange);
  } else if (const auto* search = std::get_if<SearchQuery>(&read.query)) {
    bytes += search->ranges.size() * sizeof(StreamRange);
  }
  return bytes;
}

std::size_t bytes_of(const Effect& effect) {
  std::size_t bytes = sizeof(Effect);
  if (const auto* reply = std::get_if<SendReply>(&effect)) {
    bytes += reply->reply.size();
  } else if (const auto* event = std::get_if<DeliverEvent>(&effect)) {
    bytes += event->event.size() + event->recipients.size() * sizeof(UserIndex);
  } else if (const auto* read = std::get_if<DeliverRead>(&effect)) {
    bytes += read->notice.json.size() + read->notice.recipients.size() * sizeof(UserIndex);
  } else if (const auto* page = std::get_if<RunPageRead>(&effect)) {
    bytes += page->read.re.size() + bytes_of(page->read);
  } else if (const auto* sync = std::get_if<RunSync>(&effect)) {
    bytes += sync->read.re.size();
  }
  return bytes;
}

}  // namespace

void CommitQueue::restored(const BlockMark& end) {
  assert(blocks_.empty());
  next_ = Position{static_cast<std::uint64_t>(end.last) + 1};
  end_ = end;
}

CommitQueue::Waiting& CommitQueue::open(std::size_t records) {
  const bool none_open = blocks_.empty() || (out_ && blocks_.size() == 1);
  if (none_open || blocks_.back().block->records.size() + records > limits::kRecordsPerBlockMax ||
      blocks_.back().record_bytes >= limits::kBlockBytesMax) {
    blocks_.emplace_back();
    blocks_.back().block->first = next_;
  }
  return blocks_.back();
}

Position CommitQueue::add(std::vector<Record> records) {
  assert(!records.empty() && records.size() <= limits::kRecordsPerBlockMax);
  Waiting& waiting = open(records.size());
  const Position first = next_;
  next_ = Position{static_cast<std::uint64_t>(next_) + records.size()};
  for (Record& record : records) {
    const std::size_t bytes = sizeof(Record) + record.payload.size();
    waiting.record_bytes += bytes;
    bytes_ += bytes;
    waiting.block->records.push_back(std::move(record));
  }
  return first;
}

Position CommitQueue::add(Record record) {
  std::vector<Record> one;
  one.push_back(std::move(record));
  return add(std::move(one));
}

void CommitQueue::wait(Effect effect) {
  assert(!blocks_.empty());
  const std::size_t bytes = bytes_of(effect);
  blocks_.back().effect_bytes += bytes;
  bytes_ += bytes;
  blocks_.back().effects.push_back(std::move(effect));
}

std::shared_ptr<const Block> CommitQueue::begin(Microseconds steady) {
  if (out_ || blocks_.empty() || (not_before_ && steady < *not_before_)) return nullptr;
  Block& block = *blocks_.front().block;
  block.number = end_.number + 1;
  block.previous = end_.hash;
  seal(block);
  end_ = mark_of(block);
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
  bytes_ -= blocks_.front().record_bytes + blocks_.front().effect_bytes;
  std::vector<Effect> effects = std::move(blocks_.front().effects);
  blocks_.pop_front();
  out_ = false;
  return effects;
}

}  // namespace claims::server
