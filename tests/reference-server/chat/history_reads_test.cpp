#include <gmock/gmock.h>

#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class HistoryReadsTest : public CommandingTest {
 protected:
  /// "r1/1 r1/2 … > next".
  std::string list(const std::string& user, const std::string& fields) {
    const std::string result = read(user, "history.list", fields);
    if (result.find(R"("error")") != std::string::npos) return result;
    std::string places;
    constexpr std::string_view kRoom = R"("room":")", kSeq = R"("seq":)";
    for (std::size_t at = result.find(kRoom); at != std::string::npos;
         at = result.find(kRoom, at + 1)) {
      const std::size_t room = at + kRoom.size();
      const std::size_t seq = result.find(kSeq, at) + kSeq.size();
      places += result.substr(room, result.find('"', room) - room) + '/' +
                result.substr(seq, result.find(',', seq) - seq) + ' ';
    }
    const std::size_t next = result.find(R"("next":")") + 8;
    return places + "> " + result.substr(next, result.find('"', next) - next);
  }
  void open_two() {
    open_room("2024-1");  // r1, r2 of gar-1 and adj-1.
    open_room("2024-2");
    say("gar-1", "r1");
  }
};

constexpr const char* kBoth = "r2/1 r2/2 r2/3 r2/4 r1/1 r1/2 r1/3 r1/4 r1/5 > ";

TEST_F(HistoryReadsTest, EachKeyLeadsToItsRooms) {
  open_two();
  for (const char* fields :
       {R"("vehicle":"12가3456")", R"("garage":"gar-1")", R"("insurer":"ins-01")"}) {
    EXPECT_EQ(list("gar-1", fields), kBoth) << fields;
    EXPECT_EQ(list("adj-1", fields), kBoth) << fields;
    EXPECT_EQ(list("core-01", fields), kBoth) << fields;
  }
  EXPECT_EQ(list("adj-1", R"("receipt":"2024-2")"), "r2/1 r2/2 r2/3 r2/4 > ");
  EXPECT_EQ(list("adj-1", R"("room":"r2")"), "r2/1 r2/2 r2/3 r2/4 > ");
  EXPECT_EQ(list("adj-1", R"("estimate":"E-2024-2")"), "> ");
  ASSERT_EQ(code("gar-1", "pre_estimate.write", R"("receipt":"2024-2","amount":1000)"), "ok");
  EXPECT_EQ(list("adj-1", R"("estimate":"E-2024-2")"), "r2/1 r2/2 r2/3 r2/4 r2/5 > ");
  EXPECT_EQ(list("adj-1", R"("vehicle":"99가9999")"), "> ");
  EXPECT_EQ(list("adj-1", R"("receipt":"none")"), "> ");
  EXPECT_EQ(list("adj-1", R"("insurer":"ins-02")"), "> ");
  EXPECT_THAT(list("adj-1", R"("insurer":"ins-99")"), HasSubstr("unknown_user"));
  EXPECT_THAT(list("adj-1", R"("garage":"adj-1")"), HasSubstr("unknown_user"));
  EXPECT_THAT(list("adj-1", R"("room":"r9")"), HasSubstr("unknown_room"));
}

TEST_F(HistoryReadsTest, OthersSeeNothing) {
  open_two();
  for (const char* user : {"gar-2", "adj-2", "core-02"}) {
    for (const char* fields : {R"("vehicle":"12가3456")", R"("garage":"gar-1")",
                               R"("insurer":"ins-01")", R"("receipt":"2024-1")"}) {
      EXPECT_EQ(list(user, fields), "> ") << user << fields;
    }
    EXPECT_THAT(list(user, R"("room":"r1")"), HasSubstr("unknown_room")) << user;
  }
}

TEST_F(HistoryReadsTest, NegotiationsAreForTheInsurersOfBothSidesAndNeverForGarages) {
  open_room();
  ASSERT_EQ(code("adj-1", "negotiation.open",
                 R"("receipt":"2024-1","counterpart":"adj-2","ratio":"70:30")"),
            "ok");
  for (const char* user : {"adj-2", "core-02"}) {
    EXPECT_EQ(list(user, R"("vehicle":"12가3456")"), "r2/1 r2/2 r2/3 > ") << user;
    EXPECT_EQ(list(user, R"("insurer":"ins-01")"), "r2/1 r2/2 r2/3 > ") << user;
  }
  EXPECT_EQ(list("core-01", R"("receipt":"2024-1")"), "r2/1 r2/2 r2/3 r1/1 r1/2 r1/3 r1/4 > ");
  for (const char* fields :
       {R"("vehicle":"12가3456")", R"("receipt":"2024-1")", R"("insurer":"ins-01")"}) {
    EXPECT_EQ(list("gar-1", fields), "r1/1 r1/2 r1/3 r1/4 > ") << fields;
  }
  EXPECT_THAT(list("gar-1", R"("room":"r2")"), HasSubstr("unknown_room"));
}

TEST_F(HistoryReadsTest, AGuestSeesItsStaysAlone) {
  open_room();
  ASSERT_EQ(code("gar-1", "room.invite", R"("room":"r1","user":"gar-2","as":"guest")"), "ok");
  say("gar-1", "r1");
  ASSERT_EQ(code("gar-2", "room.leave", R"("room":"r1")"), "ok");
  say("gar-1", "r1");
  ASSERT_EQ(code("gar-1", "room.invite", R"("room":"r1","user":"gar-2","as":"guest")"), "ok");
  EXPECT_EQ(list("gar-2", R"("room":"r1")"), "r1/5 r1/6 r1/7 r1/9 > ");
  EXPECT_EQ(list("gar-2", R"("vehicle":"12가3456","limit":2)"), "r1/5 r1/6 > r1:6");
  EXPECT_EQ(list("gar-2", R"("vehicle":"12가3456","page":"r1:6")"), "r1/7 r1/9 > ");
}

TEST_F(HistoryReadsTest, PagesGoOnWhereTheyEnded) {
  open_two();
  EXPECT_EQ(list("gar-1", R"("garage":"gar-1","limit":3)"), "r2/1 r2/2 r2/3 > r2:3");
  EXPECT_EQ(list("gar-1", R"("garage":"gar-1","limit":3,"page":"r2:3")"), "r2/4 r1/1 r1/2 > r1:2");
  EXPECT_EQ(list("gar-1", R"("garage":"gar-1","limit":3,"page":"r1:2")"), "r1/3 r1/4 r1/5 > ");
  for (const char* wrong : {"r1", "1:1", "r1:-1", "r1:x"}) {
    EXPECT_THAT(list("gar-1", R"("garage":"gar-1","page":")" + std::string(wrong) + '"'),
                HasSubstr("bad_field"))
        << wrong;
  }
}

TEST_F(HistoryReadsTest, OfAGeneralRoomAVehiclesEventsAlone) {
  ASSERT_EQ(
      code("gar-1", "general.open", R"("adjuster":"adj-1","vehicles":["12가3456","34나5678"])"),
      "ok");
  // joined, joined, vehicle_added of each, greeting.
  EXPECT_EQ(list("gar-1", R"("vehicle":"34나5678")"), "r1/4 > ");
}

TEST_F(HistoryReadsTest, ADeletedRoomIsStillThere) {
  open_room();
  ASSERT_EQ(code("gar-1", "intake.cancel", R"("room":"r1")"), "ok");
  ASSERT_EQ(code("gar-1", "room.delete", R"("room":"r1")"), "ok");
  for (const char* user : {"gar-1", "adj-1", "core-01"}) {
    EXPECT_EQ(list(user, R"("room":"r1")"), "r1/1 r1/2 r1/3 r1/4 r1/5 r1/6 > ") << user;
  }
}

}  // namespace
}  // namespace claims::server
