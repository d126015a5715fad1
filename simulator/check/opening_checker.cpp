#include "simulator/check/opening_checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/check/digest.h"

namespace claims::storm::audit {
namespace {

/// The first events of a room, of which only what opened it makes any.
bool is_founding(const EventView& event) {
  constexpr chat::Seq kAlwaysFounding = 3;
  return event.kind == EventKind::joined || event.kind == EventKind::greeting ||
         event.seq <= kAlwaysFounding;
}

void note_first(std::uint64_t& tick, std::uint64_t now) {
  if (tick == 0) tick = now;
}

}  // namespace

void OpeningChecker::sent(Command& command) {
  if (command.type == CommandType::general_open && command.other != kNobody) {
    note_first(scene_.generals.pair(command.key.user, command.other).tick, command.tick);
  }
  if (command.receipt == kNoReceipt) return;
  Receipt& receipt = scene_.receipts.at(command.receipt);
  const Room* room = receipt.room ? scene_.rooms.find(*receipt.room) : nullptr;
  command.finds_cancelled = takes_in(command.type) && room != nullptr && room->deleted == 0 &&
                            room->garage == command.key.user && room->all_seen() &&
                            room->state == chat::RepairState::cancelled;
  if (command.type == CommandType::negotiation_open) {
    note_first(receipt.negotiation_tick, command.tick);
  } else if (opens_room(command.type)) {
    note_first(receipt.room_tick, command.tick);
  }
}

void OpeningChecker::sent(const Bulk& bulk, std::uint64_t tick) {
  for (const BulkTarget& target : bulk.targets) {
    if (target.pair != nullptr) note_first(target.pair->tick, tick);
  }
}

OpeningChecker::Purpose OpeningChecker::purpose_of(const Command& command,
                                                   std::string_view joined) {
  Purpose purpose;
  purpose.first = command.key.user;
  purpose.second = command.other;
  purpose.receipt = command.receipt;
  purpose.tick = command.tick;
  Receipt* receipt = command.receipt == kNoReceipt ? nullptr : &scene_.receipts.at(command.receipt);
  if (command.type == CommandType::general_open) {
    purpose.kind = chat::RoomKind::general;
    if (command.other == kNobody) return purpose;
    purpose.pair = &scene_.generals.pair(command.key.user, command.other);
    purpose.slot = &purpose.pair->room;
    purpose.former = &purpose.pair->former;
    purpose.tick = std::max(purpose.pair->tick, purpose.pair->freed_tick);
  } else if (command.type == CommandType::negotiation_open) {
    purpose.kind = chat::RoomKind::negotiation;
    if (receipt == nullptr) return purpose;
    purpose.slot = &receipt->negotiation;
    purpose.tick = receipt->negotiation_tick;
  } else if (receipt != nullptr) {
    purpose.second = receipt->adjuster;
    // Its adjuster may have handed over what has no room yet.
    const auto possible = scene_.absences.may_open_with(receipt->adjuster, command.tick);
    for (const UserNumber user : possible) {
      const bool named = scene_.roster.user(user).id == joined;
      if (named || user == possible.front()) purpose.second = user;
      if (named) break;
    }
    purpose.slot = &receipt->room;
    purpose.former = &receipt->former;
    purpose.tick = std::max(receipt->room_tick, receipt->freed_tick);
  }
  return purpose;
}

void OpeningChecker::find_receipt(Command& command, std::string_view number) {
  if (command.type != CommandType::intake_by_plate || number.empty()) return;
  const std::uint32_t receipt = scene_.receipts.find(number);
  if (receipt == kNoReceipt || scene_.receipts.at(receipt).plate != command.plate) return;
  command.receipt = receipt;
  note_first(scene_.receipts.at(receipt).room_tick, command.tick);
}

bool OpeningChecker::may_be_free(const Room& room) const {
  const bool general = room.kind == chat::RoomKind::general;
  return room.deleted != 0 || room.state == chat::RepairState::cancelled || room.frees_sent > 0 ||
         (general && scene_.absences.may_be_out(room.in_charge(1), 0));
}

OpeningChecker::Purpose OpeningChecker::purpose_of(const Bulk& bulk, const BulkTarget& target) {
  Purpose purpose;
  purpose.kind = chat::RoomKind::general;
  purpose.first = target.garage;
  purpose.second = bulk.key.user;
  if (target.pair == nullptr) return purpose;
  purpose.pair = target.pair;
  purpose.slot = &target.pair->room;
  purpose.former = &target.pair->former;
  purpose.tick = std::max(target.pair->tick, target.pair->freed_tick);
  return purpose;
}

void OpeningChecker::opened(Room& room, const EventView& event, const Traced& traced) {
  const std::uint64_t cmd = digest_of(event.cmd);
  const bool founding = is_founding(event);
  if (founding && room.founder == 0) {
    room.founder = cmd;
    room.founded_in_bulk = traced.type == CommandType::bulk_send;
  }
  if (room.linked) {
    if (founding && room.founder != cmd && room.judged) {
      tell(traced.key, traced.type,
           fmt::format("다른 명령으로 열린 대화방 {}에 첫 이벤트를 만들었습니다: {}.",
                       chat::to_string(room.id), content(event)),
           fmt::format("it made an event that opens a room in room {}, which another command "
                       "opened: {}.",
                       chat::to_string(room.id), content(event)));
    }
    return;
  }
  if (traced.target != nullptr) {
    return link(room, traced.key, traced.type, purpose_of(*traced.bulk, *traced.target));
  }
  if (traced.command != nullptr && traced.derived.empty()) {
    const bool joined = event.kind == EventKind::joined;
    if (joined) find_receipt(*traced.command, event.receipt);
    // Of the two that open it, the adjuster is the one who joins second.
    const bool second = joined && event.seq == 2;
    return link(room, traced.key, traced.type,
                purpose_of(*traced.command, second ? event.user_id : std::string_view{}));
  }
  if (traced.outcome != Outcome::acknowledged) return opened_though_refused(room, traced);
  // It is settled: its own room is another one.
  const auto& rooms = scene_.rooms.all();
  const auto first = std::find_if(rooms.begin(), rooms.end(),
                                  [&](const Room& it) { return it.linked && it.founder == cmd; });
  link_second(room, traced.key, traced.type, first == rooms.end() ? nullptr : &*first);
}

void OpeningChecker::link(Room& room, const CommandKey& key, CommandType type,
                          const Purpose& purpose) {
  room.kind = purpose.kind;
  if (purpose.slot != nullptr && *purpose.slot && **purpose.slot != room.id) {
    const Room* first = scene_.rooms.find(**purpose.slot);
    if (purpose.former == nullptr || first == nullptr || !may_be_free(*first)) {
      return link_second(room, key, type, first);
    }
    purpose.former->push_back(first->id);
    superseded_.push_back({first->id, room.id, key, type});
  }
  room.founders = {purpose.first, purpose.second};
  if (purpose.kind != chat::RoomKind::negotiation) {
    room.garage = purpose.first;
    room.adjuster = purpose.second;
  }
  room.receipt = purpose.receipt;
  room.pair = purpose.pair;
  room.found_tick = scene_.tick;
  if (purpose.kind == chat::RoomKind::general) room.vehicles = std::make_unique<GeneralVehicles>();
  if (purpose.kind == chat::RoomKind::negotiation) {
    room.negotiation = std::make_unique<NegotiationRecord>();
  }
  if (purpose.slot != nullptr) {
    *purpose.slot = room.id;
    deliveries_.linked(room, scene_.rooms.found(room, purpose.tick));
    return;
  }
  // What is unknown here leaves open who should see the room.
  room.judged = purpose.second != kNobody;
  room.untraced_told = true;
  const auto strangers = scene_.rooms.found(room, purpose.tick);
  if (room.judged) deliveries_.linked(room, strangers);
  const std::string id = chat::to_string(room.id);
  if (purpose.kind == chat::RoomKind::general) {
    tell(key, type, fmt::format("명단에 없는 상대와 대화방 {}이 열렸습니다.", id),
         fmt::format("it opened room {} with somebody whom the directory does not have.", id));
  } else {
    tell(key, type, fmt::format("등록된 적이 없는 접수번호로 대화방 {}이 열렸습니다.", id),
         fmt::format("it opened room {} for a receipt that nobody registered.", id));
  }
}

void OpeningChecker::link_second(Room& room, const CommandKey& key, CommandType type,
                                 const Room* first) {
  room.second = true;
  room.judged = first != nullptr;
  room.untraced_told = true;
  room.founders = {key.user, kNobody};
  if (first != nullptr) {
    room.kind = first->kind;
    room.receipt = first->receipt;
    room.founders = first->founders;
    room.garage = first->garage;
    room.adjuster = first->adjuster;
  }
  const std::string had = first == nullptr ? "?" : chat::to_string(first->id);
  deliveries_.linked(room, scene_.rooms.found(room, scene_.tick));
  const std::string founders =
      scene_.roster.who(room.founders[0]) + ", " + scene_.roster.who(room.founders[1]);
  const bool general = room.kind == chat::RoomKind::general;
  const std::string number =
      room.receipt == kNoReceipt ? "?" : scene_.receipts.at(room.receipt).number;
  tell(key, type,
       fmt::format("{}의 {} 대화방은 {}인데 대화방 {}이 또 열렸습니다. 구성원: {}.",
                   general ? founders : "접수번호 " + number, chat::to_string(room.kind), had,
                   chat::to_string(room.id), founders),
       fmt::format("{} has {} room {} already, and room {} was opened as well. Its members are {}.",
                   general ? founders : "receipt " + number, chat::to_string(room.kind), had,
                   chat::to_string(room.id), founders));
}

void OpeningChecker::opened_though_refused(Room& room, const Traced& traced) {
  room.second = true;
  room.judged = false;
  room.untraced_told = true;
  room.founders = {traced.key.user, kNobody};
  scene_.rooms.found(room, scene_.tick);
  const bool bulk = traced.type == CommandType::bulk_send;
  scene_.stories.tell(bulk ? Checker::bulk_once_per_garage : Checker::outcome, [&] {
    const std::string who = scene_.roster.who(traced.key.user);
    const std::string id = command_text(scene_.roster, traced.key);
    const std::string opened = chat::to_string(room.id);
    return Story{fmt::format("{}의 {} 명령 {}: 거절되었는데 대화방 {}이 열렸습니다.", who,
                             to_string(traced.type), id, opened),
                 fmt::format("{}'s {} {}: it was refused, yet it opened room {}.", who,
                             to_string(traced.type), id, opened)};
  });
}

void OpeningChecker::greeted(Room& room, const EventView& event) {
  const bool negotiation = room.kind == chat::RoomKind::negotiation;
  if (++room.greetings < 2 && !negotiation) return;
  scene_.stories.tell(Checker::one_room_per_intake, [&] {
    const std::string first = scene_.roster.who(room.founders[0]);
    const std::string second = scene_.roster.who(room.founders[1]);
    if (negotiation) {
      return Story{
          fmt::format("과실협의 대화방에는 인사말이 없어야 합니다: {}, 명령 {}. 대화방은 "
                      "{}와 {}의 것입니다. 내용: {}.",
                      place_ko(room, event.seq), event.cmd, first, second, content(event)),
          fmt::format("a greeting in a negotiation, at {}, of command {}. The room is of "
                      "{} and {}. It was {}.",
                      place_en(room, event.seq), event.cmd, first, second, content(event))};
    }
    return Story{
        fmt::format(
            "인사말이 {}번째 나왔습니다: {}, 명령 {}. 대화방은 {}와 {}의 것입니다. 내용: {}.",
            room.greetings, place_ko(room, event.seq), event.cmd, first, second, content(event)),
        fmt::format("greeting number {} at {}, of command {}. The room is of {} and {}. It was {}.",
                    room.greetings, place_en(room, event.seq), event.cmd, first, second,
                    content(event))};
  });
}

void OpeningChecker::finish() {
  for (const Superseded& it : superseded_) {
    const Room* room = scene_.rooms.find(it.room);
    const bool handed_over = room->kind == chat::RoomKind::general && !room->charges.empty();
    const bool free =
        room->deleted != 0 || room->state == chat::RepairState::cancelled || handed_over;
    if (free) continue;
    tell(
        it.key, it.type,
        fmt::format("대화방 {}이 열렸지만, 그 자리의 대화방 {}은 취소되지도 삭제되지도 않았습니다.",
                    chat::to_string(it.by), chat::to_string(it.room)),
        fmt::format("it opened room {}, and room {}, which had its place, was neither cancelled "
                    "nor deleted.",
                    chat::to_string(it.by), chat::to_string(it.room)));
  }
}

void OpeningChecker::replied(Command& command, const ResultView& result) {
  if (result.choices != nullptr) return;
  find_receipt(command, result.receipt);
  Room* room = scene_.rooms.find_or_add(*result.room);
  if (room == nullptr) return;
  command.room = room->id;
  const std::uint64_t cmd = digest_of(command_text(scene_.roster, command.key));
  const bool created = command.created;
  if (!room->linked) {
    if (created) room->founder = cmd;
    return link(*room, command.key, command.type, purpose_of(command));
  }
  const Purpose purpose = purpose_of(command);
  if (purpose.slot == nullptr) return;
  const bool had =
      purpose.former != nullptr &&
      std::find(purpose.former->begin(), purpose.former->end(), room->id) != purpose.former->end();
  // What it found may have given up its place since, or got it by a hand-over, whose events need
  // not have come yet.
  const bool taken_over = room->kind == chat::RoomKind::general &&
                          room->garage == command.key.user && command.other != kNobody &&
                          command.other != room->adjuster &&
                          (last_row(*room, command.other).has_value() ||
                           scene_.rooms.may_join(room->id, command.other));
  const bool same = *purpose.slot == room->id || room->second || had || taken_over;
  const bool opened_it = room->founder == cmd;
  if (same && (room->founder == 0 || opened_it == created)) {
    if (created) room->founder = cmd;
    return;
  }
  const std::string has = *purpose.slot ? chat::to_string(**purpose.slot) : "?";
  tell(command.key, command.type,
       fmt::format("응답은 대화방 {}(created {})이라고 하는데, 이 {} 대화방은 {}이고 {} 명령으로 "
                   "열렸습니다.",
                   chat::to_string(room->id), created, chat::to_string(purpose.kind), has,
                   opened_it ? "이" : "다른"),
       fmt::format("its reply says room {} (created {}); the {} room of it is {}, opened by {} "
                   "command.",
                   chat::to_string(room->id), created, chat::to_string(purpose.kind), has,
                   opened_it ? "this" : "another"));
}

void OpeningChecker::tell(const CommandKey& key, CommandType type, std::string_view ko,
                          std::string_view en) {
  scene_.stories.tell(Checker::one_room_per_intake, [&] {
    const std::string who = scene_.roster.who(key.user);
    const std::string id = command_text(scene_.roster, key);
    return Story{fmt::format("{}의 {} 명령 {}: {}", who, to_string(type), id, ko),
                 fmt::format("{}'s {} {}: {}", who, to_string(type), id, en)};
  });
}

}  // namespace claims::storm::audit
