#include "reference-server/log/chain.h"

#include <fmt/format.h>

namespace claims::server {

Result<void, std::string> Chain::extend(const Block& block) {
  if (block.number != number_ + 1) {
    return fmt::format("block {} where block {} must follow", block.number, number_ + 1);
  }
  const std::uint64_t first = static_cast<std::uint64_t>(last_) + 1;
  if (static_cast<std::uint64_t>(block.first) != first) {
    return fmt::format("block {} begins at position {} where {} must follow", block.number,
                       static_cast<std::uint64_t>(block.first), first);
  }
  if (block.previous != hash_) {
    return fmt::format("block {} does not carry the hash of block {}", block.number, number_);
  }
  *this = Chain(block);
  return {};
}

}  // namespace claims::server
