#include "reference-server/chat/room.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

constexpr UserIndex kGarage{0}, kAdjuster{1}, kColleague{2}, kStranger{3};
constexpr std::string_view kPlate = "12가3456";

chat::Negotiated opened() {
  return {chat::NegotiationAction::open,
          chat::Side::initiator,
          chat::Ratio{70, 30},
          "",
          chat::NegotiationState::discussing,
          chat::Side::counterpart,
          ""};
}

class RoomTest : public ::testing::Test {
 protected:
  bool apply(chat::EventBody body, std::optional<UserIndex> subject, Milliseconds at = {}) {
    const chat::Event event{chat::RoomId{1}, room.last_seq() + 1, at, {}, std::string(kPlate), "",
                            std::move(body)};
    return room.apply(event, subject, Position{++position_}).has_value();
  }
  bool join(UserIndex user, chat::Seq from, chat::Invitation as = chat::Invitation::founder) {
    const auto role = user == kGarage ? chat::Role::garage : chat::Role::adjuster;
    return apply(chat::Joined{{}, role, from, chat::RoomKind::inbound, "7", "", as}, user);
  }
  bool say(UserIndex user) { return apply(chat::Message{"네", ""}, user); }
  bool notice(chat::RepairState state) { return apply(chat::Notice{state, ""}, kGarage); }

  Room room{chat::RoomKind::inbound, "7", std::string(kPlate)};

 private:
  std::uint64_t position_ = 0;
};

TEST_F(RoomTest, SeqHasNoGapAndTimeDoesNotGoBack) {
  ASSERT_TRUE(join(kGarage, 1));
  ASSERT_TRUE(apply(chat::Message{"네", ""}, kGarage, Milliseconds(5)));
  EXPECT_FALSE(apply(chat::Message{"네", ""}, kGarage, Milliseconds(4)));
  chat::Event event{chat::RoomId{1},     4,  Milliseconds(5),        {},
                    std::string(kPlate), "", chat::Message{"네", ""}};
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
  EXPECT_FALSE(join(kAdjuster, 2)) << "a founder sees all";
  EXPECT_FALSE(join(kAdjuster, 2, chat::Invitation::guest)) << "the second is a founder";
  EXPECT_FALSE(say(kStranger));
  EXPECT_FALSE(notice(chat::RepairState::in_repair)) << "before it came in";
  ASSERT_TRUE(notice(chat::RepairState::in));
  EXPECT_FALSE(notice(chat::RepairState::in));
  EXPECT_FALSE(notice(chat::RepairState::repaired));
  ASSERT_TRUE(notice(chat::RepairState::in_repair));
  ASSERT_TRUE(apply(chat::PreEstimate{"E", 1, ""}, kGarage));
  EXPECT_FALSE(apply(chat::PreEstimate{"E", 1, ""}, kGarage)) << "written before";
  EXPECT_FALSE(apply(chat::Claim{"C", ""}, kGarage)) << "before the repair is done";
  ASSERT_TRUE(notice(chat::RepairState::repaired));
  ASSERT_TRUE(apply(chat::Claim{"C", ""}, kGarage));
  EXPECT_FALSE(apply(chat::Claim{"C", ""}, kGarage));
  ASSERT_TRUE(apply(chat::Greeting{"네"}, std::nullopt));
  EXPECT_FALSE(apply(chat::Greeting{"네"}, std::nullopt)) << "a room is greeted once";
  EXPECT_FALSE(apply(chat::VehicleAdded{""}, kGarage));
  EXPECT_FALSE(apply(opened(), kGarage));
  EXPECT_FALSE(room.move_read(kStranger, 1).has_value());
  EXPECT_FALSE(room.move_read(kGarage, room.last_seq() + 1).has_value());
}

TEST_F(RoomTest, APreEstimateComesBeforeTheRepairIsDone) {
  ASSERT_TRUE(join(kGarage, 1));
  EXPECT_EQ(room.repair_state(), std::nullopt);
  for (const auto state :
       {chat::RepairState::in, chat::RepairState::in_repair, chat::RepairState::repaired}) {
    Room tried = room;
    const chat::Event estimate{chat::RoomId{1},
                               room.last_seq() + 1,
                               {},
                               {},
                               std::string(kPlate),
                               "",
                               chat::PreEstimate{"E", 1, ""}};
    EXPECT_TRUE(tried.apply(estimate, kGarage, Position{9}).has_value());
    EXPECT_TRUE(tried.estimated());
    ASSERT_TRUE(notice(state));
  }
  EXPECT_FALSE(apply(chat::PreEstimate{"E", 1, ""}, kGarage));
}

TEST(GeneralRoom, KnowsItsVehicles) {
  Room room(chat::RoomKind::general, "", "");
  std::uint64_t position = 0;
  const auto apply = [&](std::string vehicle, chat::EventBody body) {
    const chat::Event event{chat::RoomId{1}, room.last_seq() + 1, {}, {}, std::move(vehicle), "",
                            std::move(body)};
    return room.apply(event, kGarage, Position{++position}).has_value();
  };
  const chat::Joined joined{{}, chat::Role::garage, 1, chat::RoomKind::general, "", ""};
  EXPECT_FALSE(apply("1가1111", joined));
  EXPECT_FALSE(apply("", chat::Joined{{}, {}, 1, chat::RoomKind::inbound, "", ""}));
  ASSERT_TRUE(apply("", joined));
  EXPECT_FALSE(apply("", chat::VehicleAdded{""}));
  EXPECT_FALSE(apply("1가1111", chat::Message{"네", ""})) << "not added yet";
  ASSERT_TRUE(apply("1가1111", chat::VehicleAdded{""}));
  EXPECT_FALSE(apply("1가1111", chat::VehicleAdded{""})) << "each once";
  ASSERT_TRUE(apply("2가2222", chat::VehicleAdded{""}));
  EXPECT_TRUE(apply("1가1111", chat::Message{"네", ""}));
  EXPECT_TRUE(apply("2가2222", chat::Message{"네", ""}));
  EXPECT_FALSE(apply("", chat::Message{"네", ""})) << "a message without its vehicle";
  EXPECT_FALSE(apply("1가1111", chat::Greeting{"네"}));
  EXPECT_TRUE(apply("", chat::Greeting{"네"}));
  EXPECT_FALSE(apply("1가1111", chat::Notice{chat::RepairState::in, ""}));
  EXPECT_FALSE(apply("1가1111", chat::PreEstimate{"E", 1, ""}));
  EXPECT_FALSE(apply("1가1111", chat::Claim{"C", ""}));
  EXPECT_EQ(room.vehicles(), (std::vector<std::string>{"1가1111", "2가2222"}));
}

class NegotiationRoomTest : public ::testing::Test {
 protected:
  NegotiationRoomTest() {
    join(kAdjuster);
    join(kColleague);
  }
  void join(UserIndex user) {
    EXPECT_TRUE(apply(
        chat::Joined{{}, chat::Role::adjuster, 1, chat::RoomKind::negotiation, "7", ""}, user));
  }
  bool apply(chat::EventBody body, std::optional<UserIndex> subject) {
    const chat::Event event{chat::RoomId{1}, room.last_seq() + 1, {}, {}, std::string(kPlate), "",
                            std::move(body)};
    // After an error the room is void.
    Room tried = room;
    if (!tried.apply(event, subject, Position{event.seq})) return false;
    room = std::move(tried);
    return true;
  }
  static chat::Negotiated objection(chat::Side by, chat::Ratio ratio) {
    return {chat::NegotiationAction::object,
            by,
            ratio,
            "사유",
            chat::NegotiationState::discussing,
            other_side(by),
            ""};
  }

  Room room{chat::RoomKind::negotiation, "7", std::string(kPlate)};
};

TEST_F(NegotiationRoomTest, AnEventIsWhatTheNegotiationGives) {
  EXPECT_FALSE(apply(objection(chat::Side::counterpart, {50, 50}), kColleague)) << "not opened";
  EXPECT_FALSE(apply(opened(), kColleague)) << "by the other side";
  EXPECT_FALSE(apply(opened(), kStranger));
  ASSERT_TRUE(apply(opened(), kAdjuster));
  EXPECT_EQ(room.side_of(kAdjuster), chat::Side::initiator);
  EXPECT_EQ(room.side_of(kColleague), chat::Side::counterpart);
  EXPECT_EQ(room.side_of(kStranger), std::nullopt);
  EXPECT_FALSE(apply(opened(), kAdjuster)) << "twice";
  const chat::Negotiated good = objection(chat::Side::counterpart, {50, 50});
  EXPECT_FALSE(apply(good, kAdjuster)) << "says that it was the other";
  EXPECT_FALSE(apply(good, std::nullopt));
  EXPECT_FALSE(apply(objection(chat::Side::initiator, {50, 50}), kAdjuster)) << "not its turn";
  chat::Negotiated wrong = good;
  wrong.turn = chat::Side::counterpart;
  EXPECT_FALSE(apply(wrong, kColleague));
  wrong = good;
  wrong.state = chat::NegotiationState::agreed;
  EXPECT_FALSE(apply(wrong, kColleague));
  wrong = good;
  wrong.ratio.reset();
  EXPECT_FALSE(apply(wrong, kColleague));
  EXPECT_TRUE(apply(good, kColleague));
  EXPECT_FALSE(apply(chat::Greeting{"네"}, std::nullopt));
  EXPECT_FALSE(apply(chat::Notice{chat::RepairState::in, ""}, kAdjuster));
  EXPECT_FALSE(apply(chat::PreEstimate{"E", 1, ""}, kAdjuster));
}

TEST_F(NegotiationRoomTest, AnExemptionIsAcceptedForTheReasonThatWasSent) {
  using chat::NegotiationAction;
  using chat::NegotiationState;
  using chat::Side;
  ASSERT_TRUE(apply(opened(), kAdjuster));
  chat::Negotiated step{NegotiationAction::send_exemption,
                        Side::initiator,
                        std::nullopt,
                        "not_covered",
                        NegotiationState::exemption_sent,
                        Side::counterpart,
                        ""};
  ASSERT_TRUE(apply(step, kAdjuster));
  step = {NegotiationAction::accept_exemption,
          Side::counterpart,
          std::nullopt,
          "not_liable",
          NegotiationState::exempt,
          std::nullopt,
          ""};
  EXPECT_FALSE(apply(step, kColleague));
  step.reason = "not_covered";
  EXPECT_TRUE(apply(step, kColleague));
}

TEST_F(NegotiationRoomTest, AfterTheLastObjectionTheServerRefers) {
  const chat::Negotiated referral{chat::NegotiationAction::refer,
                                  std::nullopt,
                                  std::nullopt,
                                  "",
                                  chat::NegotiationState::referred,
                                  std::nullopt,
                                  ""};
  ASSERT_TRUE(apply(opened(), kAdjuster));
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(apply(referral, std::nullopt)) << "too early";
    const bool first = i % 2 == 0;
    const auto by = first ? chat::Side::counterpart : chat::Side::initiator;
    ASSERT_TRUE(apply(objection(by, {50, 50}), first ? kColleague : kAdjuster));
  }
  EXPECT_FALSE(apply(objection(chat::Side::initiator, {50, 50}), kAdjuster)) << "too late";
  EXPECT_TRUE(apply(referral, std::nullopt));
  EXPECT_EQ(room.negotiation()->state, chat::NegotiationState::referred);
  EXPECT_FALSE(apply(referral, std::nullopt));
}

TEST_F(RoomTest, LiveDeliveryBeginsAtTheOwnJoinedAndForFoundersAtTheFirst) {
  ASSERT_TRUE(join(kGarage, 1));
  ASSERT_TRUE(join(kAdjuster, 1));
  ASSERT_TRUE(say(kGarage));
  EXPECT_FALSE(join(kColleague, 1)) << "the founders are two";
  ASSERT_TRUE(join(kColleague, 1, chat::Invitation::colleague));
  EXPECT_FALSE(join(kStranger, 1, chat::Invitation::guest)) << "from its own seq on";
  EXPECT_FALSE(join(kStranger, 6, chat::Invitation::guest));
  ASSERT_TRUE(join(kStranger, 5, chat::Invitation::guest));
  EXPECT_EQ(room.member(kGarage)->live_from, 1U);
  EXPECT_EQ(room.member(kAdjuster)->live_from, 1U);
  EXPECT_EQ(room.member(kColleague)->live_from, 4U);
  EXPECT_EQ(room.member(kStranger)->live_from, 5U);
  // Who takes a room over has its messages to read; who is invited has not.
  EXPECT_EQ(room.member(kColleague)->unread, 1U);
  EXPECT_EQ(room.member(kStranger)->unread, 0U);
}

TEST_F(RoomTest, AStayEndsWithTheOwnLeftAndMayBeginAgain) {
  ASSERT_TRUE(join(kGarage, 1));
  ASSERT_TRUE(join(kAdjuster, 1));
  ASSERT_TRUE(join(kColleague, 1, chat::Invitation::colleague));
  ASSERT_TRUE(join(kStranger, 4, chat::Invitation::guest));
  ASSERT_TRUE(say(kGarage));
  EXPECT_FALSE(apply(chat::Left{}, kGarage)) << "the garage stays";
  EXPECT_FALSE(apply(chat::Left{}, kAdjuster)) << "who is in charge stays";
  ASSERT_TRUE(apply(chat::Left{}, kColleague));
  ASSERT_TRUE(apply(chat::Left{}, kStranger));
  EXPECT_EQ(room.member(kColleague), nullptr);
  EXPECT_EQ(room.members(), 2U);
  EXPECT_FALSE(say(kColleague));
  EXPECT_FALSE(apply(chat::Left{}, kColleague)) << "once";
  EXPECT_EQ(room.readable_by(kColleague), (std::vector<SeqRange>{{1, 6}}));
  EXPECT_EQ(room.readable_by(kStranger), (std::vector<SeqRange>{{4, 7}}));
  ASSERT_TRUE(say(kGarage));
  ASSERT_TRUE(join(kStranger, 9, chat::Invitation::guest));
  ASSERT_TRUE(join(kColleague, 1, chat::Invitation::colleague));
  EXPECT_EQ(room.readable_by(kColleague), (std::vector<SeqRange>{{1, 10}})) << "each event once";
  EXPECT_EQ(room.readable_by(kStranger), (std::vector<SeqRange>{{4, 7}, {9, 10}}));
  EXPECT_EQ(room.member(kColleague)->unread, 2U);
  EXPECT_EQ(room.former(6)->vehicles, 1U);
  EXPECT_EQ(room.former(5), nullptr);
}

TEST_F(RoomTest, WhoIsInChargeGivesItToAMemberAndMayGo) {
  ASSERT_TRUE(join(kGarage, 1));
  ASSERT_TRUE(join(kAdjuster, 1));
  const auto hand_over = [&](UserIndex from, UserIndex to) {
    const chat::Event event{chat::RoomId{1},   room.last_seq() + 1, {}, {}, std::string(kPlate), "",
                            chat::HandedOver{}};
    return room.apply(event, to, Position{99}, from).has_value();
  };
  EXPECT_FALSE(hand_over(kAdjuster, kColleague)) << "no member";
  ASSERT_TRUE(join(kColleague, 1, chat::Invitation::successor));
  EXPECT_FALSE(hand_over(kGarage, kColleague));
  EXPECT_FALSE(hand_over(kAdjuster, kGarage));
  ASSERT_TRUE(hand_over(kAdjuster, kColleague));
  EXPECT_EQ(room.in_charge(), kColleague);
  EXPECT_FALSE(hand_over(kAdjuster, kColleague)) << "not in charge any more";
  EXPECT_FALSE(apply(chat::Left{}, kColleague));
  EXPECT_TRUE(apply(chat::Left{}, kAdjuster));
}

TEST_F(RoomTest, ADeletedRoomHasNoMembersAndNoMoreEvents) {
  ASSERT_TRUE(join(kGarage, 1));
  ASSERT_TRUE(join(kAdjuster, 1));
  ASSERT_TRUE(join(kColleague, 1, chat::Invitation::colleague));
  EXPECT_FALSE(apply(chat::RoomDeleted{}, kColleague));
  ASSERT_TRUE(notice(chat::RepairState::in));
  EXPECT_FALSE(apply(chat::RoomDeleted{}, kGarage)) << "during the repair";
  ASSERT_TRUE(notice(chat::RepairState::cancelled));
  EXPECT_FALSE(apply(chat::PreEstimate{"E", 1, ""}, kGarage)) << "cancelled";
  ASSERT_TRUE(notice(chat::RepairState::in)) << "registered again";
  ASSERT_TRUE(notice(chat::RepairState::cancelled));
  ASSERT_TRUE(apply(chat::RoomDeleted{}, kAdjuster));
  EXPECT_TRUE(room.deleted());
  EXPECT_EQ(room.members(), 0U);
  EXPECT_EQ(room.readable_by(kColleague), (std::vector<SeqRange>{{1, 8}}));
  EXPECT_FALSE(say(kGarage));
  EXPECT_FALSE(join(kStranger, 9, chat::Invitation::guest));
}

TEST_F(RoomTest, FurtherEstimatesAreNumberedAndBelongToTheRepair) {
  ASSERT_TRUE(join(kGarage, 1));
  ASSERT_TRUE(notice(chat::RepairState::in));
  EXPECT_FALSE(apply(chat::FurtherEstimate{"F-7-1", 1, "", ""}, kGarage));
  ASSERT_TRUE(notice(chat::RepairState::in_repair));
  EXPECT_FALSE(apply(chat::FurtherEstimate{"F-7-2", 1, "", ""}, kGarage));
  ASSERT_TRUE(apply(chat::FurtherEstimate{"F-7-1", 1, "", ""}, kGarage));
  ASSERT_TRUE(apply(chat::FurtherEstimate{"F-7-2", 1, "", ""}, kGarage));
  EXPECT_EQ(room.further_estimates(), 2U);
}

}  // namespace
}  // namespace claims::server
