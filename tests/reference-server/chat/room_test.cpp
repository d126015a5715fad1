#include "reference-server/chat/room.h"

#include <gtest/gtest.h>

#include <random>

namespace claims::server {
namespace {

constexpr UserIndex kGarage{0}, kAdjuster{1}, kColleague{2}, kStranger{3};
constexpr std::string_view kPlate = "12가3456";

class RoomTest : public ::testing::Test {
 protected:
  bool apply(chat::EventBody body, std::optional<UserIndex> subject, Milliseconds at = {}) {
    const chat::Event event{chat::RoomId{1}, room.last_seq() + 1, at, {}, std::string(kPlate), "",
                            std::move(body)};
    return room.apply(event, subject, Position{++position_}).has_value();
  }
  bool join(UserIndex user, chat::Seq from) {
    return apply(chat::Joined{{}, chat::Role::adjuster, from, chat::RoomKind::inbound, "7", ""}, user);
  }
  bool say(UserIndex user) { return apply(chat::Message{"네"}, user); }
  bool notice(chat::RepairState state) { return apply(chat::Notice{state, ""}, kGarage); }

  Room room{"7", std::string(kPlate)};

 private:
  std::uint64_t position_ = 0;
};

TEST_F(RoomTest, SeqHasNoGapAndTimeDoesNotGoBack) {
  ASSERT_TRUE(join(kGarage, 1));
  ASSERT_TRUE(apply(chat::Message{"네"}, kGarage, Milliseconds(5)));
  EXPECT_FALSE(apply(chat::Message{"네"}, kGarage, Milliseconds(4)));
  chat::Event event{chat::RoomId{1},     4,  Milliseconds(5),    {},
                    std::string(kPlate), "", chat::Message{"네"}};
  EXPECT_FALSE(room.apply(event, kGarage, Position{9}).has_value());
  event.seq = 3;
  event.vehicle = "123가4567";
  EXPECT_FALSE(room.apply(event, kGarage, Position{9}).has_value());
  event.vehicle = kPlate;
  EXPECT_TRUE(room.apply(event, kGarage, Position{9}).has_value());
  EXPECT_EQ(room.last_position(), Position{9});
}

TEST_F(RoomTest, WhatCannotFollowIsNoticed) {
  ASSERT_TRUE(join(kGarage, 1));
  EXPECT_FALSE(join(kGarage, 1)) << "a member already";
  EXPECT_FALSE(join(kAdjuster, 3)) << "from after its own seq";
  EXPECT_FALSE(say(kStranger));
  EXPECT_FALSE(notice(chat::RepairState::in_repair)) << "before it came in";
  ASSERT_TRUE(notice(chat::RepairState::in));
  EXPECT_FALSE(notice(chat::RepairState::in));
  EXPECT_FALSE(notice(chat::RepairState::repaired));
  ASSERT_TRUE(notice(chat::RepairState::in_repair));
  ASSERT_TRUE(apply(chat::Claim{"C", ""}, kGarage));
  EXPECT_FALSE(apply(chat::Claim{"C", ""}, kGarage));
  EXPECT_FALSE(room.move_read(kStranger, 1).has_value());
  EXPECT_FALSE(room.move_read(kGarage, room.last_seq() + 1).has_value());
}

TEST_F(RoomTest, LiveDeliveryBeginsAtTheOwnJoinedAndForFoundersAtTheFirst) {
  ASSERT_TRUE(join(kGarage, 1));
  ASSERT_TRUE(join(kAdjuster, 1));
  ASSERT_TRUE(say(kGarage));
  ASSERT_TRUE(join(kColleague, 1));
  ASSERT_TRUE(join(kStranger, 5));
  EXPECT_EQ(room.member(kGarage)->live_from, 1U);
  EXPECT_EQ(room.member(kAdjuster)->live_from, 1U);
  EXPECT_EQ(room.member(kColleague)->live_from, 4U);
  EXPECT_EQ(room.member(kStranger)->live_from, 5U);
  // Who takes a room over has its messages to read; who is invited has not.
  EXPECT_EQ(room.member(kColleague)->unread, 1U);
  EXPECT_EQ(room.member(kStranger)->unread, 0U);
}

/// Unread, by its definition: messages of others in (read, last], counted one by one.
struct Model {
  struct Member {
    UserIndex user{};
    chat::Seq read = 0;
  };
  std::vector<Member> members;
  std::vector<std::optional<UserIndex>> authors;  ///< Per seq.

  std::uint64_t unread(const Member& member) const {
    std::uint64_t unread = 0;
    for (chat::Seq seq = member.read + 1; seq <= authors.size(); ++seq) {
      if (authors[seq - 1] && *authors[seq - 1] != member.user) ++unread;
    }
    return unread;
  }
};

TEST_F(RoomTest, UnreadIsWhatTheModelCounts) {
  std::mt19937 random(20240501);
  Model model;
  for (int step = 0; step < 3'000; ++step) {
    const auto draw = random() % 100;
    if (model.members.size() < 3 && (draw < 2 || model.members.empty())) {
      const UserIndex user{static_cast<std::uint32_t>(model.members.size())};
      const chat::Seq from = random() % 2 == 0 ? 1 : room.last_seq() + 1;
      ASSERT_TRUE(join(user, from));
      model.members.push_back({user, from - 1});
      model.authors.emplace_back();
    } else if (draw < 60) {
      const UserIndex user = model.members[random() % model.members.size()].user;
      ASSERT_TRUE(say(user));
      model.authors.emplace_back(user);
    } else if (draw < 65) {
      ASSERT_TRUE(apply(chat::Greeting{"안녕하세요"}, std::nullopt));
      model.authors.emplace_back();
    } else {
      Model::Member& member = model.members[random() % model.members.size()];
      const chat::Seq seq = 1 + random() % (room.last_seq() + 2);
      const bool moves = seq > member.read && seq <= room.last_seq();
      ASSERT_EQ(room.move_read(member.user, seq).has_value(), moves);
      if (moves) member.read = seq;
    }
    for (const Model::Member& member : model.members) {
      ASSERT_EQ(room.member(member.user)->unread, model.unread(member)) << step;
      ASSERT_EQ(room.member(member.user)->read, member.read) << step;
    }
  }
  EXPECT_EQ(model.members.size(), 3U);
}

}  // namespace
}  // namespace claims::server
