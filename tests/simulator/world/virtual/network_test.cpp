// How links begin, carry and end while nothing is wrong, and when the server's side is at fault.

#include "simulator/world/virtual/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "network_stage.h"

namespace claims::storm {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr ConnectionNumber kUser{0};

NetworkSpec plain() {
  NetworkSpec spec;
  spec.split_permille = 0;
  return spec;
}

TEST(VirtualNetwork, ConnectsThenAcceptsThenCarriesBothWays) {
  NetworkStage stage(1, plain());
  stage.on_connected = [&](LinkId link) { stage.network.send(link, Side::user, "hello"); };
  stage.on_arrived = [&](LinkId link, Side side, std::string_view bytes) {
    if (side == Side::server) stage.network.send(link, Side::server, std::string(bytes) + "!");
  };
  const LinkId link = stage.network.connect(kUser);
  EXPECT_TRUE(stage.at.empty()) << "nothing is heard inside a call";
  stage.run();
  const auto& seen = stage.at[link];
  EXPECT_THAT(seen.words(), ElementsAre("connected", "accepted", "server got 5", "user got 6"));
  EXPECT_GE(seen.story[0].first, 100us) << "a round trip";
  EXPECT_LE(seen.story[0].first, 800us);
  EXPECT_EQ(seen.user_left, 5U);
  EXPECT_EQ(seen.server_left, 6U);
}

TEST(VirtualNetwork, NobodyListensOrTheAddressRefuses) {
  NetworkStage stage;
  stage.network.refuse_connections(true);
  const LinkId refused = stage.open(kUser);
  EXPECT_THAT(stage.at[refused].words(), ElementsAre("refused: Connection refused"));
  stage.network.refuse_connections(false);
  EXPECT_THAT(stage.at[stage.open(kUser)].words(), ElementsAre("connected", "accepted"));
  stage.network.server_gone();
  EXPECT_THAT(stage.at[stage.open(kUser)].words(), ElementsAre("refused: Connection refused"));
  stage.network.listen();
  EXPECT_THAT(stage.at[stage.open(kUser)].words(), ElementsAre("connected", "accepted"));
}

TEST(VirtualNetwork, WhatIsSentBeforeTheAcceptWaits) {
  NetworkStage stage(1, plain());
  stage.network.hold_backlog(true);
  const LinkId link = stage.open(kUser);
  stage.network.send(link, Side::user, "early");
  stage.run_for(1s);
  stage.network.close(link, Side::user);
  stage.run_for(1s);
  EXPECT_THAT(stage.at[link].words(), ElementsAre("connected"));
  EXPECT_EQ(stage.at[link].user_left, 5U);
  stage.network.hold_backlog(false);
  stage.run();
  EXPECT_THAT(stage.at[link].words(),
              ElementsAre("connected", "accepted", "server got 5", "server ended"));
  EXPECT_EQ(stage.network.links_alive(), 0U);
}

TEST(VirtualNetwork, AFullBacklogDropsTheSynUntilThereIsRoomOrTimeIsOver) {
  NetworkSpec spec = plain();
  spec.backlog_max = 2;
  spec.connect_timeout = 5s;
  NetworkStage stage(1, spec);
  stage.network.hold_backlog(true);
  for (std::uint32_t i = 0; i < 3; ++i) stage.open(ConnectionNumber{i});
  stage.run_for(4s);
  EXPECT_THAT(stage.at[LinkId{2}].words(), ElementsAre("connected"));
  EXPECT_TRUE(stage.at[LinkId{3}].story.empty());
  stage.run_for(2s);
  EXPECT_THAT(stage.at[LinkId{3}].words(), ElementsAre("refused: Connection timed out"));
  EXPECT_EQ(stage.at[LinkId{3}].story[0].first, 20ms + 5s);

  const LinkId late = stage.open(ConnectionNumber{3});
  stage.network.hold_backlog(false);
  stage.run();
  EXPECT_THAT(stage.at[late].words(), ElementsAre("connected", "accepted"));
  EXPECT_GE(stage.at[late].story[0].first - stage.at[LinkId{3}].story[0].first, 1s)
      << "a SYN that was dropped is sent again after a second";
}

TEST(VirtualNetwork, AcceptsOneAfterTheOther) {
  NetworkStage stage;
  for (std::uint32_t i = 0; i < 50; ++i) stage.network.connect(ConnectionNumber{i});
  std::vector<Microseconds> accepts;
  stage.on_accepted = [&](LinkId) { accepts.push_back(stage.queue.now()); };
  stage.run();
  ASSERT_EQ(accepts.size(), 50U);
  for (std::size_t i = 1; i < accepts.size(); ++i) EXPECT_GE(accepts[i] - accepts[i - 1], 20us);
}

TEST(VirtualNetwork, AUserThatGivesUpWhileConnectingIsForgotten) {
  NetworkSpec spec = plain();
  spec.backlog_max = 1;
  NetworkStage stage(1, spec);
  for (int i = 0; i < 20; ++i) {
    const LinkId link = stage.network.connect(kUser);
    stage.run_for(Microseconds{i * 40});
    stage.network.close(link, Side::user);
    stage.run_for(10s);
    EXPECT_EQ(stage.at[link].user_ends, 0);
    stage.network.reset(link, Side::server);
    EXPECT_EQ(stage.network.links_alive(), 0U);
  }
  EXPECT_THAT(stage.at[stage.open(kUser)].words(), ElementsAre("connected", "accepted"))
      << "the one place in the backlog is free";
}

TEST(VirtualNetwork, CloseDeliversAllThatCameBeforeAndTellsTheOtherSideAlone) {
  for (const Side side : {Side::user, Side::server}) {
    NetworkStage stage;
    const LinkId link = stage.open(kUser);
    const std::string bytes = stretch(0, 300'000);
    stage.network.send(link, side, bytes);
    stage.network.close(link, side);
    stage.network.send(link, side, "more");
    stage.run();
    const auto& seen = stage.at[link];
    EXPECT_TRUE((side == Side::user ? seen.server_got : seen.user_got) == bytes);
    EXPECT_EQ(seen.user_ends, side == Side::user ? 0 : 1);
    EXPECT_EQ(seen.server_ends, side == Side::user ? 1 : 0);
    EXPECT_THAT(seen.words().back(), side == Side::user ? "server ended" : "user ended");
    EXPECT_EQ(stage.network.links_alive(), 0U);
  }
}

TEST(VirtualNetwork, AUserThatClosesWithBytesUnreadLosesWhatWaits) {
  NetworkStage stage;
  const LinkId link = stage.open(kUser);
  stage.network.stop_reading(kUser, true);
  stage.network.send(link, Side::server, "unread");
  stage.run_for(10ms);
  stage.network.send(link, Side::user, stretch(0, 300'000));
  stage.network.close(link, Side::user);
  stage.run();
  EXPECT_EQ(stage.at[link].server_ends, 1);
  const std::string& got = stage.at[link].server_got;
  EXPECT_LT(got.size(), 100'000U);
  EXPECT_TRUE(got == stretch(0, got.size()));
}

TEST(VirtualNetwork, ResetLosesWhatHasNotArrived) {
  NetworkStage stage(1, plain());
  const LinkId link = stage.open(kUser);
  stage.network.send(link, Side::user, "arrives");
  stage.network.send(link, Side::server, "arrives");
  stage.run_for(10ms);
  stage.network.send(link, Side::user, "lost");
  stage.network.send(link, Side::server, "lost");
  stage.network.reset(link, Side::server);
  stage.run();
  EXPECT_THAT(stage.at[link].words(), ElementsAre("connected", "accepted", StartsWith("server got"),
                                                  StartsWith("user got"), "user ended"));
  EXPECT_EQ(stage.at[link].server_got + stage.at[link].user_got, "arrivesarrives");
  EXPECT_EQ(stage.network.links_alive(), 0U);
}

TEST(VirtualNetwork, BandwidthTakesTimeAndLatencyComesOnTop) {
  NetworkSpec spec = plain();
  spec.bytes_per_second = 1'000'000;
  spec.latency = {10ms, 10ms};
  spec.receive_buffer_bytes = 1 << 20;
  NetworkStage stage(1, spec);
  const LinkId link = stage.open(kUser);
  stage.run_for(100ms);
  const Microseconds begin = stage.queue.now();
  stage.network.send(link, Side::server, std::string(500'000, 'x'));
  stage.run();
  EXPECT_EQ(stage.at[link].user_got.size(), 500'000U);
  EXPECT_GE(stage.at[link].story.back().first - begin, 510ms);
  EXPECT_LE(stage.at[link].story.back().first - begin, 511ms);
}

TEST(VirtualNetwork, SendsAreSplitAndPiecesMerged) {
  NetworkStage stage;
  const LinkId link = stage.open(kUser);
  std::size_t most = 0;
  stage.on_arrived = [&](LinkId, Side, std::string_view bytes) {
    most = std::max(most, bytes.size());
  };
  for (int i = 0; i < 1'000; ++i) {
    stage.network.send(link, Side::user, std::string(10, 'x'));
    stage.run_for(1ms);
  }
  EXPECT_GT(stage.pieces, 1'050U);
  EXPECT_LT(stage.pieces, 1'150U);
  EXPECT_EQ(most, 10U);
  stage.pieces = 0;
  for (int i = 0; i < 1'000; ++i) {
    stage.network.send(link, Side::user, std::string(10, 'x'));
    stage.run_for(100us);
  }
  stage.run();
  EXPECT_LT(stage.pieces, 1'000U) << "some overtook, and came together with those before them";
  EXPECT_GT(most, 10U);
  EXPECT_EQ(stage.at[link].server_got.size(), 20'000U);
}

TEST(VirtualNetwork, AReceiverThatDoesNotReadStopsTheSender) {
  NetworkSpec spec;
  NetworkStage stage(1, spec);
  const LinkId link = stage.open(kUser);
  stage.network.stop_reading(kUser, true);
  const std::string bytes = stretch(0, 500'000);
  stage.network.send(link, Side::server, bytes.substr(0, 200'000));
  stage.network.send(link, Side::server, bytes.substr(200'000));
  stage.run_for(60s);
  EXPECT_EQ(stage.at[link].user_got, "");
  EXPECT_EQ(stage.at[link].server_left, spec.send_buffer_bytes + spec.receive_buffer_bytes);
  stage.network.stop_reading(kUser, false);
  stage.run();
  EXPECT_TRUE(stage.at[link].user_got == bytes);
  EXPECT_EQ(stage.at[link].server_left, bytes.size());
}

TEST(VirtualNetwork, TheServersEndResetsItsUsers) {
  NetworkStage stage;
  const LinkId open = stage.open(kUser);
  stage.network.hold_backlog(true);
  const LinkId waiting = stage.open(ConnectionNumber{1});
  const LinkId connecting = stage.network.connect(ConnectionNumber{2});
  stage.network.send(open, Side::user, "lost");
  stage.network.server_gone();
  stage.run();
  EXPECT_THAT(stage.at[open].words(), ElementsAre("connected", "accepted", "user ended"));
  EXPECT_THAT(stage.at[waiting].words(), ElementsAre("connected", "user ended"));
  EXPECT_THAT(stage.at[connecting].words(), ElementsAre("refused: Connection refused"));
  EXPECT_EQ(stage.network.links_alive(), 0U);
}

TEST(VirtualNetwork, HandlersMayDoAnythingInsideTheirCalls) {
  NetworkStage stage;
  int rounds = 0;
  Random random(7);
  const auto anything = [&](LinkId link) {
    if (rounds > 3'000) return;
    ++rounds;
    const Side side = random.below(2) == 0 ? Side::user : Side::server;
    switch (random.below(8)) {
      case 0:
        stage.network.close(link, side);
        break;
      case 1:
        stage.network.reset(link, side);
        break;
      case 2:
        stage.network.cut(stage.at[link].user);
        break;
      case 3:
        stage.network.lose_user_side(stage.at[link].user);
        break;
      case 4:
        stage.network.server_gone();
        break;
      default:
        stage.network.send(link, side, stretch(0, 100'000));
        break;
    }
    stage.network.listen();
    stage.network.connect(stage.at[link].user);
  };
  stage.on_connected = stage.on_refused = stage.on_accepted = anything;
  stage.on_arrived = [&](LinkId link, Side, std::string_view) { anything(link); };
  stage.on_left = [&](LinkId link, Side, std::size_t) { anything(link); };
  stage.on_ended = [&](LinkId link, Side) { anything(link); };
  for (std::uint32_t i = 0; i < 5; ++i) stage.network.connect(ConnectionNumber{i});
  stage.run();
  EXPECT_GT(rounds, 3'000);
  stage.network.server_gone();
  stage.run();
  EXPECT_EQ(stage.network.links_alive(), 0U) << "mute ones of gone users among them";
}

TEST(VirtualNetwork, AStormOfReconnectsLeavesNothingBehind) {
  NetworkStage stage;
  int made = 0;
  stage.on_accepted = [&](LinkId link) { stage.network.send(link, Side::server, "x"); };
  stage.on_arrived = [&](LinkId link, Side, std::string_view) {
    stage.network.close(link, Side::user);
    if (++made < 5'000) stage.network.connect(stage.at[link].user);
  };
  for (std::uint32_t i = 0; i < 100; ++i) stage.network.connect(ConnectionNumber{i});
  stage.run();
  EXPECT_GE(made, 5'000);
  EXPECT_EQ(stage.network.links_alive(), 0U);
}

}  // namespace
}  // namespace claims::storm
