#include "reference-server/log/block.h"

#include <fmt/format.h>

#include <cassert>
#include <cstring>
#include <optional>

#include "reference-server/log/byte_codec.h"
#include "reference-server/log/digest.h"

namespace claims::server {
namespace {

constexpr std::uint8_t kPresent = 0;
constexpr std::uint8_t kDestroyed = 1;
constexpr std::uint64_t kNumberMax = ByteReader::kNumberMax;

Hash digest_of(const Record& record, Digest& digest) {
  return digest.add(std::string_view(record.salt.data(), record.salt.size()))
      .add(record.payload)
      .finish();
}

Hash hash_of(const Block& block, Digest& digest) {
  digest.add_u8(Block::kFormat)
      .add_u64(block.number)
      .add_u64(static_cast<std::uint64_t>(block.first))
      .add(block.previous)
      .add_u64(block.records.size());
  for (std::size_t i = 0; i < block.records.size(); ++i) {
    const Record& record = block.records[i];
    digest.add_u8(static_cast<std::uint8_t>(record.kind))
        .add_u64(static_cast<std::uint64_t>(record.room))
        .add_u64(record.seq)
        .add(block.digests[i]);
  }
  return digest.finish();
}

void put_hash(const Hash& hash, std::string& out) {
  out.append(reinterpret_cast<const char*>(hash.data()), hash.size());
}

/// Takes a block apart; once something does not fit, `wrong` says what and nothing more is read.
class BlockReader : public ByteReader {
 public:
  using ByteReader::ByteReader;

  Hash take_hash(std::string_view what) {
    Hash hash{};
    const std::string_view taken = take(hash.size(), what);
    if (wrong.empty()) std::memcpy(hash.data(), taken.data(), hash.size());
    return hash;
  }
};

/// The record, and its digest where the payload is gone.
Record take_record(BlockReader& reader, std::optional<Hash>& digest) {
  Record record;
  const std::uint64_t state = reader.take_fixed(1, "a record's state");
  if (state > kDestroyed) reader.refuse(fmt::format("a record's state is {}, not 0 or 1", state));
  const std::uint64_t kind = reader.take_fixed(1, "a record's kind");
  if (reader.wrong.empty() && (kind == 0 || kind > static_cast<std::uint8_t>(kRecordKindLast))) {
    reader.refuse(fmt::format("a record's kind is {}, not 1 to {}", kind,
                              static_cast<unsigned>(kRecordKindLast)));
  }
  record.kind = static_cast<RecordKind>(kind);
  record.room = chat::RoomId{reader.take_varint("a record's room")};
  record.seq = reader.take_varint("a record's seq");
  if (state == kDestroyed) {
    record.destroyed = true;
    digest = reader.take_hash("a record's digest");
    return record;
  }
  const std::string_view salt = reader.take(record.salt.size(), "a record's salt");
  if (reader.wrong.empty()) std::memcpy(record.salt.data(), salt.data(), salt.size());
  const std::uint64_t length = reader.take_varint("a payload's length");
  record.payload = reader.take(length, "a payload");
  return record;
}

}  // namespace

void seal(Block& block) {
  assert(!block.records.empty());
  Digest digest;
  block.digests.clear();
  block.digests.reserve(block.records.size());
  for (const Record& record : block.records) {
    assert(!record.destroyed);
    block.digests.push_back(digest_of(record, digest));
  }
  block.hash = hash_of(block, digest);
}

bool verify(const Block& block) {
  if (block.records.empty() || block.digests.size() != block.records.size()) return false;
  Digest digest;
  for (std::size_t i = 0; i < block.records.size(); ++i) {
    const Record& record = block.records[i];
    if (record.destroyed) {
      if (!record.payload.empty() || record.salt != decltype(record.salt){}) return false;
    } else if (digest_of(record, digest) != block.digests[i]) {
      return false;
    }
  }
  return hash_of(block, digest) == block.hash;
}

std::string encode_block(const Block& block) {
  assert(block.digests.size() == block.records.size());
  std::size_t size = 128;
  for (const Record& record : block.records) size += record.payload.size() + 64;
  std::string out;
  out.reserve(size);
  put_fixed(Block::kFormat, 1, out);
  put_fixed(block.number, 8, out);
  put_fixed(static_cast<std::uint64_t>(block.first), 8, out);
  put_hash(block.previous, out);
  put_fixed(block.records.size(), 4, out);
  for (std::size_t i = 0; i < block.records.size(); ++i) {
    const Record& record = block.records[i];
    put_fixed(record.destroyed ? kDestroyed : kPresent, 1, out);
    put_fixed(static_cast<std::uint8_t>(record.kind), 1, out);
    put_varint(static_cast<std::uint64_t>(record.room), out);
    put_varint(record.seq, out);
    if (record.destroyed) {
      put_hash(block.digests[i], out);
    } else {
      out.append(record.salt.data(), record.salt.size());
      put_varint(record.payload.size(), out);
      out.append(record.payload);
    }
  }
  put_hash(block.hash, out);
  return out;
}

Result<Block, std::string> decode_block(std::string_view bytes) {
  if (bytes.size() > kEncodedBlockBytesMax) {
    return fmt::format("a block of {} bytes, above {}", bytes.size(), kEncodedBlockBytesMax);
  }
  BlockReader reader(bytes);
  const std::uint64_t format = reader.take_fixed(1, "the format");
  if (reader.wrong.empty() && format != Block::kFormat) {
    reader.refuse(fmt::format("format {}, this program reads {}", format, Block::kFormat));
  }
  Block block;
  block.number = reader.take_fixed(8, "the number");
  block.first = Position{reader.take_fixed(8, "the first position")};
  block.previous = reader.take_hash("the previous hash");
  const std::uint64_t count = reader.take_fixed(4, "the count of records");
  if (block.number == 0) reader.refuse("the number is 0");
  if (block.first == Position{0}) reader.refuse("the first position is 0");
  if (count == 0 || count > limits::kRecordsPerBlockMax) {
    reader.refuse(fmt::format("{} records, not 1 to {}", count, limits::kRecordsPerBlockMax));
  } else if (static_cast<std::uint64_t>(block.first) > kNumberMax - count) {
    reader.refuse("the positions pass the highest number");
  }
  Digest digest;
  for (std::uint64_t i = 0; i < count && reader.wrong.empty(); ++i) {
    std::optional<Hash> kept;
    Record record = take_record(reader, kept);
    if (!reader.wrong.empty()) break;
    block.digests.push_back(kept ? *kept : digest_of(record, digest));
    block.records.push_back(std::move(record));
  }
  block.hash = reader.take_hash("the hash");
  if (!reader.at_end()) reader.refuse("bytes follow the hash");
  if (!reader.wrong.empty()) return std::move(reader.wrong);
  return block;
}

}  // namespace claims::server
