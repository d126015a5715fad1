#pragma once
// BlockChain: sealed blocks that follow one another, as a node would hand them to the log.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reference-server/log/block.h"

namespace claims::server {

inline Record event_record(std::uint64_t room, chat::Seq seq, std::string payload) {
  Record record;
  record.kind = RecordKind::event;
  record.room = chat::RoomId{room};
  record.seq = seq;
  record.payload = std::move(payload);
  for (std::size_t i = 0; i < record.salt.size(); ++i) {
    record.salt[i] = static_cast<char>(0x40 + i + room + seq);
  }
  return record;
}

inline Record outcome_record(std::string payload) {
  Record record = event_record(0, 0, std::move(payload));
  record.kind = RecordKind::outcome;
  return record;
}

class BlockChain {
 public:
  std::shared_ptr<const Block> add(std::vector<Record> records) {
    auto block = std::make_shared<Block>();
    block->number = blocks_.size() + 1;
    block->first = next_;
    if (!blocks_.empty()) block->previous = blocks_.back()->hash;
    block->records = std::move(records);
    seal(*block);
    next_ = Position{static_cast<std::uint64_t>(next_) + block->records.size()};
    blocks_.push_back(block);
    return block;
  }

  /// A block of one message.
  std::shared_ptr<const Block> add(std::string text) {
    return add(std::vector{event_record(7, ++seq_, std::move(text))});
  }

  const std::vector<std::shared_ptr<const Block>>& blocks() const { return blocks_; }

 private:
  std::vector<std::shared_ptr<const Block>> blocks_;
  Position next_{1};
  chat::Seq seq_ = 0;
};

}  // namespace claims::server
