#include "simulator/world/virtual/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/mqtt/encoder.h"

namespace claims::storm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string hash_of(const std::function<void(Trace&)>& fill) {
  Trace trace;
  fill(trace);
  return trace.hash();
}

TEST(Trace, OfNothingIsTheHashOfNothing) {
  EXPECT_EQ(Trace().hash(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Trace, EveryPartOfAnEntryCounts) {
  const auto one = [](Microseconds at, std::string_view kind, std::uint64_t connection,
                      std::string_view bytes) {
    return hash_of([&](Trace& trace) { trace.add(at, kind, connection, bytes); });
  };
  const std::string hash = one(Microseconds{5}, "received", 7, "abc");
  EXPECT_EQ(one(Microseconds{5}, "received", 7, "abc"), hash);
  EXPECT_NE(one(Microseconds{6}, "received", 7, "abc"), hash);
  EXPECT_NE(one(Microseconds{5}, "bytes", 7, "abc"), hash);
  EXPECT_NE(one(Microseconds{5}, "received", 8, "abc"), hash);
  EXPECT_NE(one(Microseconds{5}, "received", 7, "abd"), hash);
}

TEST(Trace, OrderAndBoundariesCount) {
  const auto two = [](std::string_view first, std::string_view second) {
    return hash_of([&](Trace& trace) {
      trace.add(Microseconds{1}, "received", 1, first);
      trace.add(Microseconds{1}, "received", 1, second);
    });
  };
  EXPECT_NE(two("ab", "c"), two("a", "bc"));
  EXPECT_NE(two("a", "b"), two("b", "a"));
}

TEST(Trace, AReaderChangesNothingOfTheHash) {
  std::vector<std::string> lines;
  Trace read([&](std::string_view line) { lines.emplace_back(line); });
  Trace unread;
  for (Trace* trace : {&read, &unread}) {
    trace->add(Microseconds{1'500'000}, "opened", 3, "");
    trace->note(Microseconds{1'600'000}, "the server was killed");
  }
  EXPECT_EQ(read.hash(), unread.hash());
  EXPECT_THAT(lines, ElementsAre("1.500000 #1 opened c3", "1.600000 -- the server was killed"));
}

TEST(Trace, TellsThePacketsThatBytesComplete) {
  std::vector<std::string> lines;
  Trace trace([&](std::string_view line) { lines.emplace_back(line); });
  std::string bytes;
  mqtt::encode(mqtt::Packet(mqtt::Connect{.client_id = "phone", .username = "g-001"}),
               mqtt::Version::v5_0, bytes);
  mqtt::encode(mqtt::Publish{.topic = "aos/v1/g-001/cmd",
                             .payload = R"({"type":"room.read"})",
                             .qos = mqtt::QoS::at_least_once,
                             .packet_id = 9},
               mqtt::Version::v5_0, bytes);
  trace.add(Microseconds{1}, "received", 4, std::string_view(bytes).substr(0, 5));
  trace.add(Microseconds{2}, "received", 4, std::string_view(bytes).substr(5));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], HasSubstr("5 bytes of a packet"));
  EXPECT_THAT(lines[1], HasSubstr("CONNECT phone as g-001 clean"));
  EXPECT_THAT(lines[1], HasSubstr(R"(PUBLISH 9 q1 aos/v1/g-001/cmd {"type":"room.read"})"));
}

TEST(Trace, SaysOfBytesThatAreNoMqttThatTheyAreNone) {
  std::vector<std::string> lines;
  Trace trace([&](std::string_view line) { lines.emplace_back(line); });
  trace.add(Microseconds{1}, "received", 4, std::string("\xFF\xFF\xFF\xFF\xFF\xFF", 6));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], HasSubstr("no MQTT"));
}

}  // namespace
}  // namespace claims::storm
