#include <gmock/gmock.h>

#include "protocol/limits.h"
#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class TemplateCommandsTest : public CommandingTest {
 protected:
  std::string set(const std::string& user, const std::string& name, const std::string& text,
                  const std::string& more = "") {
    return code(user, "template.set", R"("name":")" + name + R"(","text":")" + text + '"' + more);
  }
  std::string list(const std::string& user, const std::string& fields = R"("limit":50)") {
    return read(user, "templates.list", fields);
  }
  /// What is sent with the template alone, or the code of the refusal.
  std::string sent(const std::string& user, const std::string& name) {
    const auto answer = send(user, "message.send", R"("room":"r1","template":")" + name + '"');
    if (answer.deliveries.empty()) return answer.reply;
    const auto event = chat::parse_event(answer.deliveries.front().event);
    return std::get<chat::Message>(event->event.body).text;
  }
};

TEST_F(TemplateCommandsTest, OwnersKeepTheirOwn) {
  EXPECT_EQ(set("adj-1", "hello", "네"), "not_permitted");
  EXPECT_EQ(set("gar-1", "hello", "네", R"(,"owner":"gar-2")"), "not_permitted");
  EXPECT_EQ(set("core-01", "hello", "네", R"(,"owner":"ins-02")"), "not_permitted");
  EXPECT_EQ(set("core-01", "hello", "네", R"(,"owner":"ins-01")"), "ok");
  EXPECT_EQ(set("gar-1", "greeting", "네"), "bad_value");
  EXPECT_EQ(set("gar-1", "notice.cancelled", "네"), "bad_value");
  EXPECT_EQ(set("gar-1", "notice.other", "네"), "ok");
  EXPECT_EQ(set("gar-1", "hello", "{garage} {who}"), "bad_value");
  EXPECT_EQ(code("gar-1", "template.delete", R"("name":"hello")"), "unknown_template");
  EXPECT_EQ(code("gar-1", "template.delete", R"("name":"notice.other")"), "ok");
  EXPECT_EQ(code("gar-1", "template.delete", R"("name":"notice.other")"), "unknown_template");
}

TEST_F(TemplateCommandsTest, AnOwnerHasABoundedNumber) {
  for (std::size_t i = 0; i < claims::limits::kTemplatesPerOwnerMax; ++i) {
    ASSERT_EQ(set("gar-1", "t" + std::to_string(i), "네"), "ok");
  }
  EXPECT_EQ(set("gar-1", "one-more", "네"), "limit_reached");
  EXPECT_EQ(set("gar-1", "t7", "다른 말"), "ok");
  EXPECT_EQ(set("gar-2", "one-more", "네"), "ok");
}

TEST_F(TemplateCommandsTest, ListsShowWhatTheUserMayUse) {
  ASSERT_EQ(set("core-01", "all", "모두"), "ok");
  ASSERT_EQ(set("core-01", "for-garages", "공장", R"(,"role":"garage")"), "ok");
  ASSERT_EQ(set("core-01", "for-adjusters", "담당", R"(,"role":"adjuster")"), "ok");
  ASSERT_EQ(set("core-01", "greeting", "어서 오세요"), "ok");
  ASSERT_EQ(set("core-02", "other", "다른 회사"), "ok");
  ASSERT_EQ(set("gar-1", "own", "내 것"), "ok");
  EXPECT_EQ(list("gar-1"),
            R"({"templates":[{"owner":"gar-1","name":"own","role":"","text":"내 것"},)"
            R"({"owner":"ins-01","name":"all","role":"","text":"모두"},)"
            R"({"owner":"ins-01","name":"for-garages","role":"garage","text":"공장"},)"
            R"({"owner":"ins-02","name":"other","role":"","text":"다른 회사"}],"next":""})");
  EXPECT_EQ(list("adj-1"),
            R"({"templates":[{"owner":"ins-01","name":"all","role":"","text":"모두"},)"
            R"({"owner":"ins-01","name":"for-adjusters","role":"adjuster","text":"담당"}],)"
            R"("next":""})");
  EXPECT_THAT(list("core-01"), HasSubstr("greeting"));
  EXPECT_THAT(list("core-01"), Not(HasSubstr("other")));
  EXPECT_THAT(list("gar-2"), Not(HasSubstr("내 것")));
  EXPECT_EQ(list("gar-2", R"("owner":"gar-1")"), R"({"templates":[],"next":""})");
}

TEST_F(TemplateCommandsTest, ListsComeInPages) {
  for (const char* name : {"c", "a", "b"}) ASSERT_EQ(set("core-01", name, "네"), "ok");
  ASSERT_EQ(set("gar-1", "own", "네"), "ok");
  EXPECT_THAT(list("gar-1", R"("limit":2)"), HasSubstr(R"("next":"ins-01:a")"));
  const std::string second = list("gar-1", R"("limit":2,"page":"ins-01:a")");
  EXPECT_THAT(second, HasSubstr(R"("name":"b")"));
  EXPECT_THAT(second, HasSubstr(R"("name":"c")"));
  EXPECT_THAT(second, HasSubstr(R"("next":"")"));
  EXPECT_THAT(list("gar-1", R"("page":"nowhere")"), HasSubstr("bad_field"));
}

TEST_F(TemplateCommandsTest, AMessageIsMadeOfATemplate) {
  open_room();
  ASSERT_EQ(set("core-01", "please", "{garage}님, {plate} 부탁드립니다. {adjuster}"), "ok");
  ASSERT_EQ(set("core-01", "for-adjusters", "담당", R"(,"role":"adjuster")"), "ok");
  ASSERT_EQ(set("core-02", "elsewhere", "다른 회사"), "ok");
  const std::string text = "한빛자동차공업사님, 12가3456 부탁드립니다. 김민준";
  EXPECT_EQ(sent("adj-1", "please"), text);
  EXPECT_EQ(sent("gar-1", "please"), text);
  ASSERT_EQ(set("gar-1", "please", "내 문구"), "ok");
  EXPECT_EQ(sent("gar-1", "please"), "내 문구") << "the own one comes first";
  for (const char* name : {"none", "for-adjusters", "elsewhere"}) {
    EXPECT_THAT(sent("gar-1", name), HasSubstr("unknown_template")) << name;
  }
  // With a text the template's name is only told.
  EXPECT_EQ(code("gar-1", "message.send", R"("room":"r1","text":"네","template":"none")"), "ok");
}

TEST_F(TemplateCommandsTest, AMessageDoesNotOutgrowItsBound) {
  open_room();
  std::string text;
  for (int i = 0; i < 120; ++i) text += "{garage}";
  ASSERT_EQ(set("gar-1", "long", text), "ok");
  EXPECT_EQ(sent("gar-1", "long").size(), 120 * std::string("한빛자동차공업사").size());
  text.clear();
  for (int i = 0; i < 111; ++i) text += "{garage}.";
  PlayedService long_names(
      R"({"format":"claims-directory/1","insurers":[{"id":"i","code":"1","name":"n",)"
      R"("greeting":"g","centres":[{"id":"c","name":"n","region":"r"}]}],"users":[)"
      R"({"id":"a","role":"adjuster","name":"a","insurer":"i","centre":"c"},)"
      R"({"id":"g","role":"garage","name":")" +
      std::string(100, 'g') + R"(","region":"r"}]})");
  long_names.ok("g", R"({"type":"template.set","id":"1.1","name":"t","text":")" + text + "\"}");
  long_names.ok("g",
                R"({"type":"general.open","id":"1.2","adjuster":"a","vehicles":["12가3456"]})");
  EXPECT_EQ(
      long_names.code("g", R"({"type":"message.send","id":"1.3","room":"r1","template":"t"})"),
      "limit_reached");
}

TEST_F(TemplateCommandsTest, GreetingsAndNoticesAreTheInsurers) {
  ASSERT_EQ(set("core-01", "greeting", "{adjuster}: {garage}, {plate}"), "ok");
  ASSERT_EQ(set("core-01", "notice.in_repair", "{garage}에서 {plate} 수리"), "ok");
  register_receipt("2024-1");
  const auto opened = intake("gar-1", "2024-1");
  ASSERT_EQ(opened.deliveries.size(), 4U);
  EXPECT_THAT(opened.deliveries[2].event, HasSubstr("차량이 입고되었습니다."));
  EXPECT_THAT(opened.deliveries[3].event, HasSubstr("김민준: 한빛자동차공업사, 12가3456"));
  const auto step = send("gar-1", "repair.step", R"("room":"r1","step":"in_repair")");
  ASSERT_EQ(step.deliveries.size(), 1U);
  EXPECT_THAT(step.deliveries[0].event, HasSubstr("한빛자동차공업사에서 12가3456 수리"));
  ASSERT_EQ(code("core-01", "template.delete", R"("name":"greeting")"), "ok");
  register_receipt("2024-2");
  EXPECT_THAT(intake("gar-1", "2024-2").deliveries[3].event, HasSubstr("안녕하세요"));
}

TEST_F(TemplateCommandsTest, TheLogAloneBringsThemBack) {
  ASSERT_EQ(set("core-01", "kept", "네", R"(,"role":"garage")"), "ok");
  ASSERT_EQ(set("core-01", "gone", "아니요"), "ok");
  ASSERT_EQ(code("core-01", "template.delete", R"("name":"gone")"), "ok");
  Service again;
  std::uint64_t position = 0;
  for (const Record& record : played.log()) {
    const auto folded = again.fold(record, Position{++position});
    ASSERT_TRUE(folded) << folded.error();
  }
  const auto asked =
      again.decide(*again.user_index("gar-1"), R"({"type":"templates.list","id":"q"})",
                   Position{position + 1}, played.now);
  EXPECT_THAT(std::get<Answered>(asked).reply,
              HasSubstr(R"([{"owner":"ins-01","name":"kept","role":"garage","text":"네"}])"));
}

}  // namespace
}  // namespace claims::server
