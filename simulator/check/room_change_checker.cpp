#include "simulator/check/room_change_checker.h"

#include <fmt/format.h>

#include "protocol/chat/error.h"
#include "simulator/check/membership_checker.h"

namespace claims::storm::audit {

void RoomChangeChecker::seen(Room& room, const EventView& event, const Traced& traced) {
  if (!room.linked || !room.judged || room.second) return;
  if (room.deleted != 0 && event.seq > room.deleted) {
    tell(room, event.seq, event.cmd,
         fmt::format("대화방은 순번 {}에서 삭제되었는데 그 뒤에 이벤트가 있습니다: {}.",
                     room.deleted, content(event)),
         fmt::format("the room was deleted at seq {}, and an event follows: {}.", room.deleted,
                     content(event)));
  }
  if (event.kind == EventKind::room_deleted && room.last() > event.seq) {
    tell(room, event.seq, event.cmd,
         fmt::format("삭제된 뒤에 순번 {}까지 이벤트가 있습니다.", room.last()),
         fmt::format("the room goes on up to seq {} after it was deleted.", room.last()));
  }
  if (event.kind != EventKind::room_changed) return;
  RoomChange change = change_of(RoomChange::Kind::changed, event, traced);
  change.title = event.title;
  add_change(room, std::move(change));
}

void RoomChangeChecker::fold(Room& room, const RoomChange& change) {
  if (change.kind == RoomChange::Kind::deleted) return deleted(room, change);
  if (change.kind != RoomChange::Kind::changed) return;
  room.titles.push_back({change.seq, change.title});
  const auto row = scene_.rooms.member_at(room, change.by, change.seq);
  if (row && room.members[*row].as != chat::Invitation::guest) return;
  tell(room, change.seq, change.cmd,
       fmt::format("{}은(는) 대화방을 바꿀 수 없습니다.", scene_.roster.who(change.by)),
       fmt::format("{} cannot change the room.", scene_.roster.who(change.by)));
}

void RoomChangeChecker::deleted(const Room& room, const RoomChange& change) {
  const bool negotiation = room.kind == chat::RoomKind::negotiation;
  if (negotiation || (change.by != room.garage && change.by != room.in_charge(1, change.seq))) {
    return tell(room, change.seq, change.cmd,
                fmt::format("{}은(는) {} 대화방을 삭제할 수 없습니다.",
                            scene_.roster.who(change.by), chat::to_string(room.kind)),
                fmt::format("{} cannot delete the {} room.", scene_.roster.who(change.by),
                            chat::to_string(room.kind)));
  }
  const bool ended = !room.state || *room.state == chat::RepairState::cancelled ||
                     *room.state == chat::RepairState::out;
  if (ended) return;
  tell(room, change.seq, change.cmd,
       fmt::format("정비 상태 {}에서는 삭제할 수 없습니다.", chat::to_string(*room.state)),
       fmt::format("it cannot be deleted in state {}.", chat::to_string(*room.state)));
}

void RoomChangeChecker::tell(const Room& room, chat::Seq seq, std::string_view cmd,
                             std::string_view ko, std::string_view en) {
  scene_.stories.tell(Checker::room_changes, [&] {
    return Story{fmt::format("{}: {} 명령 {}.", place_ko(room, seq), ko, cmd),
                 fmt::format("{}: {} The command was {}.", place_en(room, seq), en, cmd)};
  });
}

}  // namespace claims::storm::audit
