#include "simulator/check/field_checker.h"

#include <fmt/format.h>

#include "protocol/chat/error.h"

namespace claims::storm::audit {
namespace {

// Sender of what the server makes by itself (docs/contract.md).
constexpr std::string_view kSystemId = "system", kSystemName = "알림";

/// What shows through when a program prints an object, a missing value or a template as it is.
constexpr std::string_view kLeaks[] = {"[object ", "undefined", "${", "{{", "}}", "%s"};

std::string_view leak_in(std::string_view text) {
  for (const std::string_view leak : kLeaks) {
    if (text.find(leak) != std::string_view::npos) return leak;
  }
  return {};
}

}  // namespace

void FieldChecker::check(Room& room, const EventView& event, const Traced& traced) {
  sender(room, event, traced);
  if (event.kind == EventKind::joined) joined(room, event);
  vehicle(room, event, traced);
  time(room, event);
  texts(room, event);
}

void FieldChecker::sender(const Room& room, const EventView& event, const Traced& traced) {
  const bool by_server = event.kind == EventKind::joined || event.kind == EventKind::notice ||
                         event.kind == EventKind::greeting ||
                         (event.kind == EventKind::negotiation && !event.negotiation.by);
  if (event.sender_id == kSystemId && by_server) {
    if (event.sender_name != kSystemName) person(room, event, kSystemId, event.sender_name);
    return;
  }
  if (event.kind == EventKind::greeting) {
    return tell(room, event, "인사말은 system(알림)이 보내야 합니다.",
                "a greeting comes from system (알림).");
  }
  if (event.kind == EventKind::negotiation && by_server) {
    return tell(room, event, "서버가 스스로 한 회부는 system(알림)이 보내야 합니다.",
                "a referral by the server comes from system (알림).");
  }
  if (traced.sent && scene_.roster.user(traced.key.user).id != event.sender_id) {
    const std::string who = scene_.roster.who(traced.key.user);
    return tell(
        room, event,
        fmt::format("보낸 사람은 {}인데 {}(으)로 되어 있습니다.", who,
                    chat::excerpt(event.sender_id)),
        fmt::format("{} sent it, and its sender says {}.", who, chat::excerpt(event.sender_id)));
  }
  person(room, event, event.sender_id, event.sender_name);
}

void FieldChecker::person(const Room& room, const EventView& event, std::string_view id,
                          std::string_view name) {
  const auto number = scene_.roster.find(id);
  std::string_view expected = id == kSystemId ? kSystemName : std::string_view{};
  if (number && scene_.roster.user(*number).known) expected = scene_.roster.user(*number).name;
  if (!expected.empty() ? name == expected : !name.empty() && name != id) return;
  tell(room, event,
       fmt::format("{}의 이름은 \"{}\"인데 \"{}\"(으)로 되어 있습니다.", chat::excerpt(id),
                   expected.empty() ? "?" : expected, chat::excerpt(name)),
       fmt::format(R"(the name of {} is "{}", and it says "{}".)", chat::excerpt(id),
                   expected.empty() ? "?" : expected, chat::excerpt(name)));
}

void FieldChecker::joined(const Room& room, const EventView& event) {
  person(room, event, event.user_id, event.user_name);
  const auto number = scene_.roster.find(event.user_id);
  if (number && scene_.roster.user(*number).known &&
      scene_.roster.user(*number).role != event.role) {
    tell(room, event, fmt::format("역할이 {}(으)로 되어 있습니다.", chat::to_string(event.role)),
         fmt::format("the role says {}.", chat::to_string(event.role)));
  }
  if (!room.linked || !room.judged) return;
  const std::string_view kind = chat::to_string(room.kind);
  const bool general = room.kind == chat::RoomKind::general;
  if (room.receipt == kNoReceipt && !general) return;
  const Receipt none;
  const Receipt& receipt = general ? none : scene_.receipts.at(room.receipt);
  // From where it may read depends on how it came in: the MembershipChecker's.
  const bool founder = event.as == chat::Invitation::founder;
  if (event.room_kind == kind && event.receipt == receipt.number && event.model == receipt.model &&
      (event.from == 1 || !founder)) {
    return;
  }
  tell(room, event,
       fmt::format("종류 {}, 접수번호 {}, 차종 {}, from 1이어야 하는데 {}, {}, {}, {}입니다.", kind,
                   receipt.number, receipt.model, chat::excerpt(event.room_kind),
                   chat::excerpt(event.receipt), chat::excerpt(event.model), event.from),
       fmt::format("kind {}, receipt {}, model {} and from 1 are due, and it says {}, {}, {}, {}.",
                   kind, receipt.number, receipt.model, chat::excerpt(event.room_kind),
                   chat::excerpt(event.receipt), chat::excerpt(event.model), event.from));
}

void FieldChecker::vehicle(const Room& room, const EventView& event, const Traced& traced) {
  if (!room.judged || room.kind == chat::RoomKind::general) return;  // The VehicleChecker's.
  // A message's own vehicle is compared with what was sent, by the outcome.
  if (traced.command != nullptr && !traced.command->vehicle.empty() && !event.vehicle.empty()) {
    return;
  }
  const std::string_view plate = room.receipt == kNoReceipt
                                     ? std::string_view{}
                                     : std::string_view(scene_.receipts.at(room.receipt).plate);
  if (plate.empty() ? !event.vehicle.empty() : event.vehicle == plate) return;
  tell(room, event,
       fmt::format("차량은 \"{}\"인데 \"{}\"(으)로 되어 있습니다.", plate.empty() ? "?" : plate,
                   chat::excerpt(event.vehicle)),
       fmt::format(R"(the vehicle is "{}", and it says "{}".)", plate.empty() ? "?" : plate,
                   chat::excerpt(event.vehicle)));
}

void FieldChecker::time(Room& room, const EventView& event) {
  if (event.at_ms <= 0) {
    tell(room, event, fmt::format("시각이 {}입니다.", event.at_ms),
         fmt::format("its time is {}.", event.at_ms));
  }
  const SeenEvent* before = room.window.find(event.seq - 1);
  if (before != nullptr && before->seen && event.at_ms < before->at_ms) {
    tell(room, event,
         fmt::format("시각 {}이(가) 순번 {}의 시각 {}보다 앞섭니다.", event.at_ms, event.seq - 1,
                     before->at_ms),
         fmt::format("its time {} is before the time {} of seq {}.", event.at_ms, before->at_ms,
                     event.seq - 1));
  }
  const SeenEvent* after = room.window.find(event.seq + 1);
  if (after != nullptr && after->seen && after->at_ms < event.at_ms) {
    tell(room, event,
         fmt::format("시각 {}이(가) 순번 {}의 시각 {}보다 뒤입니다.", event.at_ms, event.seq + 1,
                     after->at_ms),
         fmt::format("its time {} is after the time {} of seq {}.", event.at_ms, after->at_ms,
                     event.seq + 1));
  }
}

void FieldChecker::texts(const Room& room, const EventView& event) {
  const bool made_by_server = event.kind != EventKind::message && event.kind != EventKind::joined;
  if (event.kind == EventKind::further_estimate && event.estimate.empty()) {
    tell(room, event, "추가 견적의 번호가 없습니다.", "its further estimate has no number.");
  }
  if (made_by_server && event.text.empty()) {
    tell(room, event, "글이 비어 있습니다.", "its text is empty.");
  }
  if (event.kind == EventKind::claim && event.claim.empty()) {
    tell(room, event, "청구 번호가 없습니다.", "its claim has no number.");
  }
  if (event.kind == EventKind::pre_estimate && event.estimate.empty()) {
    tell(room, event, "견적 번호가 없습니다.", "its estimate has no number.");
  }
  // What a user wrote is the user's matter; it is compared with what was sent.
  const std::string_view leak = made_by_server ? leak_in(event.text) : std::string_view{};
  if (!leak.empty()) {
    tell(room, event, fmt::format("글에 \"{}\"이(가) 그대로 보입니다.", leak),
         fmt::format(R"(its text shows "{}".)", leak));
  }
  if (event.kind != EventKind::greeting || room.adjuster == kNobody) return;
  const User& adjuster = scene_.roster.user(room.adjuster);
  if (adjuster.known && event.text.find(adjuster.name) == std::string_view::npos) {
    tell(room, event, fmt::format("인사말에 담당자의 이름 \"{}\"이(가) 없습니다.", adjuster.name),
         fmt::format(R"(the greeting lacks the adjuster's name "{}".)", adjuster.name));
  }
}

void FieldChecker::opening_reply(const Command& command, const ResultView& result) {
  const bool tells_vehicle = command.type == CommandType::intake_register ||
                             command.type == CommandType::pre_estimate_write;
  if (!tells_vehicle || command.receipt == kNoReceipt) return;
  const Receipt& receipt = scene_.receipts.at(command.receipt);
  if (result.vehicle == receipt.plate) return;
  scene_.stories.tell(Checker::present_fields, [&] {
    const std::string who = scene_.roster.who(command.key.user);
    const std::string id = command_text(scene_.roster, command.key);
    const std::string said = chat::excerpt(result.vehicle);
    return Story{fmt::format("{}의 {} 명령 {}: 차량은 \"{}\"인데 응답은 \"{}\"입니다.", who,
                             to_string(command.type), id, receipt.plate, said),
                 fmt::format(R"({}'s {} {}: the vehicle is "{}", and its reply says "{}".)", who,
                             to_string(command.type), id, receipt.plate, said)};
  });
}

void FieldChecker::tell(const Room& room, const EventView& event, std::string_view ko,
                        std::string_view en) {
  scene_.stories.tell(Checker::present_fields, [&] {
    return Story{fmt::format("{}: {} 이벤트: {}, 명령 {}.", place_ko(room, event.seq), ko,
                             content(event), event.cmd),
                 fmt::format("{}: {} It was {}, of command {}.", place_en(room, event.seq), en,
                             content(event), event.cmd)};
  });
}

}  // namespace claims::storm::audit
