// Lists of rooms, one room in full, who may be invited: as far as the caller may know.

#include <gmock/gmock.h>

#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class RoomReadsTest : public CommandingTest {
 protected:
  std::string list(const std::string& user, const std::string& fields = "") {
    return read(user, "room.list", fields);
  }
  /// The values of a key, in order.
  static std::vector<std::string> all(const std::string& json, const std::string& key) {
    std::vector<std::string> values;
    const std::string begin = '"' + key + "\":\"";
    for (std::size_t at = json.find(begin); at != std::string::npos;
         at = json.find(begin, at + 1)) {
      const std::size_t from = at + begin.size();
      values.push_back(json.substr(from, json.find('"', from) - from));
    }
    return values;
  }
  void open_rooms() {
    open_room("2024-1");
    send("gar-1", "general.open", R"("adjuster":"adj-1","vehicles":["13가3456","14가3456"])");
    send("adj-1", "negotiation.open",
         R"("receipt":"2024-1","counterpart":"adj-2","ratio":"70:30")");
  }
};

TEST_F(RoomReadsTest, RoomsAreListedTheLastFirst) {
  open_rooms();
  say("gar-1", "r1");
  EXPECT_EQ(list("adj-1", R"("kind":"inbound")"),
            R"({"rooms":[{"room":"r1","kind":"inbound","title":"","receipt":"2024-1",)"
            R"("model":"쏘나타","vehicles":["12가3456"],"state":"in","adjuster":"adj-1",)"
            R"("garage":"gar-1","member_count":2,"last_seq":5,"last_at":1714521600000,"unread":1,)"
            R"("left":false}],"next":""})");
  EXPECT_THAT(all(list("adj-1"), "room"), ElementsAre("r3", "r2", "r1"));
  EXPECT_THAT(all(list("gar-1"), "room"), ElementsAre("r2", "r1"));
  EXPECT_THAT(all(list("gar-2"), "room"), IsEmpty());
  EXPECT_THAT(all(list("adj-1", R"("vehicle":"12가3456")"), "room"), ElementsAre("r3", "r1"));
  EXPECT_THAT(all(list("adj-1", R"("receipt":"2024-1")"), "room"), ElementsAre("r3", "r1"));
  EXPECT_THAT(all(list("adj-1", R"("text":"서연")"), "room"), ElementsAre("r3"));
  send("adj-1", "room.change", R"("room":"r2","title":"5월 ABC 건")");
  EXPECT_THAT(all(list("gar-1", R"("text":"abc")"), "room"), ElementsAre("r2"));
  EXPECT_THAT(all(list("gar-1", R"("text":"abd")"), "room"), IsEmpty());
}

TEST_F(RoomReadsTest, PagesFollowOneAnotherToTheEnd) {
  open_rooms();
  const std::string first = list("adj-1", R"("limit":2)");
  EXPECT_THAT(all(first, "room"), ElementsAre("r3", "r2"));
  EXPECT_THAT(all(first, "next"), ElementsAre("r2"));
  const std::string second = list("adj-1", R"("limit":2,"page":"r2")");
  EXPECT_THAT(all(second, "room"), ElementsAre("r1"));
  EXPECT_THAT(all(second, "next"), ElementsAre(""));
  EXPECT_THAT(all(list("adj-1", R"("limit":3)"), "next"), ElementsAre("")) << "exactly so many";
  EXPECT_THAT(list("adj-1", R"("page":"7")"), HasSubstr("bad_field"));
}

TEST_F(RoomReadsTest, WhoHasLeftKnowsTheRoomAsItWasThen) {
  open_rooms();
  invite("adj-1", "r2", "gar-2", "guest");  // 6
  send("adj-1", "room.change", R"("room":"r2","title":"처음")");
  EXPECT_EQ(in_room("gar-2", "room.leave", "r2"), "ok");  // 8
  played.now.wall += Milliseconds(1000);
  invite("adj-1", "r2", "adj-3", "colleague");
  send("gar-1", "general.open", R"("adjuster":"adj-1","vehicles":["15가3456"])");
  send("adj-1", "room.change", R"("room":"r2","title":"나중")");
  send("adj-1", "room.hand_over", R"("room":"r2","user":"adj-3")");
  say("gar-1", "r1");
  EXPECT_EQ(list("gar-2"),
            R"({"rooms":[{"room":"r2","kind":"general","title":"처음","receipt":"","model":"",)"
            R"("vehicles":["13가3456","14가3456"],"state":"","adjuster":"adj-1","garage":"gar-1",)"
            R"("member_count":2,"last_seq":8,"last_at":1714521600000,"unread":0,"left":true}],)"
            R"("next":""})");
  EXPECT_THAT(list("gar-2", R"("vehicle":"15가3456")"), HasSubstr(R"("rooms":[])"));
  EXPECT_THAT(list("gar-2", R"("text":"나중")"), HasSubstr(R"("rooms":[])"));
  EXPECT_THAT(list("gar-2", R"("text":"박지훈")"), HasSubstr(R"("rooms":[])"));
  const auto shown = read("gar-2", "room.show", R"("room":"r2")");
  EXPECT_THAT(all(shown, "user"), ElementsAre("gar-1", "adj-1", "gar-2"));
  EXPECT_THAT(shown, HasSubstr(R"("left":8,"read":5})"));
}

TEST_F(RoomReadsTest, ARoomIsShownInFull) {
  open_rooms();
  send("gar-1", "pre_estimate.write", R"("receipt":"2024-1","amount":5)");
  invite("adj-1", "r1", "adj-3", "colleague");
  EXPECT_EQ(in_room("adj-3", "room.leave", "r1"), "ok");
  send("gar-1", "room.read", R"("room":"r1","seq":4)");
  const std::string shown = read("gar-1", "room.show", R"("room":"r1")");
  EXPECT_THAT(shown, HasSubstr(R"("left":false,"estimate":"E-2024-1","claim":"","members":[)"
                               R"({"user":"gar-1","name":"한빛자동차공업사","role":"garage",)"
                               R"("insurer":"","as":"founder","from":1,)"
                               R"("joined_at":1714521600000,"invited_by":"","left":0,"read":4},)"));
  EXPECT_THAT(shown, HasSubstr(R"("user":"adj-3","name":"박지훈","role":"adjuster",)"
                               R"("insurer":"ins-01","as":"colleague","from":1,)"
                               R"("joined_at":1714521600000,"invited_by":"adj-1","left":7,)"
                               R"("read":0})"));
  EXPECT_THAT(played.ok("gar-1", R"({"type":"room.show","id":"q","room":"r1"})"),
              HasSubstr(R"("as_of":{"r1":7})"));
  EXPECT_THAT(read("gar-2", "room.show", R"("room":"r1")"), HasSubstr("unknown_room"));
}

TEST_F(RoomReadsTest, CandidatesAreWhoMayBeInvitedNow) {
  open_rooms();
  const auto candidates = [&](const std::string& user, const std::string& as,
                              const std::string& more = "") {
    return all(read(user, "invite.candidates", R"("room":"r1","as":")" + as + '"' + more), "user");
  };
  EXPECT_THAT(candidates("adj-1", "colleague"), ElementsAre("adj-3", "adj-4"));
  EXPECT_THAT(candidates("adj-1", "guest"), ElementsAre("adj-2", "adj-5", "gar-2"));
  EXPECT_THAT(candidates("gar-1", "guest"), ElementsAre("adj-2", "adj-5", "gar-2"));
  EXPECT_THAT(candidates("adj-1", "colleague", R"(,"text":"CHOI")"), ElementsAre("adj-4"));
  EXPECT_THAT(candidates("adj-1", "guest", R"(,"limit":1)"), ElementsAre("adj-2"));
  EXPECT_THAT(candidates("adj-1", "guest", R"(,"limit":2,"page":"adj-2")"),
              ElementsAre("adj-5", "gar-2"));
  const auto refusal = [&](const std::string& user, const std::string& room,
                           const std::string& as) {
    return read(user, "invite.candidates", R"("room":")" + room + R"(","as":")" + as + '"');
  };
  EXPECT_THAT(refusal("gar-1", "r1", "colleague"), HasSubstr("not_permitted"));
  EXPECT_THAT(refusal("adj-1", "r3", "guest"), HasSubstr("wrong_kind"));
  EXPECT_THAT(refusal("adj-3", "r1", "colleague"), HasSubstr("unknown_room"));
  EXPECT_EQ(
      code("core-01", "adjuster.hand_over", R"("adjuster":"adj-4","to":"adj-3","reason":"away")"),
      "ok");
  invite("adj-1", "r1", "gar-2", "guest");
  EXPECT_THAT(candidates("adj-1", "colleague"), ElementsAre("adj-3")) << "one is away";
  EXPECT_THAT(candidates("adj-1", "guest"), ElementsAre("adj-2", "adj-5")) << "one is a member";
}

TEST_F(RoomReadsTest, ConversionsAreCountedForEachParty) {
  open_rooms();
  send("gar-1", "pre_estimate.write", R"("receipt":"2024-1","amount":5)");
  EXPECT_EQ(code("adj-1", "room.hand_over", R"("room":"r1","user":"adj-3")"), "ok");
  for (const char* to : {"in_repair", "repaired"}) ASSERT_EQ(step("r1", to), "ok");
  EXPECT_EQ(in_room("gar-1", "claim.convert", "r1"), "ok");
  const auto count = [&](const char* user) { return read(user, "conversions.count", ""); };
  EXPECT_EQ(count("gar-1"), R"({"pre_estimates":1,"further_estimates":0,"claims":1})");
  EXPECT_EQ(count("adj-1"), R"({"pre_estimates":1,"further_estimates":0,"claims":0})");
  EXPECT_EQ(count("adj-3"), R"({"pre_estimates":0,"further_estimates":0,"claims":1})");
  EXPECT_EQ(count("core-01"), R"({"pre_estimates":1,"further_estimates":0,"claims":1})");
  EXPECT_EQ(count("core-02"), R"({"pre_estimates":0,"further_estimates":0,"claims":0})");
}

}  // namespace
}  // namespace claims::server
