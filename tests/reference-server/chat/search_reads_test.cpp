#include "reference-server/chat/search_reads.h"

#include <gmock/gmock.h>

#include "protocol/chat/text.h"
#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class SearchReadsTest : public CommandingTest {
 protected:
  void tell(const std::string& user, const std::string& room, const std::string& text,
            const std::string& more = "") {
    ASSERT_EQ(
        code(user, "message.send", R"("room":")" + room + R"(","text":")" + text + '"' + more),
        "ok");
  }
  std::string search(const std::string& user, const std::string& text,
                     const std::string& more = "") {
    return read(user, "message.search", R"("text":")" + text + '"' + more);
  }
  static constexpr const char* kNothing = R"({"hits":[],"next":""})";
};

TEST_F(SearchReadsTest, AHitTellsWhereItIs) {
  open_room();
  tell("gar-1", "r1", "뒤범퍼교환견적을 보냅니다.");
  EXPECT_EQ(search("adj-1", "범퍼"),
            R"({"hits":[{"room":"r1","seq":5,"at":1714521600000,"sender":{"id":"gar-1",)"
            R"("name":"한빛자동차공업사"},"vehicle":"12가3456",)"
            R"("text":"뒤범퍼교환견적을 보냅니다."}],"next":""})");
  EXPECT_EQ(search("adj-1", "없는 말"), kNothing);
  EXPECT_EQ(search("adj-1", "입고되었습니다"), kNothing) << "a notice is no message";
}

TEST_F(SearchReadsTest, NothingIsFoundOutsideTheOwnRooms) {
  open_room();
  tell("gar-1", "r1", "비밀 이야기");
  for (const char* user : {"gar-2", "adj-2", "core-01"}) {
    EXPECT_EQ(search(user, "비밀"), kNothing) << user;
    EXPECT_THAT(search(user, "비밀", R"(,"room":"r1")"), HasSubstr("unknown_room")) << user;
  }
}

TEST_F(SearchReadsTest, AGuestFindsWhatWasSaidWhileItWasThere) {
  open_room();
  tell("gar-1", "r1", "말 하나");
  ASSERT_EQ(code("gar-1", "room.invite", R"("room":"r1","user":"gar-2","as":"guest")"), "ok");
  tell("gar-1", "r1", "말 둘");
  ASSERT_EQ(code("gar-2", "room.leave", R"("room":"r1")"), "ok");
  tell("gar-1", "r1", "말 셋");
  std::string found = search("gar-2", "말");
  EXPECT_THAT(found, HasSubstr("말 둘"));
  EXPECT_THAT(found, Not(HasSubstr("말 하나")));
  EXPECT_THAT(found, Not(HasSubstr("말 셋")));
  ASSERT_EQ(code("gar-1", "room.invite", R"("room":"r1","user":"gar-2","as":"guest")"), "ok");
  tell("gar-1", "r1", "말 넷");
  found = search("gar-2", "말", R"(,"room":"r1")");
  EXPECT_THAT(found, HasSubstr("말 둘"));
  EXPECT_THAT(found, HasSubstr("말 넷"));
  EXPECT_THAT(found, Not(HasSubstr("말 셋")));
}

TEST_F(SearchReadsTest, GaragesFindNothingOfNegotiations) {
  open_room();
  ASSERT_EQ(code("adj-1", "negotiation.open",
                 R"("receipt":"2024-1","counterpart":"adj-2","ratio":"70:30")"),
            "ok");
  tell("adj-1", "r2", "과실 이야기");
  EXPECT_THAT(search("adj-2", "과실"), HasSubstr(R"("room":"r2")"));
  EXPECT_EQ(search("gar-1", "과실"), kNothing);
  EXPECT_EQ(search("gar-1", "과실", R"(,"vehicle":"12가3456")"), kNothing);
  EXPECT_THAT(search("gar-1", "과실", R"(,"room":"r2")"), HasSubstr("unknown_room"));
}

TEST_F(SearchReadsTest, AVehicleNarrowsIt) {
  ASSERT_EQ(
      code("gar-1", "general.open", R"("adjuster":"adj-1","vehicles":["12가3456","34나5678"])"),
      "ok");
  tell("gar-1", "r1", "부품 하나", R"(,"vehicle":"12가3456")");
  tell("gar-1", "r1", "부품 둘", R"(,"vehicle":"34나5678")");
  const std::string found = search("gar-1", "부품", R"(,"vehicle":"34나5678")");
  EXPECT_THAT(found, HasSubstr("부품 둘"));
  EXPECT_THAT(found, Not(HasSubstr("부품 하나")));
  EXPECT_EQ(search("gar-1", "부품", R"(,"vehicle":"56다7890")"), kNothing);
  EXPECT_THAT(search("gar-1", "부품", R"(,"room":"r1","vehicle":"56다7890")"),
              HasSubstr("unknown_vehicle"));
}

TEST_F(SearchReadsTest, PagesFollowEachOtherAndStayWhatTheyWere) {
  open_room();
  for (int i = 1; i <= 5; ++i) tell("gar-1", "r1", "말 " + std::to_string(i));
  std::string page = search("adj-1", "말", R"(,"limit":2)");
  EXPECT_THAT(page, HasSubstr("말 5"));
  EXPECT_THAT(page, HasSubstr("말 4"));
  EXPECT_THAT(page, Not(HasSubstr("말 3")));
  const std::size_t at = page.find(R"("next":")") + 8;
  const std::string next = page.substr(at, page.find('"', at) - at);
  tell("gar-1", "r1", "말 6");
  page = search("adj-1", "말", R"(,"page":")" + next + '"');
  EXPECT_THAT(page, HasSubstr("말 3"));
  EXPECT_THAT(page, HasSubstr("말 1"));
  EXPECT_THAT(page, Not(HasSubstr("말 4")));
  EXPECT_THAT(page, Not(HasSubstr("말 6")));
  EXPECT_THAT(page, HasSubstr(R"("next":"")"));
  for (const char* wrong : {"x", "-1", "01", "1:2"}) {
    EXPECT_THAT(search("adj-1", "말", R"(,"page":")" + std::string(wrong) + '"'),
                HasSubstr("bad_field"))
        << wrong;
  }
}

TEST_F(SearchReadsTest, WhatWasDeletedIsNotFound) {
  open_room();
  tell("gar-1", "r1", "지울 말");
  ASSERT_EQ(code("gar-1", "message.delete", R"("room":"r1","seq":5)"), "ok");
  EXPECT_EQ(search("adj-1", "지울"), kNothing);
}

TEST(SearchReads, ASnippetIsAroundTheHit) {
  EXPECT_EQ(snippet_of("짧은 말", "말"), "짧은 말");
  std::string before, behind;
  for (int i = 0; i < 300; ++i) before += "가", behind += "나";
  const std::string text = before + "BMW" + behind;
  const std::string_view middle = snippet_of(text, "bmw");
  EXPECT_EQ(chat::count_characters(middle), 200U);
  EXPECT_EQ(chat::count_characters(middle.substr(0, middle.find("BMW"))), 98U);
  const std::string at_end = before + "끝";
  EXPECT_EQ(snippet_of(at_end, "끝").size(), 600U);
  EXPECT_TRUE(snippet_of(at_end, "끝").ends_with("끝"));
  const std::string at_begin = "BMW" + behind;
  EXPECT_TRUE(snippet_of(at_begin, "bmw").starts_with("BMW"));
  EXPECT_EQ(chat::count_characters(snippet_of(at_begin, "bmw")), 200U);
}

}  // namespace
}  // namespace claims::server
