#include "simulator/world/packet_scanner.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace claims::storm {
namespace {

using namespace std::string_literals;
using Places = std::vector<std::pair<int, std::size_t>>;  // First byte, place in the whole stream.

struct Found {
  Places begins, ends;
  bool operator==(const Found&) const = default;
};

Found found_in(const std::string& stream, std::size_t piece) {
  PacketScanner scanner;
  Found found;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    const auto into = [at](Places& places) {
      return [at, &places](std::uint8_t first, std::size_t place) {
        places.emplace_back(first, at + place);
      };
    };
    scanner.scan(std::string_view(stream).substr(at, piece), into(found.begins), into(found.ends));
  }
  return found;
}

TEST(PacketScanner, FindsEachPacketHoweverTheBytesAreCut) {
  // PINGREQ, PUBACK, a PUBLISH of 200 bytes that look like PUBLISHes, one of 20,000, PINGRESP.
  const std::string stream = "\xC0\0"s + "\x40\x02\x12\x34"s + "\x32\xC8\x01"s +
                             std::string(200, '\x32') + "\x34\xA0\x9C\x01"s +
                             std::string(20'000, '\x40') + "\xD0\0"s;
  const Found expected = {
      .begins = {{0xC0, 0}, {0x40, 2}, {0x32, 6}, {0x34, 209}, {0xD0, 20'213}},
      .ends = {{0xC0, 2}, {0x40, 6}, {0x32, 209}, {0x34, 20'213}, {0xD0, 20'215}}};
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7},
                                  std::size_t{1'000}, stream.size()}) {
    EXPECT_EQ(found_in(stream, piece), expected) << piece;
  }
}

TEST(PacketScanner, KnowsNothingMoreOfAStreamThatIsNotMqtt) {
  const std::string stream = "\x30\xFF\xFF\xFF\xFF\xFF"s + "\xC0\0"s;
  const Found expected = {.begins = {{0x30, 0}}, .ends = {}};
  EXPECT_EQ(found_in(stream, stream.size()), expected);
  EXPECT_EQ(found_in(stream, 1), expected);
}

}  // namespace
}  // namespace claims::storm
