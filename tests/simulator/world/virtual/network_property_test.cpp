// What holds for every seed and every mixture of faults.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "network_stage.h"
#include "simulator/world/virtual/network.h"

namespace claims::storm {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kUsers = 4;

/// Random traffic and faults. Each direction of each link sends one stretch, however it is cut.
class RandomTraffic {
 public:
  explicit RandomTraffic(std::uint64_t seed, bool with_ends)
      : stage(seed, small_buffers()), random_(seed + 1'000'000), with_ends_(with_ends) {
    stage.on_connected = [this](LinkId link) { connected_[stage.at[link].user] = link; };
    stage.on_accepted = [this](LinkId link) { accepted_.push_back(link); };
    stage.on_arrived = [this](LinkId link, Side, std::string_view) { check(link); };
    stage.on_left = [this](LinkId link, Side, std::size_t) { check(link); };
    stage.on_ended = [this](LinkId link, Side side) {
      check(link);
      if (side == Side::user) connected_.erase(stage.at[link].user);
    };
  }

  void play(int steps) {
    for (std::uint32_t i = 0; i < kUsers; ++i) stage.network.connect(ConnectionNumber{i});
    for (int i = 0; i < steps; ++i) {
      step();
      stage.run_for(Microseconds{static_cast<std::int64_t>(random_.below(3'000))});
    }
    stage.network.heal();
    stage.run_for(120s);
  }

  std::size_t sent(LinkId link, Side side) { return sent_[{link, side}]; }

  NetworkStage stage;

 private:
  static NetworkSpec small_buffers() {
    NetworkSpec spec;
    spec.send_buffer_bytes = 4'000;
    spec.receive_buffer_bytes = 3'000;
    return spec;
  }

  void check(LinkId link) {
    const NetworkSpec spec = small_buffers();
    const auto& seen = stage.at[link];
    for (const Side side : {Side::user, Side::server}) {
      const std::string& got = side == Side::user ? seen.server_got : seen.user_got;
      const std::size_t left = side == Side::user ? seen.user_left : seen.server_left;
      ASSERT_LE(got.size(), sent(link, side));
      std::size_t& right = checked_[{link, side}];
      ASSERT_TRUE(std::string_view(got).substr(right) == stretch(right, got.size() - right))
          << "a gap or another order";
      right = got.size();
      ASSERT_LE(left, sent(link, side));
      const bool closed = seen.user_ends + seen.server_ends > 0 || closed_.contains(link);
      if (!closed) {
        ASSERT_LE(left, got.size() + spec.send_buffer_bytes + spec.receive_buffer_bytes)
            << "more was taken than the buffers hold";
      }
    }
  }

  void send(LinkId link, Side side) {
    const std::size_t count = 1 + static_cast<std::size_t>(random_.below(8'000));
    std::size_t& from = sent_[{link, side}];
    stage.network.send(link, side, stretch(from, count));
    from += count;
  }

  void step() {
    const ConnectionNumber user{static_cast<std::uint32_t>(random_.below(kUsers))};
    const auto link = connected_.find(user);
    const bool yes = random_.below(2) == 0;
    const std::uint64_t what = random_.below(with_ends_ ? 26 : 16);
    if (what < 5 && link != connected_.end()) return send(link->second, Side::user);
    if (what < 10 && !accepted_.empty()) {
      return send(accepted_[static_cast<std::size_t>(random_.below(accepted_.size()))],
                  Side::server);
    }
    VirtualNetwork& network = stage.network;
    switch (what) {
      case 10:
        return network.hold_back(user, Direction::to_server, yes);
      case 11:
        return network.hold_back(user, Direction::to_user, yes);
      case 12:
        return network.limit_rate(user, yes ? 0 : 5'000);
      case 13:
        return network.add_latency(user, yes ? 0us : 5ms);
      case 14:
        return network.stop_reading(user, yes);
      case 15:
        return network.hold_backlog(yes);
      case 16:
        return end(link, [&](LinkId id) { network.close(id, Side::user); });
      case 17:
        return end(link, [&](LinkId id) { network.reset(id, Side::user); });
      case 18:
        return network.cut(user);
      case 19:
        return network.lose_user_side(user);
      case 20:
        return network.begin_half_open(user);
      case 21:
        return network.end_half_open(user);
      case 22:
        return network.cut_after_publish(user);
      case 23:
        return network.refuse_connections(yes);
      case 24:
        return end_server_side();
      case 25:
        if (link == connected_.end()) network.connect(user);
        return;
      default:
        return;
    }
  }

  template <typename Ending>
  void end(std::map<ConnectionNumber, LinkId>::iterator link, Ending ending) {
    if (link == connected_.end()) return;
    closed_[link->second] = true;
    ending(link->second);
    connected_.erase(link);
  }

  void end_server_side() {
    if (random_.below(4) == 0) {
      stage.network.server_gone();
      stage.network.listen();
      for (const auto& [link, seen] : stage.at) closed_[link] = true;
      accepted_.clear();
    } else if (!accepted_.empty()) {
      const auto one = static_cast<std::size_t>(random_.below(accepted_.size()));
      closed_[accepted_[one]] = true;
      stage.network.close(accepted_[one], Side::server);
    }
  }

  Random random_;
  bool with_ends_;
  std::map<ConnectionNumber, LinkId> connected_;
  std::vector<LinkId> accepted_;
  std::map<LinkId, bool> closed_;
  std::map<std::pair<LinkId, Side>, std::size_t> sent_, checked_;
};

TEST(NetworkProperty, WhatArrivesIsAPrefixOfWhatWasSentWhateverHappens) {
  std::size_t arrived = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    RandomTraffic traffic(seed, true);
    traffic.play(300);
    ASSERT_FALSE(HasFatalFailure()) << "seed " << seed;
    for (const auto& [link, seen] : traffic.stage.at) {
      ASSERT_LE(seen.user_ends, 1) << "seed " << seed;
      ASSERT_LE(seen.server_ends, 1) << "seed " << seed;
      arrived += seen.server_got.size() + seen.user_got.size();
    }
    traffic.stage.network.server_gone();
    traffic.stage.run();
    ASSERT_EQ(traffic.stage.network.links_alive(), 0U) << "seed " << seed;
  }
  EXPECT_GT(arrived, 5'000'000U) << "else nothing was tried";
}

TEST(NetworkProperty, WithoutEndsEverythingArrivesOnceTheWorldHeals) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomTraffic traffic(seed, false);
    traffic.play(300);
    ASSERT_FALSE(HasFatalFailure()) << "seed " << seed;
    EXPECT_EQ(traffic.stage.at.size(), kUsers);
    for (const auto& [link, seen] : traffic.stage.at) {
      ASSERT_EQ(seen.server_got.size(), traffic.sent(link, Side::user)) << "seed " << seed;
      ASSERT_EQ(seen.user_got.size(), traffic.sent(link, Side::server)) << "seed " << seed;
      ASSERT_EQ(seen.user_left, seen.server_got.size()) << "seed " << seed;
      ASSERT_EQ(seen.server_left, seen.user_got.size()) << "seed " << seed;
    }
  }
}

TEST(NetworkProperty, TheSameSeedGivesTheSameStory) {
  const auto story = [](std::uint64_t seed) {
    RandomTraffic traffic(seed, true);
    traffic.play(500);
    std::vector<std::pair<Microseconds, std::string>> all;
    for (const auto& [link, seen] : traffic.stage.at) {
      all.insert(all.end(), seen.story.begin(), seen.story.end());
    }
    return all;
  };
  EXPECT_EQ(story(5), story(5));
  EXPECT_NE(story(5), story(6));
}

TEST(NetworkProperty, WhatOthersDoDoesNotChangeALinksTimes) {
  const auto story = [](bool others) {
    NetworkStage stage(9);
    if (others) stage.open(ConnectionNumber{0});
    stage.run_for(100ms - stage.queue.now());
    const LinkId link = stage.network.connect(ConnectionNumber{1});
    for (int i = 0; i < 200; ++i) {
      stage.run_for(500us);
      if (others && i % 7 == 3) stage.network.connect(ConnectionNumber{2});
      if (others) stage.network.send(LinkId{1}, Side::user, stretch(0, 3'000));
      stage.network.send(link, Side::user, stretch(0, 100));
      stage.network.send(link, Side::server, stretch(0, 5'000));
      if (others && i == 100) stage.network.cut(ConnectionNumber{0});
    }
    stage.run();
    return stage.at[link].story;
  };
  EXPECT_EQ(story(false), story(true));
}

}  // namespace
}  // namespace claims::storm
