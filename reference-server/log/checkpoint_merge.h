#pragma once
// CheckpointMerge: checkpoints that follow each other, put together: of each row the last word.

#include <cassert>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "reference-server/log/checkpoint.h"

namespace claims::server {

class CheckpointMerge {
 public:
  using Rows = std::map<std::string, std::optional<std::string>, std::less<>>;

  /// Follows the snapshot at `base`.
  explicit CheckpointMerge(const BlockMark& base) : base_(base), at_(base) {}

  void take(const Checkpoint& checkpoint) {
    assert(checkpoint.at.number > at_.number);
    at_ = checkpoint.at;
    checkpoint.rows.for_each([&](std::string_view key, std::string_view value, bool erased) {
      auto found = rows_.lower_bound(key);
      if (found == rows_.end() || found->first != key) {
        found = rows_.emplace_hint(found, std::string(key), std::nullopt);
        bytes_ += kRowBytes + key.size();
      }
      if (found->second) bytes_ -= found->second->size();
      if (erased) {
        found->second.reset();
        return;
      }
      found->second.emplace(value);
      bytes_ += value.size();
    });
  }
  /// What was put together is stored.
  void stored() {
    base_ = at_;
    rows_.clear();
    bytes_ = 0;
  }

  /// The snapshot is further than was thought, on the way to at(): what is here comes to the same.
  void follow(const BlockMark& base) { base_ = base; }

  const BlockMark& base() const { return base_; }
  const BlockMark& at() const { return at_; }
  bool empty() const { return at_ == base_; }
  const Rows& rows() const { return rows_; }
  std::size_t bytes() const { return bytes_; }  ///< About the memory it takes.

 private:
  static constexpr std::size_t kRowBytes = 128;

  BlockMark base_, at_;
  Rows rows_;
  std::size_t bytes_ = 0;
};

}  // namespace claims::server
