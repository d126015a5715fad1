#include "simulator/check/order_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kPc = 3, kPhone = 5;

/// garage-1, with a PC and a phone, is in two rooms; a message comes to each.
ScriptedHistory two_rooms() {
  ScriptedHistory history = cast();
  EXPECT_EQ(history.add_session("garage-1"), kPhone);
  for (const char* receipt : {"2024-1234567", "2024-7654321"}) {
    history.register_receipt("insurer-1", receipt, "123가4567", "adjuster-1");
    history.drain();
    history.intake("garage-1", receipt);
    history.drain();
  }
  history.send("adjuster-1", "r1", "하나");
  history.drain();
  history.send("adjuster-1", "r2", "둘");
  history.drain();
  return history;
}

std::vector<Action>::iterator delivery(Script& script, std::size_t session, const std::string& room,
                                       chat::Seq seq) {
  return std::find_if(script.actions.begin(), script.actions.end(), [&](const Action& it) {
    return it.kind == Action::Kind::deliver && it.session == session && it.room == room &&
           it.seq == seq;
  });
}

TEST(OrderChecker, TellsEventsOfTwoRoomsInAnotherOrder) {
  Script script = two_rooms().finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  const auto first = delivery(script, kPhone, "r1", 5), second = delivery(script, kPhone, "r2", 5);
  ASSERT_NE(first, script.actions.end());
  ASSERT_NE(second, script.actions.end());
  // To where the second comes, which everybody else has got by then.
  std::rotate(first, first + 1, second + 1);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::devices_in_step), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("garage-1 (한빛정비) [2]: room r1, seq 5 came behind seq 5 of "
                                    "room r2"));
}

TEST(OrderChecker, OneThatIsLateIsInOrder) {
  Script script = two_rooms().finish();
  const auto first = delivery(script, kPhone, "r1", 5), second = delivery(script, kPhone, "r2", 5);
  std::rotate(first, first + 1, second);
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(OrderChecker, WhoWasAwayForLongIsComparedOnceItHasCaughtUp) {
  ScriptedHistory history = two_rooms();
  history.lose(kPhone);
  for (int i = 0; i < 40; ++i) history.send("adjuster-1", i % 2 == 0 ? "r1" : "r2", "그동안");
  history.drain();
  history.resume(kPhone);
  history.send("adjuster-1", "r1", "하나");
  history.drain();
  history.send("adjuster-1", "r2", "둘");
  history.drain();
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  const auto first = delivery(script, kPc, "r1", 26), second = delivery(script, kPc, "r2", 26);
  ASSERT_NE(first, script.actions.end());
  ASSERT_NE(second, script.actions.end());
  std::rotate(first, first + 1, second + 1);
  EXPECT_EQ(Audit(script).count(Checker::devices_in_step), 1U);
}

}  // namespace
}  // namespace claims::storm
