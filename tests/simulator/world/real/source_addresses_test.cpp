#include "simulator/world/real/source_addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>

#include "simulator/limits.h"
#include "simulator/world/real/clock.h"
#include "simulator/world/real/descriptor.h"
#include "tests/simulator/world/real/loopback_server.h"
#include "tests/simulator/world/real/playing.h"

namespace claims::storm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::LoopbackServer;
using testing::Playing;
using testing::registered;
using testing::registrations;

SourceAddresses choose(const std::string& url, std::size_t users,
                       std::optional<std::uint32_t> wished = {}) {
  const auto sources = SourceAddresses::choose(*parse_target(url), users, wished);
  EXPECT_TRUE(sources);
  return *sources;
}

TEST(SourceAddresses, AreAsManyAsTheUsersNeed) {
  const std::string loopback = "mqtt://127.0.0.1:1883";
  EXPECT_EQ(choose(loopback, 1).count(), 1U);
  EXPECT_EQ(choose(loopback, limits::kUsersPerSourceAddress).count(), 1U);
  EXPECT_EQ(choose(loopback, limits::kUsersPerSourceAddress + 1).count(), 2U);
  EXPECT_EQ(choose("mqtt://127.200.3.4:1883", 10'000).count(), 3U);
  EXPECT_EQ(choose(loopback, 10'000'000).count(), limits::kSourceAddressesMax);
  EXPECT_EQ(choose(loopback, 10, 4).count(), 4U) << "as wished";
  EXPECT_EQ(choose(loopback, 10'000, 1).count(), 1U);
}

TEST(SourceAddresses, LeaveOtherTargetsAlone) {
  EXPECT_EQ(choose("mqtt://10.0.0.5:1883", 18'000).count(), 1U);
  EXPECT_EQ(choose("mqtt://[::1]:1883", 18'000).count(), 1U);
  EXPECT_EQ(choose("mqtt://10.0.0.5:1883", 18'000, 1).count(), 1U);
  const auto target = parse_target("mqtt://10.0.0.5:1883");
  const auto refused = SourceAddresses::choose(*target, 18'000, 2);
  ASSERT_TRUE(refused.has_error());
  EXPECT_THAT(refused.error(), HasSubstr("127.0.0.0/8 only, and mqtt://10.0.0.5:1883 is none"));
}

TEST(SourceAddresses, AreBounded) {
  const auto target = parse_target("mqtt://127.0.0.1:1883");
  for (const std::uint32_t wrong : {0U, limits::kSourceAddressesMax + 1}) {
    const auto refused = SourceAddresses::choose(*target, 10, wrong);
    ASSERT_TRUE(refused.has_error());
    EXPECT_THAT(refused.error(), HasSubstr("allowed are 1 to 250"));
  }
}

TEST(SourceAddresses, AreAUsersOwnWheneverItConnects) {
  const SourceAddresses sources = choose("mqtt://127.0.0.1:1883", 0, 3);
  EXPECT_EQ(sources.address_of(0), "127.0.0.1");
  EXPECT_EQ(sources.address_of(2), "127.0.0.3");
  EXPECT_EQ(sources.address_of(3), "127.0.0.1");
}

TEST(SourceAddresses, SayWhyASocketIsNotBound) {
  const SourceAddresses sources = choose("mqtt://127.0.0.1:1883", 0, 3);
  const Descriptor v6(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!v6) GTEST_SKIP() << "no IPv6 here";
  EXPECT_NE(sources.bind(v6.number(), 0), 0);
  EXPECT_EQ(SourceAddresses().bind(v6.number(), 0), 0) << "the system chooses";
}

TEST(SourceAddresses, AreWhatTheServerSees) {
  LoopbackServer server(registered);
  Playing run(registrations(Microseconds{200'000}));
  run.sources = choose(server.url(), 5, 3);
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_EQ(run.player.progress(read_clock()).completed, 10U);
  EXPECT_THAT(server.peers(), ElementsAre("127.0.0.1", "127.0.0.2", "127.0.0.3"));
}

TEST(SourceAddresses, AreOneByDefault) {
  LoopbackServer server(registered);
  Playing run(registrations(Microseconds{200'000}));
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_THAT(server.peers(), ElementsAre("127.0.0.1"));
}

TEST(SourceAddresses, ThatCannotBeUsedAreTheReasonWhyNobodyConnects) {
  Playing run(registrations(Microseconds{200'000}));
  run.sources = choose("mqtt://127.0.0.1:1883", 5, 3);
  EXPECT_EQ(run.play("mqtt://[::1]:1883"), RealWorld::End::played);
  EXPECT_EQ(run.player.end(), Player::End::unreachable);
  EXPECT_THAT(run.player.end_reason().en, HasSubstr("cannot connect from 127.0.0."));
}

}  // namespace
}  // namespace claims::storm
