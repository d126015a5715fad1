// What faults do to real sockets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <map>

#include "simulator/world/real/real_world.h"
#include "tests/simulator/world/real/loopback_server.h"
#include "tests/simulator/world/real/playing.h"

namespace claims::storm {
namespace {

using testing::LoopbackServer;
using testing::Playing;
using testing::registered;
using testing::registrations;

constexpr Microseconds kPhase{600'000};
constexpr Microseconds kBegin{100'000}, kEnd{400'000};

/// To all five users.
Fault fault(FaultKind kind, Microseconds end = kBegin) {
  Fault one{.kind = kind, .begin = kBegin, .end = end, .connections = {}};
  for (std::uint32_t user = 0; user < 5; ++user) one.connections.push_back(ConnectionNumber{user});
  return one;
}

/// Plays registrations with these faults; everything must be completed all the same.
Progress play(Playing& run, const LoopbackServer& server, std::vector<Fault> faults) {
  run.faults = std::move(faults);
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_EQ(run.player.end(), Player::End::finished);
  EXPECT_EQ(run.auditor.violations_total(), 0U);
  const Progress progress = run.player.progress(read_clock());
  EXPECT_EQ(progress.started, static_cast<std::uint64_t>(kPhase.count() / 20'000));
  EXPECT_EQ(progress.completed, progress.started);
  return progress;
}

Microseconds longest_reply(const Playing& run) {
  return run.recorder.corrected(Figure::reply).max().value_or(Microseconds{0});
}

TEST(RealWorldFaults, ACutEndsConnectionsWhichAreOpenedAgain) {
  LoopbackServer server(registered);
  Playing run(registrations(kPhase));
  EXPECT_EQ(play(run, server, {fault(FaultKind::cut)}).connections_lost, 5U);
  EXPECT_EQ(server.accepted(), 10);
}

TEST(RealWorldFaults, ATakeoverLeavesTheServersEndOpen) {
  LoopbackServer server(registered);
  Playing run(registrations(kPhase));
  EXPECT_EQ(play(run, server, {fault(FaultKind::takeover)}).connections_lost, 5U);
  EXPECT_EQ(server.accepted(), 10);
  EXPECT_EQ(server.open_at_once(), 10);
}

TEST(RealWorldFaults, OneWhoDoesNotReadGetsItsRepliesLater) {
  LoopbackServer server(registered);
  Playing run(registrations(kPhase));
  EXPECT_EQ(play(run, server, {fault(FaultKind::slow_reader, kEnd)}).connections_lost, 0U);
  EXPECT_GT(longest_reply(run), Microseconds{200'000});
  EXPECT_EQ(server.accepted(), 5);
}

class Partition : public ::testing::TestWithParam<Direction> {};

TEST_P(Partition, HoldsBytesBackUntilItsEnd) {
  LoopbackServer server(registered);
  Playing run(registrations(kPhase));
  Fault partition = fault(FaultKind::partition, kEnd);
  partition.direction = GetParam();
  EXPECT_EQ(play(run, server, {partition}).connections_lost, 0U);
  EXPECT_GT(longest_reply(run), Microseconds{200'000});
}

INSTANTIATE_TEST_SUITE_P(Directions, Partition,
                         ::testing::Values(Direction::both, Direction::to_server,
                                           Direction::to_user));

TEST(RealWorldFaults, OverlappingOnesHoldUntilTheLastIsOver) {
  LoopbackServer server(registered);
  Playing run(registrations(kPhase));
  Fault inner = fault(FaultKind::slow_reader, Microseconds{150'000});
  play(run, server, {fault(FaultKind::partition, kEnd), inner});
  EXPECT_GT(longest_reply(run), Microseconds{200'000});
}

TEST(RealWorldFaults, AHalfOpenConnectionIsLostOnlyAtItsEnd) {
  LoopbackServer server(registered);
  Playing run(registrations(kPhase));
  EXPECT_EQ(play(run, server, {fault(FaultKind::half_open, kEnd)}).connections_lost, 5U);
  EXPECT_GT(longest_reply(run), Microseconds{200'000}) << "what was sent meanwhile vanished";
  EXPECT_EQ(server.accepted(), 10);
  EXPECT_EQ(server.open_at_once(), 10) << "the server's ends stay open";
}

TEST(RealWorldFaults, APublishGetsThroughAndItsPubackDoesNot) {
  std::map<std::string, int> commands;  // Of the server's thread, until it has ended.
  Playing run(registrations(kPhase));
  {
    LoopbackServer server([&](const boost::json::object& command) {
      ++commands[std::string(command.at("id").as_string())];
      return registered(command);
    });
    // Of the five, only the insurer publishes; its sync after the cut is a publish, too.
    EXPECT_EQ(play(run, server, {fault(FaultKind::cut_after_publish)}).connections_lost, 1U);
    EXPECT_EQ(server.accepted(), 6);
  }
  int twice = 0;
  for (const auto& [id, times] : commands) twice += times > 1 ? 1 : 0;
  EXPECT_GE(twice, 1) << "the user could not know that its command had come";
}

TEST(RealWorldFaults, AreToldToThePlayerWithTheirTimes) {
  LoopbackServer server(registered);
  Playing run(registrations(kPhase));
  play(run, server,
       {fault(FaultKind::cut), fault(FaultKind::slow_reader, kEnd),
        fault(FaultKind::slow_reader, kPhase)});
  const auto& told = run.player.faults();
  ASSERT_EQ(told.size(), 3U);
  const Microseconds began = *run.player.phases_began();
  EXPECT_THAT(told[0].what.en, ::testing::HasSubstr("at 0.100 s: connections were reset, 5 users"));
  EXPECT_EQ(told[0].begin - began, kBegin);
  EXPECT_EQ(told[0].end - began, kBegin);
  EXPECT_EQ(told[1].end - began, kEnd);
  EXPECT_EQ(told[2].end - began, kPhase) << "then the world heals";
}

TEST(RealWorldFaults, AreToldInTheOrderInWhichTheyBegan) {
  LoopbackServer server(registered);
  Playing run(registrations(kPhase));
  Fault cut = fault(FaultKind::cut);
  cut.begin = cut.end = (kBegin + kEnd) / 2;
  play(run, server, {fault(FaultKind::slow_reader, kEnd), cut});
  const auto& told = run.player.faults();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_THAT(told[0].what.en, ::testing::HasSubstr("the user did not read"));
  EXPECT_THAT(told[1].what.en, ::testing::HasSubstr("connections were reset"));
}

TEST(RealWorldFaults, EndWithARunThatEndsEarly) {
  LoopbackServer server(registered);
  Playing run(registrations(Microseconds{60'000'000}));
  run.each_second = [](const Now&) { raise(SIGINT); };
  run.faults = {fault(FaultKind::partition, Microseconds{50'000'000}),
                fault(FaultKind::half_open, Microseconds{50'000'000})};
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_TRUE(run.player.ended_early());
  const Progress progress = run.player.progress(read_clock());
  EXPECT_GT(progress.started, 0U);
  EXPECT_EQ(progress.completed, progress.started);
  ASSERT_EQ(run.player.faults().size(), 2U);
  EXPECT_LT(run.player.faults()[0].end - *run.player.phases_began(), Microseconds{50'000'000});
}

}  // namespace
}  // namespace claims::storm
