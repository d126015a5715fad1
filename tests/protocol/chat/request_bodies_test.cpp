// What messages, templates, searches and histories take.

#include "protocol/chat/request_bodies.h"

#include <gtest/gtest.h>

#include "protocol/limits.h"

namespace claims::chat {
namespace {

template <class Body>
Body body_of(const std::string& json) {
  const auto request = parse_request(json);
  if (!request) {
    ADD_FAILURE() << json << message_en(request.error().error);
    return {};
  }
  if constexpr (requires { ReadBody(Body{}); }) {
    return std::get<Body>(std::get<Read>(*request).body);
  } else {
    return std::get<Body>(std::get<Command>(*request).body);
  }
}

/// "code field" of what is wrong.
std::string wrong(const std::string& json) {
  const auto request = parse_request(json);
  if (request) return "nothing";
  const Error& error = request.error().error;
  return std::string(to_string(error.code)) + ' ' + error.field;
}

std::string fields(const std::string& type, const std::string& rest) {
  return R"({"type":")" + type + R"(","id":"1.1",)" + rest + '}';
}

TEST(RequestBodies, AMessageMayHaveFiles) {
  const auto message = body_of<SendMessage>(fields(
      "message.send", R"("room":"r1","files":[{"name":"앞.jpg","kind":"guide"},{"name":"b"}])"));
  EXPECT_EQ(message.text, "");
  EXPECT_EQ(message.files,
            (std::vector<AttachedFile>{{"앞.jpg", FileKind::guide}, {"b", FileKind::general}}));
  EXPECT_EQ(
      body_of<SendMessage>(fields("message.send", R"("room":"r1","template":"t")")).from_template,
      "t");
  EXPECT_EQ(wrong(fields("message.send", R"("room":"r1")")), "missing_field text");
  for (const char* files :
       {"[]", R"(["a"])", R"([{"name":"a/b"}])", R"([{"name":".."}])", R"([{"kind":"guide"}])",
        R"([{"name":"a","kind":"video"}])", R"([{"name":"a","size":1}])", R"([{"name":""}])"}) {
    EXPECT_EQ(wrong(fields("message.send", R"("room":"r1","files":)" + std::string(files))),
              "bad_field files")
        << files;
  }
  std::string many = R"("room":"r1","files":[)";
  for (std::size_t i = 0; i <= limits::kFilesPerMessageMax; ++i) {
    many += std::string(i == 0 ? "" : ",") + R"({"name":"a"})";
  }
  EXPECT_EQ(wrong(fields("message.send", many + ']')), "bad_field files");
}

TEST(RequestBodies, AMessageIsDeletedByItsPlace) {
  const auto deletion = body_of<DeleteMessage>(fields("message.delete", R"("room":"r7","seq":3)"));
  EXPECT_EQ(deletion.room, RoomId{7});
  EXPECT_EQ(deletion.seq, 3U);
  EXPECT_EQ(wrong(fields("message.delete", R"("room":"r7","seq":0)")), "bad_field seq");
  EXPECT_EQ(wrong(fields("message.delete", R"("room":"r7")")), "missing_field seq");
}

TEST(RequestBodies, TemplatesAreSetAndDeletedByName) {
  const auto set = body_of<SetTemplate>(
      fields("template.set", R"("name":"a.b","text":"네\n네","role":"garage","owner":"ins-01")"));
  EXPECT_EQ(set.name, "a.b");
  EXPECT_EQ(set.text, "네\n네");
  EXPECT_EQ(set.role, Role::garage);
  EXPECT_EQ(set.owner, "ins-01");
  EXPECT_FALSE(body_of<SetTemplate>(fields("template.set", R"("name":"a","text":"b")")).role);
  EXPECT_EQ(body_of<DeleteTemplate>(fields("template.delete", R"("name":"a")")).name, "a");
  EXPECT_EQ(wrong(fields("template.set", R"("name":"a b","text":"b")")), "bad_field name");
  EXPECT_EQ(wrong(fields("template.set", R"("name":"a","text":"b","role":"guest")")),
            "bad_field role");
  EXPECT_EQ(
      wrong(fields("template.set", R"("name":"a","text":")" +
                                       std::string(limits::kTemplateCharactersMax + 1, 'a') + '"')),
      "bad_field text");
}

TEST(RequestBodies, ASearchTakesAWordAndWhere) {
  const auto search = body_of<SearchMessages>(
      fields("message.search", R"("text":"범퍼","room":"r1","vehicle":"12가 3456","page":"9")"));
  EXPECT_EQ(search.text, "범퍼");
  EXPECT_EQ(search.room, RoomId{1});
  EXPECT_EQ(search.vehicle, "12가3456");
  EXPECT_EQ(search.start.page, "9");
  EXPECT_EQ(search.start.limit, 20U);
  EXPECT_EQ(wrong(fields("message.search", R"("text":"")")), "bad_field text");
  EXPECT_EQ(wrong(fields("message.search", R"("text":"a\nb")")), "bad_field text");
  EXPECT_EQ(wrong(fields("message.search", R"("text":"a","limit":101)")), "bad_field limit");
  EXPECT_EQ(
      wrong(fields("message.search", R"("text":"a","page":")" +
                                         std::string(limits::kPageTextBytesMax + 1, 'a') + '"')),
      "bad_field page");
  EXPECT_EQ(wrong(fields("message.search",
                         R"("text":")" + std::string(limits::kSearchCharactersMax + 1, 'a') + '"')),
            "bad_field text");
}

TEST(RequestBodies, AHistoryIsOfExactlyOneThing) {
  EXPECT_EQ(body_of<ListHistory>(fields("history.list", R"("room":"r1")")).room, RoomId{1});
  EXPECT_EQ(body_of<ListHistory>(fields("history.list", R"("insurer":"ins-01")")).insurer,
            "ins-01");
  EXPECT_EQ(body_of<ListHistory>(fields("history.list", R"("estimate":"F-1-2")")).estimate,
            "F-1-2");
  EXPECT_EQ(wrong(fields("history.list", R"("limit":5)")), "missing_field room");
  EXPECT_EQ(wrong(fields("history.list", R"("garage":"g","receipt":"1")")), "bad_field room");
}

}  // namespace
}  // namespace claims::chat
