#pragma once
// Blocks: one group commit each, chained by hashes of salted payload digests, so that a payload can
// be destroyed by law (its salt with it) while the chain still verifies.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "reference-server/limits.h"
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
  Hash hash{};  ///< Over format, number, first, previous, kinds/rooms/seqs, digests.

  Position last() const { return Position{static_cast<std::uint64_t>(first) + records.size() - 1}; }
};

/// The end of a block in the log. Number 0: before the first block.
struct BlockMark {
  std::uint64_t number = 0;
  Position last{};  ///< Of its records.
  Hash hash{};
  bool operator==(const BlockMark&) const = default;
};
inline BlockMark mark_of(const Block& block) {
  return {block.number, block.last(), block.hash};
}

/// Computes digests and hash of a block that holds all its payloads. All are SHA-256; numbers are
/// little-endian: digest = (16 salt, payload); hash = (u8 format, u64 number, u64 first, 32
/// previous, u64 records, records x { u8 kind, u64 room, u64 seq, 32 digest }).
void seal(Block& block);
/// True when digests of all present payloads, and the hash, are right. A destroyed payload counts
/// by its digest; that it was destroyed is outside the hash, which is what lets the chain survive
/// it.
bool verify(const Block& block);

/// Payloads up to limits::kBlockBytesMax, the record that passed that bound, and the frames.
inline constexpr std::size_t kEncodedBlockBytesMax = 2 * limits::kBlockBytesMax;

/// Format 1, numbers little-endian, `v` a shortest LEB128:
///   u8 format, u64 number, u64 first, 32 previous, u32 records,
///   records x { u8 state, u8 kind, v room, v seq,
///               state 0 (present): 16 salt, v length, payload; state 1 (destroyed): 32 digest },
///   32 hash.
/// The digest of a present payload is not stored: it follows from the payload.
std::string encode_block(const Block& block);
/// Takes any bytes. A block that comes out is within the bounds above, has its digests, and carries
/// the hash it was stored with; whether that hash is right is verify()'s to say.
Result<Block, std::string> decode_block(std::string_view bytes);

}  // namespace claims::server
