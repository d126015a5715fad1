#include "simulator/check/room_change_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

TEST(RoomChangeChecker, AcceptsATitleAndAnEnd) {
  ScriptedHistory history = opened_with_colleague();
  history.change("adjuster-1", "r1", "앞 범퍼");
  history.cancel("garage-1", "r1");
  history.drain();
  history.delete_room("adjuster-1", "r1");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.total(), 0U);
  EXPECT_EQ(audit.auditor().counts().deliveries, audit.auditor().counts().deliveries_expected);
}

TEST(RoomChangeChecker, TellsAnotherTitle) {
  ScriptedHistory history = opened_with_colleague();
  history.change("adjuster-1", "r1", "앞 범퍼");
  Script script = history.finish();
  script.edit_event("r1", 5,
                    [](json::object& event) { event["body"].as_object()["title"] = "뒤 범퍼"; });
  EXPECT_EQ(Audit(script).count(Checker::outcome), 1U);
}

TEST(RoomChangeChecker, TellsAGuestWhoChangesTheRoom) {
  ScriptedHistory history = opened_with_colleague();
  history.invite("garage-1", "r1", "adjuster-2", "guest");
  history.drain();
  history.change("adjuster-2", "r1", "내 방");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::room_changes), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-2 (이담당) cannot change the room"));
}

TEST(RoomChangeChecker, TellsADeletionDuringTheRepair) {
  ScriptedHistory history = opened_with_colleague();
  history.delete_room("garage-1", "r1");
  EXPECT_THAT(Audit(history.finish()).en(), HasSubstr("cannot be deleted in state in"));
}

TEST(RoomChangeChecker, TellsADeletionByAnotherMember) {
  ScriptedHistory history = opened_with_colleague();
  history.invite("adjuster-1", "r1", "adjuster-3", "colleague");
  history.cancel("garage-1", "r1");
  history.drain();
  history.delete_room("adjuster-3", "r1");
  EXPECT_EQ(Audit(history.finish()).count(Checker::room_changes), 1U);
}

TEST(RoomChangeChecker, TellsWhatFollowsTheEnd) {
  ScriptedHistory history = opened_with_colleague();
  history.cancel("garage-1", "r1");
  history.drain();
  history.delete_room("garage-1", "r1");
  Script script = history.finish();
  json::object late = script.history("r1", 5)->body;
  late["seq"] = 7;
  script.append_event("r1", late);
  // Nobody is a member any more: it is nobody's.
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::origin), 1U);
  EXPECT_EQ(audit.count(Checker::secrecy), 2U);
}

TEST(RoomChangeChecker, LetsAnotherGarageTakeInWhatWasCancelled) {
  for (const bool cancelled : {true, false}) {
    ScriptedHistory history = opened_with_colleague();
    if (cancelled) history.cancel("garage-1", "r1");
    history.drain();
    history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
    history.intake("garage-2", "2024-1234567");
    Script script = history.finish();
    // The same receipt: the second registration never was.
    std::erase_if(script.actions, [sends = 0, replies = 0](const Action& action) mutable {
      if (action.kind == Action::Kind::send && action.body.contains("plate")) return ++sends == 2;
      if (action.kind != Action::Kind::reply || action.body.at("ok") != true) return false;
      return action.body.at("result").as_object().contains("receipt") && ++replies == 2;
    });
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::one_room_per_intake), cancelled ? 0U : 1U) << cancelled;
    EXPECT_EQ(audit.total() == 0, cancelled);
  }
}

}  // namespace
}  // namespace claims::storm
