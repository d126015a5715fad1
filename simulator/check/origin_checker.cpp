#include "simulator/check/origin_checker.h"

#include <fmt/format.h>

namespace claims::storm::audit {
namespace {

/// Of the events that open a room.
bool opens(EventKind kind) {
  return kind == EventKind::joined || kind == EventKind::greeting;
}

bool makes(CommandType type, EventKind kind) {
  switch (type) {
    case CommandType::intake_register:
    case CommandType::intake_by_plate:
      return opens(kind) || kind == EventKind::notice;
    case CommandType::pre_estimate_write:
      return opens(kind) || kind == EventKind::pre_estimate;
    case CommandType::general_open:
      return opens(kind) || kind == EventKind::vehicle_added;
    case CommandType::bulk_send:
      return opens(kind) || kind == EventKind::vehicle_added || kind == EventKind::message;
    case CommandType::negotiation_open:
      // That it makes no greeting is told by the OpeningChecker.
      return opens(kind) || kind == EventKind::negotiation;
    case CommandType::negotiation_act:
      return kind == EventKind::negotiation;
    case CommandType::message_send:
      return kind == EventKind::message || kind == EventKind::negotiation;
    case CommandType::repair_step:
    case CommandType::intake_cancel:
      return kind == EventKind::notice;
    case CommandType::claim_convert:
      return kind == EventKind::claim;
    case CommandType::estimate_further:
      return kind == EventKind::further_estimate;
    case CommandType::message_delete:
      return kind == EventKind::message_deleted;
    case CommandType::room_change:
      return kind == EventKind::room_changed;
    case CommandType::room_delete:
      return kind == EventKind::room_deleted;
    case CommandType::room_invite:
      return kind == EventKind::joined;
    case CommandType::room_leave:
      return kind == EventKind::left;
    case CommandType::room_hand_over:
    case CommandType::adjuster_hand_over:
      return kind == EventKind::joined || kind == EventKind::handed_over;
    default:
      return false;
  }
}

}  // namespace

bool OriginChecker::check(Room& room, const EventView& event, const Traced& traced,
                          Checker teller) {
  const auto tell = [&](std::string_view ko, std::string_view en) {
    scene_.stories.tell(teller, [&] {
      return Story{fmt::format("{}: {} 내용: {}, 명령 {}.", place_ko(room, event.seq), ko,
                               content(event), event.cmd),
                   fmt::format("{}: {} It was {}, of command {}.", place_en(room, event.seq), en,
                               content(event), event.cmd)};
    });
    room.untraced_told = true;
    return false;
  };
  // Only those that bring about commands of their own have such, and make nothing without them.
  const bool derived_fits = traced.derived.empty() == !derives(traced.type);
  if (!traced.sent || !derived_fits) {
    return tell("보낸 적이 없는 명령에서 나온 이벤트입니다.",
                "the event comes from a command that nobody sent.");
  }
  // The type of a command that could be rejected is kept as well.
  if (!makes(traced.type, event.kind)) {
    return tell(fmt::format("이 이벤트는 {} 명령에서 나올 수 없습니다.", to_string(traced.type)),
                fmt::format("{} does not make such an event.", to_string(traced.type)));
  }
  if (!room.linked || !room.judged) {
    if (room.untraced_told || opens_room(traced.type)) return true;
    return tell("무엇으로 열린 대화방인지 알 수 없습니다.",
                "nothing can be found that opened this room.");
  }
  const bool by_member = scene_.rooms.member_at(room, traced.key.user, event.seq).has_value();
  // Where something before it was not seen, its maker may have joined there.
  const bool known = room.known_through + 1 >= event.seq;
  if (!by_member && known && traced.type != CommandType::adjuster_hand_over) {
    const std::string who = scene_.roster.who(traced.key.user);
    return tell(fmt::format("{}은(는) 이 대화방의 구성원이 아닌데 이벤트를 만들었습니다.", who),
                fmt::format("{} made it and is not a member.", who));
  }
  return true;
}

void OriginChecker::too_many_rooms(const EventView& event) {
  scene_.stories.tell(Checker::origin, [&] {
    const std::string id = chat::to_string(event.room);
    return Story{fmt::format("대화방 {}: 명령 없이 열린 대화방이 너무 많습니다.", id),
                 fmt::format("Room {}: too many rooms that no command opened.", id)};
  });
}

}  // namespace claims::storm::audit
