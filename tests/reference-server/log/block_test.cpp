#include "reference-server/log/block.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>

#include "tests/reference-server/log/block_chain.h"

namespace claims::server {
namespace {

using testing::HasSubstr;

std::string hex(const Hash& hash) {
  std::string text;
  for (const unsigned char byte : hash) text += fmt::format("{:02x}", byte);
  return text;
}

Block small_block() {
  BlockChain chain;
  chain.add("before");
  return *chain.add({event_record(300, 2, "안녕하세요"), outcome_record(""),
                     event_record(1, 70'000, R"({"type":"message"})")});
}

Block with_second_destroyed(Block block) {
  block.records[1].payload.clear();
  block.records[1].salt = {};
  block.records[1].destroyed = true;
  return block;
}

bool same(const Block& a, const Block& b) {
  bool records = a.records.size() == b.records.size();
  for (std::size_t i = 0; records && i < a.records.size(); ++i) {
    const Record &x = a.records[i], &y = b.records[i];
    records = x.kind == y.kind && x.room == y.room && x.seq == y.seq && x.payload == y.payload &&
              x.salt == y.salt && x.destroyed == y.destroyed;
  }
  return records && a.number == b.number && a.first == b.first && a.previous == b.previous &&
         a.digests == b.digests && a.hash == b.hash;
}

TEST(Block, KnowsItsLastPosition) {
  EXPECT_EQ(small_block().last(), Position{4});
}

TEST(Block, HashIsTheOneOfFormat1) {
  // Computed apart from this program, by Python's hashlib, from the layout that block.h gives:
  // sha256(u8 1, u64 1, u64 1, 32 zeros, u64 1, u8 4, u64 7, u64 1, sha256(salt, "hello"))
  Block block;
  block.number = 1;
  block.first = Position{1};
  Record record = event_record(7, 1, "hello");
  record.salt = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  block.records = {record};
  seal(block);
  EXPECT_EQ(hex(block.digests[0]),
            "5be4ea4bf778800563dd08f63dadc4e3d7e31737bb332d38952ebd664fd8ef33");
  EXPECT_EQ(hex(block.hash), "6b08f1774bf6aa25d0e6306ac246280c612c14017341e4f7a23fdee4f2881297");
}

TEST(Block, ComesBackFromItsBytes) {
  const Block block = small_block();
  const auto decoded = decode_block(encode_block(block));
  ASSERT_TRUE(decoded) << decoded.error();
  EXPECT_TRUE(same(*decoded, block));
  EXPECT_TRUE(verify(*decoded));
}

TEST(Block, DestroyedPayloadStillVerifiesByItsDigest) {
  const Block block = with_second_destroyed(small_block());
  EXPECT_TRUE(verify(block));
  const auto decoded = decode_block(encode_block(block));
  ASSERT_TRUE(decoded) << decoded.error();
  EXPECT_TRUE(same(*decoded, block));
  EXPECT_TRUE(verify(*decoded));
  EXPECT_EQ(decoded->hash, small_block().hash) << "the chain goes on from the same hash";
}

TEST(Block, PayloadSaidToBeDestroyedMustBeGone) {
  Block block = with_second_destroyed(small_block());
  block.records[1].salt[0] = 1;
  EXPECT_FALSE(verify(block));
  block = with_second_destroyed(small_block());
  block.records[1].payload = "kept after all";
  EXPECT_FALSE(verify(block));
}

TEST(Block, EveryFieldIsUnderTheHash) {
  const auto broken = [](auto change) {
    Block block = small_block();
    change(block);
    return !verify(block);
  };
  EXPECT_FALSE(broken([](Block&) {}));
  EXPECT_TRUE(broken([](Block& b) { ++b.number; }));
  EXPECT_TRUE(broken([](Block& b) { b.first = Position{9}; }));
  EXPECT_TRUE(broken([](Block& b) { b.previous[31] ^= 1; }));
  EXPECT_TRUE(broken([](Block& b) { b.records[0].kind = RecordKind::read; }));
  EXPECT_TRUE(broken([](Block& b) { b.records[0].room = chat::RoomId{301}; }));
  EXPECT_TRUE(broken([](Block& b) { ++b.records[0].seq; }));
  EXPECT_TRUE(broken([](Block& b) { b.records[0].payload += ' '; }));
  EXPECT_TRUE(broken([](Block& b) { b.records[0].salt[15] ^= 1; }));
  EXPECT_TRUE(broken([](Block& b) { b.digests[2][0] ^= 1; }));
  EXPECT_TRUE(broken([](Block& b) { b.hash[0] ^= 1; }));
  EXPECT_TRUE(broken([](Block& b) { b.records.pop_back(); }));
  EXPECT_TRUE(broken([](Block& b) { b.digests.pop_back(), b.records.pop_back(); }));
  EXPECT_TRUE(broken([](Block& b) { std::swap(b.records[0], b.records[2]); }));
}

TEST(Block, NoChangedByteGoesUnnoticed) {
  for (const Block& block : {small_block(), with_second_destroyed(small_block())}) {
    const std::string bytes = encode_block(block);
    int decoded_count = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (int flip = 1; flip < 256; ++flip) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ flip);
        const auto decoded = decode_block(changed);
        if (!decoded) {
          EXPECT_FALSE(decoded.error().empty());
          continue;
        }
        ++decoded_count;
        EXPECT_FALSE(verify(*decoded)) << "byte " << at << " changed by " << flip;
        EXPECT_EQ(encode_block(*decoded), changed) << "a block has one form";
      }
    }
    EXPECT_GT(decoded_count, 1'000) << "most changes must reach verify()";
  }
}

TEST(Block, CutOrLengthenedAnywhereIsRefused) {
  const std::string bytes = encode_block(small_block());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(decode_block(std::string_view(bytes).substr(0, length))) << length;
  }
  const auto longer = decode_block(bytes + '\0');
  ASSERT_FALSE(longer);
  EXPECT_THAT(longer.error(), HasSubstr("bytes follow the hash"));
}

TEST(Block, AnyBytesAreTaken) {
  std::mt19937_64 random(20'260'101);
  const std::string good = encode_block(small_block());
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 200, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    // Half of them with a good beginning, so that they get past it.
    if (i % 2 == 0) bytes.insert(0, good, 0, random() % good.size());
    const auto decoded = decode_block(bytes);
    EXPECT_FALSE(decoded && verify(*decoded));
  }
}

std::string why_refused(const std::string& bytes) {
  const auto decoded = decode_block(bytes);
  return decoded ? "decoded" : decoded.error();
}

TEST(Block, SaysWhatIsWrong) {
  const std::string good = encode_block(small_block());
  const auto with = [&](std::size_t at, const std::string& bytes) {
    return std::string(good).replace(at, bytes.size(), bytes);
  };
  const std::size_t count_at = 1 + 8 + 8 + 32, record_at = count_at + 4;
  EXPECT_THAT(why_refused(""), HasSubstr("the format needs 1 bytes, 0 are left (at byte 0 of 0)"));
  EXPECT_THAT(why_refused(with(0, "\x02")), HasSubstr("format 2, this program reads 1"));
  EXPECT_THAT(why_refused(with(1, std::string(8, '\0'))), HasSubstr("the number is 0"));
  EXPECT_THAT(why_refused(with(1, std::string(8, '\xff'))), HasSubstr("the number is 1844674407"));
  EXPECT_THAT(why_refused(with(9, std::string(8, '\0'))), HasSubstr("first position is 0"));
  EXPECT_THAT(why_refused(with(9, std::string(7, '\xff') + '\x7f')), HasSubstr("positions pass"));
  EXPECT_THAT(why_refused(with(count_at, std::string(4, '\0'))), HasSubstr("0 records, not 1 to"));
  EXPECT_THAT(why_refused(with(count_at, std::string(4, '\xff'))), HasSubstr("4294967295 records"));
  EXPECT_THAT(why_refused(with(record_at, "\x02")), HasSubstr("state is 2, not 0 or 1"));
  EXPECT_THAT(why_refused(with(record_at + 1, "\x11")), HasSubstr("kind is 17, not 1 to 16"));
  EXPECT_THAT(why_refused(with(record_at + 2, {'\x80', '\0'})), HasSubstr("shortest LEB128"));
  EXPECT_THAT(why_refused(with(record_at + 2, std::string(10, '\xff'))),
              HasSubstr("shortest LEB128"));
  EXPECT_THAT(why_refused(with(record_at + 21, "\xff\x01")),
              HasSubstr("a payload needs 255 bytes"));
}

TEST(Block, BoundsHold) {
  BlockChain chain;
  const std::vector<Record> most(limits::kRecordsPerBlockMax, event_record(1, 1, "x"));
  EXPECT_TRUE(decode_block(encode_block(*chain.add(most))));
  std::vector<Record> more = most;
  more.push_back(more.back());
  EXPECT_THAT(why_refused(encode_block(*chain.add(more))), HasSubstr("4097 records"));
  EXPECT_THAT(why_refused(std::string(kEncodedBlockBytesMax + 1, '\0')), HasSubstr("above"));
}

}  // namespace
}  // namespace claims::server
