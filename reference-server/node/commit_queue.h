#pragma once
// CommitQueue: blocks that are open or on their way to the disk, with the effects that wait for
// them.

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "protocol/time.h"
#include "reference-server/log/block.h"
#include "reference-server/node/effect.h"

namespace claims::server {

/// Group commit: one append is out at a time, and everything that is decided meanwhile joins the
/// next block. A lone command is appended at once; under load appends begin `interval` apart, as
/// the cost of a commit does not depend on its size.
class CommitQueue {
 public:
  struct Pacing {
    Microseconds interval{0};      ///< Between the beginnings of two appends under load.
    std::size_t load_records = 8;  ///< A block of at least so many records is load.
  };
  explicit CommitQueue(const Pacing& pacing) : pacing_(pacing) {}

  /// The log ends there; numbers and hashes continue after it.
  void restored(const BlockMark& end);
  /// The last block that begin() gave, or restored().
  BlockMark end() const { return end_; }

  Position next_position() const { return next_; }
  /// The records get the next positions, the first of which is returned. They are in one block:
  /// durable together or not at all.
  Position add(std::vector<Record> records);
  Position add(Record record);
  /// Nothing is waiting: an effect may happen now.
  bool empty() const { return blocks_.empty(); }
  /// About the memory that waits for the disk.
  std::size_t bytes() const { return bytes_; }
  /// The effect happens when everything added before it is durable. Only when not empty().
  void wait(Effect effect);

  /// The next block to append, sealed; nothing when an append is out, nothing is open, or it is not
  /// due yet.
  std::shared_ptr<const Block> begin(Microseconds steady);
  std::optional<Microseconds> next_deadline() const;
  /// The append that is out has ended; gives its effects, in order.
  std::vector<Effect> durable(Position last);

 private:
  struct Waiting {
    std::shared_ptr<Block> block = std::make_shared<Block>();
    std::size_t record_bytes = 0, effect_bytes = 0;
    std::vector<Effect> effects;
  };
  Waiting& open(std::size_t records);

  Pacing pacing_;
  std::deque<Waiting> blocks_;  // The front is on its way to the disk when out_ is set.
  bool out_ = false;
  std::size_t bytes_ = 0;
  Position next_{1};
  BlockMark end_;
  std::optional<Microseconds> not_before_;
};

}  // namespace claims::server
