#include "reference-server/chat/state.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

const InsurerEntry kInsurer{"ins-01", "01", "한마음", "안녕하세요", {}};
const UserEntry kGarage{"gar-1", chat::Role::garage, "한빛", "", "", "서울"};
const UserEntry kAdjuster{"adj-1", chat::Role::adjuster, "김민준", "ins-01", "c-001", ""};
const InsurerEntry kOtherInsurer{"ins-02", "02", "새빛", "네", {}};
const UserEntry kOtherAdjuster{"adj-2", chat::Role::adjuster, "이서연", "ins-02", "c-002", ""};
const ReceiptEntry kReceipt{"7", "ins-01", "12가3456", "쏘나타", "adj-1"};

chat::Event event(std::uint64_t room, chat::Seq seq, std::string sender, chat::EventBody body) {
  return {chat::RoomId{room}, seq,         Milliseconds(5), {std::move(sender), ""},
          "12가3456",         "gar-1:5.1", std::move(body)};
}
chat::Joined joined(std::string user, std::string receipt = "7") {
  const auto role = user.starts_with("gar-") ? chat::Role::garage : chat::Role::adjuster;
  return {{std::move(user), ""}, role, 1, chat::RoomKind::inbound, std::move(receipt), ""};
}
chat::Joined joined_general(std::string user) {
  chat::Joined body = joined(std::move(user), "");
  body.kind = chat::RoomKind::general;
  return body;
}
/// About the room, not a vehicle.
chat::Event general(chat::Event event) {
  event.vehicle.clear();
  return event;
}

class StateTest : public ::testing::Test {
 protected:
  StateTest() {
    for (const TypedRecord& record :
         {TypedRecord(kInsurer), TypedRecord(kGarage), TypedRecord(kAdjuster),
          TypedRecord(kReceipt), TypedRecord(kOtherInsurer), TypedRecord(kOtherAdjuster)}) {
      EXPECT_EQ(error_of(record), "");
    }
  }
  std::string error_of(const TypedRecord& record) {
    const auto applied = state.apply(record, Position{++position_});
    return applied.has_value() ? "" : applied.error();
  }
  /// The same, and the state stays as it was: after an error it would be void.
  std::string refusal_of(const TypedRecord& record) const {
    State tried = state;
    const auto applied = tried.apply(record, Position{position_ + 1});
    return applied.has_value() ? "" : applied.error();
  }
  void accept(const TypedRecord& record) { ASSERT_EQ(error_of(record), ""); }

  State state;

 private:
  std::uint64_t position_ = 0;
};

TEST_F(StateTest, AReceiptOpensOneRoom) {
  EXPECT_EQ(state.next_room(), chat::RoomId{1});
  EXPECT_EQ(error_of(event(1, 1, "gar-1", joined("gar-1"))), "");
  EXPECT_EQ(state.receipt("7")->room, chat::RoomId{1});
  EXPECT_EQ(state.receipt("7")->garage, *state.find_user("gar-1"));
  EXPECT_EQ(state.user(*state.find_user("gar-1")).rooms, std::vector{chat::RoomId{1}});
  EXPECT_EQ(state.next_room(), chat::RoomId{2});
  EXPECT_EQ(refusal_of(event(2, 1, "gar-1", joined("gar-1"))), "r2: opens on no free receipt");
}

TEST_F(StateTest, ALogThatIsNotOursIsNoticed) {
  EXPECT_EQ(refusal_of(UserEntry{"a", chat::Role::adjuster, "n", "ins-09", "c", ""}),
            "user a belongs to no known insurer");
  EXPECT_EQ(refusal_of(kReceipt), "receipt 7 is registered twice");
  EXPECT_EQ(refusal_of(event(1, 1, "gar-1", chat::Message{"네", ""})), "r1: begins with no joined");
  EXPECT_EQ(refusal_of(event(2, 1, "gar-1", joined("gar-1"))), "event of unknown room r2");
  EXPECT_EQ(refusal_of(event(1, 1, "gar-1", joined("gar-1", "8"))), "r1: opens on no free receipt");
  EXPECT_EQ(refusal_of(event(1, 1, "gar-1", joined("adj-1"))), "r1: opens on no free receipt");
  EXPECT_EQ(refusal_of(event(1, 1, "gar-1", joined("gar-9"))), "r1: joined names no user");
  EXPECT_EQ(refusal_of(ReadMoved{"gar-1", chat::RoomId{1}, 1}),
            "read by gar-1 in r1: no such user or room");
  EXPECT_EQ(refusal_of(CommandOutcome{"gar-9", {5, 1}, 0, "{}"}), "outcome of unknown user gar-9");
  EXPECT_EQ(refusal_of(CommandOutcome{"gar-1", {5, 1}, 0, "{}"}),
            "reply to command 5.1 is not its own");
  accept(event(1, 1, "gar-1", joined("gar-1")));
  EXPECT_EQ(refusal_of(event(1, 2, "gar-1", joined("adj-2"))), "r1: opens for another adjuster");
}

TEST_F(StateTest, AGarageAndAnAdjusterHaveOneGeneralRoom) {
  const auto opens = [](std::uint64_t room, chat::Seq seq, std::string user) {
    return general(event(room, seq, "gar-1", joined_general(std::move(user))));
  };
  EXPECT_EQ(refusal_of(event(1, 1, "gar-1", joined_general("gar-1"))), "r1: opens on no vehicle");
  accept(opens(1, 1, "adj-1"));
  EXPECT_EQ(refusal_of(opens(1, 2, "adj-2")),
            "r1: joined founds a room that has somebody in charge");
  accept(opens(1, 2, "gar-1"));
  EXPECT_EQ(state.general_room(*state.find_user("gar-1"), *state.find_user("adj-1")),
            chat::RoomId{1});
  EXPECT_EQ(state.general_room(*state.find_user("gar-1"), *state.find_user("adj-2")), std::nullopt);
  EXPECT_EQ(state.rooms(chat::RoomKind::general), 1U);
  accept(opens(2, 1, "gar-1"));
  EXPECT_EQ(refusal_of(opens(2, 2, "adj-1")), "r2: opens for no garage and adjuster without one");
  accept(opens(2, 2, "adj-2"));
}

TEST_F(StateTest, ANegotiationIsOfTheReceiptsInsurerWithAnother) {
  const auto opens = [](std::uint64_t room, chat::Seq seq, std::string user) {
    chat::Joined body = joined(std::move(user));
    body.kind = chat::RoomKind::negotiation;
    return event(room, seq, "adj-1", std::move(body));
  };
  const std::string wrong = "r1: is no negotiation of the receipt's insurer with another";
  EXPECT_EQ(refusal_of(opens(1, 1, "adj-2")), wrong);
  const std::string garage = "r1: joined founds a room with no place for a garage";
  EXPECT_EQ(refusal_of(opens(1, 1, "gar-1")), garage);
  accept(opens(1, 1, "adj-1"));
  EXPECT_EQ(state.receipt("7")->negotiation, chat::RoomId{1});
  EXPECT_EQ(state.receipt("7")->room, chat::RoomId{}) << "the inbound room is another";
  EXPECT_EQ(refusal_of(opens(1, 2, "gar-1")), garage);
  EXPECT_EQ(refusal_of(opens(2, 1, "adj-1")), "r2: opens on no free receipt");
  accept(opens(1, 2, "adj-2"));
  EXPECT_EQ(refusal_of(opens(1, 3, "gar-1")), "r1: joined founds a room that is there");
}

TEST_F(StateTest, ABulkOutcomeIsOfTheTargetThatComesNext) {
  const chat::CommandId id{5, 1};
  const auto refused = [&](std::string garage) {
    return BulkOutcome{"adj-1", id, std::move(garage), {}, 0, chat::ErrorCode::unknown_user};
  };
  EXPECT_FALSE(state.has_pending_orders());
  EXPECT_NE(refusal_of(refused("gar-8")), "") << "nothing was ordered";
  const BulkOrder order{"adj-1", id, {{"gar-8", "12가3456"}, {"gar-9", "12가3456"}}, "네"};
  for (const char* user : {"adj-9", "gar-1"}) {
    EXPECT_EQ(refusal_of(BulkOrder{user, id, order.targets, "네"}),
              "bulk by " + std::string(user) + ", who is no adjuster");
  }
  accept(order);
  EXPECT_EQ(refusal_of(order), "bulk 5.1 is ordered twice");
  EXPECT_NE(refusal_of(refused("gar-9")), "") << "gar-8 comes before it";
  EXPECT_NE(refusal_of(BulkOutcome{"adj-1", id, "gar-8", chat::RoomId{1}, 1, {}}), "")
      << "there is no such message";
  accept(refused("gar-8"));
  EXPECT_NE(refusal_of(refused("gar-8")), "") << "exactly once";
  accept(refused("gar-9"));
  EXPECT_FALSE(state.has_pending_orders());
  EXPECT_EQ(state.user(*state.find_user("adj-1")).bulks.find(id)->open(), 0U);
}

TEST_F(StateTest, AnEntryThatChangedKeepsItsPlace) {
  const UserIndex index = *state.find_user("gar-1");
  UserEntry renamed = kGarage;
  renamed.name = "새빛";
  EXPECT_EQ(error_of(renamed), "");
  EXPECT_EQ(state.find_user("gar-1"), index);
  EXPECT_EQ(state.user(index).entry.name, "새빛");
  InsurerEntry greeted = kInsurer;
  greeted.greeting = "어서 오세요";
  EXPECT_EQ(error_of(greeted), "");
  EXPECT_EQ(state.insurers(), 2U);
  EXPECT_EQ(state.insurer("ins-01")->greeting, "어서 오세요");
}

}  // namespace
}  // namespace claims::server
