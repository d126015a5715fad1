#pragma once
// Checkpoint: what of the state has changed since the checkpoint before, as rows, at the end of one
// block of the log. A snapshot is what all checkpoints so far come to.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reference-server/log/block.h"

namespace claims::server {

/// Keys and values of rows, in one piece of memory: thousands of them are written in a pause.
class RowBatch {
 public:
  /// Begins a row. Its value is what is appended to the text that comes back, until the next call.
  std::string& add(std::string_view key) {
    close();
    rows_.push_back({bytes_.size(), key.size(), 0, false});
    bytes_ += key;
    open_ = true;
    return bytes_;
  }
  /// There is no such row any more.
  void erase(std::string_view key) {
    close();
    rows_.push_back({bytes_.size(), key.size(), 0, true});
    bytes_ += key;
  }
  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }
  std::size_t bytes() const { return bytes_.size(); }

  /// `take(key, value, erased)` for each, in the order in which they were added.
  template <class Take>
  void for_each(const Take& take) const {
    const std::string_view all = bytes_;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      const std::size_t begin = row.at + row.key_bytes;
      const std::size_t value = open_ && i + 1 == rows_.size() ? all.size() - begin : row.bytes;
      take(all.substr(row.at, row.key_bytes), all.substr(begin, value), row.erased);
    }
  }

 private:
  struct Row {
    std::size_t at, key_bytes, bytes;
    bool erased;
  };
  void close() {
    if (!open_) return;
    rows_.back().bytes = bytes_.size() - rows_.back().at - rows_.back().key_bytes;
    open_ = false;
  }

  std::string bytes_;
  std::vector<Row> rows_;
  bool open_ = false;
};

struct Checkpoint {
  BlockMark at;
  RowBatch rows;
};

/// What the first byte of a row's key says. Rows are read back in the order of their keys, so each
/// kind may count on those before it.
enum class RowKind : std::uint8_t {
  counts = 1,  ///< One row: how many there are of the others, and what has no row of its own.
  insurer,
  user,
  user_rooms,
  commands,  ///< Of a user: which instances it has.
  outcomes,  ///< Of a user: some outcomes of an instance.
  bulks,     ///< Of a user.
  receipt,
  authors,  ///< Of a room: a full piece of who wrote what.
  room,
  general,  ///< Of a garage and an adjuster: their room.
  text,     ///< A template of an owner.
  session,  ///< Of MQTT.
};

}  // namespace claims::server
