// Any bytes at all: valid streams, changed at random from a fixed seed and cut at random. Nothing
// may crash (the sanitizer builds watch), an error must stay, what is accepted must keep its bounds
// and must survive being encoded again.

#include <gtest/gtest.h>

#include <random>

#include "protocol/limits.h"
#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/encoder.h"
#include "tests/protocol/mqtt/example_packets.h"

namespace claims::mqtt {
namespace {

using Side = Decoder::Side;
using Random = std::mt19937_64;  // The engine's numbers are the same in every library.

void mutate(std::string& stream, Random& random) {
  const std::uint64_t changes = 1 + random() % 4;
  for (std::uint64_t i = 0; i < changes && !stream.empty(); ++i) {
    const std::size_t at = random() % stream.size();
    const std::size_t length = 1 + random() % 8;
    switch (random() % 6) {
      case 0:
        stream[at] = static_cast<char>(random());
        break;
      case 1:
        stream[at] = static_cast<char>(stream[at] ^ (1 << random() % 8));
        break;
      case 2:
        stream.erase(at, length);
        break;
      case 3:
        stream.insert(at, length, static_cast<char>(random()));
        break;
      case 4:
        stream.insert(at, stream.substr(random() % stream.size(), length));
        break;
      default:
        stream.resize(at);
    }
  }
}

struct Outcome {
  std::size_t packets = 0;
  bool failed = false;
  std::string reencoded;  // Of all that was accepted.
};

/// What is decoded must be encodable, in the packet's own version.
void take(const Packet& packet, Version version, Outcome& outcome) {
  ++outcome.packets;
  const auto* connect = std::get_if<Connect>(&packet);
  encode(packet, connect != nullptr ? connect->version : version, outcome.reencoded);
  if (const auto* subscribe = std::get_if<Subscribe>(&packet)) {
    EXPECT_LE(subscribe->filters.size(), limits::kTopicFiltersPerPacketMax);
    EXPECT_FALSE(subscribe->filters.empty());
  }
  if (const auto* publish = std::get_if<Publish>(&packet)) {
    EXPECT_LE(publish->topic.size(), limits::kTopicBytesMax);
    EXPECT_LE(publish->properties.size(), limits::kPropertiesPerPacketMax);
    EXPECT_EQ(publish->packet_id == 0, publish->qos == QoS::at_most_once);
  }
}

Outcome run(const std::string& stream, Side side, Version version, Random* cuts) {
  Decoder decoder(side, 2'048, version);
  Outcome outcome;
  for (std::size_t from = 0; from < stream.size();) {
    const std::size_t size = cuts != nullptr ? 1 + (*cuts)() % 64 : stream.size();
    const std::string piece = stream.substr(from, size);
    from += piece.size();
    decoder.feed(piece);
    while (const auto result = decoder.next()) {
      if (result->has_error()) {
        EXPECT_NE(result->error().what, "");
        EXPECT_GE(result->error().reason, ReasonCode::unspecified_error);
        outcome.failed = true;
        break;
      }
      EXPECT_FALSE(outcome.failed) << "a packet after an error";
      take(**result, decoder.version(), outcome);
    }
  }
  return outcome;
}

void expect_same(const Outcome& left, const Outcome& right) {
  EXPECT_EQ(left.packets, right.packets);
  EXPECT_EQ(left.failed, right.failed);
  EXPECT_EQ(left.reencoded, right.reencoded);
}

TEST(Mutation, MutatedStreamsNeverCrashAndDecodeTheSameHoweverCut) {
  Random random(20'240'101);
  std::size_t failed = 0, accepted = 0;
  for (const Version version : {Version::v3_1_1, Version::v5_0}) {
    for (const Side side : {Side::server, Side::client}) {
      auto packets = side == Side::server ? client_packets(version) : server_packets(version);
      const Packet first = packets.front();
      for (int round = 0; round < 10'000; ++round) {
        // A few packets in any order, so that an early error does not hide the later ones.
        std::vector<Packet> chosen;
        if (side == Side::server) chosen.push_back(first);
        for (int i = 0; i < 4; ++i) chosen.push_back(packets[random() % packets.size()]);
        const std::size_t kept =
            side == Side::server && random() % 4 != 0 ? bytes_of({first}, version).size() : 0;
        std::string stream = bytes_of(chosen, version);
        std::string tail = stream.substr(kept);
        mutate(tail, random);
        stream = stream.substr(0, kept) + tail;

        const Outcome whole = run(stream, side, version, nullptr);
        expect_same(whole, run(stream, side, version, &random));
        failed += whole.failed ? 1 : 0;
        accepted += whole.packets;
        ASSERT_FALSE(HasFailure()) << "round " << round << ": " << testing::PrintToString(stream);
      }
    }
  }
  // The test itself works: mutations are refused and what is left untouched is accepted.
  EXPECT_GT(failed, 10'000U);
  EXPECT_GT(accepted, 40'000U);
}

TEST(Mutation, RandomBytesNeverCrash) {
  Random random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string stream(1 + random() % 64, '\0');
    for (char& byte : stream) byte = static_cast<char>(random());
    const Side side = random() % 2 == 0 ? Side::server : Side::client;
    const Version version = random() % 2 == 0 ? Version::v3_1_1 : Version::v5_0;
    expect_same(run(stream, side, version, nullptr), run(stream, side, version, &random));
    ASSERT_FALSE(HasFailure()) << "round " << round << ": " << testing::PrintToString(stream);
  }
}

/// What was accepted and encoded again decodes to the same bytes again: one meaning, one form.
TEST(Mutation, WhatIsAcceptedSurvivesARoundTrip) {
  Random random(11);
  std::size_t compared = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto packets = server_packets(Version::v5_0);
    std::string stream = bytes_of({packets[random() % packets.size()]}, Version::v5_0);
    mutate(stream, random);
    const Outcome once = run(stream, Side::client, Version::v5_0, nullptr);
    if (once.packets == 0) continue;
    const Outcome twice = run(once.reencoded, Side::client, Version::v5_0, nullptr);
    EXPECT_FALSE(twice.failed) << testing::PrintToString(stream);
    EXPECT_EQ(once.reencoded, twice.reencoded) << testing::PrintToString(stream);
    EXPECT_EQ(once.packets, twice.packets);
    ++compared;
  }
  EXPECT_GT(compared, 1'000U);
}

}  // namespace
}  // namespace claims::mqtt
