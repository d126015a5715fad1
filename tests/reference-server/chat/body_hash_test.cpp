#include "reference-server/chat/body_hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace claims::server {
namespace {

TEST(BodyHash, StaysAsItIsInTheLog) {
  EXPECT_EQ(body_hash(""), 0xE220A8397B1DCDAFU);
  EXPECT_EQ(body_hash(R"({"type":"message.send"})"), 0x0EF452AC1D58385CU);
}

TEST(BodyHash, EveryChangeOfOneByteShows) {
  std::set<std::uint64_t> seen;
  std::string text = "0123456789abcdef01";
  seen.insert(body_hash(text));
  std::size_t expected = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    for (int bit = 0; bit < 8; ++bit, ++expected) {
      changed[i] = static_cast<char>(text[i] ^ (1 << bit));
      seen.insert(body_hash(changed));
    }
  }
  for (std::size_t size = 0; size < text.size(); ++size, ++expected) {
    seen.insert(body_hash(text.substr(0, size)));
  }
  seen.insert(body_hash(text + '\0'));
  EXPECT_EQ(seen.size(), expected + 1);
}

}  // namespace
}  // namespace claims::server
