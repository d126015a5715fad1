#include "simulator/check/membership_checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/chat/error.h"
#include "protocol/limits.h"

namespace claims::storm::audit {

using chat::Invitation;

namespace {

/// The room may give up its place by it: its receipt's, or its garage and adjuster's.
bool frees(const Command& command) {
  return command.room &&
         (command.type == CommandType::intake_cancel || command.type == CommandType::room_delete ||
          command.type == CommandType::room_hand_over);
}

}  // namespace

RoomChange change_of(RoomChange::Kind kind, const EventView& event, const Traced& traced) {
  RoomChange change;
  change.seq = event.seq;
  change.kind = kind;
  change.by = traced.key.user;
  change.by_insurer = traced.type == CommandType::adjuster_hand_over;
  change.sent_tick = traced.command == nullptr ? 0 : traced.command->tick;
  change.told = content(event);
  change.cmd = event.cmd;
  return change;
}

UserNumber subject_of(Scene& scene, const Traced& traced, std::string_view named) {
  const Absence* absence = scene.absences.find(traced.key);
  if (absence == nullptr) return traced.command == nullptr ? kNobody : traced.command->other;
  // The successor's rooms may have a successor of their own by now.
  const auto possible = scene.absences.may_open_with(absence->to, absence->sent_tick);
  for (const UserNumber user : possible) {
    if (scene.roster.user(user).id == named) return user;
  }
  return possible.empty() ? absence->to : possible.front();
}

void MembershipChecker::sent(Command& command) {
  const bool joins =
      command.type == CommandType::room_invite || command.type == CommandType::room_hand_over;
  if (joins && command.room && command.other != kNobody) {
    command.joins_open = true;
    scene_.rooms.may_join(*command.room, command.other, 1);
  }
  if (Member* leaving = leaving_by(command)) ++leaving->leaves_sent;
  Room* room = frees(command) ? scene_.rooms.find(*command.room) : nullptr;
  if (room == nullptr) return;
  ++room->frees_sent;
  if (room->receipt != kNoReceipt) {
    scene_.receipts.at(room->receipt).freed_tick = command.tick;
  }
  if (room->pair != nullptr) room->pair->freed_tick = command.tick;
}

Member* MembershipChecker::leaving_by(const Command& command) {
  if (command.type != CommandType::room_leave || !command.room) return nullptr;
  Room* room = scene_.rooms.find(*command.room);
  const auto row = room == nullptr ? std::nullopt : last_row(*room, command.key.user);
  // Of a refusal, the row may be a later one.
  return row ? &room->members[*first_row(*room, command.key.user)] : nullptr;
}

void MembershipChecker::refused(Command& command) {
  if (command.joins_open) {
    command.joins_open = false;
    scene_.rooms.may_join(*command.room, command.other, -1);
  }
  if (Member* leaving = leaving_by(command)) --leaving->leaves_sent;
  Room* room = frees(command) ? scene_.rooms.find(*command.room) : nullptr;
  if (room != nullptr && room->frees_sent > 0) --room->frees_sent;
}

void MembershipChecker::acknowledged(const Command& command, const ResultView& result) {
  if (command.type != CommandType::room_invite) return;
  const chat::Seq due = command.as == Invitation::guest ? result.seq : 1;
  if (result.from == due) return;
  scene_.stories.tell(Checker::membership, [&] {
    const std::string id = command_text(scene_.roster, command.key);
    const std::string_view as = chat::to_string(command.as);
    return Story{
        fmt::format("초대 {}({}, 순번 {})의 응답에서 from은 {}이어야 하는데 {}입니다.", id, as,
                    result.seq, due, result.from),
        fmt::format("the reply to the invitation {} ({}, seq {}) must say from {}, and says {}.",
                    id, as, result.seq, due, result.from)};
  });
}

void MembershipChecker::seen(Room& room, const EventView& event, const Traced& traced,
                             chat::Seq last_before) {
  if (!room.linked || !room.judged || room.second) return;
  switch (event.kind) {
    case EventKind::joined:
      return joined(room, event, traced, last_before);
    case EventKind::left:
      return left(room, event, traced, last_before);
    case EventKind::room_deleted:
      return deleted(room, event, traced, last_before);
    default:
      break;
  }
  // The insurer hands over rooms that it is no member of.
  if (traced.type == CommandType::adjuster_hand_over) return;
  if (scene_.rooms.member_at(room, traced.key.user, event.seq)) return;
  add_change(room, change_of(RoomChange::Kind::made, event, traced));
}

void MembershipChecker::joined(Room& room, const EventView& event, const Traced& traced,
                               chat::Seq last_before) {
  if (opens_room(traced.type)) {
    if (event.as == Invitation::founder) return;
    return tell(room, event.seq, event.cmd, "대화방을 연 사람인데 초대된 것으로 되어 있습니다.",
                "it opened the room, and its `joined` says that it was invited.");
  }
  const UserNumber user = subject_of(scene_, traced, event.user_id);
  if (user == kNobody) {
    return tell(room, event.seq, event.cmd, "명단에 없는 사람이 들어왔습니다.",
                "somebody joined whom the directory does not have.");
  }
  const User& due = scene_.roster.user(user);
  const bool invited = traced.type == CommandType::room_invite;
  const Invitation as = invited && traced.command != nullptr ? traced.command->as
                        : invited                            ? event.as
                                                             : Invitation::successor;
  const chat::Seq from = as == Invitation::guest ? event.seq : 1;
  if (event.user_id != due.id || event.as != as || event.from != from) {
    tell(room, event.seq, event.cmd,
         fmt::format("{}이(가) {}(으)로, {}번부터 들어와야 하는데 {}, {}, {}번입니다.", due.id,
                     chat::to_string(as), from, chat::excerpt(event.user_id),
                     chat::to_string(event.as), event.from),
         fmt::format("{} must join as {} from {}, and it says {}, {}, {}.", due.id,
                     chat::to_string(as), from, chat::excerpt(event.user_id),
                     chat::to_string(event.as), event.from));
  }
  RoomChange change = change_of(RoomChange::Kind::joined, event, traced);
  change.user = user;
  change.as = as;
  add_change(room, std::move(change));
  Member member;
  member.user = user;
  member.as = as;
  member.from = from;
  member.live = event.seq;
  member.invited_by = traced.key.user;
  member.joined_at_ms = event.at_ms;
  member.joined_tick = scene_.tick;
  // Nothing before it counts as unread; what was read before stays read.
  member.read = member.read_possible = from - 1;
  for (const Member& earlier : room.members) {
    if (earlier.user != user) continue;
    member.read = std::max(member.read, earlier.read);
    member.read_possible = std::max(member.read_possible, earlier.read_possible);
  }
  // What ends it may have been seen before.
  if (room.deleted > event.seq) member.left = room.deleted;
  for (const RoomChange& it : room.changes) {
    if (it.kind != RoomChange::Kind::left || it.user != user || it.seq <= event.seq) continue;
    member.left = std::min(member.left, it.seq);
  }
  if (!member.current()) member.left_tick = scene_.tick;
  const std::uint64_t sent = traced.command == nullptr ? scene_.tick : traced.command->tick;
  const std::uint32_t row = scene_.rooms.join(room, std::move(member), sent);
  deliveries_.joined(room, row, last_before);
  if (traced.command == nullptr || !traced.command->joins_open) return;
  traced.command->joins_open = false;
  scene_.rooms.may_join(room.id, user, -1);
}

void MembershipChecker::left(Room& room, const EventView& event, const Traced& traced,
                             chat::Seq last_before) {
  const UserNumber user = traced.key.user;
  const User& due = scene_.roster.user(user);
  const bool role_fits = !due.known || (event.role == due.role && event.user_name == due.name);
  if (event.user_id != due.id || !role_fits) {
    tell(room, event.seq, event.cmd,
         fmt::format("나간 사람은 {}인데 {} \"{}\"(으)로 되어 있습니다.", scene_.roster.who(user),
                     chat::excerpt(event.user_id), chat::excerpt(event.user_name)),
         fmt::format("{} left, and it says {} \"{}\" ({}).", scene_.roster.who(user),
                     chat::excerpt(event.user_id), chat::excerpt(event.user_name),
                     chat::to_string(event.role)));
  }
  RoomChange change = change_of(RoomChange::Kind::left, event, traced);
  change.user = user;
  add_change(room, std::move(change));
  if (traced.command != nullptr) {
    Member* leaving = leaving_by(*traced.command);
    if (leaving != nullptr && leaving->leaves_sent > 0) --leaving->leaves_sent;
  }
  const auto row = scene_.rooms.member_at(room, user, event.seq);
  if (row) end_row(room, *row, event.seq, last_before);
}

void MembershipChecker::deleted(Room& room, const EventView& event, const Traced& traced,
                                chat::Seq last_before) {
  add_change(room, change_of(RoomChange::Kind::deleted, event, traced));
  if (room.deleted == 0) room.deleted = event.seq;
  for (std::uint32_t row = 0; row < room.members.size(); ++row) {
    if (room.members[row].is_there(event.seq)) end_row(room, row, event.seq, last_before);
  }
}

void MembershipChecker::end_row(Room& room, std::uint32_t row, chat::Seq seq,
                                chat::Seq last_before) {
  Member& member = room.members[row];
  member.left = seq;
  member.left_tick = scene_.tick;
  deliveries_.left(room, row, last_before);
}

void MembershipChecker::fold(Room& room, const RoomChange& change) {
  switch (change.kind) {
    case RoomChange::Kind::joined:
      return fold_joined(room, change);
    case RoomChange::Kind::left:
      return fold_left(room, change);
    case RoomChange::Kind::made: {
      const auto row = scene_.rooms.member_at(room, change.by, change.seq);
      std::uint8_t& mark = room.marks[static_cast<std::size_t>(change.seq - 1)];
      // Whose message it is could not be told before.
      if (row && mark >= mark::kMessage) mark = mark::message(*first_row(room, change.by));
      if (row || room.untraced_told) return;
      room.untraced_told = true;
      return scene_.stories.tell(Checker::origin, [&] {
        const std::string who = scene_.roster.who(change.by);
        return Story{
            fmt::format("{}: {}은(는) 이 대화방의 구성원이 아닌데 이벤트를 만들었습니다. 내용: "
                        "{}, 명령 {}.",
                        place_ko(room, change.seq), who, change.told, change.cmd),
            fmt::format("{}: {} made it and is not a member. It was {}, of command {}.",
                        place_en(room, change.seq), who, change.told, change.cmd)};
      });
    }
    case RoomChange::Kind::delivered:
      if (scene_.rooms.member_at(room, change.user, change.seq)) return;
      return strangers_.delivered(room, change.session, change.seq, change.told, change.cmd);
    default:
      return;
  }
}

void MembershipChecker::fold_joined(const Room& room, const RoomChange& change) {
  std::size_t there = 0;
  bool again = false;
  for (const Member& member : room.members) {
    if (!member.is_there(change.seq)) continue;
    ++there;
    again = again || (member.user == change.user && member.live != change.seq);
  }
  const std::string who = scene_.roster.who(change.user);
  if (again) {
    return tell(room, change.seq, change.cmd,
                fmt::format("{}은(는) 이미 구성원인데 다시 들어왔습니다.", who),
                fmt::format("{} joined and is a member already.", who));
  }
  if (there > claims::limits::kMembersPerRoomMax) {
    tell(room, change.seq, change.cmd, fmt::format("구성원이 {}명입니다.", there),
         fmt::format("there are {} members.", there));
  }
  if (change.as == Invitation::successor) return;
  const auto row = scene_.rooms.member_at(room, change.by, change.seq);
  if (!row) {
    return tell(room, change.seq, change.cmd,
                fmt::format("{}은(는) 구성원이 아닌데 초대했습니다.", scene_.roster.who(change.by)),
                fmt::format("{} invited and is no member.", scene_.roster.who(change.by)));
  }
  const std::string_view wrong = wrong_invitation(room, change, room.members[*row]);
  if (wrong.empty()) return;
  tell(room, change.seq, change.cmd,
       fmt::format("{}이(가) {}을(를) {}(으)로 초대할 수 없습니다: {}.",
                   scene_.roster.who(change.by), who, chat::to_string(change.as), wrong),
       fmt::format("{} cannot invite {} as {}: {}.", scene_.roster.who(change.by), who,
                   chat::to_string(change.as), wrong));
}

std::string_view MembershipChecker::wrong_invitation(const Room& room, const RoomChange& change,
                                                     const Member& inviter) const {
  const User& by = scene_.roster.user(change.by);
  const User& user = scene_.roster.user(change.user);
  const bool by_adjuster = by.role == chat::Role::adjuster && inviter.as != Invitation::guest;
  if (!user.known || user.role == chat::Role::insurer) return "unknown_user";
  if (user.role == chat::Role::adjuster && scene_.absences.is_out(change.user, change.sent_tick)) {
    return "not_in_service";
  }
  if (change.as == Invitation::colleague) {
    if (!by_adjuster) return "not_permitted";
    if (user.role != chat::Role::adjuster) return "unknown_user";
    return by.insurer == user.insurer ? "" : "foreign_adjuster";
  }
  if (room.kind == chat::RoomKind::negotiation) return "wrong_kind";
  if (!by_adjuster && change.by != room.garage) return "not_permitted";
  if (user.role != chat::Role::adjuster || room.founders[1] == kNobody) return "";
  const User& charge = scene_.roster.user(room.in_charge(1, change.seq));
  return charge.insurer.empty() || charge.insurer != user.insurer ? "" : "own_colleague";
}

void MembershipChecker::fold_left(const Room& room, const RoomChange& change) {
  const std::string who = scene_.roster.who(change.user);
  if (!scene_.rooms.member_at(room, change.user, change.seq)) {
    return tell(room, change.seq, change.cmd,
                fmt::format("{}은(는) 구성원이 아닌데 나갔습니다.", who),
                fmt::format("{} left and was no member.", who));
  }
  const bool negotiation = room.kind == chat::RoomKind::negotiation;
  const bool stays = change.user == room.in_charge(1, change.seq) ||
                     change.user == (negotiation ? room.in_charge(0, change.seq) : room.garage);
  if (!stays) return;
  tell(room, change.seq, change.cmd,
       fmt::format("{}은(는) 담당자이거나 대화방을 연 정비공장이어서 나갈 수 없습니다.", who),
       fmt::format("{} is in charge, or the garage whose room it is, and cannot leave.", who));
}

void MembershipChecker::tell(const Room& room, chat::Seq seq, std::string_view cmd,
                             std::string_view ko, std::string_view en) {
  scene_.stories.tell(Checker::membership, [&] {
    return Story{fmt::format("{}: {} 명령 {}.", place_ko(room, seq), ko, cmd),
                 fmt::format("{}: {} The command was {}.", place_en(room, seq), en, cmd)};
  });
}

}  // namespace claims::storm::audit
