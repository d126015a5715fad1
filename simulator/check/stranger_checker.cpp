#include "simulator/check/stranger_checker.h"

#include <fmt/format.h>

#include <algorithm>

namespace claims::storm::audit {

void StrangerChecker::delivered(const Room& room, SessionNumber session, const EventView& event) {
  delivered(room, session, event.seq, content(event), event.cmd);
}

void StrangerChecker::delivered(const Room& room, SessionNumber session, chat::Seq seq,
                                std::string_view told, std::string_view cmd) {
  const UserNumber user = scene_.roster.session(session).user;
  hidden(room, user, fmt::format("순번 {}을 받았습니다: {}", seq, told),
         fmt::format("it got seq {}: {}", seq, told));
  scene_.stories.tell(Checker::secrecy, [&] {
    const std::string who = scene_.roster.who(session);
    std::string members;
    for (const Member& member : room.members) {
      if (!members.empty()) members += ", ";
      members += scene_.roster.who(member.user);
    }
    return Story{
        fmt::format("{}: {}을 받았지만 이 대화방의 구성원이 아닙니다. 구성원: {}. 내용: {}, "
                    "명령 {}.",
                    who, place_ko(room, seq), members, told, cmd),
        fmt::format("{} got {} and is not a member of it. Members are {}. It was {}, of "
                    "command {}.",
                    who, place_en(room, seq), members, told, cmd)};
  });
}

void StrangerChecker::counted(const Room& room, const Ask& ask) {
  hidden(room, scene_.roster.session(ask.session).user,
         fmt::format("읽지 않은 건수의 응답({})에 있습니다", ask.id),
         fmt::format("the unread counts ({}) show it", ask.id));
  scene_.stories.tell(Checker::secrecy, [&] {
    const std::string who = scene_.roster.who(ask.session);
    const std::string id = chat::to_string(room.id);
    return Story{fmt::format("{}: 읽지 않은 건수의 응답({})에 구성원이 아닌 대화방 {}이 있습니다.",
                             who, ask.id, id),
                 fmt::format("{}: the unread counts ({}) show room {}, of which it is no member.",
                             who, ask.id, id)};
  });
}

bool StrangerChecker::answered(const Room& room, const Ask& ask, std::uint64_t tick) {
  if (!room.linked || !room.judged) return true;
  const UserNumber user = scene_.roster.session(ask.session).user;
  const auto row = last_row(room, user);
  // Who has left reads on what it saw; everything else takes a member.
  const bool reads = ask.type == ReadType::room_messages || ask.type == ReadType::room_show;
  const bool gone =
      row && !reads && !room.members[*row].current() && room.members[*row].left_tick < tick;
  if ((row && !gone) || scene_.rooms.may_join(room.id, user)) return true;
  hidden(room, user, fmt::format("{}에 대한 응답을 받았습니다", ask.id),
         fmt::format("{} was answered", ask.id));
  scene_.stories.tell(Checker::secrecy, [&] {
    const std::string who = scene_.roster.who(ask.session);
    const std::string id = chat::to_string(room.id);
    return Story{fmt::format("{}: 구성원이 아닌 대화방 {}에 대해 물은 것({})이 받아들여졌습니다.",
                             who, id, ask.id),
                 fmt::format("{} is not a member of room {}, and what it asked there ({}) was "
                             "accepted.",
                             who, id, ask.id)};
  });
  return false;
}

void StrangerChecker::joined(const Room& room, const EventView& event) {
  const auto user = scene_.roster.find(event.user_id);
  if (user) {
    hidden(room, *user, fmt::format("순번 {}에서 들어왔습니다", event.seq),
           fmt::format("it joined at seq {}", event.seq));
  }
}

void StrangerChecker::hidden(const Room& room, UserNumber user, std::string_view ko,
                             std::string_view en) {
  if (room.kind != chat::RoomKind::negotiation || !room.linked) return;
  const User& it = scene_.roster.user(user);
  if (!it.known || it.role != chat::Role::garage) return;
  scene_.stories.tell(Checker::negotiation_hidden, [&] {
    const std::string who = scene_.roster.who(user);
    const std::string id = chat::to_string(room.id);
    return Story{fmt::format("정비공장 {}에 과실협의 대화방 {}이 보입니다: {}.", who, id, ko),
                 fmt::format("Garage {} sees room {}, which is a negotiation: {}.", who, id, en)};
  });
}

}  // namespace claims::storm::audit
