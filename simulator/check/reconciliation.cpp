#include "simulator/check/reconciliation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace claims::storm::audit {

bool Reconciliation::next(Room& room, const EventView& event) {
  const chat::Seq due = room.history_last + 1;
  const bool in_place = event.room == room.id && event.seq == due;
  const bool possible = event.room == room.id && event.seq > room.history_last &&
                        event.seq <= room.last() + RoomModel::kJumpMax;
  if (!in_place) {
    room.history_differs = true;
    scene_.stories.tell(Checker::reconciliation, [&] {
      return Story{
          fmt::format("최종 이력: 대화방 {}에서 {}번이 있어야 하는데 {}의 {}번이 있습니다. "
                      "내용: {}, 명령 {}.",
                      chat::to_string(room.id), due, chat::to_string(event.room), event.seq,
                      content(event), event.cmd),
          fmt::format("Final history: in room {}, seq {} is due and seq {} of room {} is "
                      "there. It is {}, of command {}.",
                      chat::to_string(room.id), due, event.seq, chat::to_string(event.room),
                      content(event), event.cmd)};
    });
  }
  if (possible) room.history_last = event.seq;
  return possible;
}

void Reconciliation::unreadable(Room& room) {
  ++room.history_last;
  room.history_differs = true;
}

void Reconciliation::compare(Room& room, const EventView& event, std::uint64_t digest,
                             const SeenEvent& seen) {
  // Where observers disagreed already, one of them must differ from the history.
  if (seen.digest == digest || room.disputed) return;
  room.history_differs = true;
  scene_.stories.tell(Checker::reconciliation, [&] {
    const std::string who = scene_.roster.who(seen.first);
    return Story{fmt::format("최종 이력: {}의 내용이 {}에게 전달된 것과 다릅니다. 이력의 내용: {}, "
                             "명령 {}.",
                             place_ko(room, event.seq), who, content(event), event.cmd),
                 fmt::format("Final history: {} differs from what {} was delivered. The history "
                             "has {}, of command {}.",
                             place_en(room, event.seq), who, content(event), event.cmd)};
  });
}

void Reconciliation::finish(const Room& room) {
  if (!room.history_read) return;
  if (!room.history_complete) {
    scene_.stories.tell(Checker::reconciliation, [&] {
      const std::string id = chat::to_string(room.id);
      return Story{
          fmt::format("최종 이력: 대화방 {}을 끝까지 읽을 수 없었습니다. {}번까지 읽었습니다.", id,
                      room.history_last),
          fmt::format("Final history: room {} could not be read to its end, only up to "
                      "seq {}.",
                      id, room.history_last)};
    });
    return;
  }
  if (room.history_last >= room.last()) return;
  scene_.stories.tell(Checker::reconciliation, [&] {
    const std::string id = chat::to_string(room.id);
    const std::string first = scene_.roster.who(room.founders[0]);
    const std::string second = scene_.roster.who(room.founders[1]);
    return Story{
        fmt::format("최종 이력: 대화방 {}({}, {})은 {}번에서 끝나는데 {}번까지 전달되었습니다.", id,
                    first, second, room.history_last, room.last()),
        fmt::format("Final history: room {} ({}, {}) ends at seq {}, and everything up to "
                    "seq {} was delivered.",
                    id, first, second, room.history_last, room.last())};
  });
}

void Reconciliation::finish_unread(std::size_t rooms) {
  if (rooms == 0) return;
  scene_.stories.tell(Checker::reconciliation, [&] {
    return Story{
        fmt::format("최종 이력: 대화방 {}개의 이력을 읽지 못해 확인할 수 없습니다.", rooms),
        fmt::format("Final history: {} rooms were not read, so nothing is proven of them.", rooms)};
  });
}

void add_readers(const Scene& scene, const Room& room, std::vector<Auditor::RoomToRead>& readers) {
  const auto sees_all = [&](const Member& member) {
    return member.from == 1 && (member.current() || member.left >= room.last());
  };
  const auto is_connected = [&](const Observer& it) {
    return scene.roster.session(it.session).subscribed;
  };
  const Observer* whole = nullptr;
  std::vector<std::pair<UserNumber, const Observer*>> others;
  for (const Observer& it : room.observers) {
    const bool all = it.member == Observer::kNoMember || sees_all(room.members[it.member]);
    if (all && (whole == nullptr || (!is_connected(*whole) && is_connected(it)))) whole = &it;
  }
  if (whole == nullptr) whole = &room.observers.front();
  readers.push_back({room.id, whole->session, true});
  for (const Observer& it : room.observers) {
    if (it.member == Observer::kNoMember) continue;
    const UserNumber user = room.members[it.member].user;
    const bool all = std::any_of(room.members.begin(), room.members.end(), [&](const Member& row) {
      return row.user == user && sees_all(row);
    });
    if (all) continue;
    auto other = std::find_if(others.begin(), others.end(),
                              [&](const auto& known) { return known.first == user; });
    if (other == others.end()) {
      others.emplace_back(user, &it);
    } else if (!is_connected(*other->second) && is_connected(it)) {
      other->second = &it;
    }
  }
  for (const auto& [user, observer] : others)
    readers.push_back({room.id, observer->session, false});
}

}  // namespace claims::storm::audit
