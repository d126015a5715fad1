#include "simulator/world/real/real_world.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <csignal>

#include "simulator/world/real/clock.h"
#include "tests/simulator/world/real/loopback_server.h"
#include "tests/simulator/world/real/playing.h"

namespace claims::storm {
namespace {

using testing::LoopbackServer;
using testing::Playing;
using testing::registered;
using testing::registrations;

TEST(RealWorld, PlaysOverRealConnections) {
  LoopbackServer server(registered);
  Playing run(registrations(Microseconds{500'000}));
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_EQ(run.player.end(), Player::End::finished);
  const Progress progress = run.player.progress(read_clock());
  EXPECT_EQ(progress.started, 25U);
  EXPECT_EQ(progress.completed, 25U);
  EXPECT_EQ(run.auditor.violations_total(), 0U);
  EXPECT_EQ(server.accepted(), 5);
}

TEST(RealWorld, AClosedConnectionIsOpenedAgainAndTheCommandRepeated) {
  int commands = 0;
  LoopbackServer server([&](const boost::json::object& command) {
    return ++commands == 3 ? std::string() : registered(command);
  });
  Playing run(registrations(Microseconds{500'000}));
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  const Progress progress = run.player.progress(read_clock());
  EXPECT_EQ(progress.completed, progress.started);
  EXPECT_EQ(progress.connections_lost, 1U);
  EXPECT_EQ(server.accepted(), 6);
}

TEST(RealWorld, APortWhereNobodyListensIsUnreachable) {
  std::string url;
  {
    const LoopbackServer server(registered);
    url = server.url();
  }
  const auto target = parse_target(url);
  ASSERT_TRUE(target);
  EXPECT_TRUE(probe(*target, Milliseconds{3'000}).has_error());
  Playing run(registrations(Microseconds{500'000}));
  EXPECT_EQ(run.play(url), RealWorld::End::played);
  EXPECT_EQ(run.player.end(), Player::End::unreachable);
}

TEST(RealWorld, TheFirstSignalEndsTheRunEarlyInOrder) {
  LoopbackServer server(registered);
  Playing run(registrations(Microseconds{60'000'000}));
  run.each_second = [](const Now&) { raise(SIGINT); };
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_TRUE(run.player.ended_early());
  const Progress progress = run.player.progress(read_clock());
  EXPECT_GT(progress.started, 0U);
  EXPECT_LT(progress.started, 3'000U);
  EXPECT_EQ(progress.completed, progress.started);
}

}  // namespace
}  // namespace claims::storm
