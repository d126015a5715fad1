#include "simulator/check/field_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

struct Break {
  const char* what;
  chat::Seq seq;
  void (*edit)(json::object& event);
  const char* story;
};

class FieldCheckerTest : public ::testing::TestWithParam<Break> {};

TEST_P(FieldCheckerTest, TellsItOnceAndNamesTheEvent) {
  Script script = scenario_a().finish();
  script.edit_event("r1", GetParam().seq, GetParam().edit);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::present_fields), 1U) << audit.en();
  EXPECT_EQ(audit.total(), 1U) << audit.en();
  EXPECT_THAT(audit.en(), HasSubstr("room r1, seq " + std::to_string(GetParam().seq)));
  EXPECT_THAT(audit.en(), HasSubstr(GetParam().story));
}

void set(json::object& object, const char* key, json::value value) {
  object[key] = std::move(value);
}
json::object& in(json::object& event, const char* key) {
  return event[key].as_object();
}

INSTANTIATE_TEST_SUITE_P(
    FieldChecker, FieldCheckerTest,
    ::testing::Values(
        Break{"IdInPlaceOfName", 6,
              [](json::object& e) { set(in(e, "sender"), "name", "adjuster-1"); },
              "the name of adjuster-1 is \"김보상\", and it says \"adjuster-1\""},
        Break{"NoName", 11, [](json::object& e) { in(e, "sender").erase("name"); },
              "the name of garage-1 is \"한빛정비\", and it says \"\""},
        Break{"IdInPlaceOfNameInJoined", 2,
              [](json::object& e) { set(in(in(e, "body"), "user"), "name", "adjuster-1"); },
              "김보상"},
        Break{"WrongRole", 2,
              [](json::object& e) { set(in(in(e, "body"), "user"), "role", "garage"); },
              "the role says garage"},
        Break{"OtherReceipt", 1, [](json::object& e) { set(in(e, "body"), "receipt", "2024-9"); },
              "2024-9"},
        Break{"NoVehicle", 11, [](json::object& e) { e.erase("vehicle"); },
              "the vehicle is \"123가4567\", and it says \"\""},
        Break{"OtherVehicle", 8, [](json::object& e) { set(e, "vehicle", "99나9999"); },
              "99나9999"},
        Break{"NoTime", 1, [](json::object& e) { set(e, "at", 0); }, "its time is 0"},
        Break{"TimeGoesBack", 11,
              [](json::object& e) { set(e, "at", e.at("at").as_int64() - 1'000); },
              "is before the time"},
        Break{"ObjectAsText", 4,
              [](json::object& e) { set(in(e, "body"), "text", "김보상 [object Object]입니다."); },
              "[object "},
        Break{"UnfilledTemplate", 7,
              [](json::object& e) { set(in(e, "body"), "text", "{{state}}"); }, "its text shows"},
        Break{"GreetingWithoutTheAdjuster", 4,
              [](json::object& e) { set(in(e, "body"), "text", "담당자입니다."); },
              "the greeting lacks the adjuster's name \"김보상\""},
        Break{"GreetingFromAPerson", 4,
              [](json::object& e) {
                set(e, "sender", json::object{{"id", "garage-1"}, {"name", "한빛정비"}});
              },
              "a greeting comes from system"},
        Break{"AnotherSender", 6,
              [](json::object& e) {
                set(e, "sender", json::object{{"id", "garage-1"}, {"name", "한빛정비"}});
              },
              "adjuster-1 (김보상) sent it, and its sender says garage-1"},
        Break{"EmptyNotice", 8, [](json::object& e) { set(in(e, "body"), "text", ""); },
              "its text is empty"}),
    [](const auto& info) { return info.param.what; });

TEST(FieldChecker, TellsAnotherVehicleInTheIntakesReply) {
  Script script = scenario_a().finish();
  script.reply("1714500000003.1")->body["result"].as_object()["vehicle"] = "";
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::present_fields), 1U);
  EXPECT_THAT(audit.en(),
              HasSubstr("garage-1 (한빛정비)'s intake.register garage-1:1714500000003.1"));
}

TEST(FieldChecker, LeavesToUsersWhatTheyWrite) {
  ScriptedHistory history = scenario_a();
  history.send("garage-1", "r1", "화면에 [object Object] 라고 나옵니다.");
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(FieldChecker, TellsAWrongKindOfRoom) {
  for (const bool general : {true, false}) {
    Script script = general ? scenario_b().finish() : negotiated().finish();
    script.edit_event("r1", 1,
                      [](json::object& event) { event["body"].as_object()["kind"] = "inbound"; });
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::present_fields), 1U);
    EXPECT_EQ(audit.total(), 1U);
    EXPECT_THAT(audit.en(), HasSubstr(general ? "kind general, receipt " : "kind negotiation"));
  }
}

TEST(FieldChecker, TellsAReceiptInAGeneralRoomAndAnotherVehicleInANegotiation) {
  Script general = scenario_b().finish();
  general.edit_event(
      "r1", 2, [](json::object& event) { event["body"].as_object()["receipt"] = "2024-1234567"; });
  EXPECT_EQ(Audit(general).count(Checker::present_fields), 1U);
  Script negotiation = negotiated().finish();
  negotiation.edit_event("r1", 4, [](json::object& event) { event["vehicle"] = "99나9999"; });
  EXPECT_EQ(Audit(negotiation).count(Checker::present_fields), 1U);
}

TEST(FieldChecker, TellsAStepThatSeemsToComeFromTheServer) {
  Script script = negotiated().finish();
  script.edit_event("r1", 4, [](json::object& event) {
    event["sender"] = {{"id", "system"}, {"name", "알림"}};
  });
  EXPECT_EQ(Audit(script).count(Checker::present_fields), 1U);
}

TEST(FieldChecker, TellsAGreetingOfAGeneralRoomWithoutTheAdjuster) {
  Script script = scenario_b().finish();
  script.edit_event(
      "r2", 4, [](json::object& event) { event["body"].as_object()["text"] = "담당자입니다."; });
  EXPECT_EQ(Audit(script).count(Checker::present_fields), 1U);
}

}  // namespace
}  // namespace claims::storm
