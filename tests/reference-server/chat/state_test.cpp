#include "reference-server/chat/state.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

const InsurerEntry kInsurer{"ins-01", "01", "한마음", "안녕하세요", {}};
const UserEntry kGarage{"gar-1", chat::Role::garage, "한빛", "", "", "서울"};
const UserEntry kAdjuster{"adj-1", chat::Role::adjuster, "김민준", "ins-01", "c-001", ""};
const ReceiptEntry kReceipt{"7", "ins-01", "12가3456", "쏘나타", "adj-1"};

chat::Event event(std::uint64_t room, chat::Seq seq, std::string sender, chat::EventBody body) {
  return {chat::RoomId{room}, seq,         Milliseconds(5), {std::move(sender), ""},
          "12가3456",         "gar-1:5.1", std::move(body)};
}
chat::Joined joined(std::string user, std::string receipt = "7") {
  return {{std::move(user), ""}, chat::Role::garage, 1, chat::RoomKind::inbound, std::move(receipt), ""};
}

class StateTest : public ::testing::Test {
 protected:
  StateTest() {
    for (const TypedRecord& record : {TypedRecord(kInsurer), TypedRecord(kGarage),
                                      TypedRecord(kAdjuster), TypedRecord(kReceipt)}) {
      EXPECT_EQ(error_of(record), "");
    }
  }
  std::string error_of(const TypedRecord& record) {
    const auto applied = state.apply(record, Position{++position_});
    return applied.has_value() ? "" : applied.error();
  }

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
  EXPECT_EQ(error_of(event(2, 1, "gar-1", joined("gar-1"))), "r2: opens on no free receipt");
}

TEST_F(StateTest, ALogThatIsNotOursIsNoticed) {
  EXPECT_EQ(error_of(UserEntry{"a", chat::Role::adjuster, "n", "ins-09", "c", ""}),
            "user a belongs to no known insurer");
  EXPECT_EQ(error_of(kReceipt), "receipt 7 is registered twice");
  EXPECT_EQ(error_of(event(1, 1, "gar-1", chat::Message{"네"})), "r1: begins with no joined");
  EXPECT_EQ(error_of(event(2, 1, "gar-1", joined("gar-1"))), "event of unknown room r2");
  EXPECT_EQ(error_of(event(1, 1, "gar-1", joined("gar-1", "8"))), "r1: opens on no free receipt");
  EXPECT_EQ(error_of(event(1, 1, "gar-1", joined("gar-9"))), "r1: opens on no free receipt");
  EXPECT_EQ(error_of(ReadMoved{"gar-1", chat::RoomId{1}, 1}),
            "read by gar-1 in r1: no such user or room");
  EXPECT_EQ(error_of(CommandOutcome{"gar-9", {5, 1}, 0, "{}"}), "outcome of unknown user gar-9");
  EXPECT_EQ(error_of(CommandOutcome{"gar-1", {5, 1}, 0, "{}"}),
            "reply to command 5.1 is not its own");
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
  EXPECT_EQ(state.insurers(), 1U);
  EXPECT_EQ(state.insurer("ins-01")->greeting, "어서 오세요");
}

}  // namespace
}  // namespace claims::server
