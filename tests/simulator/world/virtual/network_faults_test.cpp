// What goes wrong between users and server, one thing at a time.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network_stage.h"
#include "simulator/world/virtual/network.h"

namespace claims::storm {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

constexpr ConnectionNumber kUser{3};

NetworkSpec plain() {
  NetworkSpec spec;
  spec.split_permille = 0;
  return spec;
}

TEST(NetworkFaults, CutResetsBothSides) {
  NetworkStage stage;
  const LinkId link = stage.open(kUser);
  const LinkId bystander = stage.open(ConnectionNumber{4});
  stage.network.send(link, Side::user, "lost");
  stage.network.cut(kUser);
  EXPECT_EQ(stage.at[link].user_ends + stage.at[link].server_ends, 0) << "not inside a call";
  stage.run_for(0us);
  EXPECT_EQ(stage.at[link].user_ends, 1);
  EXPECT_EQ(stage.at[link].server_ends, 1);
  stage.run();
  EXPECT_EQ(stage.at[link].server_got, "");
  EXPECT_EQ(stage.at[bystander].user_ends, 0);
  EXPECT_EQ(stage.network.links_alive(), 1U);
}

TEST(NetworkFaults, CutReachesEveryStageOfALink) {
  NetworkStage stage;
  const LinkId connecting = stage.network.connect(kUser);
  stage.network.cut(kUser);
  stage.run();
  EXPECT_THAT(stage.at[connecting].words(), ElementsAre("refused: Connection reset by peer"));
  stage.network.hold_backlog(true);
  const LinkId waiting = stage.open(kUser);
  stage.network.cut(kUser);
  stage.run_for(1s);
  EXPECT_THAT(stage.at[waiting].words(), ElementsAre("connected", "user ended"));
  stage.network.hold_backlog(false);
  stage.run();
  EXPECT_THAT(stage.at[waiting].words(),
              ElementsAre("connected", "user ended", "accepted", "server ended"));
  stage.network.stop_reading(kUser, true);
  const LinkId deaf = stage.open(kUser);
  stage.network.send(deaf, Side::server, "unread");
  stage.run();
  stage.network.cut(kUser);
  stage.run();
  EXPECT_EQ(stage.at[deaf].user_ends, 1) << "who does not read hears of a reset";
  EXPECT_EQ(stage.network.links_alive(), 0U);
}

TEST(NetworkFaults, AUserWhoseSideIsLostConnectsAnewAndTheServersSideStaysMute) {
  NetworkStage stage;
  const LinkId lost = stage.open(kUser);
  stage.network.send(lost, Side::user, "in flight");
  stage.network.lose_user_side(kUser);
  stage.run_for(0us);
  EXPECT_EQ(stage.at[lost].user_ends, 1);
  const LinkId next = stage.open(kUser);
  stage.network.send(lost, Side::server, "to nobody");
  stage.network.send(next, Side::user, "here");
  stage.network.heal();
  stage.run_for(3'600s);
  EXPECT_EQ(stage.at[lost].server_ends, 0);
  EXPECT_EQ(stage.at[lost].server_got, "");
  EXPECT_EQ(stage.at[lost].user_got, "");
  EXPECT_EQ(stage.at[next].server_got, "here");
  EXPECT_EQ(stage.at[next].user_ends, 0);
  EXPECT_EQ(stage.network.links_alive(), 2U);
  stage.network.close(lost, Side::server);
  EXPECT_EQ(stage.network.links_alive(), 1U);
}

TEST(NetworkFaults, HalfOpenIsSilentUntilItEnds) {
  NetworkSpec spec = plain();
  NetworkStage stage(1, spec);
  const LinkId link = stage.open(kUser);
  stage.network.send(link, Side::user, "on the wire");
  stage.network.begin_half_open(kUser);
  stage.network.send(link, Side::user, "lost");
  stage.network.send(link, Side::server, std::string(1'000'000, 'x'));
  stage.run_for(3'600s);
  EXPECT_THAT(stage.at[link].words(), ElementsAre("connected", "accepted"));
  EXPECT_EQ(stage.at[link].server_left, spec.send_buffer_bytes + spec.receive_buffer_bytes)
      << "nobody acknowledges";
  stage.network.end_half_open(kUser);
  stage.run_for(3'600s);
  EXPECT_THAT(stage.at[link].words(), ElementsAre("connected", "accepted", "user ended"));
  stage.network.close(link, Side::server);
  EXPECT_EQ(stage.network.links_alive(), 0U);
}

TEST(NetworkFaults, HalfOpenTakesEndsTooAndLeavesTheNextLinkAlone) {
  NetworkStage stage;
  const LinkId link = stage.open(kUser);
  stage.network.begin_half_open(kUser);
  stage.network.close(link, Side::user);
  const LinkId next = stage.open(kUser);
  stage.network.send(next, Side::user, "well");
  stage.run_for(60s);
  stage.network.end_half_open(kUser);
  stage.run_for(60s);
  EXPECT_THAT(stage.at[link].words(), ElementsAre("connected", "accepted"));
  EXPECT_EQ(stage.at[next].server_got, "well");
  EXPECT_EQ(stage.at[next].user_ends, 0);
}

TEST(NetworkFaults, WhatIsHeldBackComesWhenLetGo) {
  NetworkStage stage(1, plain());
  const LinkId link = stage.open(kUser);
  stage.network.send(link, Side::user, "a");
  stage.network.hold_back(kUser, Direction::to_server, true);
  stage.network.send(link, Side::user, "b");
  stage.network.send(link, Side::server, "other way");
  stage.run_for(60s);
  stage.network.send(link, Side::user, "c");
  stage.network.close(link, Side::user);
  stage.run_for(60s);
  EXPECT_EQ(stage.at[link].server_got, "");
  EXPECT_EQ(stage.at[link].user_got, "other way");
  EXPECT_EQ(stage.at[link].server_ends, 0);
  const Microseconds released = stage.queue.now();
  stage.network.hold_back(kUser, Direction::both, false);
  stage.run();
  EXPECT_EQ(stage.at[link].server_got, "abc");
  EXPECT_EQ(stage.at[link].server_ends, 1);
  EXPECT_GE(stage.at[link].story.back().first - released, 50us);
  EXPECT_EQ(stage.network.links_alive(), 0U);
}

TEST(NetworkFaults, HeldBackBytesFillTheBuffers) {
  NetworkSpec spec;
  NetworkStage stage(1, spec);
  const LinkId link = stage.open(kUser);
  stage.network.hold_back(kUser, Direction::to_user, true);
  const std::string bytes = stretch(0, 400'000);
  stage.network.send(link, Side::server, bytes);
  stage.run_for(60s);
  EXPECT_EQ(stage.at[link].server_left, spec.send_buffer_bytes + spec.receive_buffer_bytes);
  stage.network.heal();
  stage.run();
  EXPECT_TRUE(stage.at[link].user_got == bytes);
}

TEST(NetworkFaults, UnderAPartitionConnectingWaitsOrTimesOut) {
  for (const Direction direction : {Direction::to_server, Direction::to_user, Direction::both}) {
    NetworkStage stage;
    stage.network.hold_back(kUser, direction, true);
    const LinkId early = stage.open(kUser);
    stage.run_for(61s);
    EXPECT_THAT(stage.at[early].words(), ElementsAre("refused: Connection timed out"));
    const LinkId late = stage.open(kUser);
    stage.run_for(30s);
    EXPECT_TRUE(stage.at[late].story.empty());
    stage.network.hold_back(kUser, direction, false);
    stage.run_for(1'100ms);
    EXPECT_THAT(stage.at[late].words(), ElementsAre("connected", "accepted"));
  }
}

TEST(NetworkFaults, AHoldThatBeginsAmidAHandshakeDelaysIt) {
  for (int i = 0; i < 100; ++i) {
    NetworkStage stage(static_cast<std::uint64_t>(i));
    const LinkId link = stage.network.connect(kUser);
    stage.run_for(Microseconds{i * 12});
    stage.network.hold_back(kUser, Direction::both, true);
    stage.run_for(20s);
    stage.network.hold_back(kUser, Direction::both, false);
    stage.run_for(2s);
    EXPECT_THAT(stage.at[link].words(), ElementsAre("connected", "accepted")) << i;
  }
}

TEST(NetworkFaults, ARateAndALatencyHoldUntilUndone) {
  NetworkStage stage(1, plain());
  const LinkId link = stage.open(kUser);
  stage.run();
  const auto time_of = [&](std::size_t bytes) {
    const Microseconds begin = stage.queue.now();
    stage.network.send(link, Side::server, std::string(bytes, 'x'));
    stage.run();
    return stage.queue.now() - begin;
  };
  EXPECT_LT(time_of(5'000), 2ms);
  stage.network.limit_rate(kUser, 1'000);
  EXPECT_GE(time_of(5'000), 5s);
  stage.network.limit_rate(kUser, 0);
  EXPECT_LT(time_of(5'000), 2ms);
  stage.network.add_latency(kUser, 2s);
  EXPECT_GE(time_of(1), 2s);
  EXPECT_LT(time_of(1), 2'001ms);
  stage.network.add_latency(kUser, 0us);
  EXPECT_LT(time_of(1), 2ms);
}

TEST(NetworkFaults, AClogThatEndsLetsTheRestGoFast) {
  NetworkStage stage(1, plain());
  const LinkId link = stage.open(kUser);
  stage.network.limit_rate(kUser, 100);
  stage.network.send(link, Side::server, std::string(50'000, 'x'));
  stage.run_for(10s);
  EXPECT_GE(stage.at[link].user_got.size(), 950U);
  EXPECT_LE(stage.at[link].user_got.size(), 1'010U);
  stage.network.limit_rate(kUser, 0);
  stage.run_for(200ms);
  EXPECT_EQ(stage.at[link].user_got.size(), 50'000U);
}

TEST(NetworkFaults, TheCutAfterAPublishLetsExactlyThePublishThrough) {
  const std::string connect = std::string("\x10\x03", 2) + "abc";
  const std::string publish = std::string("\x32\xC8\x01", 3) + std::string(200, '\x30');
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    NetworkStage stage(seed);
    stage.network.cut_after_publish(kUser);
    const LinkId first = stage.open(kUser);
    stage.network.send(first, Side::user, connect);
    stage.run_for(1s);
    stage.network.close(first, Side::user);
    const LinkId link = stage.open(kUser);
    stage.on_arrived = [&](LinkId at, Side side, std::string_view) {
      if (side == Side::server) stage.network.send(at, Side::server, "answer");
    };
    stage.network.send(link, Side::user, connect);
    stage.run_for(1s);
    const std::string answered = stage.at[link].user_got;
    EXPECT_NE(answered, "");
    stage.network.send(link, Side::user, publish + publish);
    while (stage.at[link].server_got.size() < connect.size() + publish.size()) {
      stage.queue.run_next();
    }
    const Microseconds cut = stage.queue.now();
    stage.run();
    const auto& seen = stage.at[link];
    EXPECT_EQ(seen.server_got, connect + publish);
    EXPECT_EQ(seen.user_ends, 1);
    EXPECT_EQ(seen.server_ends, 1);
    EXPECT_EQ(seen.story.back().first, cut);
    EXPECT_EQ(stage.network.links_alive(), 0U);

    const LinkId next = stage.open(kUser);
    stage.network.send(next, Side::user, publish);
    stage.run();
    EXPECT_EQ(stage.at[next].server_got, publish) << "once";
    EXPECT_EQ(stage.at[next].server_ends, 0);
  }
}

TEST(NetworkFaults, HealUndoesThemAll) {
  NetworkStage stage;
  const LinkId half_open = stage.open(ConnectionNumber{0});
  const LinkId slow = stage.open(ConnectionNumber{1});
  const LinkId armed = stage.open(ConnectionNumber{2});
  const LinkId waiting = stage.open(ConnectionNumber{5});
  stage.network.begin_half_open(ConnectionNumber{0});
  stage.network.stop_reading(ConnectionNumber{1}, true);
  stage.network.limit_rate(ConnectionNumber{1}, 10);
  stage.network.add_latency(ConnectionNumber{1}, 10s);
  stage.network.hold_back(ConnectionNumber{1}, Direction::both, true);
  stage.network.cut_after_publish(ConnectionNumber{2});
  stage.network.refuse_connections(true);
  stage.network.hold_backlog(true);
  stage.run_for(100s);
  stage.network.heal();
  stage.network.send(slow, Side::server, std::string(5'000, 'x'));
  stage.network.send(armed, Side::user, std::string("\x30\x00", 2));
  const LinkId late = stage.open(ConnectionNumber{6});
  EXPECT_EQ(stage.at[half_open].user_ends, 1);
  EXPECT_EQ(stage.at[slow].user_got.size(), 5'000U);
  EXPECT_EQ(stage.at[armed].server_got.size(), 2U);
  EXPECT_EQ(stage.at[armed].server_ends, 0);
  EXPECT_THAT(stage.at[late].words(), ElementsAre("connected", "accepted"));
  EXPECT_EQ(stage.at[waiting].user_ends, 0);
}

}  // namespace
}  // namespace claims::storm
