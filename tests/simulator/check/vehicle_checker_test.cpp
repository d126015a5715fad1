#include "simulator/check/vehicle_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kFirst = "12가3456", kSecond = "34나5678";

/// garage-1 and adjuster-1 in r1 about two vehicles: 1, 2 joined, 3, 4 vehicles, 5 greeting, 6
/// about the first, 7 about the second, 8 about the first.
ScriptedHistory two_vehicles() {
  ScriptedHistory history = cast();
  history.open_general("garage-1", "adjuster-1", {std::string(kFirst), std::string(kSecond)});
  history.drain();
  history.send_about("garage-1", "r1", "하나", kFirst);
  history.send_about("adjuster-1", "r1", "둘", kSecond);
  history.send_about("garage-1", "r1", "셋", kFirst);
  history.drain();
  return history;
}

json::array& page_events(Script& script, const std::string& id) {
  return script.reply(id)->body["result"].as_object()["events"].as_array();
}

TEST(VehicleChecker, AcceptsMessagesAndPagesOfVehicles) {
  ScriptedHistory history = two_vehicles();
  for (const std::string_view vehicle : {kFirst, kSecond}) {
    history.page("garage-1", "r1", 0, 10, vehicle);
    history.page("adjuster-1", "r1", 3, 1, vehicle);
    history.page("adjuster-1", "r1", 8, 10, vehicle);
  }
  history.unread_counts("garage-1");
  history.drain();
  const std::string id = history.open_general("garage-1", "adjuster-1", {std::string(kSecond)});
  EXPECT_EQ(Audit(history.finish()).total(), 0U) << id;
}

TEST(VehicleChecker, TellsAMessageAboutAnotherVehicle) {
  Script script = two_vehicles().finish();
  script.edit_event("r1", 7, [](json::object& event) { event["vehicle"] = kFirst; });
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::general_vehicles), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("room r1, seq 7: the vehicle is \"34나5678\", and it says "
                                    "\"12가3456\""));
}

TEST(VehicleChecker, TellsAMessageWithoutItsVehicle) {
  Script script = two_vehicles().finish();
  script.edit_event("r1", 6, [](json::object& event) { event["vehicle"] = ""; });
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::general_vehicles), 1U);
  EXPECT_EQ(audit.total(), 1U);
}

TEST(VehicleChecker, TakesTheOnlyVehicleWhereNoneWasSent) {
  ScriptedHistory history = cast();
  history.open_general("garage-1", "adjuster-1", {std::string(kFirst)});
  history.drain();
  history.send("garage-1", "r1", "안녕하세요.");
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  script.edit_event("r1", 5, [](json::object& event) { event["vehicle"] = kSecond; });
  EXPECT_EQ(Audit(script).count(Checker::general_vehicles), 1U);
}

TEST(VehicleChecker, TellsAMessageThatChoseNoneWhereThereAreSeveral) {
  ScriptedHistory history = two_vehicles();
  history.send("garage-1", "r1", "어느 차량인지 모릅니다.");
  Script script = history.finish();
  script.edit_event("r1", 9, [](json::object& event) { event["vehicle"] = kFirst; });
  EXPECT_THAT(Audit(script).en(), HasSubstr("the room has 2 vehicles, and a message that names "
                                            "none was taken"));
}

TEST(VehicleChecker, TellsAVehicleThatIsNoneOfTheRooms) {
  ScriptedHistory history = two_vehicles();
  history.send_about("garage-1", "r1", "모르는 차량", "56다7890");
  EXPECT_THAT(Audit(history.finish()).en(), HasSubstr("vehicle 56다7890 is none of the room's"));
}

TEST(VehicleChecker, TellsAVehicleThatCameInTwice) {
  ScriptedHistory history = two_vehicles();
  const std::string id = history.open_general("garage-1", "adjuster-1", {std::string(kSecond)});
  Script script = history.finish();
  json::object again = script.history("r1", 4)->body;
  again["seq"] = 9;
  again["cmd"] = "garage-1:" + id;
  again["at"] = script.history("r1", 8)->body.at("at");
  script.reply(id)->body["result"].as_object()["added"] = json::array{kSecond};
  script.append_event("r1", again);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::general_vehicles), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("vehicle 34나5678 came in at seq 4 already"));
}

TEST(VehicleChecker, TellsAnAcknowledgedVehicleThatNeverCameIn) {
  ScriptedHistory history = two_vehicles();
  const std::string id = history.open_general("garage-1", "adjuster-1", {"56다7890"});
  Script script = history.finish();
  script.erase_event("r1", 9);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::outcome), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(),
              HasSubstr("its reply says that it added 56다7890, and it added - to room r1"));
}

TEST(VehicleChecker, TellsAReplyThatNamesOtherVehicles) {
  const json::array kWrong[] = {json::array{}, json::array{kFirst, kFirst, kSecond},
                                json::array{kFirst, kSecond, "56다7890"}, json::array{kSecond}};
  for (const json::array& wrong : kWrong) {
    ScriptedHistory history = cast();
    const std::string id =
        history.open_general("garage-1", "adjuster-1", {std::string(kFirst), std::string(kSecond)});
    Script script = history.finish();
    ASSERT_EQ(Audit(script).total(), 0U);
    script.reply(id)->body["result"].as_object()["added"] = wrong;
    EXPECT_EQ(Audit(script).count(Checker::outcome), 1U) << json::serialize(wrong);
  }
}

TEST(VehicleChecker, TellsGreetingsAndJoinsThatNameAVehicle) {
  Script script = two_vehicles().finish();
  script.edit_event("r1", 5, [](json::object& event) { event["vehicle"] = kFirst; });
  EXPECT_EQ(Audit(script).count(Checker::general_vehicles), 1U);
}

TEST(VehicleChecker, TellsAPageThatLacksAnEventOrHasAnothersVehicle) {
  ScriptedHistory history = two_vehicles();
  const std::string id = history.page("adjuster-1", "r1", 0, 10, kFirst);
  Script script = history.finish();
  ASSERT_EQ(page_events(script, id).size(), 3U);
  Script lacking = script;
  page_events(lacking, id).erase(page_events(lacking, id).begin() + 1);
  const Audit audit(lacking);
  EXPECT_EQ(audit.count(Checker::general_vehicles), 1U);
  EXPECT_EQ(audit.total(), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("the history of vehicle 12가3456 (" + id +
                                    ") lacks room r1, "
                                    "seq 6"));
  json::object other = script.history("r1", 7)->body;
  page_events(script, id).insert(page_events(script, id).begin() + 2, other);
  EXPECT_THAT(Audit(script).en(), HasSubstr("has an event about \"34나5678\""));
}

TEST(VehicleChecker, TellsAPageThatEndsTooEarly) {
  ScriptedHistory history = two_vehicles();
  const std::string id = history.page("adjuster-1", "r1", 0, 2, kFirst);
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  script.reply(id)->body["result"].as_object()["more"] = false;
  EXPECT_EQ(Audit(script).count(Checker::general_vehicles), 1U);
}

TEST(VehicleChecker, TellsAFilteredPageOutOfOrder) {
  ScriptedHistory history = two_vehicles();
  const std::string id = history.page("adjuster-1", "r1", 0, 10, kFirst);
  Script script = history.finish();
  std::swap(page_events(script, id)[0], page_events(script, id)[1]);
  EXPECT_EQ(Audit(script).count(Checker::reconciliation), 1U);
}

TEST(VehicleChecker, TellsAVehicleInARoomThatIsNoGeneralOne) {
  Script script = scenario_a().finish();
  script.edit_event("r1", 3, [](json::object& event) {
    event["type"] = "vehicle_added";
    event["body"].as_object().erase("state");
  });
  EXPECT_GE(Audit(script).total(), 1U);
}

}  // namespace
}  // namespace claims::storm
