#pragma once
// Blocks: one group commit each, chained by hashes of salted payload digests, so that a payload can
// be destroyed by law (its salt with it) while the chain still verifies.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "reference-server/log/record.h"

namespace claims::server {

using Hash = std::array<unsigned char, 32>;  ///< SHA-256.

struct Block {
  static constexpr std::uint8_t kFormat = 1;
  std::uint64_t number = 0;     ///< 1, 2, 3 … in the log.
  Position first{};             ///< Of records[0]; the others follow without a gap.
  Hash previous{};              ///< Hash of the block before it; zero for the first.
  std::vector<Record> records;  ///< At least one.
  std::vector<Hash> digests;    ///< SHA-256(salt, payload) of each record; filled by seal().
  Hash hash{};                  ///< Over format, number, first, previous, kinds/rooms/seqs, digests.

  Position last() const {
    return Position{static_cast<std::uint64_t>(first) + records.size() - 1};
  }
};

/// Computes digests and hash.
void seal(Block& block);
/// True when digests of all present payloads, and the hash, are right.
bool verify(const Block& block);

std::string encode_block(const Block& block);
Result<Block, std::string> decode_block(std::string_view bytes);

}  // namespace claims::server
