#include "simulator/check/read_receipt_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kAdjuster = 1, kGarage = 3;  // Sessions of scenario A.

json::object& member(Script& script, const std::string& id, std::size_t row) {
  return script.reply(id)->body["result"].as_object()["members"].as_array()[row].as_object();
}

/// In scenario A the adjuster reads up to 5, then the garage up to 6.
Script edited(std::size_t session, std::string_view user,
              const std::function<void(json::object&)>& edit) {
  Script script = scenario_a().finish();
  edit(script.receipt(session, user)->body);
  return script;
}

TEST(ReadReceiptChecker, AcceptsReceiptsAndReads) {
  ScriptedHistory history = scenario_a();
  history.room_reads("garage-1", "r1");
  history.read("adjuster-1", "r1", 11);
  history.room_reads("garage-1", "r1");
  Script script = history.finish();
  ASSERT_NE(script.receipt(kGarage, "adjuster-1"), script.actions.end());
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(ReadReceiptChecker, TellsASeqThatNobodyAskedToBeRead) {
  for (const int seq : {4, 7, 900}) {
    const Audit audit(
        edited(kGarage, "adjuster-1", [&](json::object& receipt) { receipt["seq"] = seq; }));
    EXPECT_EQ(audit.count(Checker::read_receipts), 1U) << seq;
    EXPECT_EQ(audit.total(), 1U);
    EXPECT_THAT(audit.en(), HasSubstr("garage-1 (한빛정비), room r1: it says that adjuster-1 "
                                      "(김보상) has read up to " +
                                      std::to_string(seq)));
  }
}

TEST(ReadReceiptChecker, TellsARefusedReadAsNeverAsked) {
  ScriptedHistory history = scenario_a();
  const std::string id = history.read("adjuster-1", "r1", 11);
  Script script = history.finish();
  ASSERT_EQ(Audit(script).total(), 0U);
  script.reply(id)->body = {
      {"type", "reply"},
      {"re", id},
      {"ok", false},
      {"error",
       {{"code", "bad_seq"}, {"message", {{"ko", "순번"}, {"en", "seq"}}}, {"field", "seq"}}}};
  // Refused before the receipt comes.
  const Action reply = *script.reply(id);
  script.actions.erase(script.reply(id));
  const auto last = std::find_if(script.actions.rbegin(), script.actions.rend(),
                                 [](const Action& it) { return it.kind == Action::Kind::receipt; });
  script.actions.insert(last.base() - 1, reply);
  EXPECT_EQ(Audit(script).count(Checker::read_receipts), 1U);
}

TEST(ReadReceiptChecker, TellsAnotherMemberOrName) {
  const Audit stranger(edited(kGarage, "adjuster-1", [](json::object& receipt) {
    receipt["user"] = {{"id", "garage-2"}, {"name", "새길공업사"}};
  }));
  EXPECT_THAT(stranger.en(), HasSubstr("it says that garage-2 has read it, who is no member"));
  const Audit name(edited(kGarage, "adjuster-1", [](json::object& receipt) {
    receipt["user"].as_object()["name"] = "adjuster-1";
  }));
  EXPECT_THAT(name.en(), HasSubstr("the name of adjuster-1 (김보상) says \"adjuster-1\""));
}

TEST(ReadReceiptChecker, TellsAReceiptThatReachesAStrangerOrTheAskingSession) {
  Script script = scenario_a().finish();
  const auto receipt = script.receipt(kGarage, "adjuster-1");
  Action stranger = *receipt;
  stranger.session = script.session_of("garage-2");
  Action own = *receipt;
  own.session = kAdjuster;
  Script leaked = script;
  leaked.actions.insert(leaked.first_history(), stranger);
  EXPECT_EQ(Audit(leaked).count(Checker::read_receipts), 1U);
  EXPECT_THAT(Audit(leaked).en(), HasSubstr("it is no member and got a read receipt"));
  script.actions.insert(script.first_history(), own);
  EXPECT_EQ(Audit(script).count(Checker::read_receipts), 1U);
  EXPECT_THAT(Audit(script).en(), HasSubstr("it never asked for that from another session"));
}

TEST(ReadReceiptChecker, TellsReceiptsThatRepeatOrGoBack) {
  ScriptedHistory history = scenario_a();
  history.read("adjuster-1", "r1", 9);
  history.drain();
  Script script = history.finish();
  const Action first = *script.receipt(kGarage, "adjuster-1");
  script.actions.insert(script.first_history(), first);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::read_receipts), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("for 5 came after the one for 9"));
}

TEST(ReadReceiptChecker, AllowsAnOlderOneOnAnotherConnection) {
  // Sent twice is not what the contract has, but nothing of it is kept over a loss.
  ScriptedHistory history = scenario_a();
  history.lose(kGarage);
  history.read("adjuster-1", "r1", 9);
  history.resume(kGarage);
  history.read("adjuster-1", "r1", 11);
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(ReadReceiptChecker, TheConnectionAfterTheOneThatAskedIsTold) {
  // It has no reply to know it by: that went with the connection that asked.
  ScriptedHistory history = scenario_a();
  history.read("adjuster-1", "r1", 9);
  history.drain();
  history.lose(kAdjuster);
  history.resume(kAdjuster);
  Script script = history.finish();
  Action own = *script.receipt(kGarage, "adjuster-1");
  own.session = kAdjuster;
  own.body["seq"] = 9;
  script.actions.insert(script.first_history(), own);
  EXPECT_EQ(Audit(script).total(), 0U);
}

TEST(ReadReceiptChecker, TellsACursorAndOtherShapes) {
  for (const std::string_view key : {"cursor", "seq", "at", "user"}) {
    const Audit audit(edited(kGarage, "adjuster-1", [&](json::object& receipt) {
      receipt[key] = key == "cursor" ? json::value("c1") : json::value(nullptr);
    }));
    EXPECT_EQ(audit.count(Checker::well_formed), 1U) << key;
    EXPECT_EQ(audit.total(), 1U) << key;
  }
}

TEST(ReadReceiptChecker, TellsWrongReads) {
  const std::pair<std::string_view, json::value> kEdits[] = {
      {"read", 4}, {"read", 6}, {"name", "adjuster-1"}, {"role", "garage"}, {"from", 2}};
  for (const auto& [key, value] : kEdits) {
    ScriptedHistory history = scenario_a();
    const std::string id = history.room_reads("garage-1", "r1");
    Script script = history.finish();
    ASSERT_EQ(member(script, id, 1).at("read"), 5);
    member(script, id, 1)[key] = value;
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::read_receipts), 1U) << key;
    EXPECT_EQ(audit.total(), 1U) << key;
  }
}

TEST(ReadReceiptChecker, TellsReadsInAnotherOrderOrOfOthers) {
  ScriptedHistory history = scenario_b();
  const std::string id = history.room_reads("garage-1", "r1");
  Script script = history.finish();
  ASSERT_EQ(member(script, id, 0).at("user"), "adjuster-1") << "it opened the room";
  EXPECT_EQ(Audit(script).total(), 0U);
  Script order = script;
  std::swap(member(order, id, 0), member(order, id, 1));
  EXPECT_GE(Audit(order).count(Checker::read_receipts), 1U);
  member(script, id, 1)["user"] = "garage-2";
  EXPECT_THAT(Audit(script).en(), HasSubstr("has garage-2 where garage-1"));
}

TEST(ReadReceiptChecker, LeavesRoomForAReadThatIsOnItsWay) {
  for (const int read : {5, 11}) {
    ScriptedHistory history = scenario_a();
    const std::string id = history.room_reads("garage-1", "r1");
    history.read("adjuster-1", "r1", 11);
    Script script = history.finish();
    member(script, id, 1)["read"] = read;
    EXPECT_EQ(Audit(script).total(), 0U) << read;
    member(script, id, 1)["read"] = 12;
    EXPECT_EQ(Audit(script).count(Checker::read_receipts), 1U);
  }
}

TEST(ReadReceiptChecker, KnowsAMemberAsItWasBeforeItCameAgain) {
  ScriptedHistory history = opened_with_colleague();
  history.invite("garage-1", "r1", "adjuster-2", "guest");
  history.drain();
  history.read("adjuster-2", "r1", 5);
  history.drain();
  history.room_reads("garage-1", "r1");
  history.leave("adjuster-2", "r1");
  history.invite("garage-1", "r1", "adjuster-2", "guest");
  // Others see it leave and come again before the reads arrive.
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

}  // namespace
}  // namespace claims::storm
