#pragma once
// Chain: the end of the log, and what the next block must be to follow it.

#include <cstdint>
#include <string>

#include "protocol/result.h"
#include "reference-server/log/block.h"

namespace claims::server {

class Chain {
 public:
  /// Before the first block.
  Chain() = default;
  /// After a block taken on trust.
  explicit Chain(const Block& last) : number_(last.number), last_(last.last()), hash_(last.hash) {}

  std::uint64_t number() const { return number_; }  ///< Of the last block; 0 before the first.
  const Hash& hash() const { return hash_; }

  /// Moves on to `block`, or says why it does not follow: its number, its first position or its
  /// previous hash. That its own hash is right is verify()'s to say.
  Result<void, std::string> extend(const Block& block);

 private:
  std::uint64_t number_ = 0;
  Position last_{};
  Hash hash_{};
};

}  // namespace claims::server
