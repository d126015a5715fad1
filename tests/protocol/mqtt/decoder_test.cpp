// Streams: every packet, cut anywhere, in both directions and versions. Refusals are in
// rejection_test.cpp.

#include "protocol/mqtt/decoder.h"

#include <gtest/gtest.h>

#include "tests/protocol/mqtt/example_packets.h"

namespace claims::mqtt {
namespace {

using namespace std::string_view_literals;

using Side = Decoder::Side;

struct Direction {
  Side receiver;
  Version version;
  std::vector<Packet> packets() const {
    return receiver == Side::server ? client_packets(version) : server_packets(version);
  }
};

class EveryDirection : public testing::TestWithParam<Direction> {};
INSTANTIATE_TEST_SUITE_P(Decoder, EveryDirection,
                         testing::Values(Direction{Side::server, Version::v3_1_1},
                                         Direction{Side::server, Version::v5_0},
                                         Direction{Side::client, Version::v3_1_1},
                                         Direction{Side::client, Version::v5_0}));

/// Feeds one piece and compares what comes out, while its views live, with what is to come.
void expect_next(Decoder& decoder, std::string_view piece, const std::vector<Packet>& packets,
                 std::size_t& at) {
  decoder.feed(piece);
  while (auto result = decoder.next()) {
    ASSERT_TRUE(result->has_value()) << "packet " << at << ": " << result->error().what;
    ASSERT_LT(at, packets.size());
    EXPECT_TRUE(**result == packets[at]) << "packet " << at;
    ++at;
  }
}

TEST_P(EveryDirection, EveryPacketComesBackAsItWas) {
  const auto packets = GetParam().packets();
  Decoder decoder(GetParam().receiver, 4'096, GetParam().version);
  std::size_t at = 0;
  expect_next(decoder, bytes_of(packets, GetParam().version), packets, at);
  EXPECT_EQ(at, packets.size());
  EXPECT_EQ(decoder.version(), GetParam().version);
}

TEST_P(EveryDirection, TheSameCutAnywhereInTwo) {
  const auto packets = GetParam().packets();
  const std::string stream = bytes_of(packets, GetParam().version);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Decoder decoder(GetParam().receiver, 4'096, GetParam().version);
    std::size_t at = 0;
    // Copies, so that a view that outlives its bytes is seen by the address sanitizer.
    expect_next(decoder, std::string(stream, 0, cut), packets, at);
    expect_next(decoder, std::string(stream, cut), packets, at);
    ASSERT_EQ(at, packets.size()) << "cut at " << cut;
  }
}

TEST_P(EveryDirection, TheSameInPiecesOfEverySize) {
  const auto packets = GetParam().packets();
  const std::string stream = bytes_of(packets, GetParam().version);
  for (std::size_t size = 1; size < stream.size(); size += 1 + size / 4) {
    Decoder decoder(GetParam().receiver, 4'096, GetParam().version);
    std::size_t at = 0;
    for (std::size_t from = 0; from < stream.size(); from += size) {
      expect_next(decoder, std::string(stream, from, size), packets, at);
    }
    ASSERT_EQ(at, packets.size()) << "pieces of " << size;
  }
}

TEST(Decoder, AWholePacketIsNotCopied) {
  Decoder decoder(Side::server, 4'096);
  const std::string stream =
      bytes_of({Publish{.topic = "topic", .payload = "payload"}}, Version::v3_1_1);
  decoder.feed(stream);
  const auto result = decoder.next();
  ASSERT_TRUE(result && result->has_value());
  const auto& publish = std::get<Publish>(**result);
  EXPECT_EQ(publish.payload.data(), stream.data() + stream.size() - 7);
  EXPECT_EQ(publish.topic.data(), stream.data() + 4);
}

TEST(Decoder, BeforeConnectAServerReads311) {
  Decoder decoder(Side::server, 4'096, Version::v5_0);
  EXPECT_EQ(decoder.version(), Version::v3_1_1);
  const std::string stream = bytes_of({Publish{.topic = "t", .payload = "p"}}, Version::v3_1_1);
  decoder.feed(stream);
  const auto result = decoder.next();
  ASSERT_TRUE(result && result->has_value());
  EXPECT_EQ(std::get<Publish>(**result).payload, "p");
}

TEST(Decoder, TheVersionIsKnownEvenWhenTheRestOfConnectIsRefused) {
  Decoder decoder(Side::server, 4'096);
  decoder.feed("\x10\x07\x00\x04MQTT\x05"sv);
  const auto result = decoder.next();
  ASSERT_TRUE(result && result->has_error());
  EXPECT_EQ(decoder.version(), Version::v5_0);
}

TEST(Decoder, ASecondConnectDoesNotChangeTheVersion) {
  Decoder decoder(Side::server, 4'096);
  const std::string stream = bytes_of({Connect{.version = Version::v5_0}}, Version::v5_0) +
                             bytes_of({Connect{.version = Version::v3_1_1}}, Version::v3_1_1);
  decoder.feed(stream);
  for (int i = 0; i < 2; ++i) {
    const auto result = decoder.next();
    ASSERT_TRUE(result && result->has_value());
  }
  EXPECT_EQ(decoder.version(), Version::v5_0);
}

TEST(Decoder, APacketOfTheLargestSizePassesAndOneMoreByteDoesNot) {
  const std::string payload(1'000, 'x');
  const std::string stream = bytes_of({Publish{.topic = "t", .payload = payload}}, Version::v5_0);
  Decoder enough(Side::client, stream.size(), Version::v5_0);
  enough.feed(stream);
  EXPECT_TRUE(enough.next()->has_value());

  Decoder too_small(Side::client, stream.size() - 1, Version::v5_0);
  too_small.feed(std::string_view(stream).substr(0, 2));
  EXPECT_FALSE(too_small.next().has_value());
  too_small.feed(std::string_view(stream).substr(2, 1));  // The length is known, the body is not.
  const auto result = too_small.next();
  ASSERT_TRUE(result && result->has_error());
  EXPECT_EQ(result->error().reason, ReasonCode::packet_too_large);
}

TEST(Decoder, AServerTakesNoLargeFirstPacket) {
  Decoder decoder(Side::server, 72 * 1024);
  decoder.feed("\x10\xFF\x7F"sv);  // A CONNECT of 16 KiB: only the promise of it.
  const auto result = decoder.next();
  ASSERT_TRUE(result && result->has_error());
  EXPECT_EQ(result->error().reason, ReasonCode::packet_too_large);
}

TEST(Decoder, FeedingBeforeEverythingWasDecodedIsAnError) {
  Decoder decoder(Side::client, 4'096);
  decoder.feed("\xD0\x00\xD0\x00"sv);
  EXPECT_TRUE(decoder.next()->has_value());
  decoder.feed("\xD0\x00"sv);
  const auto result = decoder.next();
  ASSERT_TRUE(result && result->has_error());
  EXPECT_EQ(result->error().reason, ReasonCode::implementation_specific_error);
}

TEST(Decoder, FeedingNothingIsNothing) {
  Decoder decoder(Side::client, 4'096);
  decoder.feed({});
  EXPECT_FALSE(decoder.next().has_value());
  decoder.feed("\xD0"sv);
  EXPECT_FALSE(decoder.next().has_value());
  decoder.feed({});
  EXPECT_FALSE(decoder.next().has_value());
  decoder.feed("\x00"sv);
  EXPECT_TRUE(decoder.next()->has_value());
}

TEST(Decoder, A311ClientMayUseALongerLengthThanNeeded) {
  Decoder decoder(Side::server, 4'096);
  decoder.feed("\x30\x83\x00\x00\x01t"sv);
  const auto result = decoder.next();
  ASSERT_TRUE(result && result->has_value());
  EXPECT_EQ(std::get<Publish>(**result).topic, "t");
}

}  // namespace
}  // namespace claims::mqtt
