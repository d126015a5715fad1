// The tables of MQTT 5.0 in numbers, beside the names of the source.

#include "protocol/mqtt/reason_codes.h"

#include <gtest/gtest.h>

#include <vector>

namespace claims::mqtt {
namespace {

using Side = Decoder::Side;

std::vector<int> allowed(PacketType type, Side receiver) {
  std::vector<int> codes;
  for (int code = 0; code < 256; ++code) {
    if (reason_allowed(type, receiver, static_cast<ReasonCode>(code))) codes.push_back(code);
  }
  return codes;
}

TEST(ReasonCodes, OfEachPacket) {
  const std::vector<int> publish = {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99};
  const std::vector<int> release = {0x00, 0x92};
  for (const Side side : {Side::server, Side::client}) {
    EXPECT_EQ(allowed(PacketType::connack, side),  // Table 3-1
              (std::vector<int>{0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
                                0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F}));
    EXPECT_EQ(allowed(PacketType::puback, side), publish);   // Table 3-4
    EXPECT_EQ(allowed(PacketType::pubrec, side), publish);   // Table 3-5
    EXPECT_EQ(allowed(PacketType::pubrel, side), release);   // Table 3-6
    EXPECT_EQ(allowed(PacketType::pubcomp, side), release);  // Table 3-7
    EXPECT_EQ(
        allowed(PacketType::suback, side),  // Table 3-8
        (std::vector<int>{0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2}));
    EXPECT_EQ(allowed(PacketType::unsuback, side),  // Table 3-9
              (std::vector<int>{0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91}));
    EXPECT_TRUE(allowed(PacketType::publish, side).empty());
  }
}

TEST(ReasonCodes, OfDisconnectAndAuthDependOnWhoSends) {
  EXPECT_EQ(allowed(PacketType::disconnect, Side::server),  // Table 3-10
            (std::vector<int>{0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96,
                              0x97, 0x98, 0x99}));
  EXPECT_EQ(allowed(PacketType::disconnect, Side::client),
            (std::vector<int>{0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E,
                              0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A,
                              0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2}));
  EXPECT_EQ(allowed(PacketType::auth, Side::server), (std::vector<int>{0x18, 0x19}));
  EXPECT_EQ(allowed(PacketType::auth, Side::client), (std::vector<int>{0x00, 0x18}));
}

TEST(ReasonCodes, ReturnCodesOf311AndBack) {
  for (std::uint8_t code = 0; code <= 5; ++code) {
    const auto reason = from_connect_return_code(code);
    ASSERT_TRUE(reason.has_value());
    EXPECT_EQ(to_connect_return_code(*reason), code);
  }
  EXPECT_EQ(from_connect_return_code(6), std::nullopt);
  EXPECT_EQ(from_connect_return_code(255), std::nullopt);
}

}  // namespace
}  // namespace claims::mqtt
