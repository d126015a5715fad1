#include "simulator/check/template_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kAsks = "{garage}님, {plate}의 사진을 보내 주세요. {adjuster}";
constexpr std::string_view kAsked = "한빛정비님, 12가3456의 사진을 보내 주세요. 김보상";

/// garage-1 and adjuster-1 in r1.
ScriptedHistory opened() {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1", "12가3456", "adjuster-1");
  history.drain();
  history.intake("garage-1", "2024-1");
  history.drain();
  return history;
}

json::object row(std::string_view owner, std::string_view name, std::string_view text) {
  return {{"owner", owner}, {"name", name}, {"role", ""}, {"text", text}};
}

TEST(TemplateChecker, AcceptsWhatTemplatesSay) {
  ScriptedHistory history = opened();
  history.set_template("insurer-1", "ask", kAsks);
  history.set_template("garage-1", "done", "{plate} 완료");
  history.drain();
  history.send_template("adjuster-1", "r1", "ask", kAsked);
  history.send_template("garage-1", "r1", "ask", kAsked);
  history.send_template("garage-1", "r1", "done", "12가3456 완료");
  history.list_templates("adjuster-1", {row("ins-1", "ask", kAsks)});
  history.list_templates("garage-1",
                         {row("garage-1", "done", "{plate} 완료"), row("ins-1", "ask", kAsks)});
  const Audit audit(history.finish());
  EXPECT_EQ(audit.total(), 0U) << audit.en();
}

TEST(TemplateChecker, AcceptsEitherTextWhileItChanges) {
  for (const std::string_view text : {"옛글", "새글"}) {
    ScriptedHistory history = opened();
    history.set_template("insurer-1", "ask", "옛글");
    history.drain();
    history.set_template("insurer-1", "ask", "새글");
    history.send_template("adjuster-1", "r1", "ask", text);
    const Audit audit(history.finish());
    EXPECT_EQ(audit.total(), 0U) << audit.en();
  }
}

TEST(TemplateChecker, TellsAnOldText) {
  ScriptedHistory history = opened();
  history.set_template("insurer-1", "ask", "옛글");
  history.drain();
  history.set_template("insurer-1", "ask", "새글");
  history.drain();
  history.send_template("adjuster-1", "r1", "ask", "옛글");
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::templates), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("what template ask says is \"새글\""));
}

TEST(TemplateChecker, TellsAPlaceThatWasNotFilled) {
  ScriptedHistory history = opened();
  history.set_template("insurer-1", "ask", kAsks);
  history.drain();
  history.send_template("adjuster-1", "r1", "ask", kAsks);
  EXPECT_EQ(Audit(history.finish()).count(Checker::templates), 1U);
}

TEST(TemplateChecker, TellsATemplateOfAnotherOwner) {
  ScriptedHistory history = opened();
  history.set_template("garage-2", "done", "{plate} 완료");
  history.drain();
  history.send_template("garage-1", "r1", "done", "12가3456 완료");
  history.list_templates("adjuster-1", {row("garage-2", "done", "{plate} 완료")});
  EXPECT_EQ(Audit(history.finish()).count(Checker::templates), 2U);
}

TEST(TemplateChecker, TellsAGreetingThatIsNotTheInsurers) {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1", "12가3456", "adjuster-1");
  history.set_template("insurer-1", "greeting", "{adjuster}입니다.");
  history.set_template("insurer-1", "notice.in", "{plate} 입고");
  history.drain();
  history.intake("garage-1", "2024-1");
  Script script = history.finish();
  EXPECT_EQ(Audit(script).count(Checker::templates), 2U);
  script.edit_event(
      "r1", 3, [](json::object& event) { event["body"].as_object()["text"] = "12가3456 입고"; });
  script.edit_event(
      "r1", 4, [](json::object& event) { event["body"].as_object()["text"] = "김보상입니다."; });
  const Audit audit(script);
  EXPECT_EQ(audit.total(), 0U) << audit.en();
}

TEST(TemplateChecker, TellsAListThatLacksOneOrShowsAnother) {
  ScriptedHistory history = opened();
  history.set_template("insurer-1", "ask", kAsks);
  history.set_template("insurer-1", "greeting", "{adjuster}입니다.");
  history.drain();
  history.list_templates("adjuster-1", {});
  history.list_templates("adjuster-1", {row("ins-1", "ask", "다른 글")});
  history.list_templates(
      "adjuster-1", {row("ins-1", "ask", kAsks), row("ins-1", "greeting", "{adjuster}입니다.")});
  history.list_templates(
      "insurer-1", {row("ins-1", "ask", kAsks), row("ins-1", "greeting", "{adjuster}입니다.")});
  EXPECT_EQ(Audit(history.finish()).count(Checker::templates), 3U);
}

}  // namespace
}  // namespace claims::storm
