// The events of messages: with files, deleted, and what deletes them.

#include <gtest/gtest.h>

#include "protocol/chat/event.h"

namespace claims::chat {
namespace {

Event event_with(EventBody body) {
  return Event{RoomId{7},  3,           Milliseconds(1), Person{"gar-1", "한빛"},
               "12가3456", "gar-1:1.2", std::move(body)};
}
std::string json_of(const Event& event) {
  std::string json;
  write_event_open(event, json);
  return json + '}';
}
/// The body's JSON.
std::string body_of(EventBody body) {
  const std::string json = json_of(event_with(std::move(body)));
  const std::size_t at = json.find(R"("body":)");
  return json.substr(at + 7, json.size() - at - 8);
}

TEST(EventParser, BodiesAreWrittenInContractOrder) {
  EXPECT_EQ(body_of(Message{"네", "t", {{"앞.jpg", FileKind::manual}, {"b", FileKind::general}}}),
            R"({"text":"네","template":"t","files":[{"name":"앞.jpg","kind":"manual"},)"
            R"({"name":"b","kind":"general"}]})");
  EXPECT_EQ(body_of(Message{"", "", {}, true}), R"({"deleted":true})");
  EXPECT_EQ(body_of(MessageDeleted{2, "삭제"}), R"({"of":2,"text":"삭제"})");
}

TEST(EventParser, EveryBodyIsReadBack) {
  for (const EventBody& body :
       {EventBody(Message{"네", "", {{"a", FileKind::guide}}}),
        EventBody(Message{"", "t", {}, false}), EventBody(Message{"", "", {}, true}),
        EventBody(MessageDeleted{2, "삭제"})}) {
    const Event event = event_with(body);
    const auto parsed = parse_event(json_of(event));
    ASSERT_TRUE(parsed) << parsed.error();
    EXPECT_EQ(parsed->event, event);
  }
}

TEST(EventParser, ATombstoneHasNothingElse) {
  for (const char* body :
       {R"({"deleted":false})", R"({"deleted":true,"text":"a"})", R"({"files":[]})",
        R"({"text":"a","files":[{"name":"b","kind":"video"}]})"}) {
    std::string json = json_of(event_with(Message{"네"}));
    json.replace(json.find(R"({"text":"네"})"), std::string(R"({"text":"네"})").size(), body);
    EXPECT_FALSE(parse_event(json)) << body;
  }
}

}  // namespace
}  // namespace claims::chat
