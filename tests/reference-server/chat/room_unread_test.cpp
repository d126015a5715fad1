// What a room counts as unread, against its definition, while members come and go.

#include <gtest/gtest.h>

#include <random>

#include "reference-server/chat/room.h"

namespace claims::server {
namespace {

constexpr UserIndex kGarage{0}, kAdjuster{1}, kColleague{2}, kStranger{3};

/// Unread, by its definition: messages of others in (read, last], counted one by one.
struct Model {
  struct Member {
    UserIndex user{};
    chat::Seq read = 0;
    bool current = true;
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

TEST(Unread, IsWhatTheModelCounts) {
  Room room(chat::RoomKind::general, "", "");
  Model model;
  const auto apply = [&](std::string vehicle, chat::EventBody body, UserIndex user) {
    const chat::Event event{chat::RoomId{1}, room.last_seq() + 1, {}, {}, std::move(vehicle), "",
                            std::move(body)};
    return room.apply(event, user, Position{event.seq}).has_value();
  };
  const auto join = [&](UserIndex user, chat::Invitation as) {
    const auto role = user == kGarage ? chat::Role::garage : chat::Role::adjuster;
    const chat::Seq from = as == chat::Invitation::guest ? room.last_seq() + 1 : 1;
    model.authors.emplace_back();
    return apply("", chat::Joined{{}, role, from, chat::RoomKind::general, "", "", as}, user);
  };
  const auto plate = [](std::size_t number) { return std::to_string(number) + "가1111"; };
  for (const UserIndex founder : {kGarage, kAdjuster}) {
    ASSERT_TRUE(join(founder, chat::Invitation::founder));
    model.members.push_back({founder, 0});
  }
  model.members.push_back({kColleague, 0, false});
  model.members.push_back({kStranger, 0, false});
  std::mt19937 random(20240501);
  for (int step = 0; step < 3'000; ++step) {
    const auto draw = random() % 100;
    Model::Member& member = model.members[random() % model.members.size()];
    if (draw < 4 && !member.current && room.memberships().size() < 200) {
      const auto as =
          member.user == kStranger ? chat::Invitation::guest : chat::Invitation::colleague;
      ASSERT_TRUE(join(member.user, as));
      member.current = true;
      // What was read before stays read.
      if (member.user == kStranger) member.read = room.last_seq() - 1;
    } else if (draw < 8 && member.current && member.user >= kColleague) {
      ASSERT_TRUE(apply("", chat::Left{}, member.user));
      model.authors.emplace_back();
      member.current = false;
    } else if (draw < 60 && !room.vehicles().empty()) {
      ASSERT_EQ(apply(plate(0), chat::Message{"네", ""}, member.user), member.current);
      if (member.current) model.authors.emplace_back(member.user);
    } else if (draw < 65) {
      ASSERT_TRUE(apply(plate(room.vehicles().size()), chat::VehicleAdded{""}, kGarage));
      model.authors.emplace_back();
    } else {
      const chat::Seq seq = 1 + random() % (room.last_seq() + 2);
      const bool moves = member.current && seq > member.read && seq <= room.last_seq();
      ASSERT_EQ(room.move_read(member.user, seq).has_value(), moves);
      if (moves) member.read = seq;
    }
    for (const Model::Member& one : model.members) {
      ASSERT_EQ(room.member(one.user) != nullptr, one.current) << step;
      if (!one.current) continue;
      ASSERT_EQ(room.member(one.user)->unread, model.unread(one)) << step;
      ASSERT_EQ(room.member(one.user)->read, one.read) << step;
    }
  }
  EXPECT_GE(room.memberships().size(), 20U);
}

}  // namespace
}  // namespace claims::server
