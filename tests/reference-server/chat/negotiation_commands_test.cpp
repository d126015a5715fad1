// Fault negotiation as two adjusters lead it: only legal actions, by button and by hashtag, and
// nothing of it for anybody else.

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "protocol/chat/event.h"
#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kInitiator = "adj-1";
constexpr const char* kCounterpart = "adj-2";

class NegotiationCommandsTest : public CommandingTest {
 protected:
  /// r1, opened with 70:30.
  void open() {
    register_receipt("2024-1");
    ASSERT_EQ(open_code(kInitiator, "2024-1", kCounterpart), "ok");
  }
  std::string open_code(const std::string& user, const std::string& receipt,
                        const std::string& counterpart) {
    return code(
        user, "negotiation.open",
        R"("receipt":")" + receipt + R"(","counterpart":")" + counterpart + R"(","ratio":"70:30")");
  }
  /// `what`: the action, and what it takes: `object|60:40|because`, `send_exemption||not_liable`.
  static std::string fields_of(const std::string& what) {
    const std::size_t first = what.find('|');
    const std::size_t second = what.find('|', first + 1);
    std::string fields = R"("room":"r1","action":")" + what.substr(0, first) + '"';
    if (first == std::string::npos) return fields;
    const std::string ratio = what.substr(first + 1, second - first - 1);
    if (!ratio.empty()) fields += R"(,"ratio":")" + ratio + '"';
    if (second != std::string::npos) fields += R"(,"reason":")" + what.substr(second + 1) + '"';
    return fields;
  }
  PlayedService::Answer act(const std::string& user, const std::string& what) {
    return send(user, "negotiation.act", fields_of(what));
  }
  std::string act_code(const std::string& user, const std::string& what) {
    return code(user, "negotiation.act", fields_of(what));
  }
  PlayedService::Answer write(const std::string& user, const std::string& text,
                              const std::string& more = "") {
    return send(user, "message.send", R"("room":"r1","text":")" + text + '"' + more);
  }
  std::string write_code(const std::string& user, const std::string& text) {
    return code(user, "message.send", R"("room":"r1","text":")" + text + '"');
  }
  /// "state turn ratio reason objections"
  std::string status(const std::string& user = kInitiator) {
    const auto result =
        boost::json::parse(read(user, "negotiation.status", R"("room":"r1")")).as_object();
    std::string line;
    for (const char* key : {"state", "turn", "ratio", "reason"}) {
      line += std::string(result.at(key).as_string()) + ' ';
    }
    return line + std::to_string(result.at("objections").to_number<int>());
  }
};

TEST_F(NegotiationCommandsTest, ARoomOpensForTheTwoAndShowsTheFirstRatio) {
  register_receipt("2024-1");
  const auto opened = send(kInitiator, "negotiation.open",
                           R"("receipt":"2024-1","counterpart":"adj-2","ratio":"70:30")");
  EXPECT_THAT(opened.reply, HasSubstr(R"("room":"r1","seq":3,"state":"discussing")"));
  EXPECT_THAT(told(opened),
              ElementsAre("joined 12가3456", "joined 12가3456", "negotiation 12가3456"));
  for (const auto& delivery : opened.deliveries) {
    EXPECT_THAT(delivery.recipients, ElementsAre(kInitiator, kCounterpart));
  }
  EXPECT_EQ(status(), "discussing counterpart 70:30  0");
  EXPECT_EQ(status(kCounterpart), status());
}

TEST_F(NegotiationCommandsTest, OpeningIsCheckedInOrder) {
  EXPECT_EQ(open_code("gar-1", "2024-9", "adj-9"), "not_permitted");
  EXPECT_EQ(open_code("core-01", "2024-9", "adj-9"), "not_permitted");
  EXPECT_EQ(open_code(kInitiator, "2024-9", "adj-9"), "unknown_receipt");
  register_receipt("2024-1");
  EXPECT_EQ(open_code(kCounterpart, "2024-1", kInitiator), "unknown_receipt")
      << "another insurer's";
  EXPECT_EQ(open_code(kInitiator, "2024-1", "adj-9"), "unknown_user");
  EXPECT_EQ(open_code(kInitiator, "2024-1", "gar-1"), "unknown_user");
  EXPECT_EQ(open_code(kInitiator, "2024-1", kInitiator), "same_insurer");
  EXPECT_EQ(open_code(kInitiator, "2024-1", kCounterpart), "ok");
  EXPECT_EQ(open_code(kInitiator, "2024-1", kCounterpart), "negotiation_exists");
  EXPECT_EQ(played.service().counters().rooms_negotiation, 1U);
}

TEST_F(NegotiationCommandsTest, RatiosAreOwnToOtherInCommandsAndInitiatorToCounterpartInEvents) {
  open();
  const auto objected = act(kCounterpart, "object|10:90|정차 중");
  EXPECT_THAT(objected.deliveries.at(0).event,
              AllOf(HasSubstr(R"("by":"counterpart","ratio":"90:10","reason":"정차 중")"),
                    HasSubstr("김민준 90 : 이서연 10")));
  EXPECT_EQ(status(), "discussing initiator 90:10  1");
  const auto sent = act(kCounterpart, "send_prior_agreement|40:60");
  EXPECT_THAT(sent.deliveries.at(0).event, HasSubstr(R"("ratio":"60:40","reason":"")"));
  EXPECT_EQ(status(), "prior_agreement_sent initiator 60:40  1");
  act(kInitiator, "accept_prior_agreement");
  EXPECT_EQ(status(), "agreed  60:40  1");
}

/// A state, how it is reached, and every action that either side may take in it.
struct StateRow {
  const char* name;
  std::vector<std::pair<const char*, const char*>> way;
  std::vector<const char*> initiator, counterpart;
};

TEST_F(NegotiationCommandsTest, InEachStateTheLegalActionsAndNoOthers) {
  const std::vector<const char*> actions{"accept",
                                         "object|60:40|r",
                                         "object||r",
                                         "accept_objection",
                                         "send_exemption||not_liable",
                                         "accept_exemption",
                                         "send_prior_agreement|50:50",
                                         "accept_prior_agreement",
                                         "refer"};
  const std::vector<const char*> free{"send_exemption||not_liable", "send_prior_agreement|50:50",
                                      "refer"};
  const auto with = [&](std::vector<const char*> more) {
    more.insert(more.end(), free.begin(), free.end());
    return more;
  };
  const std::vector<StateRow> rows{
      {"opened", {}, free, with({"accept", "object|60:40|r"})},
      {"objected",
       {{kCounterpart, "object|60:40|r"}},
       with({"accept", "object|60:40|r", "accept_objection"}),
       free},
      {"exemption sent",
       {{kInitiator, "send_exemption||not_covered"}},
       free,
       with({"object||r", "accept_exemption"})},
      {"exemption sent by the other",
       {{kCounterpart, "send_exemption||not_covered"}},
       with({"object||r", "accept_exemption"}),
       free},
      {"prior agreement sent",
       {{kInitiator, "send_prior_agreement|80:20"}},
       free,
       with({"object||r", "accept_prior_agreement"})},
      {"agreed", {{kCounterpart, "accept"}}, {}, {}},
      {"exempt",
       {{kInitiator, "send_exemption||not_liable"}, {kCounterpart, "accept_exemption"}},
       {},
       {}},
      {"referred", {{kCounterpart, "refer"}}, {}, {}},
  };
  for (const StateRow& row : rows) {
    for (const char* user : {kInitiator, kCounterpart}) {
      const auto& legal = user == kInitiator ? row.initiator : row.counterpart;
      for (const char* action : actions) {
        SCOPED_TRACE(std::string(row.name) + ": " + user + " " + action);
        NegotiationCommandsTest_InEachStateTheLegalActionsAndNoOthers_Test other;
        other.open();
        for (const auto& [who, what] : row.way) ASSERT_EQ(other.act_code(who, what), "ok");
        const std::string before = other.status();
        const bool may = std::ranges::find(legal, std::string_view(action), [](const char* one) {
                           return std::string_view(one);
                         }) != legal.end();
        const std::string answer = other.act_code(user, action);
        if (may) {
          EXPECT_EQ(answer, "ok");
          continue;
        }
        // An objection of who may object fails by its ratio alone.
        const bool objects = std::string_view(action).starts_with("object") &&
                             std::ranges::any_of(legal, [](std::string_view one) {
                               return one.starts_with("object");
                             });
        EXPECT_EQ(answer, objects ? "bad_ratio" : "illegal_action");
        EXPECT_EQ(other.status(), before) << "changes nothing";
      }
    }
  }
}

TEST_F(NegotiationCommandsTest, ARefusalNamesWhatIsPossible) {
  open();
  EXPECT_THAT(act(kInitiator, "accept").reply,
              HasSubstr("Allowed: send_exemption, send_prior_agreement, refer."));
  act(kCounterpart, "refer");
  EXPECT_THAT(act(kInitiator, "accept").reply, HasSubstr("Allowed: –."));
}

TEST_F(NegotiationCommandsTest, AnObjectionAgainstWhatWasSentGoesBackToTheRatio) {
  open();
  act(kCounterpart, "object|60:40|r");
  act(kCounterpart, "send_exemption||not_covered");
  EXPECT_EQ(status(), "exemption_sent initiator  not_covered 1");
  const auto objected = act(kInitiator, "object||가입 확인");
  EXPECT_THAT(objected.deliveries.at(0).event, HasSubstr("면책(담보 외)에 이의를 제기하여"));
  EXPECT_EQ(status(), "discussing initiator 40:60  2");
}

TEST_F(NegotiationCommandsTest, TheFifthObjectionRefersByItself) {
  open();
  for (int i = 0; i < 4; ++i) {
    const auto objected = act(i % 2 == 0 ? kCounterpart : kInitiator, "object|60:40|r");
    EXPECT_EQ(objected.deliveries.size(), 1U);
  }
  const auto last = act(kCounterpart, "object|60:40|r");
  EXPECT_THAT(last.reply, HasSubstr(R"("seq":8,"state":"referred")"));
  ASSERT_EQ(last.deliveries.size(), 2U);
  EXPECT_THAT(last.deliveries[0].event, HasSubstr(R"("action":"object")"));
  EXPECT_THAT(last.deliveries[1].event,
              AllOf(HasSubstr(R"("sender":{"id":"system","name":"알림"})"),
                    HasSubstr(R"("action":"refer","by":"system","ratio":"","reason":"",)"
                              R"("state":"referred","turn":"")")));
  EXPECT_EQ(status(), "referred    5");
  EXPECT_EQ(act_code(kInitiator, "accept"), "illegal_action");
}

TEST_F(NegotiationCommandsTest, AHashtagDoesTheSameAsTheButton) {
  open();
  const auto sent = write(kInitiator, "확인 결과 #면책 담보외 입니다");
  EXPECT_THAT(told(sent), ElementsAre("message 12가3456", "negotiation 12가3456"));
  EXPECT_THAT(sent.deliveries[1].event,
              AllOf(HasSubstr(R"("action":"send_exemption")"), HasSubstr("not_covered"),
                    HasSubstr(R"("cmd":"adj-1:5.2")")));
  EXPECT_THAT(sent.reply, HasSubstr(R"("room":"r1","seq":4})")) << "of the message";
  EXPECT_EQ(status(), "exemption_sent counterpart  not_covered 0");
  EXPECT_THAT(told(write(kCounterpart, "#면책")).size(), 2U);
  EXPECT_EQ(status(), "exempt   not_covered 0");
}

TEST_F(NegotiationCommandsTest, APriorAgreementByHashtag) {
  open();
  EXPECT_EQ(write_code(kCounterpart, "#기협의 20:80"), "illegal_action") << "nothing was sent";
  EXPECT_EQ(write_code(kInitiator, "#기협의"), "bad_ratio");
  EXPECT_EQ(write_code(kInitiator, "#기협의 80:20"), "ok");
  EXPECT_EQ(write_code(kCounterpart, "#기협의 80:20"), "bad_ratio") << "that is another one";
  EXPECT_EQ(status(), "prior_agreement_sent counterpart 80:20  0");
  EXPECT_EQ(write_code(kCounterpart, "#기협의 20:80"), "ok");
  EXPECT_EQ(status(), "agreed  80:20  0");
  EXPECT_EQ(write_code(kInitiator, "#면책"), "illegal_action");
  EXPECT_EQ(write_code(kInitiator, "감사합니다"), "ok") << "one may still talk";
}

TEST_F(NegotiationCommandsTest, ARatioThatCannotBeReadAcceptsNothing) {
  open();
  EXPECT_THAT(write(kInitiator, "#기협의 80:30").reply,
              HasSubstr("Field: text. Found: 80:30. Allowed: 70:30 (own:other)."));
  EXPECT_EQ(write_code(kInitiator, "#기협의 80:20"), "ok");
  const std::string before = status();
  for (const char* word : {"20:70", "2:8", "20:80입니다", "20", "２０:８０"}) {
    EXPECT_THAT(write(kCounterpart, "#기협의 " + std::string(word)).reply,
                AllOf(HasSubstr(R"("code":"bad_ratio")"),
                      HasSubstr("Found: " + std::string(word) + ". Allowed: 20:80.")));
    EXPECT_EQ(status(), before);
  }
  EXPECT_EQ(write_code(kCounterpart, "#기협의 확인했습니다"), "ok");
  EXPECT_EQ(status(), "agreed  80:20  0");
}

TEST_F(NegotiationCommandsTest, QuotedOrTemplatedHashtagsDoNothing) {
  open();
  const std::string before = status();
  for (const char* text : {"> #면책", "\\\"#면책\\\" 이라고요?", "“#기협의 80:20” 은 아닙니다",
                           "이것은#면책", "#면책입니다"}) {
    EXPECT_THAT(told(write(kInitiator, text)), ElementsAre("message 12가3456")) << text;
  }
  EXPECT_THAT(told(write(kInitiator, "#면책", R"(,"template":"exempt-1")")),
              ElementsAre("message 12가3456"));
  EXPECT_EQ(status(), before);
  EXPECT_EQ(write_code(kInitiator, "#면책 #기협의 80:20"), "illegal_action") << "which of them?";
}

TEST_F(NegotiationCommandsTest, HashtagsActInNegotiationsAlone) {
  register_receipt("2024-1");
  intake("gar-1", "2024-1");
  EXPECT_THAT(told(send("adj-1", "message.send", R"("room":"r1","text":"#면책")")),
              ElementsAre("message 12가3456"));
}

TEST_F(NegotiationCommandsTest, AGarageGetsNothingOfIt) {
  open_room();
  ASSERT_EQ(open_code(kInitiator, "2024-1", kCounterpart), "ok");
  for (const char* user : {kCounterpart, kInitiator}) {
    for (const auto& delivery : say(user, "r2").deliveries) {
      EXPECT_THAT(delivery.recipients, Each(Not(HasSubstr("gar"))));
    }
  }
  EXPECT_THAT(read("gar-1", "unread.counts", R"("room":"r1")"), Not(HasSubstr("r2")));
  EXPECT_THAT(played.ok("gar-1", R"({"type":"unread.counts","id":"q"})"), Not(HasSubstr("r2")));
  for (const StreamRange& range :
       played.service().stream_ranges(played.index("gar-1"), Position{0})) {
    EXPECT_EQ(range.room, chat::RoomId{1});
  }
  // It is answered like a room that is not there, whatever is asked of it.
  const auto alike = [&](std::string there, std::string none) {
    const auto blank = [](std::string& reply, const std::string& room) {
      for (std::size_t at = reply.find(room); at != std::string::npos; at = reply.find(room)) {
        reply.replace(at, room.size(), "*");
      }
    };
    blank(there, "r2");
    blank(none, "r9");
    EXPECT_EQ(there, none);
  };
  for (const char* type : {"room.messages", "room.reads", "unread.counts", "negotiation.status"}) {
    alike(read("gar-1", type, R"("room":"r2")"), read("gar-1", type, R"("room":"r9")"));
  }
  const std::pair<const char*, const char*> commands[] = {
      {"message.send", R"(,"text":"#면책")"},
      {"room.read", R"(,"seq":1)"},
      {"repair.step", R"(,"step":"out")"},
      {"claim.convert", ""},
      {"negotiation.act", R"(,"action":"refer")"}};
  for (const auto& [type, more] : commands) {
    const auto ask = [&](const char* room) {
      return code("gar-1", type, R"("room":")" + std::string(room) + '"' + more);
    };
    EXPECT_EQ(ask("r2"), ask("r9")) << type;
  }
  EXPECT_EQ(open_code(kInitiator, "2024-1", "gar-1"), "unknown_user");
}

TEST(NegotiationBounds, WhatFollowsByItselfNeedsItsPlaceToo) {
  PlayedService played(kSmallDirectory, {8, 9, 9});
  played.ok("core-01", R"({"type":"receipt.register","id":"5.1","receipt":"1",)"
                       R"("plate":"12가3456","model":"m","adjuster":"adj-1"})");
  played.ok("adj-1", R"({"type":"negotiation.open","id":"5.1","receipt":"1",)"
                     R"("counterpart":"adj-2","ratio":"70:30"})");
  int n = 1;
  const auto object = [&](const char* user) {
    return R"({"type":"negotiation.act","id":"5.)" + std::to_string(user[4] == '1' ? ++n : n) +
           R"(","room":"r1","action":"object","ratio":"60:40","reason":"r"})";
  };
  for (const char* user : {"adj-2", "adj-1", "adj-2", "adj-1"}) played.ok(user, object(user));
  EXPECT_EQ(played.code("adj-2", object("adj-2")), "limit_reached") << "one place is left, not two";
  EXPECT_EQ(
      played.code("adj-2", R"({"type":"message.send","id":"5.4","room":"r1","text":"#면책"})"),
      "illegal_action");
  EXPECT_EQ(
      played.code("adj-1", R"({"type":"message.send","id":"5.4","room":"r1","text":"#면책"})"),
      "limit_reached");
  EXPECT_EQ(played.code("adj-1", R"({"type":"message.send","id":"5.5","room":"r1","text":"네"})"),
            "ok");
}

}  // namespace
}  // namespace claims::server
