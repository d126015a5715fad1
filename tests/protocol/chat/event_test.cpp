#include "protocol/chat/event.h"

#include <gtest/gtest.h>

namespace claims::chat {
namespace {

Event event_with(EventBody body) {
  return Event{RoomId{7},
               3,
               Milliseconds(1714521600000),
               Person{"gar-00001", "한빛 \"1\""},
               "12가3456",
               "gar-00001:1714521600000.2",
               std::move(body)};
}

std::string text_of(const Event& event, std::string_view end) {
  std::string out;
  write_event_open(event, out);
  out += end;
  return out;
}

const EventBody kBodies[] = {
    Joined{Person{"gar-00001", "한빛"}, Role::garage, 1, RoomKind::inbound, "2024-1", "소나타"},
    Notice{RepairState::in_repair, "수리를 시작합니다."},
    Greeting{"안녕하세요"},
    Message{"줄\n바꿈 \\ \"따옴\"", ""},
    Message{"#면책", "notice-1"},
    Claim{"2024-1-c", "청구로 전환되었습니다."},
    Joined{Person{"gar-00001", "한빛"}, Role::garage, 1, RoomKind::general, "", ""},
    PreEstimate{"E-2024-1", 350'000, "선견적이 작성되었습니다."},
    VehicleAdded{"차량"},
    Negotiated{NegotiationAction::object, Side::counterpart, Ratio{60, 40}, "신호 위반",
               NegotiationState::discussing, Side::initiator, "이의제기"},
    Negotiated{NegotiationAction::refer, std::nullopt, std::nullopt, "", NegotiationState::referred,
               std::nullopt, "분쟁심의 회부"},
    Joined{Person{"adj-2", "이서연"}, Role::adjuster, 3, RoomKind::inbound, "7", "소나타",
           Invitation::guest},
    Joined{Person{"adj-3", "박지훈"}, Role::adjuster, 1, RoomKind::general, "", "",
           Invitation::successor},
    Notice{RepairState::cancelled, "입고가 취소되었습니다."},
    Message{"", "", {{"앞.jpg", FileKind::guide}, {"뒤.jpg", FileKind::manual}}},
    Message{"", "", {}, true},
    MessageDeleted{2, "삭제"},
    Left{Person{"adj-2", "이서연"}, Role::adjuster, "나갔습니다."},
    HandedOver{Person{"adj-1", "김민준"}, Person{"adj-3", "박지훈"}, "변경"},
    RoomChanged{"앞범퍼", "변경"},
    RoomDeleted{"삭제"},
    FurtherEstimate{"F-7-1", 5, "추가 손상", "추가견적"}};

TEST(Event, IsWrittenInContractOrder) {
  EXPECT_EQ(text_of(event_with(Message{"네", ""}), "}"),
            R"({"type":"message","room":"r7","seq":3,"at":1714521600000,)"
            R"("sender":{"id":"gar-00001","name":"한빛 \"1\""},"vehicle":"12가3456",)"
            R"("cmd":"gar-00001:1714521600000.2","body":{"text":"네"}})");
  EXPECT_EQ(text_of(event_with(kBodies[0]), "}"),
            R"({"type":"joined","room":"r7","seq":3,"at":1714521600000,)"
            R"("sender":{"id":"gar-00001","name":"한빛 \"1\""},"vehicle":"12가3456",)"
            R"("cmd":"gar-00001:1714521600000.2","body":{"user":{"id":"gar-00001","name":"한빛",)"
            R"("role":"garage"},"from":1,"kind":"inbound","receipt":"2024-1","model":"소나타"}})");
}

TEST(Event, EveryBodyIsReadBackWithEitherEnding) {
  for (const EventBody& body : kBodies) {
    const Event event = event_with(body);
    const auto logged = parse_event(text_of(event, "}"));
    ASSERT_TRUE(logged) << logged.error();
    EXPECT_EQ(logged->event, event);
    EXPECT_EQ(logged->cursor, "");
    EXPECT_EQ(logged->unread_by, -1);
    const auto live = parse_event(text_of(event, R"(,"cursor":"0:12"})"));
    ASSERT_TRUE(live) << live.error();
    EXPECT_EQ(live->event, event);
    EXPECT_EQ(live->cursor, "0:12");
    const auto page = parse_event(text_of(event, R"(,"unread_by":2})"));
    ASSERT_TRUE(page) << page.error();
    EXPECT_EQ(page->unread_by, 2);
  }
}

TEST(Event, ANegotiationsStepIsWrittenInContractOrder) {
  EXPECT_EQ(text_of(event_with(Negotiated{NegotiationAction::open, Side::initiator, Ratio{70, 30},
                                          "", NegotiationState::discussing, Side::counterpart,
                                          "과실협의를 시작합니다."}),
                    "}"),
            R"({"type":"negotiation","room":"r7","seq":3,"at":1714521600000,)"
            R"("sender":{"id":"gar-00001","name":"한빛 \"1\""},"vehicle":"12가3456",)"
            R"("cmd":"gar-00001:1714521600000.2","body":{"action":"open","by":"initiator",)"
            R"("ratio":"70:30","reason":"","state":"discussing","turn":"counterpart",)"
            R"("text":"과실협의를 시작합니다."}})");
}

TEST(Event, WhatHappensToRoomsAndMembersIsWrittenInContractOrder) {
  const auto body_of = [](EventBody body) {
    const std::string text = text_of(event_with(std::move(body)), "}");
    return text.substr(text.find(R"("body":)") + 7);
  };
  EXPECT_EQ(body_of(Joined{Person{"a", "b"}, Role::garage, 3, RoomKind::inbound, "7", "m",
                           Invitation::guest}),
            R"({"user":{"id":"a","name":"b","role":"garage"},"from":3,"kind":"inbound",)"
            R"("receipt":"7","model":"m","as":"guest"}})");
  EXPECT_EQ(body_of(Left{Person{"a", "b"}, Role::garage, "c"}),
            R"({"user":{"id":"a","name":"b","role":"garage"},"text":"c"}})");
  EXPECT_EQ(body_of(HandedOver{Person{"a", "b"}, Person{"c", "d"}, "e"}),
            R"({"from":{"id":"a","name":"b"},"to":{"id":"c","name":"d"},"text":"e"}})");
  EXPECT_EQ(body_of(RoomChanged{"a", "b"}), R"({"title":"a","text":"b"}})");
  EXPECT_EQ(body_of(RoomDeleted{"a"}), R"({"text":"a"}})");
  EXPECT_EQ(body_of(FurtherEstimate{"F", 5, "r", "t"}),
            R"({"estimate":"F","amount":5,"reason":"r","text":"t"}})");
  EXPECT_EQ(body_of(MessageDeleted{2, "t"}), R"({"of":2,"text":"t"}})");
  EXPECT_EQ(body_of(Message{"", "", {}, true}), R"({"deleted":true}})");
  EXPECT_EQ(body_of(Message{"a", "", {{"b", FileKind::guide}}}),
            R"({"text":"a","files":[{"name":"b","kind":"guide"}]}})");
}

TEST(Event, AReadReceiptHasNoSeqOfItsOwn) {
  EXPECT_EQ(read_receipt_json({RoomId{7}, Milliseconds(5), Person{"adj-1", "김"}, 6}),
            R"({"type":"read","room":"r7","at":5,"user":{"id":"adj-1","name":"김"},"seq":6})");
}

TEST(Event, AnyOrderOfFieldsIsRead) {
  const auto parsed = parse_event(
      R"({"body":{"text":"네"},"cmd":"a:1.1","vehicle":"12가3456","sender":{"name":"n","id":"a"},)"
      R"("at":5,"seq":3,"room":"r7","type":"message"})");
  ASSERT_TRUE(parsed) << parsed.error();
  EXPECT_EQ(parsed->event.body, EventBody(Message{"네", ""}));
}

TEST(Event, WhatIsWrongIsNamed) {
  const std::string good = text_of(event_with(Message{"네", ""}), "}");
  const auto error_with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    const auto parsed = parse_event(text);
    EXPECT_FALSE(parsed.has_value()) << text;
    return parsed.has_value() ? std::string() : parsed.error();
  };
  EXPECT_EQ(error_with(R"("seq":3)", R"("seq":0)"), "seq is no integer in its range");
  EXPECT_EQ(error_with(R"("seq":3)", R"("seq":"3")"), "seq is no integer in its range");
  EXPECT_EQ(error_with(R"("seq":3,)", ""), "seq is missing");
  EXPECT_EQ(error_with(R"("room":"r7")", R"("room":"7")"), "room is no room id");
  EXPECT_EQ(error_with(R"({"text":"네"})", "[]"), "body is no object");
  EXPECT_EQ(error_with(R"({"text":"네"})", R"({"text":1})"), "body.text is no string");
  EXPECT_EQ(error_with(R"({"text":"네"})", R"({"text":"네","x":1})"), "body has an unknown field");
  EXPECT_EQ(error_with(R"("message")", R"("massage")"), "type is no event type");
  EXPECT_EQ(error_with(R"("at")", R"("x":1,"at")"), "object has an unknown field");
  EXPECT_FALSE(parse_event("").has_value());
  EXPECT_FALSE(parse_event("[]").has_value());
  EXPECT_FALSE(parse_event(good + "x").has_value());
  EXPECT_FALSE(parse_event(good.substr(0, good.size() - 1)).has_value());
}

}  // namespace
}  // namespace claims::chat
