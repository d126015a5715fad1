#include "simulator/check/history_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

/// r1: garage-1 and adjuster-1, 12가3456; r2: garage-2 and adjuster-1, 34나5678; r3: garage-1 and
/// adjuster-1, general, about both vehicles.
ScriptedHistory chatted() {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1", "12가3456", "adjuster-1");
  history.register_receipt("insurer-1", "2024-2", "34나5678", "adjuster-1");
  history.drain();
  history.intake("garage-1", "2024-1");
  history.intake("garage-2", "2024-2");
  history.open_general("garage-1", "adjuster-1", {"12가3456", "34나5678"});
  history.drain();
  history.send("garage-1", "r1", "앞 범퍼");
  history.send_about("garage-1", "r3", "뒤 범퍼", "34나5678");
  history.drain();
  return history;
}

json::array& events(Script& script, const std::string& list) {
  return script.reply(list)->body["result"].as_object()["events"].as_array();
}

TEST(HistoryChecker, AcceptsHistoriesOfAllKinds) {
  ScriptedHistory history = chatted();
  history.list_history("garage-1", "room", "r1", {"r1"});
  history.list_history("garage-1", "receipt", "2024-1", {"r1"});
  history.list_history("garage-1", "vehicle", "12가3456", {"r3", "r1"});
  history.list_history("garage-1", "garage", "garage-1", {"r3", "r1"}, 0, 5);
  history.drain();
  history.list_history("garage-1", "garage", "garage-1", {"r3", "r1"}, 5, 50);
  history.list_history("insurer-1", "insurer", "ins-1", {"r3", "r2", "r1"});
  history.list_history("insurer-1", "receipt", "2024-2", {"r2"});
  history.list_history("garage-2", "receipt", "2024-1", {});
  const Audit audit(history.finish());
  EXPECT_EQ(audit.total(), 0U) << audit.en();
}

TEST(HistoryChecker, TellsWhatIsLeftOut) {
  for (const std::size_t missing : {0, 3, 4, 8}) {
    ScriptedHistory history = chatted();
    const std::string list = history.list_history("garage-1", "garage", "garage-1", {"r3", "r1"});
    Script script = history.finish();
    events(script, list).erase(events(script, list).begin() + static_cast<std::ptrdiff_t>(missing));
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::histories), 1U) << missing;
    EXPECT_THAT(audit.en(), HasSubstr("it lacks room r"));
  }
}

TEST(HistoryChecker, TellsARoomThatIsLeftOut) {
  for (const std::vector<std::string>& rooms :
       {std::vector<std::string>{"r3"}, {"r1"}, std::vector<std::string>{}}) {
    ScriptedHistory history = chatted();
    history.list_history("garage-1", "garage", "garage-1", rooms);
    EXPECT_EQ(Audit(history.finish()).count(Checker::histories), 1U) << rooms.size();
  }
}

TEST(HistoryChecker, TellsAGapBetweenPages) {
  ScriptedHistory history = chatted();
  history.list_history("garage-1", "garage", "garage-1", {"r3", "r1"}, 0, 8);
  history.drain();
  const std::string second =
      history.list_history("garage-1", "garage", "garage-1", {"r3", "r1"}, 8, 50);
  Script script = history.finish();
  events(script, second).erase(events(script, second).begin());
  EXPECT_EQ(Audit(script).count(Checker::histories), 1U);
}

TEST(HistoryChecker, TellsRoomsInAnotherOrder) {
  ScriptedHistory history = chatted();
  history.list_history("garage-1", "garage", "garage-1", {"r1", "r3"});
  const Audit audit(history.finish());
  EXPECT_GE(audit.count(Checker::histories), 1U);
}

TEST(HistoryChecker, TellsWhatWasNotAskedFor) {
  ScriptedHistory history = chatted();
  history.list_history("garage-1", "receipt", "2024-1", {"r3"});
  EXPECT_THAT(Audit(history.finish()).en(), HasSubstr("which was not asked for"));
}

TEST(HistoryChecker, TellsTheRoomOfOthers) {
  for (const std::string_view who : {"garage-1", "insurer-2"}) {
    ScriptedHistory history = chatted();
    if (who == "insurer-2") {
      history.add_user("insurer-2", "새빛 기간계", chat::Role::insurer, "ins-2");
    }
    history.list_history(who, "receipt", "2024-2", {"r2"});
    const Audit audit(history.finish());
    EXPECT_EQ(audit.count(Checker::secrecy), 1U) << who;
    EXPECT_THAT(audit.en(), HasSubstr("which it may not see"));
  }
}

TEST(HistoryChecker, TellsAnotherContent) {
  ScriptedHistory history = chatted();
  const std::string list = history.list_history("garage-1", "receipt", "2024-1", {"r1"});
  Script script = history.finish();
  events(script, list)[4].as_object()["body"].as_object()["text"] = "옆 범퍼";
  EXPECT_EQ(Audit(script).count(Checker::agreement), 1U);
}

}  // namespace
}  // namespace claims::storm
