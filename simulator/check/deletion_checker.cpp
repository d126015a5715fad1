#include "simulator/check/deletion_checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/check/digest.h"

namespace claims::storm::audit {
namespace {

Deletion& deletion_of(Room& room, chat::Seq of) {
  const auto place = std::ranges::lower_bound(room.deletions, of, {}, &Deletion::of);
  if (place != room.deletions.end() && place->of == of) return *place;
  Deletion& added = *room.deletions.insert(place, Deletion{});
  added.of = of;
  const SeenEvent* seen = room.window.find(of);
  if (seen != nullptr && seen->seen && !seen->deleted) added.digest = seen->digest;
  return added;
}

/// Who sent the message; nobody when that is not known, or it is no message.
UserNumber sender_of(const Room& room, chat::Seq seq) {
  if (seq == 0 || seq > room.last()) return kNobody;
  const std::uint8_t mark = room.marks[static_cast<std::size_t>(seq - 1)];
  if (mark < mark::kMessage) return kNobody;
  const std::uint32_t row = std::uint32_t{mark} - mark::kMessage;
  return row < room.members.size() ? room.members[row].user : kNobody;
}

}  // namespace

bool is_deleted(const Room& room, chat::Seq seq, chat::Seq as_of) {
  const Deletion* deletion = find_deletion(room, seq);
  return deletion != nullptr && deletion->at != 0 && deletion->at <= as_of;
}

bool may_be_deleted(const Room& room, chat::Seq seq) {
  const Deletion* deletion = find_deletion(room, seq);
  return deletion != nullptr && (deletion->sent > 0 || deletion->known_tick != 0);
}

void DeletionChecker::sent(const Command& command) {
  Room* room = command.room ? scene_.rooms.find(*command.room) : nullptr;
  if (command.type != CommandType::message_delete || room == nullptr || command.read_seq == 0) {
    return;
  }
  // What is further ahead cannot be there.
  if (command.read_seq > room->last() + RoomModel::kJumpMax) return;
  ++deletion_of(*room, command.read_seq).sent;
}

void DeletionChecker::acknowledged(const Command& command, const ResultView& result) {
  Room* room = command.room ? scene_.rooms.find(*command.room) : nullptr;
  if (command.type != CommandType::message_delete || room == nullptr) return;
  if (result.of != command.read_seq) {
    tell(*room, command.read_seq, fmt::format("응답은 {}번을 삭제했다고 합니다.", result.of),
         fmt::format("the reply says that {} was deleted.", result.of));
  }
  Deletion* deletion = find_deletion(*room, command.read_seq);
  if (deletion != nullptr && deletion->known_tick == 0) deletion->known_tick = scene_.tick;
}

void DeletionChecker::refused(const Command& command, std::string_view code) {
  Room* room = command.room ? scene_.rooms.find(*command.room) : nullptr;
  if (command.type != CommandType::message_delete || room == nullptr) return;
  if (command.asks > 1 && (code == "id_reused" || code == "id_too_old")) return;
  Deletion* deletion = find_deletion(*room, command.read_seq);
  if (deletion != nullptr && deletion->sent > 0) --deletion->sent;
  told_refused(command, code);
}

void DeletionChecker::told_refused(const Command& command, std::string_view code) {
  const Room& room = *scene_.rooms.find(*command.room);
  if (room.linked && room.judged && !room.second) {
    const UserNumber sender = sender_of(room, command.read_seq);
    const bool own = sender == command.key.user;
    const std::string who = scene_.roster.who(command.key.user);
    if (own && (code == "not_permitted" || code == "bad_seq")) {
      return tell(room, command.read_seq,
                  fmt::format("{}이(가) 자기 글을 삭제하려는데 {}로 거절되었습니다.", who, code),
                  fmt::format("{} deletes its own message, and was refused with {}.", who, code));
    }
    if (own && code == "already_deleted" && !may_be_deleted(room, command.read_seq)) {
      return tell(
          room, command.read_seq,
          fmt::format("{}이(가) 처음 삭제하려는데 이미 삭제되었다고 거절되었습니다.", who),
          fmt::format("{} deletes it for the first time, and was refused with {}.", who, code));
    }
  }
}

void DeletionChecker::seen(Room& room, const EventView& event, const Traced& traced,
                           std::uint64_t digest) {
  if (event.kind == EventKind::message && !event.deleted) {
    if (Deletion* deletion = find_deletion(room, event.seq)) deletion->digest = digest;
  }
  if (event.kind != EventKind::message_deleted) return;
  if (event.of >= event.seq) {
    return tell(room, event.seq, fmt::format("{}번을 삭제했다고 합니다.", event.of),
                fmt::format("it says that {} was deleted, which comes later.", event.of));
  }
  Deletion& deletion = deletion_of(room, event.of);
  if (deletion.at != 0) {
    return tell(room, event.of,
                fmt::format("{}번과 {}번에서 두 번 삭제되었습니다.", deletion.at, event.seq),
                fmt::format("it was deleted twice, at {} and at {}.", deletion.at, event.seq));
  }
  deletion.at = event.seq;
  if (deletion.known_tick == 0) deletion.known_tick = scene_.tick;
  deletion.by = traced.key.user;
}

bool DeletionChecker::agrees(Room& room, const EventView& event, std::uint64_t digest,
                             SeenEvent& seen) {
  if (seen.envelope != envelope_of(event)) return false;
  if (seen.deleted && !event.deleted) {
    seen.deleted = false;
    seen.digest = digest;
    if (Deletion* deletion = find_deletion(room, event.seq)) deletion->digest = digest;
  }
  return true;
}

std::uint64_t DeletionChecker::original(Room& room, const EventView& event, std::uint64_t digest) {
  const Deletion* deletion = find_deletion(room, event.seq);
  if (deletion != nullptr && deletion->digest != 0) return deletion->digest;
  room.content_unknown = true;
  return digest;
}

void DeletionChecker::delivered(Room& room, SessionNumber session, const EventView& event,
                                const Observer* observer) {
  if (event.kind != EventKind::message) return;
  const Deletion* deletion = find_deletion(room, event.seq);
  if (deletion == nullptr && !event.deleted) return;
  const Session& at = scene_.roster.session(session);
  const auto lost = lost_.find(session);
  const bool new_connection = deletion != nullptr && deletion->known_tick != 0 &&
                              lost != lost_.end() && deletion->known_tick < lost->second;
  const bool behind = deletion != nullptr && deletion->at != 0 && observer != nullptr &&
                      !at.resuming && observer->settled >= deletion->at;
  shown(room, event, scene_.roster.who(session), new_connection || behind);
}

void DeletionChecker::read(Room& room, const Ask& ask, const EventView& event, chat::Seq as_of) {
  if (event.kind != EventKind::message) return;
  const Deletion* deletion = find_deletion(room, event.seq);
  if (deletion == nullptr && !event.deleted) return;
  const bool known =
      deletion != nullptr && deletion->known_tick != 0 && deletion->known_tick < ask.tick;
  shown(room, event, scene_.roster.who(ask.session), known || is_deleted(room, event.seq, as_of));
}

void DeletionChecker::in_history(Room& room, const EventView& event) {
  if (event.kind != EventKind::message) return;
  const Deletion* deletion = find_deletion(room, event.seq);
  if (deletion == nullptr && !event.deleted) return;
  shown(room, event, "room.messages", deletion != nullptr && deletion->known_tick != 0);
}

void DeletionChecker::shown(Room& room, const EventView& event, std::string_view whom,
                            bool never_again) {
  Deletion* deletion = find_deletion(room, event.seq);
  if (event.deleted) {
    if (deletion != nullptr) deletion->shown = true;
    if (may_be_deleted(room, event.seq) || !room.linked || !room.judged) return;
    return tell(room, event.seq, fmt::format("{}: 아무도 삭제하지 않은 글이 없어졌습니다.", whom),
                fmt::format("{}: the message is gone, and nobody deleted it.", whom));
  }
  if (!never_again) return;
  tell(room, event.seq,
       fmt::format("{}: 삭제된 글의 내용이 다시 보였습니다: {}.", whom, content(event)),
       fmt::format("{} was shown what was deleted: {}.", whom, content(event)));
}

void DeletionChecker::found(const Room& room, const Ask& ask, chat::Seq seq) {
  const Deletion* deletion = find_deletion(room, seq);
  if (deletion == nullptr || deletion->known_tick == 0 || deletion->known_tick >= ask.tick) return;
  const std::string who = scene_.roster.who(ask.session);
  tell(room, seq, fmt::format("{}: 삭제된 글이 검색되었습니다 ({}).", who, ask.id),
       fmt::format("{} found what was deleted ({}).", who, ask.id));
}

void DeletionChecker::finish(const Room& room) {
  if (!room.linked || !room.judged || room.second) return;
  for (const Deletion& deletion : room.deletions) {
    if (deletion.at == 0) {
      if (!deletion.shown) continue;
      tell(room, deletion.of, "삭제되었다고 보였지만 삭제 이벤트가 없습니다.",
           "it was shown as deleted, and no event says so.");
      continue;
    }
    const UserNumber sender = sender_of(room, deletion.of);
    if (deletion.of > room.known_through || sender == deletion.by) continue;
    const std::string who = scene_.roster.who(deletion.by);
    tell(room, deletion.of, fmt::format("{}이(가) 삭제했지만 {}의 글이 아닙니다.", who, who),
         fmt::format("{} deleted it, and it is no message of {}.", who, who));
  }
}

void DeletionChecker::tell(const Room& room, chat::Seq seq, std::string_view ko,
                           std::string_view en) {
  scene_.stories.tell(Checker::deleted_messages, [&] {
    return Story{fmt::format("{}: {}", place_ko(room, seq), ko),
                 fmt::format("{}: {}", place_en(room, seq), en)};
  });
}

}  // namespace claims::storm::audit
