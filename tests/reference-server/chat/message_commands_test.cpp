#include <gmock/gmock.h>

#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class MessageCommandsTest : public CommandingTest {
 protected:
  void SetUp() override { open_room(); }  // r1 of gar-1 and adj-1, seq 1 to 4.
  std::string erase(const std::string& user, int seq) {
    return code(user, "message.delete", R"("room":"r1","seq":)" + std::to_string(seq));
  }
  std::string page(const std::string& user) {
    return read(user, "room.messages", R"("room":"r1")");
  }
  std::string unread(const std::string& user) {
    return read(user, "unread.counts", R"("room":"r1")");
  }
};

TEST_F(MessageCommandsTest, FilesComeWithAMessageOrAlone) {
  const auto answer = send("gar-1", "message.send",
                           R"("room":"r1","files":[{"name":"앞.jpg","kind":"guide"},)"
                           R"({"name":"견적서.pdf"}])");
  ASSERT_EQ(answer.deliveries.size(), 1U);
  EXPECT_THAT(answer.deliveries[0].event,
              HasSubstr(R"("body":{"text":"","files":[{"name":"앞.jpg","kind":"guide"},)"
                        R"({"name":"견적서.pdf","kind":"general"}]})"));
  EXPECT_EQ(code("gar-1", "message.send", R"("room":"r1")"), "missing_field");
}

TEST_F(MessageCommandsTest, ADeletedMessageIsATombstoneAndInNobodysUnread) {
  say("gar-1", "r1");
  say("gar-1", "r1");
  EXPECT_THAT(unread("adj-1"), HasSubstr(R"("unread":2)"));
  const auto answer = send("gar-1", "message.delete", R"("room":"r1","seq":5)");
  EXPECT_THAT(answer.reply, HasSubstr(R"("result":{"room":"r1","seq":7,"of":5})"));
  ASSERT_EQ(answer.deliveries.size(), 1U);
  EXPECT_THAT(answer.deliveries[0].recipients, ElementsAre("gar-1", "adj-1"));
  EXPECT_THAT(answer.deliveries[0].event,
              HasSubstr(R"("body":{"of":5,"text":"한빛자동차공업사님이 메시지를 삭제했습니다."})"));
  EXPECT_THAT(unread("adj-1"), HasSubstr(R"("unread":1)"));
  EXPECT_THAT(page("adj-1"), HasSubstr(R"("seq":5,)"));
  // Whose read seq is below it is told of a tombstone as of every event.
  EXPECT_THAT(page("adj-1"), HasSubstr(R"("body":{"deleted":true},"unread_by":1})"));
  // What was read before stays counted as it was.
  EXPECT_THAT(send("adj-1", "room.read", R"("room":"r1","seq":6)").reply,
              HasSubstr(R"("unread":0)"));
  EXPECT_THAT(page("adj-1"), HasSubstr(R"("body":{"deleted":true},"unread_by":0})"));
  EXPECT_EQ(erase("gar-1", 6), "ok");
  EXPECT_THAT(unread("adj-1"), HasSubstr(R"("unread":0)"));
}

TEST_F(MessageCommandsTest, OnlyOwnMessagesAreDeletedAndOnce) {
  say("gar-1", "r1");
  EXPECT_EQ(erase("adj-1", 5), "not_permitted");
  EXPECT_EQ(erase("gar-2", 5), "unknown_room");
  EXPECT_EQ(erase("gar-1", 4), "bad_seq") << "the greeting";
  EXPECT_EQ(erase("gar-1", 6), "bad_seq") << "not there";
  EXPECT_EQ(erase("gar-1", 5), "ok");
  EXPECT_EQ(erase("gar-1", 5), "already_deleted");
  EXPECT_EQ(erase("gar-1", 6), "bad_seq") << "a deletion is no message";
}

TEST_F(MessageCommandsTest, WhatAGuestCannotSeeIsNotThere) {
  say("gar-1", "r1");
  ASSERT_EQ(code("gar-1", "room.invite", R"("room":"r1","user":"gar-2","as":"guest")"), "ok");
  say("gar-2", "r1");  // seq 7
  EXPECT_EQ(erase("gar-2", 5), "bad_seq");
  EXPECT_EQ(erase("gar-2", 7), "ok");
  ASSERT_EQ(code("gar-2", "room.leave", R"("room":"r1")"), "ok");
  EXPECT_EQ(erase("gar-2", 7), "unknown_room");
}

TEST_F(MessageCommandsTest, ADeletionFoldsAgain) {
  say("gar-1", "r1");
  say("gar-1", "r1");
  ASSERT_EQ(erase("gar-1", 5), "ok");
  Service again;
  std::uint64_t position = 0;
  for (const Record& record : played.log()) {
    const auto folded = again.fold(record, Position{++position});
    ASSERT_TRUE(folded) << folded.error();
  }
  const auto asked =
      again.decide(*again.user_index("adj-1"), R"({"type":"unread.counts","id":"q","room":"r1"})",
                   Position{position + 1}, played.now);
  EXPECT_THAT(std::get<Answered>(asked).reply, HasSubstr(R"("unread":1)"));
}

TEST_F(MessageCommandsTest, InAGeneralRoomADeletionIsAboutNoVehicle) {
  ASSERT_EQ(
      code("gar-1", "general.open", R"("adjuster":"adj-1","vehicles":["12가3456","34나5678"])"),
      "ok");
  const auto sent =
      send("gar-1", "message.send", R"("room":"r2","text":"네","vehicle":"34나5678")");
  EXPECT_THAT(told(sent), ElementsAre("message 34나5678"));
  EXPECT_THAT(told(send("gar-1", "message.delete", R"("room":"r2","seq":6)")),
              ElementsAre("message_deleted "));
  EXPECT_THAT(read("adj-1", "room.messages", R"("room":"r2","vehicle":"34나5678")"),
              HasSubstr(R"("vehicle":"34나5678","cmd":"gar-1:5.3","body":{"deleted":true})"));
}

}  // namespace
}  // namespace claims::server
