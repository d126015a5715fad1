#include "simulator/check/unread_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "protocol/limits.h"
#include "simulator/check/deletion_checker.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

/// `own`: the mark of the member's messages.
bool is_message_by_another(std::uint8_t mark, std::uint8_t own) {
  return mark >= mark::kMessage && mark != own;
}

std::uint8_t own_mark(const Room& room, UserNumber user) {
  return mark::message(first_row(room, user).value_or(mark::kMembersMax));
}

/// Messages by others in (read, as_of], as far as they were seen; without those that are gone by
/// then.
template <class Gone>
std::int64_t unread(const Room& room, std::uint32_t row, chat::Seq read, chat::Seq as_of,
                    Gone gone) {
  const Member& member = room.members[row];
  const chat::Seq to = std::min({as_of, member.left, room.last()});
  const std::uint8_t own = own_mark(room, member.user);
  std::int64_t count = 0;
  for (chat::Seq seq = std::max(read + 1, member.from); seq <= to; ++seq) {
    count += is_message_by_another(room.marks[static_cast<std::size_t>(seq - 1)], own) ? 1 : 0;
  }
  for (const Deletion& deletion : room.deletions) {
    if (deletion.of <= read || deletion.of < member.from || deletion.of > to) continue;
    const std::uint8_t mark = room.marks[static_cast<std::size_t>(deletion.of - 1)];
    count -= is_message_by_another(mark, own) && gone(deletion) ? 1 : 0;
  }
  return count;
}

std::int64_t unread(const Room& room, std::uint32_t row, chat::Seq read, chat::Seq as_of) {
  return unread(room, row, read, as_of,
                [&](const Deletion& it) { return it.at != 0 && it.at <= as_of; });
}

}  // namespace

void UnreadChecker::sent(Command& command) {
  if (!command.room || command.counts_unread) return;
  Room* room = scene_.rooms.find(*command.room);
  if (room == nullptr) return;
  if (command.type == CommandType::message_send) {
    command.counts_unread = true;
    ++room->messages_open;
  } else if (command.type == CommandType::room_read) {
    const auto row = last_row(*room, command.key.user);
    if (!row) return;
    command.counts_unread = true;
    command.row = *row;
    Member& member = room->members[*row];
    ++member.reads_open;
    member.read_possible = std::max(member.read_possible, command.read_seq);
  }
}

void UnreadChecker::read_refused(Command& command) {
  if (command.type != CommandType::room_read || !command.counts_unread) return;
  command.counts_unread = false;
  Room& room = *scene_.rooms.find(*command.room);
  Member& member = room.members[command.row];
  if (--member.reads_open == 0) member.read_possible = member.read;
}

void UnreadChecker::read_acknowledged(Command& command, const ResultView& result) {
  if (!command.counts_unread || result.room != command.room) return;
  Room& room = *scene_.rooms.find(*command.room);
  const std::uint32_t row = command.row;
  Member& member = room.members[row];
  const chat::Seq least = std::max(command.read_seq, member.read_at(command.tick));
  const chat::Seq most = std::max(member.read_possible, least);
  if (command.read_seq > member.read) {
    member.read_before = member.read;
    member.read_before_tick = member.read_tick;
    member.read = command.read_seq;
    member.read_tick = scene_.tick;
  }
  command.counts_unread = false;
  if (--member.reads_open == 0) member.read_possible = member.read;

  const std::string id = command_text(scene_.roster, command.key);
  if (result.seq < least || result.seq > most) {
    return tell(room, command.key.user,
                fmt::format("{} 명령 뒤의 읽은 순번은 {}–{}이어야 하는데 {}입니다.", id, least,
                            most, result.seq),
                fmt::format("after {} its read seq must be {} to {}, and it says {}.", id, least,
                            most, result.seq));
  }
  // Its as_of lies between what was acknowledged before it was sent and what is on its way now.
  const std::int64_t fewest =
      unread(room, row, result.seq, command.acknowledged_before,
             [](const Deletion& it) { return it.sent > 0 || it.known_tick != 0; });
  const std::uint32_t in_bulk = room.pair == nullptr ? 0 : room.pair->messages_open;
  const auto unseen =
      static_cast<std::int64_t>(std::count(room.marks.begin(), room.marks.end(), mark::kUnseen) +
                                room.messages_open + in_bulk);
  const std::int64_t greatest = unread(room, row, result.seq, kOpenEnd,
                                       [&](const Deletion& it) {
                                         return it.known_tick != 0 && it.known_tick < command.tick;
                                       }) +
                                unseen;
  if (result.unread < fewest || result.unread > greatest) {
    tell(
        room, command.key.user,
        fmt::format("{} 명령의 응답: {}번까지 읽으면 안 읽은 글이 {}–{}건이어야 하는데 {}건입니다.",
                    id, result.seq, fewest, greatest, result.unread),
        fmt::format("the reply to {}: having read up to {}, {} to {} are unread, and it says {}.",
                    id, result.seq, fewest, greatest, result.unread));
  }
}

std::optional<std::string> UnreadChecker::counts_replied(const Ask& ask, const ReplyView& reply) {
  const json::value* rooms = reply.result->if_contains("rooms");
  const json::value* total = reply.result->if_contains("total");
  const json::value* more = reply.result->if_contains("more");
  if (rooms == nullptr || !rooms->is_array() || more == nullptr || !more->is_bool() ||
      total == nullptr || integer_of(*total).value_or(-1) < 0 || reply.result->size() != 3) {
    return "result is not rooms, total and more";
  }
  if (rooms->get_array().size() > claims::limits::kUnreadRoomsMax)
    return "there are too many rooms";
  std::vector<chat::RoomId> seen;
  std::int64_t listed_sum = 0;
  for (const json::value& entry : rooms->get_array()) {
    const json::object* room = entry.if_object();
    const json::value* id = room == nullptr ? nullptr : room->if_contains("room");
    const json::value* unread = room == nullptr ? nullptr : room->if_contains("unread");
    const auto parsed =
        id == nullptr ? std::nullopt : chat::parse_room_id(text_of(*id).value_or(""));
    const auto count = unread == nullptr ? std::nullopt : integer_of(*unread);
    if (!parsed || !count || *count < 0 || room->size() != 2) {
      return "an entry of rooms is not room and unread";
    }
    const auto as_of = as_of_room(reply.as_of, *parsed);
    if (!as_of) return "as_of lacks room " + chat::to_string(*parsed);
    seen.push_back(*parsed);
    listed_sum += *count;
    // A room that opened just now may not have been seen yet.
    if (Room* known = scene_.rooms.find(*parsed)) listed(ask, *known, *count, *as_of);
  }
  if (!more->get_bool()) omitted(ask, seen);
  compare_total(ask, listed_sum, *integer_of(*total), more->get_bool());
  return std::nullopt;
}

void UnreadChecker::compare_total(const Ask& ask, std::int64_t listed, std::int64_t total,
                                  bool more) {
  if (more ? total >= listed : total == listed) return;
  scene_.stories.tell(Checker::unread_counts, [&] {
    const std::string who = scene_.roster.who(ask.session);
    return Story{
        fmt::format("{}: 안 읽은 글이 대화방을 모두 더하면 {}건인데 합계는 {}건입니다 ({}).", who,
                    listed, total, ask.id),
        fmt::format("{}: the rooms' unread counts sum to {}, and total says {} ({}).", who, listed,
                    total, ask.id)};
  });
}

void UnreadChecker::listed(const Ask& ask, Room& room, std::int64_t unread, chat::Seq as_of) {
  const UserNumber user = scene_.roster.session(ask.session).user;
  if (!room.linked || !room.judged) return;
  const auto row = last_row(room, user);
  if (!row && scene_.rooms.may_join(room.id, user)) return;
  if (!row) return strangers_.counted(room, ask);
  if (!room.members[*row].current()) {
    // Who has left is asked for no counts; it may have been there when they were made.
    if (room.members[*row].left_tick < ask.tick) strangers_.counted(room, ask);
    return;
  }
  if (ask.room && *ask.room != room.id) {
    return tell(room, user, fmt::format("대화방 {}을 물었습니다.", chat::to_string(*ask.room)),
                fmt::format("it had asked about room {}.", chat::to_string(*ask.room)));
  }
  if (as_of < ask.acknowledged_before) {
    return tell(room, user,
                fmt::format("as_of가 {}인데, 묻기 전에 {}번이 이미 확인되었습니다 ({}).", as_of,
                            ask.acknowledged_before, ask.id),
                fmt::format("as_of is {}, and {} was acknowledged before it asked ({}).", as_of,
                            ask.acknowledged_before, ask.id));
  }
  const Member& member = room.members[*row];
  const chat::Seq least = member.read_at(ask.tick);
  const PendingUnread pending{*row,  least,  std::max(least, member.read_possible),
                              as_of, unread, ask.session};
  if (room.known_through >= as_of) {
    compare(room, pending);
  } else if (room.pending_unread.size() < Room::kPendingUnreadMax) {
    room.pending_unread.push_back(pending);
  }
}

void UnreadChecker::omitted(const Ask& ask, const std::vector<chat::RoomId>& listed) {
  const UserNumber user = scene_.roster.session(ask.session).user;
  for (const RoomNumber number : scene_.roster.user(user).rooms) {
    Room& room = scene_.rooms.all()[static_cast<std::size_t>(number)];
    if (!room.judged || (ask.room && *ask.room != room.id)) continue;
    if (std::find(listed.begin(), listed.end(), room.id) != listed.end()) continue;
    const Member& member = room.members[*last_row(room, user)];
    const Member& first = room.members[*first_row(room, user)];
    // Who may be about to leave, or the room to be deleted, is not judged.
    if (!member.current() || room.frees_sent > 0 || first.leaves_sent > 0) continue;
    // Nor is who came in meanwhile.
    if (member.joined_tick >= ask.tick) continue;
    const std::uint8_t own = own_mark(room, user);
    for (chat::Seq seq = std::max(member.read_possible + 1, member.from); seq <= room.last();
         ++seq) {
      if (!is_message_by_another(room.marks[static_cast<std::size_t>(seq - 1)], own)) continue;
      if (may_be_deleted(room, seq)) continue;
      const SeenEvent* seen = room.window.find(seq);
      if (seen == nullptr || seen->tick >= ask.tick) continue;
      tell(room, user,
           fmt::format("{}번을 읽지 않았는데 응답({})에 이 대화방이 없습니다.", seq, ask.id),
           fmt::format("{} is unread, and the reply ({}) lacks the room.", seq, ask.id));
      break;
    }
  }
}

void UnreadChecker::compare(const Room& room, const PendingUnread& pending) {
  const std::int64_t fewest = unread(room, pending.member, pending.read_most, pending.as_of);
  const std::int64_t greatest = unread(room, pending.member, pending.read_least, pending.as_of);
  if (fewest <= pending.unread && pending.unread <= greatest) return;
  tell(room, room.members[pending.member].user,
       fmt::format("{}번까지 읽었고 as_of {}이면 안 읽은 글이 {}건이어야 하는데 {}건이라고 합니다.",
                   pending.read_least, pending.as_of, greatest, pending.unread),
       fmt::format("having read up to {}, {} are unread as of {}, and the reply says {}.",
                   pending.read_least, greatest, pending.as_of, pending.unread));
}

void UnreadChecker::advanced(Room& room) {
  std::erase_if(room.pending_unread, [&](const PendingUnread& pending) {
    if (room.known_through < pending.as_of) return false;
    compare(room, pending);
    return true;
  });
}

void UnreadChecker::in_history(const Room& room, const EventView& event) {
  if (!room.linked || !room.judged) return;
  // Whoever wrote it is told by its command; what the server says by itself has another sender.
  const bool written = event.kind == EventKind::message || event.kind == EventKind::claim;
  const auto cmd = parse_cmd(scene_.roster, event.cmd);
  const auto sender =
      written && cmd ? std::optional(cmd->key.user) : scene_.roster.find(event.sender_id);
  std::int64_t fewest = 0, greatest = 0;
  for (const Member& member : room.members) {
    if (!member.current() || !member.may_read(event.seq)) continue;
    if (sender && member.user == *sender) continue;
    fewest += member.read_possible < event.seq ? 1 : 0;
    greatest += member.read < event.seq ? 1 : 0;
  }
  if (fewest <= event.unread_by && event.unread_by <= greatest) return;
  tell(room, kNobody,
       fmt::format("이력의 순번 {}: 읽지 않은 사람이 {}명이어야 하는데 {}명이라고 합니다.",
                   event.seq, greatest, event.unread_by),
       fmt::format("in the history, {} have not read seq {}, and it says {}.", greatest, event.seq,
                   event.unread_by));
}

void UnreadChecker::finish(Room& room) {
  advanced(room);
  for (const PendingUnread& pending : room.pending_unread) {
    tell(room, room.members[pending.member].user,
         fmt::format("as_of가 {}인데 대화방의 마지막 순번은 {}입니다.", pending.as_of, room.last()),
         fmt::format("as_of is {}, and the room's last seq is {}.", pending.as_of, room.last()));
  }
  room.pending_unread.clear();
}

void UnreadChecker::tell(const Room& room, UserNumber user, std::string_view ko,
                         std::string_view en) {
  scene_.stories.tell(Checker::unread_counts, [&] {
    const std::string id = chat::to_string(room.id);
    if (user == kNobody) {
      return Story{fmt::format("대화방 {}: {}", id, ko), fmt::format("Room {}: {}", id, en)};
    }
    const std::string who = scene_.roster.who(user);
    return Story{fmt::format("{}, 대화방 {}: {}", who, id, ko),
                 fmt::format("{}, room {}: {}", who, id, en)};
  });
}

}  // namespace claims::storm::audit
