#include "simulator/world/virtual/publish_scanner.h"

#include <gtest/gtest.h>

#include <string>

namespace claims::storm {
namespace {

std::string packet(char type, std::size_t body) {
  std::string bytes(1, type);
  std::size_t rest = body;
  do {
    bytes += static_cast<char>((rest & 0x7FU) | (rest > 0x7FU ? 0x80U : 0U));
    rest >>= 7U;
  } while (rest > 0);
  // A body that looks like PUBLISH packets.
  return bytes + std::string(body, '\x30');
}

TEST(PublishScanner, FindsTheEndOfTheFirstPublishBetweenOtherPackets) {
  const std::string before = packet('\x10', 300) + packet('\xC0', 0);
  const std::string publish = packet('\x3B', 20'000);
  PublishScanner scanner;
  EXPECT_EQ(scanner.scan(before + publish + packet('\x32', 5) + packet('\xC0', 0)),
            before.size() + publish.size());
}

TEST(PublishScanner, FindsItWhereverTheStreamIsCut) {
  const std::string stream = packet('\x10', 200) + packet('\x32', 130) + packet('\xE0', 0);
  const std::size_t end = stream.size() - 2;
  for (std::size_t cut = 0; cut < stream.size(); ++cut) {
    PublishScanner scanner;
    const auto first = scanner.scan(std::string_view(stream).substr(0, cut));
    const auto second = scanner.scan(std::string_view(stream).substr(cut));
    if (cut >= end) {
      EXPECT_EQ(first, end) << cut;
      EXPECT_EQ(second, std::nullopt) << cut;
    } else {
      EXPECT_EQ(first, std::nullopt) << cut;
      EXPECT_EQ(second, end - cut) << cut;
    }
  }
}

TEST(PublishScanner, FindsNothingInWhatIsNotMqtt) {
  PublishScanner scanner;
  EXPECT_EQ(scanner.scan("\x30\xFF\xFF\xFF\xFF\xFF"), std::nullopt);
  EXPECT_EQ(scanner.scan(packet('\x30', 1)), std::nullopt);
}

}  // namespace
}  // namespace claims::storm
