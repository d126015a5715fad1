#include "simulator/check/search_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

/// garage-1 and adjuster-1 in r1, garage-2 and adjuster-2 in r2, with three messages in each.
ScriptedHistory chatted() {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1", "12가3456", "adjuster-1");
  history.register_receipt("insurer-1", "2024-2", "34나5678", "adjuster-1");
  history.drain();
  history.intake("garage-1", "2024-1");
  history.intake("garage-2", "2024-2");
  history.drain();
  for (const std::string_view text : {"앞범퍼교환견적", "뒤범퍼교환", "감사합니다"}) {
    history.send("garage-1", "r1", text);
    history.drain();
    history.send("garage-2", "r2", text);
    history.drain();
  }
  return history;
}

json::array& hits(Script& script, const std::string& search) {
  return script.reply(search)->body["result"].as_object()["hits"].as_array();
}

TEST(SearchChecker, AcceptsWhatIsFound) {
  ScriptedHistory history = chatted();
  history.search("garage-1", "범퍼교환");
  history.search("adjuster-1", "교환", 0, 3);
  history.drain();
  history.search("adjuster-1", "교환", 3, 3);
  history.search("garage-2", "없는말");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.total(), 0U) << audit.en();
}

TEST(SearchChecker, TellsAMissingHit) {
  for (const std::size_t missing : {0, 1}) {
    ScriptedHistory history = chatted();
    const std::string search = history.search("garage-1", "범퍼교환");
    Script script = history.finish();
    hits(script, search).erase(hits(script, search).begin() + static_cast<std::ptrdiff_t>(missing));
    const Audit audit(script);
    EXPECT_EQ(audit.count(Checker::searches), 1U);
    EXPECT_THAT(audit.en(), HasSubstr("it must be found, and is missing"));
  }
}

TEST(SearchChecker, TellsAGapBetweenPages) {
  ScriptedHistory history = chatted();
  history.search("adjuster-1", "교환", 0, 2);
  history.drain();
  const std::string second = history.search("adjuster-1", "교환", 2, 2);
  Script script = history.finish();
  hits(script, second).erase(hits(script, second).begin());
  EXPECT_EQ(Audit(script).count(Checker::searches), 1U);
}

TEST(SearchChecker, TellsARepeat) {
  ScriptedHistory history = chatted();
  const std::string search = history.search("garage-1", "범퍼교환");
  Script script = history.finish();
  hits(script, search).push_back(hits(script, search)[1]);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::searches), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("the last come first, and once"));
}

TEST(SearchChecker, TellsAWrongHit) {
  const std::vector<std::pair<std::string, json::value>> wrong{
      {"text", "감사합니다"}, {"vehicle", "99하9999"}, {"at", 1'714'500'000'999}};
  for (const auto& [key, value] : wrong) {
    ScriptedHistory history = chatted();
    const std::string search = history.search("garage-1", "범퍼교환");
    Script script = history.finish();
    hits(script, search)[0].as_object()[key] = value;
    EXPECT_EQ(Audit(script).count(Checker::searches), 1U) << key;
  }
}

TEST(SearchChecker, TellsWhatOthersWrote) {
  ScriptedHistory history = chatted();
  const std::string own = history.search("garage-1", "감사");
  const std::string others = history.search("garage-2", "감사");
  Script script = history.finish();
  hits(script, own).push_back(hits(script, others)[0]);
  const Audit audit(script);
  EXPECT_EQ(audit.count(Checker::secrecy), 1U) << audit.en();
  EXPECT_THAT(audit.en(), HasSubstr("which it may not see"));
}

TEST(SearchChecker, TellsWhatWasBeforeAGuestJoined) {
  ScriptedHistory history = chatted();
  history.invite("garage-1", "r1", "adjuster-2", "guest");
  history.drain();
  const std::string garage = history.search("garage-1", "감사");
  const std::string guest = history.search("adjuster-2", "감사");
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  hits(script, guest).push_back(hits(script, garage)[0]);
  EXPECT_EQ(Audit(script).count(Checker::secrecy), 1U);
}

TEST(SearchChecker, TellsADeletedHit) {
  ScriptedHistory history = chatted();
  const std::string before = history.search("garage-1", "감사");
  history.drain();
  history.delete_message("garage-1", "r1", 7);
  history.drain();
  const std::string after = history.search("garage-1", "감사");
  Script script = history.finish();
  EXPECT_EQ(Audit(script).total(), 0U);
  hits(script, after).push_back(hits(script, before)[0]);
  EXPECT_EQ(Audit(script).count(Checker::deleted_messages), 1U);
}

}  // namespace
}  // namespace claims::storm
