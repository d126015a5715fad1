#include "protocol/chat/command.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/limits.h"

namespace claims::chat {
namespace {

template <class Body>
Body command(std::string_view json) {
  const auto request = parse_request(json);
  EXPECT_TRUE(request.has_value()) << message_en(request.error().error);
  if (!request) return {};
  const auto& command = std::get<Command>(*request);
  EXPECT_EQ(command.id, (CommandId{5, 1}));
  return std::get<Body>(command.body);
}

template <class Body>
Body read(std::string_view json) {
  const auto request = parse_request(json);
  EXPECT_TRUE(request.has_value()) << message_en(request.error().error);
  if (!request) return {};
  EXPECT_EQ(std::get<Read>(*request).id, "q-1");
  return std::get<Body>(std::get<Read>(*request).body);
}

/// "<re> <code> <field>"
std::string refusal(std::string_view json) {
  const auto request = parse_request(json);
  if (request) return "accepted";
  const RequestError& error = request.error();
  return error.re + ' ' + std::string(to_string(error.error.code)) + ' ' + error.error.field;
}

TEST(Command, EveryTypeIsRead) {
  const auto receipt = command<RegisterReceipt>(
      R"({"type":"receipt.register","id":"5.1","receipt":"2024-1","plate":"12 가 3456",)"
      R"("model":"소나타","adjuster":"adj-1"})");
  EXPECT_EQ(receipt.receipt, "2024-1");
  EXPECT_EQ(receipt.plate, "12가3456");
  EXPECT_EQ(receipt.model, "소나타");
  EXPECT_EQ(receipt.adjuster, "adj-1");
  EXPECT_EQ(
      command<RegisterIntake>(R"({"type":"intake.register","id":"5.1","receipt":"7"})").receipt,
      "7");
  const auto message = command<SendMessage>(
      R"({"type":"message.send","id":"5.1","room":"r3","text":"e\u0301\n\"","vehicle":"12가3456"})");
  EXPECT_EQ(message.room, RoomId{3});
  EXPECT_EQ(message.text, "é\n\"");
  EXPECT_EQ(message.vehicle, "12가3456");
  const auto mark = command<MarkRead>(R"({"type":"room.read","id":"5.1","room":"r3","seq":4})");
  EXPECT_EQ(mark.seq, 4U);
  EXPECT_EQ(
      command<StepRepair>(R"({"type":"repair.step","id":"5.1","room":"r3","step":"out"})").step,
      RepairState::out);
  EXPECT_EQ(command<ConvertClaim>(R"({"type":"claim.convert","id":"5.1","room":"r3"})").room,
            RoomId{3});
  const auto list = read<ListMessages>(R"({"type":"room.messages","id":"q-1","room":"r3"})");
  EXPECT_EQ(list.after, 0U);
  EXPECT_EQ(list.limit, 50U);
  EXPECT_EQ(
      read<ListMessages>(R"({"type":"room.messages","id":"q-1","room":"r3","after":7,"limit":100})")
          .limit,
      100U);
  EXPECT_FALSE(read<CountUnread>(R"({"type":"unread.counts","id":"q-1"})").room);
  EXPECT_EQ(read<CountUnread>(R"({"type":"unread.counts","id":"q-1","room":"r1"})").room,
            RoomId{1});
  EXPECT_EQ(read<Sync>(R"({"type":"sync","id":"q-1","cursor":"0:1"})").cursor, "0:1");
}

TEST(Command, TheListsOfACommandAreRead) {
  const auto general = command<OpenGeneral>(
      R"({"type":"general.open","id":"5.1","adjuster":"adj-1","vehicles":["12 가 3456","서울32바1234"]})");
  EXPECT_EQ(general.vehicles, (std::vector<std::string>{"12가3456", "서울32바1234"}));
  const auto bulk = command<SendBulk>(
      R"({"type":"bulk.send","id":"5.1","targets":[{"vehicle":"12가3456","garage":"gar-1"},)"
      R"({"g\u0061rage":"gar-2","vehicle":"123 나 4567"}],"text":"확인 부탁드립니다."})");
  ASSERT_EQ(bulk.targets.size(), 2U);
  EXPECT_EQ(bulk.targets[0].garage, "gar-1");
  EXPECT_EQ(bulk.targets[0].vehicle, "12가3456");
  EXPECT_EQ(bulk.targets[1].garage, "gar-2");
  EXPECT_EQ(bulk.targets[1].vehicle, "123나4567");
}

TEST(Command, WrongListsAreNamed) {
  const auto bulk = [](const std::string& targets) {
    return refusal(R"({"type":"bulk.send","id":"5.1","text":"a","targets":)" + targets + "}");
  };
  const std::string one = R"({"garage":"gar-1","vehicle":"12가3456"})";
  std::string twice = "[" + one;
  EXPECT_EQ(bulk(twice + ']'), "accepted");
  twice.append(",").append(one).append("]");
  for (const std::string& wrong :
       {std::string("[]"), std::string("{}"), std::string("\"gar-1\""), std::string("[\"gar-1\"]"),
        std::string("[[\"gar-1\"]]"), twice, std::string(R"([{"garage":"gar-1"}])"),
        std::string(R"([{"garage":"gar-1","vehicle":"x"}])"),
        std::string(R"([{"garage":"G","vehicle":"12가3456"}])"),
        std::string(R"([{"garage":"gar-1","vehicle":"12가3456","x":"y"}])"),
        std::string(R"([{"garage":"gar-1","garage":"gar-2"}])"),
        std::string(R"([{"garage":"gar-1","vehicle":5}])"),
        std::string(R"([{"garage":"gar-1","vehicle":{"a":"b"}}])"), std::string("[null]")}) {
    EXPECT_EQ(bulk(wrong), "5.1 bad_field targets") << wrong;
  }
  const auto general = [](const std::string& vehicles) {
    return refusal(R"({"type":"general.open","id":"5.1","adjuster":"adj-1","vehicles":)" +
                   vehicles + "}");
  };
  for (const char* wrong :
       {"[]", "\"12가3456\"", "[1]", R"(["12가3456","12 가 3456"])", "[{}]", R"([["12가3456"]])"}) {
    EXPECT_EQ(general(wrong), "5.1 bad_field vehicles") << wrong;
  }
  std::string many = "[";
  for (int i = 0; i <= 20; ++i)
    many += (i > 0 ? ",\"12가" : "\"12가") + std::to_string(1000 + i) + '"';
  EXPECT_EQ(general(many + ']'), "5.1 bad_field vehicles");
}

TEST(Command, EachNegotiationActionTakesItsOwnFields) {
  const auto act = [](const std::string& rest) {
    return R"({"type":"negotiation.act","id":"5.1","room":"r3","action":")" + rest + '}';
  };
  const auto objection =
      command<ActNegotiation>(act(R"(object","ratio":"60:40","reason":"신호 위반")"));
  EXPECT_EQ(objection.action, NegotiationAction::object);
  EXPECT_EQ(objection.ratio, (Ratio{60, 40}));
  EXPECT_EQ(objection.reason, "신호 위반");
  EXPECT_FALSE(command<ActNegotiation>(act(R"(object","reason":"신호 위반")")).ratio);
  EXPECT_EQ(command<ActNegotiation>(act(R"(send_exemption","reason":"not_covered")")).exemption,
            ExemptionReason::not_covered);
  EXPECT_EQ(command<ActNegotiation>(act(R"(send_prior_agreement","ratio":"50:50")")).ratio,
            (Ratio{50, 50}));
  EXPECT_EQ(command<ActNegotiation>(act(R"(refer")")).action, NegotiationAction::refer);
  EXPECT_EQ(refusal(act(R"(open")")), "5.1 bad_field action");
  EXPECT_EQ(refusal(act(R"(open","ratio":"50:50")")), "5.1 bad_field action") << "whatever it has";
  EXPECT_EQ(refusal(act(R"(agree")")), "5.1 bad_field action");
  EXPECT_EQ(refusal(act(R"(accept","ratio":"50:50")")), "5.1 unknown_field ratio");
  EXPECT_EQ(refusal(act(R"(accept","reason":"a")")), "5.1 unknown_field reason");
  EXPECT_EQ(refusal(act(R"(object","ratio":"60:40")")), "5.1 missing_field reason");
  EXPECT_EQ(refusal(act(R"(object","ratio":"60:41","reason":"a")")), "5.1 bad_field ratio");
  EXPECT_EQ(refusal(act(R"(send_exemption","reason":"other")")), "5.1 bad_field reason");
  EXPECT_EQ(refusal(act(R"(send_exemption")")), "5.1 missing_field reason");
  EXPECT_EQ(refusal(act(R"(send_prior_agreement")")), "5.1 missing_field ratio");
}

TEST(Command, TheOtherNewTypesAreRead) {
  const auto estimate = command<WritePreEstimate>(
      R"({"type":"pre_estimate.write","id":"5.1","receipt":"7","amount":350000})");
  EXPECT_EQ(estimate.amount, 350'000U);
  EXPECT_EQ(refusal(R"({"type":"pre_estimate.write","id":"5.1","receipt":"7","amount":0})"),
            "5.1 bad_field amount");
  const auto open = command<OpenNegotiation>(
      R"({"type":"negotiation.open","id":"5.1","receipt":"7","counterpart":"adj-2","ratio":"100:0"})");
  EXPECT_EQ(open.ratio, (Ratio{100, 0}));
  EXPECT_EQ(command<SendMessage>(
                R"({"type":"message.send","id":"5.1","room":"r3","text":"#면책","template":"t-1"})")
                .from_template,
            "t-1");
  EXPECT_EQ(refusal(R"({"type":"message.send","id":"5.1","room":"r3","text":"a","template":""})"),
            "5.1 bad_field template");
  EXPECT_EQ(read<ListReads>(R"({"type":"room.reads","id":"q-1","room":"r3"})").room, RoomId{3});
  EXPECT_EQ(read<ListBulkOutcomes>(R"({"type":"bulk.outcomes","id":"q-1","bulk":"5.1"})").bulk,
            (CommandId{5, 1}));
  EXPECT_EQ(read<ShowNegotiation>(R"({"type":"negotiation.status","id":"q-1","room":"r3"})").room,
            RoomId{3});
  EXPECT_EQ(read<ListMessages>(
                R"({"type":"room.messages","id":"q-1","room":"r3","vehicle":"12 가 3456"})")
                .vehicle,
            "12가3456");
}

TEST(Command, WhatRoomsAndMembersTakeIsRead) {
  EXPECT_EQ(
      command<TakeInByPlate>(R"({"type":"intake.by_plate","id":"5.1","plate":"12 가 3456"})").plate,
      "12가3456");
  EXPECT_EQ(command<CancelIntake>(R"({"type":"intake.cancel","id":"5.1","room":"r3"})").room,
            RoomId{3});
  const auto further = command<WriteFurtherEstimate>(
      R"({"type":"estimate.further","id":"5.1","room":"r3","amount":5,"reason":"추가 손상"})");
  EXPECT_EQ(further.amount, 5U);
  EXPECT_EQ(further.reason, "추가 손상");
  EXPECT_EQ(command<ChangeRoom>(R"({"type":"room.change","id":"5.1","room":"r3","title":"앞범퍼"})")
                .title,
            "앞범퍼");
  EXPECT_EQ(command<DeleteRoom>(R"({"type":"room.delete","id":"5.1","room":"r3"})").room,
            RoomId{3});
  const auto invited = command<InviteUser>(
      R"({"type":"room.invite","id":"5.1","room":"r3","user":"adj-2","as":"guest"})");
  EXPECT_EQ(invited.user, "adj-2");
  EXPECT_EQ(invited.as, Invitation::guest);
  EXPECT_EQ(command<LeaveRoom>(R"({"type":"room.leave","id":"5.1","room":"r3"})").room, RoomId{3});
  EXPECT_EQ(
      command<HandOverRoom>(R"({"type":"room.hand_over","id":"5.1","room":"r3","user":"adj-2"})")
          .user,
      "adj-2");
  const auto handed = command<HandOverAdjuster>(
      R"({"type":"adjuster.hand_over","id":"5.1","adjuster":"adj-1","to":"adj-2",)"
      R"("reason":"retired"})");
  EXPECT_EQ(handed.adjuster, "adj-1");
  EXPECT_EQ(handed.to, "adj-2");
  EXPECT_EQ(handed.reason, Absence::retired);
  EXPECT_EQ(
      command<RecallAdjuster>(R"({"type":"adjuster.back","id":"5.1","adjuster":"adj-1"})").adjuster,
      "adj-1");
  for (const char* as : {"founder", "successor", ""}) {
    EXPECT_EQ(refusal(R"({"type":"room.invite","id":"5.1","room":"r3","user":"a","as":")" +
                      std::string(as) + "\"}"),
              "5.1 bad_field as");
  }
  EXPECT_EQ(refusal(R"({"type":"adjuster.hand_over","id":"5.1","adjuster":"a","to":"b",)"
                    R"("reason":"ill"})"),
            "5.1 bad_field reason");
  EXPECT_EQ(refusal(R"({"type":"room.change","id":"5.1","room":"r3","title":"a\nb"})"),
            "5.1 bad_field title");
}

TEST(Command, WhatMessagesFilesAndTemplatesTakeIsRead) {
  const auto message =
      command<SendMessage>(R"({"type":"message.send","id":"5.1","room":"r3",)"
                           R"("files":[{"name":"앞.jpg","kind":"guide"},{"name":"뒤.jpg"}]})");
  EXPECT_EQ(message.text, "");
  ASSERT_EQ(message.files.size(), 2U);
  EXPECT_EQ(message.files[0], (AttachedFile{"앞.jpg", FileKind::guide}));
  EXPECT_EQ(message.files[1], (AttachedFile{"뒤.jpg", FileKind::general}));
  EXPECT_EQ(refusal(R"({"type":"message.send","id":"5.1","room":"r3"})"), "5.1 missing_field text");
  EXPECT_EQ(
      command<DeleteMessage>(R"({"type":"message.delete","id":"5.1","room":"r3","seq":7})").seq,
      7U);
  const auto set = command<SetTemplate>(
      R"({"type":"template.set","id":"5.1","name":"greeting","text":"네","owner":"ins-01",)"
      R"("role":"garage"})");
  EXPECT_EQ(set.owner, "ins-01");
  EXPECT_EQ(set.role, Role::garage);
  EXPECT_EQ(command<DeleteTemplate>(R"({"type":"template.delete","id":"5.1","name":"faq.1"})").name,
            "faq.1");
}

TEST(Command, TheReadsInPagesAreRead) {
  const auto rooms = read<ListRooms>(
      R"({"type":"room.list","id":"q-1","kind":"general","vehicle":"12 가 3456","text":"김",)"
      R"("page":"r7","limit":3})");
  EXPECT_EQ(rooms.kind, RoomKind::general);
  EXPECT_EQ(rooms.vehicle, "12가3456");
  EXPECT_EQ(rooms.start.page, "r7");
  EXPECT_EQ(rooms.start.limit, 3U);
  EXPECT_EQ(read<ShowRoom>(R"({"type":"room.show","id":"q-1","room":"r3"})").room, RoomId{3});
  EXPECT_EQ(read<ListCandidates>(
                R"({"type":"invite.candidates","id":"q-1","room":"r3","as":"colleague"})")
                .as,
            Invitation::colleague);
  EXPECT_EQ(read<SearchMessages>(R"({"type":"message.search","id":"q-1","text":"범퍼"})").text,
            "범퍼");
  EXPECT_EQ(read<ListHistory>(R"({"type":"history.list","id":"q-1","estimate":"E-7"})").estimate,
            "E-7");
  EXPECT_EQ(read<ListTemplates>(R"({"type":"templates.list","id":"q-1","owner":"gar-1"})").owner,
            "gar-1");
  read<CountConversions>(R"({"type":"conversions.count","id":"q-1"})");
  EXPECT_NE(refusal(R"({"type":"history.list","id":"q-1"})"), "accepted");
  EXPECT_NE(refusal(R"({"type":"history.list","id":"q-1","room":"r1","receipt":"7"})"), "accepted");
  EXPECT_EQ(refusal(R"({"type":"room.list","id":"q-1","limit":101})"), "q-1 bad_field limit");
}

TEST(Command, TheTableOfTypesTellsWhatTheyTake) {
  const auto& types = request_types();
  EXPECT_EQ(types.front().name, "receipt.register");
  EXPECT_EQ(types.front().required,
            (std::vector<std::string_view>{"receipt", "plate", "model", "adjuster"}));
  EXPECT_TRUE(types.back().is_read);
  EXPECT_EQ(types.back().optional, std::vector<std::string_view>{"cursor"});
}

TEST(Command, KeysAndStringsMayBeEscaped) {
  EXPECT_EQ(
      command<RegisterIntake>(R"({"t\u0079pe":"intake.register","id":"5.1","receipt":"\u0037"})")
          .receipt,
      "7");
}

TEST(Command, WhatIsNotWellFormedIsNamed) {
  EXPECT_EQ(refusal(""), " malformed_json ");
  EXPECT_EQ(refusal("{"), " malformed_json ");
  EXPECT_EQ(refusal("[]"), " malformed_json ");
  EXPECT_EQ(refusal("1"), " malformed_json ");
  EXPECT_EQ(refusal("{} {}"), " malformed_json ");
  EXPECT_EQ(refusal("{'type':1}"), " malformed_json ");
  EXPECT_EQ(refusal("{\"type\":\"\xff\"}"), " malformed_json ");
  EXPECT_EQ(refusal(R"({"type":"\ud800"})"), " malformed_json ");
  EXPECT_EQ(refusal(R"({"id":"5.1","type":"sync","type":"sync","cursor":"0:1"})"),
            " malformed_json type");
  EXPECT_EQ(refusal(std::string(limits::kCommandBytesMax + 1, ' ')), " too_large ");
  EXPECT_EQ(refusal("{\"type\":" + std::string(9, '[') + std::string(9, ']') + "}"),
            " malformed_json ");
  EXPECT_EQ(refusal("{}"), " missing_field type");
  EXPECT_EQ(refusal(R"({"id":"5.1"})"), "5.1 missing_field type");
  EXPECT_EQ(refusal(R"({"id":"5.1","type":null})"), "5.1 bad_field type");
  EXPECT_EQ(refusal(R"({"id":"5.1","type":"room.close"})"), "5.1 unknown_type type");
  EXPECT_EQ(refusal(R"({"type":"claim.convert","room":"r1"})"), " missing_field id");
  EXPECT_EQ(refusal(R"({"id":"5","type":"claim.convert","room":"r1"})"), "5 bad_field id");
  EXPECT_EQ(refusal(R"({"id":"a b","type":"sync","cursor":"0:1"})"), " bad_field id");
  EXPECT_EQ(refusal(R"({"id":51,"type":"sync","cursor":"0:1"})"), " bad_field id");
  EXPECT_EQ(refusal(R"({"id":"5.1","type":"claim.convert"})"), "5.1 missing_field room");
  EXPECT_EQ(refusal(R"({"id":"5.1","type":"claim.convert","room":"r1","seq":1})"),
            "5.1 unknown_field seq");
  EXPECT_EQ(refusal(R"({"id":"5.1","type":"claim.convert","room":"r1","x":{"type":"sync"}})"),
            "5.1 unknown_field x");
}

TEST(Command, ValuesOutsideTheirRangeAreNamed) {
  const auto send = [](std::string_view fields) {
    return refusal(R"({"id":"5.1","type":"message.send",)" + std::string(fields) + '}');
  };
  EXPECT_EQ(send(R"("room":"r1","text":"")"), "5.1 bad_field text");
  EXPECT_EQ(send(R"("room":"r1","text":"\u0007")"), "5.1 bad_field text");
  EXPECT_EQ(send(R"("room":"r1","text":["a"])"), "5.1 bad_field text");
  EXPECT_EQ(send(R"("room":"1","text":"a")"), "5.1 bad_field room");
  EXPECT_EQ(send(R"("room":"r1","text":"a","vehicle":"")"), "5.1 bad_field vehicle");
  EXPECT_EQ(send(R"("room":"r1","text":"a","vehicle":null)"), "5.1 bad_field vehicle");
  std::string longest;
  for (std::size_t i = 0; i < limits::kTextCharactersMax; ++i) longest += "가";
  EXPECT_EQ(send(R"("room":"r1","text":")" + longest + '"'), "accepted");
  EXPECT_EQ(send(R"("room":"r1","text":")" + longest + "a\""), "5.1 bad_field text");

  const auto read_seq = [](std::string_view seq) {
    return refusal(R"({"id":"5.1","type":"room.read","room":"r1","seq":)" + std::string(seq) + '}');
  };
  for (const char* seq : {"0", "-1", "1.0", "1e2", "\"1\"", "null", "18446744073709551615",
                          "9007199254740993", "{}", "true"}) {
    EXPECT_EQ(read_seq(seq), "5.1 bad_field seq") << seq;
  }
  EXPECT_EQ(read_seq("1"), "accepted");
  EXPECT_EQ(refusal(R"({"id":"5.1","type":"repair.step","room":"r1","step":"in"})"),
            "5.1 bad_field step");
  EXPECT_EQ(refusal(R"({"id":"5.1","type":"room.messages","room":"r1","limit":101})"),
            "5.1 bad_field limit");
  EXPECT_EQ(refusal(R"({"id":"5.1","type":"receipt.register","receipt":"7","plate":"12가3456",)"
                    R"("model":"a\nb","adjuster":"adj-1"})"),
            "5.1 bad_field model");
}

TEST(Command, ErrorsShowWhatWasFound) {
  const auto request = parse_request(R"({"id":"5.1","type":"room.close"})");
  ASSERT_FALSE(request.has_value());
  EXPECT_EQ(request.error().error.found, "\"room.close\"");
  EXPECT_EQ(
      request.error().error.allowed,
      "receipt.register, intake.register, intake.by_plate, intake.cancel, pre_estimate.write, "
      "estimate.further, general.open, message.send, message.delete, room.read, room.change, "
      "room.delete, room.invite, room.leave, room.hand_over, adjuster.hand_over, "
      "adjuster.back, repair.step, claim.convert, bulk.send, negotiation.open, "
      "negotiation.act, template.set, template.delete, room.list, room.show, room.messages, "
      "room.reads, invite.candidates, message.search, history.list, unread.counts, "
      "bulk.outcomes, negotiation.status, templates.list, conversions.count, sync");
}

}  // namespace
}  // namespace claims::chat
