#include "simulator/check/origin_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

/// The last message of scenario A once more, as seq 12 and of that command.
Script with_event_of(std::string_view cmd, std::string_view sender = "garage-1") {
  Script script = scenario_a().finish();
  json::object event = script.history("r1", 11)->body;
  event["seq"] = 12;
  event["cmd"] = cmd;
  if (sender == "adjuster-2") event["sender"] = {{"id", sender}, {"name", "이담당"}};
  script.append_event("r1", event);
  return script;
}

TEST(OriginChecker, TellsAnEventOfACommandThatNobodySent) {
  const Audit audit(with_event_of("garage-1:1714500000003.99"));
  EXPECT_EQ(audit.count(Checker::origin), 1U) << "once, not for each observer";
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("room r1, seq 12"));
  EXPECT_THAT(audit.en(), HasSubstr("garage-1:1714500000003.99"));
  EXPECT_THAT(audit.ko(), HasSubstr("보낸 적이 없는 명령"));
}

TEST(OriginChecker, TellsAnEventWithoutACommand) {
  for (const std::string_view cmd : {"", "garage-1", "nobody:1.1", "garage-1:x"}) {
    const Audit audit(with_event_of(cmd));
    EXPECT_EQ(audit.count(Checker::origin), 1U) << cmd;
    EXPECT_EQ(audit.total(), 1U) << cmd;
  }
}

TEST(OriginChecker, TellsAnEventThatItsCommandDoesNotMake) {
  // garage-1's third command marks the room as read.
  const Audit audit(with_event_of("garage-1:1714500000003.3"));
  EXPECT_EQ(audit.count(Checker::origin), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("room.read does not make such an event"));
}

TEST(OriginChecker, TellsAMessageOfOneWhoIsNoMember) {
  ScriptedHistory history = scenario_a();
  history.send("adjuster-2", "r1", "몰래 씁니다.");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::origin), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-2 (이담당) made it and is not a member"));
}

}  // namespace
}  // namespace claims::storm
