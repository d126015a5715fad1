#include "simulator/world/real/paho_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <memory>

#include "simulator/world/real/clock.h"
#include "tests/simulator/world/real/loopback_server.h"
#include "tests/simulator/world/real/playing.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;
using testing::LoopbackServer;
using testing::Playing;
using testing::registered;
using testing::registrations;

/// Registrations over Paho.
struct PahoPlaying : Playing {
  explicit PahoPlaying(Microseconds length, mqtt::Version version = mqtt::Version::v5_0)
      : Playing([&] {
          Scenario scenario = registrations(length);
          scenario.mqtt_version = version == mqtt::Version::v5_0 ? 5 : 4;
          return scenario;
        }()) {
    make_transport = [](Player& its, const TargetAddress& target, std::size_t users) {
      return std::make_unique<PahoTransport>(its, target, users);
    };
  }
};

class PahoVersions : public ::testing::TestWithParam<mqtt::Version> {};
INSTANTIATE_TEST_SUITE_P(PahoTransport, PahoVersions,
                         ::testing::Values(mqtt::Version::v3_1_1, mqtt::Version::v5_0));

TEST_P(PahoVersions, PlaysOverPahosConnections) {
  LoopbackServer server(registered);
  PahoPlaying run(Microseconds{500'000}, GetParam());
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_EQ(run.player.end(), Player::End::finished) << run.player.end_reason().en;
  const Progress progress = run.player.progress(read_clock());
  EXPECT_EQ(progress.started, 25U);
  EXPECT_EQ(progress.completed, 25U);
  EXPECT_EQ(run.auditor.violations_total(), 0U);
  EXPECT_EQ(server.accepted(), 5);
  EXPECT_EQ(server.versions(), (std::set<int>{static_cast<int>(GetParam())}));
}

TEST_P(PahoVersions, AClosedConnectionIsOpenedAgainAndTheCommandRepeated) {
  int commands = 0;
  LoopbackServer server([&](const boost::json::object& command) {
    return ++commands == 3 ? std::string() : registered(command);
  });
  PahoPlaying run(Microseconds{500'000}, GetParam());
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  const Progress progress = run.player.progress(read_clock());
  EXPECT_EQ(progress.completed, progress.started);
  EXPECT_EQ(progress.connections_lost, 1U);
  EXPECT_EQ(server.accepted(), 6) << "Paho does not connect again by itself";
}

TEST_P(PahoVersions, ARefusalIsTheUsersToHear) {
  LoopbackServer server(registered);
  server.refuse(mqtt::ReasonCode::not_authorized);
  PahoPlaying run(Microseconds{500'000}, GetParam());
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_EQ(run.player.end(), Player::End::refused);
  EXPECT_THAT(run.player.end_reason().en, HasSubstr("token"));
}

TEST(PahoTransport, APortWhereNobodyListensIsUnreachable) {
  std::string url;
  {
    const LoopbackServer server(registered);
    url = server.url();
  }
  PahoPlaying run(Microseconds{500'000});
  EXPECT_EQ(run.play(url), RealWorld::End::played);
  EXPECT_EQ(run.player.end(), Player::End::unreachable);
  EXPECT_THAT(run.player.end_reason().en, HasSubstr("Paho: no connection"));
}

TEST(PahoTransport, TheFirstSignalEndsTheRunEarlyInOrder) {
  LoopbackServer server(registered);
  PahoPlaying run(Microseconds{60'000'000});
  run.each_second = [](const Now&) { raise(SIGINT); };
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_TRUE(run.player.ended_early());
  const Progress progress = run.player.progress(read_clock());
  EXPECT_LT(progress.started, 3'000U);
  EXPECT_EQ(progress.completed, progress.started);
}

TEST(PahoTransport, TheSecondSignalEndsItAtOnce) {
  LoopbackServer server([](const boost::json::object&) { return std::string("no answer"); });
  PahoPlaying run(Microseconds{60'000'000});
  int seconds = 0;
  run.each_second = [&](const Now&) {
    if (++seconds <= 2) raise(SIGINT);
  };
  EXPECT_EQ(run.play(server.url()), RealWorld::End::quit);
}

TEST(PahoTransport, MeasuresAsOurOwnClientDoes) {
  LoopbackServer server(registered);
  PahoPlaying run(Microseconds{500'000});
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_EQ(run.recorder.corrected(Figure::reply).count(), 25U);
  EXPECT_EQ(run.recorder.corrected(Figure::lateness).count(), 25U);
  EXPECT_GE(run.recorder.corrected(Figure::read_lag).count(), 25U);
}

}  // namespace
}  // namespace claims::storm
