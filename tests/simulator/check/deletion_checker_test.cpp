#include "simulator/check/deletion_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kText = "잘못 보낸 글입니다.";

/// garage-1 and adjuster-1 in r1; the garage's message is seq 5, the adjuster's 6.
ScriptedHistory chatted() {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  history.intake("garage-1", "2024-1234567");
  history.drain();
  history.send("garage-1", "r1", kText);
  history.drain();
  history.send("adjuster-1", "r1", "확인했습니다.");
  history.drain();
  return history;
}

void show_text(Action& action) {
  for (json::value& event : action.body["result"].as_object()["events"].as_array()) {
    if (event.at("seq").as_int64() == 5) event.as_object()["body"] = {{"text", kText}};
  }
}

TEST(DeletionChecker, AcceptsADeletionAndItsTombstone) {
  ScriptedHistory history = chatted();
  history.unread_counts("adjuster-1");
  history.delete_message("garage-1", "r1", 5);
  history.drain();
  history.unread_counts("adjuster-1");
  history.page("adjuster-1", "r1", 0, 50);
  history.search("adjuster-1", "잘못");
  history.refused_delete("garage-1", "r1", 5, "already_deleted");
  history.refused_delete("adjuster-1", "r1", 5, "already_deleted");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.total(), 0U) << audit.en();
}

TEST(DeletionChecker, AcceptsATombstoneBeforeTheDeletionIsKnown) {
  ScriptedHistory history = chatted();
  history.delete_message("garage-1", "r1", 5);
  history.page("adjuster-1", "r1", 0, 50);
  const Audit audit(history.finish());
  EXPECT_EQ(audit.total(), 0U) << audit.en();
}

TEST(DeletionChecker, TellsATextThatAPageShowsAgain) {
  ScriptedHistory history = chatted();
  history.delete_message("garage-1", "r1", 5);
  history.drain();
  const std::string page = history.page("adjuster-1", "r1", 0, 50);
  Script script = history.finish();
  show_text(*script.reply(page));
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::deleted_messages), 1U);
  EXPECT_EQ(audit.total(), 1U) << audit.en();
  EXPECT_THAT(audit.en(), HasSubstr("was shown what was deleted"));
}

TEST(DeletionChecker, TellsATextThatIsInTheFinalHistory) {
  ScriptedHistory history = chatted();
  history.delete_message("garage-1", "r1", 5);
  Script script = history.finish();
  script.history("r1", 5)->body["body"] = {{"text", kText}};
  EXPECT_EQ(Audit(script).count(Checker::deleted_messages), 1U);
}

TEST(DeletionChecker, TellsATextThatComesOnANewConnection) {
  for (const bool again : {false, true}) {
    ScriptedHistory history = chatted();
    const std::size_t phone = history.add_session("adjuster-1");
    history.send("garage-1", "r1", kText);
    history.drain();
    history.send("garage-1", "r1", kText);
    history.delete_message("garage-1", "r1", 8);
    for (std::size_t other = 0; other < phone; ++other) {
      while (history.arrive(other)) {
      }
    }
    history.lose(phone);
    history.resume(phone);
    Script script = history.finish();
    for (Action& action : script.actions) {
      const bool late = action.kind == Action::Kind::deliver && action.session == phone;
      if (again && late && action.seq == 8) action.body["body"] = {{"text", kText}};
    }
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::deleted_messages), again ? 1U : 0U) << audit.en();
    EXPECT_EQ(audit.total(), again ? 1U : 0U) << audit.en();
  }
}

TEST(DeletionChecker, TellsATombstoneThatNobodyAskedFor) {
  ScriptedHistory history = chatted();
  const std::string page = history.page("adjuster-1", "r1", 0, 50);
  Script script = history.finish();
  for (json::value& event : script.reply(page)->body["result"].as_object()["events"].as_array()) {
    if (event.at("seq").as_int64() == 5) event.as_object()["body"] = {{"deleted", true}};
  }
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::deleted_messages), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("nobody deleted it"));
}

TEST(DeletionChecker, TellsATombstoneWithAnotherSender) {
  ScriptedHistory history = chatted();
  history.delete_message("garage-1", "r1", 5);
  history.drain();
  const std::string page = history.page("adjuster-1", "r1", 0, 50);
  Script script = history.finish();
  for (json::value& event : script.reply(page)->body["result"].as_object()["events"].as_array()) {
    if (event.at("seq").as_int64() == 5) event.as_object()["vehicle"] = "99하9999";
  }
  EXPECT_EQ(Audit(script).count(Checker::agreement), 1U);
}

TEST(DeletionChecker, TellsWhoDeletesAnothersMessage) {
  ScriptedHistory history = chatted();
  history.delete_message("adjuster-1", "r1", 5);
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::deleted_messages), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("it is no message of adjuster-1"));
}

TEST(DeletionChecker, TellsASecondDeletion) {
  ScriptedHistory history = chatted();
  history.delete_message("garage-1", "r1", 5);
  history.drain();
  history.delete_message("garage-1", "r1", 5);
  EXPECT_THAT(Audit(history.finish()).en(), HasSubstr("it was deleted twice, at 7 and at 8"));
}

TEST(DeletionChecker, TellsARefusalOfTheOwnMessage) {
  for (const std::string_view code : {"not_permitted", "bad_seq", "already_deleted"}) {
    ScriptedHistory history = chatted();
    history.refused_delete("garage-1", "r1", 5, code);
    EXPECT_EQ(Audit(history.finish()).count(Checker::deleted_messages), 1U) << code;
  }
}

TEST(DeletionChecker, TellsADeletedMessageThatIsCounted) {
  ScriptedHistory history = chatted();
  history.delete_message("garage-1", "r1", 5);
  history.drain();
  const std::string counts = history.unread_counts("adjuster-1");
  Script script = history.finish();
  json::object& result = script.reply(counts)->body["result"].as_object();
  result["total"] = 1;
  result["rooms"].as_array()[0].as_object()["unread"] = 1;
  EXPECT_EQ(Audit(script).count(Checker::unread_counts), 1U);
}

TEST(DeletionChecker, TellsLostFiles) {
  ScriptedHistory history = chatted();
  history.send_files("garage-1", "r1", {{{"name", "a.jpg"}, {"kind", "guide"}}});
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  script.edit_event("r1", 7, [](json::object& event) {
    event["body"].as_object()["files"].as_array()[0].as_object()["kind"] = "general";
  });
  EXPECT_EQ(Audit(script).count(Checker::outcome), 1U);
}

}  // namespace
}  // namespace claims::storm
