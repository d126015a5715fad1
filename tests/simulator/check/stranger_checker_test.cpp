#include "simulator/check/stranger_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

TEST(StrangerChecker, TellsAGarageThatGotAnEventOfANegotiation) {
  Script script = negotiated().finish();
  Action leaked = *script.delivery("adjuster-1", "r1", 4);
  leaked.session = script.session_of("garage-1");
  script.actions.insert(script.first_history(), leaked);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::negotiation_hidden), 1U);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
  EXPECT_EQ(audit.total(), 2U);
  EXPECT_THAT(audit.en(), HasSubstr("Garage garage-1 (한빛정비) sees room r1, which is a "
                                    "negotiation: it got seq 4"));
  // An adjuster of another room is a stranger, and no garage.
  leaked.session = script.session_of("insurer-1");
  Script other = negotiated().finish();
  other.actions.insert(other.first_history(), leaked);
  EXPECT_EQ(Audit(other).count(Checker::negotiation_hidden), 0U);
  EXPECT_EQ(Audit(other).count(Checker::secrecy), 1U);
}

TEST(StrangerChecker, TellsItTooBeforeTheRoomIsKnown) {
  Script script = negotiated().finish();
  Action leaked = *script.delivery("adjuster-1", "r1", 1);
  leaked.session = script.session_of("garage-1");
  script.insert_before("r1", 1, leaked);
  EXPECT_EQ(Audit(script).count(Checker::negotiation_hidden), 1U);
}

TEST(StrangerChecker, TellsANegotiationInAGaragesUnreadCounts) {
  ScriptedHistory history = negotiated();
  const std::string id = history.unread_counts("garage-1");
  Script script = history.finish();
  json::object& body = script.reply(id)->body;
  body["result"].as_object()["rooms"].as_array().push_back({{"room", "r1"}, {"unread", 0}});
  body["as_of"].as_object()["r1"] = 6;
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::negotiation_hidden), 1U);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U);
}

TEST(StrangerChecker, TellsAnAnsweredQuestionOfAGarageAboutANegotiation) {
  for (int read = 0; read < 3; ++read) {
    ScriptedHistory history = negotiated();
    const std::string id = read == 0   ? history.page("garage-1", "r1", 0, 10)
                           : read == 1 ? history.room_reads("garage-1", "r1")
                                       : history.negotiation_status("garage-1", "r1");
    const Audit audit(history.finish());
    EXPECT_EQ(audit.count(Checker::negotiation_hidden), 1U);
    EXPECT_EQ(audit.count(Checker::secrecy), 1U);
    EXPECT_EQ(audit.total(), 2U);
    EXPECT_THAT(audit.en(), HasSubstr(id + " was answered"));
  }
}

TEST(StrangerChecker, TellsAnEmptyPageToo) {
  ScriptedHistory history = negotiated();
  const std::string id = history.page("garage-1", "r1", 6, 10);
  EXPECT_EQ(Audit(history.finish()).count(Checker::negotiation_hidden), 1U) << id;
}

TEST(StrangerChecker, TellsAGarageThatJoined) {
  Script script = negotiated().finish();
  script.edit_event("r1", 2, [](json::object& event) {
    json::object& user = event["body"].as_object()["user"].as_object();
    user["id"] = "garage-1";
    user["name"] = "한빛정비";
    user["role"] = "garage";
  });
  EXPECT_EQ(Audit(script).count(Checker::negotiation_hidden), 1U);
}

TEST(StrangerChecker, AllowsAGarageItsOwnRooms) {
  ScriptedHistory history = scenario_b();
  history.room_reads("garage-1", "r1");
  history.page("garage-1", "r1", 0, 10);
  history.unread_counts("garage-1");
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

}  // namespace
}  // namespace claims::storm
