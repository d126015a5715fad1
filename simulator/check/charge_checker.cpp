#include "simulator/check/charge_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/chat/error.h"
#include "simulator/check/membership_checker.h"

namespace claims::storm::audit {

void ChargeChecker::sent(const Command& command) {
  if (command.type == CommandType::adjuster_back) {
    Absence* absence = scene_.absences.open_of(command.absent);
    if (absence != nullptr && absence->back_sent_tick == 0) absence->back_sent_tick = command.tick;
    return;
  }
  if (command.type != CommandType::adjuster_hand_over) return;
  if (command.absent == kNobody || command.other == kNobody) return;
  Absence absence;
  absence.key = command.key;
  absence.absent = command.absent;
  absence.to = command.other;
  absence.retires = command.retires;
  absence.sent_tick = command.tick;
  if (absence.retires) ++scene_.roster.user(absence.absent).retirements;
  scene_.absences.add(std::move(absence));
  scene_.rooms.may_take_over(command.absent, command.other);
}

void ChargeChecker::acknowledged(const Command& command, const ResultView& result) {
  if (command.type == CommandType::adjuster_back) {
    if (Absence* absence = scene_.absences.open_of(command.absent)) {
      absence->back_tick = scene_.tick;
    }
    return;
  }
  if (command.type != CommandType::adjuster_hand_over) return;
  Absence* absence = scene_.absences.find(command.key);
  if (absence == nullptr) return;
  absence->acknowledged_tick = scene_.tick;
  absence->told_rooms = result.rooms;
  if (!absence->retires) return;
  std::uint64_t& retired = scene_.roster.user(absence->absent).retired_tick;
  if (retired == 0) retired = scene_.tick;
}

void ChargeChecker::refused(const Command& command) {
  if (command.type == CommandType::adjuster_back) {
    Absence* absence = scene_.absences.open_of(command.absent);
    if (absence != nullptr && absence->back_sent_tick == command.tick) absence->back_sent_tick = 0;
  } else if (command.type == CommandType::adjuster_hand_over) {
    Absence* absence = scene_.absences.find(command.key);
    if (absence == nullptr || std::exchange(absence->refused, true)) return;
    if (absence->retires) --scene_.roster.user(absence->absent).retirements;
  }
}

void ChargeChecker::seen(Room& room, const EventView& event, const Traced& traced) {
  if (event.kind != EventKind::handed_over || !room.linked || !room.judged || room.second) return;
  RoomChange change = change_of(RoomChange::Kind::handed_over, event, traced);
  change.user = subject_of(scene_, traced, event.to_id);
  const auto from = scene_.roster.find(event.user_id);
  const auto to = scene_.roster.find(event.to_id);
  change.from = from.value_or(kNobody);
  const auto names_fit = [&](std::optional<UserNumber> user, std::string_view name) {
    return user && (!scene_.roster.user(*user).known || scene_.roster.user(*user).name == name);
  };
  if (to != change.user || !names_fit(from, event.user_name) || !names_fit(to, event.to_name)) {
    tell(room, change,
         fmt::format("{}에게 넘겨야 하는데 {} \"{}\"에서 {} \"{}\"(으)로 되어 있습니다.",
                     scene_.roster.who(change.user), chat::excerpt(event.user_id),
                     chat::excerpt(event.user_name), chat::excerpt(event.to_id),
                     chat::excerpt(event.to_name)),
         fmt::format(R"(it goes to {}, and it says from {} "{}" to {} "{}".)",
                     scene_.roster.who(change.user), chat::excerpt(event.user_id),
                     chat::excerpt(event.user_name), chat::excerpt(event.to_id),
                     chat::excerpt(event.to_name)));
  }
  if (traced.type == CommandType::adjuster_hand_over) {
    Absence* absence = scene_.absences.find(traced.key);
    const bool own = traced.derived == chat::to_string(room.id);
    const bool again = absence != nullptr && std::find(absence->rooms.begin(), absence->rooms.end(),
                                                       room.id) != absence->rooms.end();
    if (!own || again) {
      tell(room, change, "한 번의 인계에서 이 대화방의 명령이 아니거나 두 번째입니다.",
           "it is of another room of that hand-over, or there twice.");
    } else if (absence != nullptr) {
      absence->rooms.push_back(room.id);
    }
  }
  add_change(room, std::move(change));
}

void ChargeChecker::fold(Room& room, const RoomChange& change) {
  const bool negotiation = room.kind == chat::RoomKind::negotiation;
  std::optional<std::size_t> side;
  for (const std::size_t it : {std::size_t{0}, std::size_t{1}}) {
    if (!negotiation && it == 0) continue;
    if (room.in_charge(it, change.seq) == change.from) side = it;
  }
  if (!side) {
    return tell(room, change,
                fmt::format("{}은(는) 담당자가 아닙니다.", scene_.roster.who(change.from)),
                fmt::format("{} is not in charge there.", scene_.roster.who(change.from)));
  }
  const User& from = scene_.roster.user(change.from);
  const Absence* absence = nullptr;
  if (change.by_insurer) {
    for (const Absence& it : scene_.absences.all()) {
      if (it.key.user == change.by && it.absent == change.from) {
        absence = &it;
      }
    }
  }
  if (change.by_insurer ? absence == nullptr : change.by != change.from) {
    tell(room, change,
         fmt::format("{}은(는) 이 대화방을 넘길 수 없습니다.", scene_.roster.who(change.by)),
         fmt::format("{} cannot hand over this room.", scene_.roster.who(change.by)));
  }
  if (!scene_.rooms.member_at(room, change.user, change.seq)) {
    tell(room, change,
         fmt::format("{}은(는) 구성원이 아닌데 담당자가 되었습니다.",
                     scene_.roster.who(change.user)),
         fmt::format("{} is in charge now and is no member.", scene_.roster.who(change.user)));
  }
  if (change.user != kNobody) {
    const User& to = scene_.roster.user(change.user);
    if (to.role != chat::Role::adjuster || to.insurer != from.insurer) {
      tell(room, change,
           fmt::format("{}은(는) {}의 동료가 아닙니다.", scene_.roster.who(change.user),
                       scene_.roster.who(change.from)),
           fmt::format("{} is no colleague of {}.", scene_.roster.who(change.user),
                       scene_.roster.who(change.from)));
    }
  }
  room.charges.push_back({change.seq, *side, change.user});
  if (room.kind != chat::RoomKind::general || change.user == kNobody) return;
  // Its place is its garage and who is in charge now.
  GeneralPair& before = scene_.generals.pair(room.garage, change.from);
  if (before.room == room.id) before.room.reset();
  GeneralPair& now = scene_.generals.pair(room.garage, change.user);
  if (!now.room) now.room = room.id;
  if (now.tick == 0) now.tick = scene_.tick;
  room.pair = &now;
}

void ChargeChecker::finish() {
  for (const Absence& absence : scene_.absences.all()) finish(absence);
}

void ChargeChecker::finish(const Absence& absence) {
  if (absence.acknowledged_tick == 0 || !absence.told_rooms) return;
  const std::string id = command_text(scene_.roster, absence.key);
  const std::string who = scene_.roster.who(absence.absent);
  // What was deleted or handed over otherwise meanwhile is not handed over again.
  std::int64_t otherwise = 0;
  for (const Room& room : scene_.rooms.all()) {
    const bool handed =
        std::find(absence.rooms.begin(), absence.rooms.end(), room.id) != absence.rooms.end();
    const bool gone = room.deleted != 0 || !room.charges.empty();
    otherwise += !handed && gone && last_row(room, absence.absent) ? 1 : 0;
  }
  const auto seen = static_cast<std::int64_t>(absence.rooms.size());
  if (seen > *absence.told_rooms || seen + otherwise < *absence.told_rooms) {
    scene_.stories.tell(Checker::in_charge, [&] {
      return Story{
          fmt::format("{}의 인계 {}: 응답은 대화방 {}개라고 하는데 넘겨진 것은 {}개입니다.", who,
                      id, *absence.told_rooms, absence.rooms.size()),
          fmt::format("the hand-over {} of {}: its reply says {} rooms, and {} were handed "
                      "over.",
                      id, who, *absence.told_rooms, absence.rooms.size())};
    });
  }
  // Nobody may be left behind: a room whose adjuster is gone has nobody in charge.
  for (const Room& room : scene_.rooms.all()) {
    if (!room.linked || !room.judged || room.second || room.deleted != 0) continue;
    const bool negotiation = room.kind == chat::RoomKind::negotiation;
    const bool left_behind =
        room.in_charge(1) == absence.absent || (negotiation && room.in_charge(0) == absence.absent);
    // Who retires gets no room any more: the order has all that it ever had.
    const bool due = absence.retires || room.founded_before(absence.sent_tick);
    if (!left_behind || absence.back_sent_tick != 0 || !due) continue;
    scene_.stories.tell(Checker::in_charge, [&] {
      const std::string room_id = chat::to_string(room.id);
      return Story{fmt::format("{}의 인계 {} 뒤에도 대화방 {}의 담당자가 바뀌지 않았습니다.", who,
                               id, room_id),
                   fmt::format("after the hand-over {} of {}, room {} is still the absent one's.",
                               id, who, room_id)};
    });
  }
}

void ChargeChecker::tell(const Room& room, const RoomChange& change, std::string_view ko,
                         std::string_view en) {
  scene_.stories.tell(Checker::in_charge, [&] {
    return Story{
        fmt::format("{}: 담당자 변경: {} 명령 {}.", place_ko(room, change.seq), ko, change.cmd),
        fmt::format("{}: a hand-over: {} The command was {}.", place_en(room, change.seq), en,
                    change.cmd)};
  });
}

}  // namespace claims::storm::audit
