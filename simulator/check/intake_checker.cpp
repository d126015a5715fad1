#include "simulator/check/intake_checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/check/digest.h"

namespace claims::storm::audit {

void IntakeChecker::opened(Room& room, const Traced& traced) {
  const std::uint64_t intake = digest_of(command_text(scene_.roster, traced.key));
  if (room.linked) {
    if (room.intake == 0) room.intake = intake;
    if (room.intake != intake && room.judged) {
      tell(traced.key,
           fmt::format("다른 입고 등록으로 열린 대화방 {}에 이벤트를 만들었습니다.",
                       chat::to_string(room.id)),
           fmt::format("it made events in room {}, which another intake opened.",
                       chat::to_string(room.id)));
    }
    return;
  }
  room.intake = intake;
  if (traced.command != nullptr) return link(room, *traced.command);
  // It is settled: its own room is another one.
  const auto& rooms = scene_.rooms.all();
  const auto first = std::find_if(rooms.begin(), rooms.end(),
                                  [&](const Room& it) { return it.linked && it.intake == intake; });
  link_second(room, traced.key, first == rooms.end() ? nullptr : &*first);
}

void IntakeChecker::link(Room& room, const Command& command) {
  if (command.receipt == kNoReceipt) {
    // Its adjuster is unknown, so nothing can be said of who should see the room.
    room.judged = false;
    room.untraced_told = true;
    scene_.rooms.found(room, command.key.user, kNobody, command.tick);
    tell(command.key,
         fmt::format("등록된 적이 없는 접수번호로 대화방 {}이 열렸습니다.",
                     chat::to_string(room.id)),
         fmt::format("it opened room {} for a receipt that nobody registered.",
                     chat::to_string(room.id)));
    return;
  }
  Receipt& receipt = scene_.receipts.at(command.receipt);
  if (receipt.room && *receipt.room != room.id) {
    return link_second(room, command.key, scene_.rooms.find(*receipt.room));
  }
  receipt.room = room.id;
  room.receipt = command.receipt;
  deliveries_.linked(room,
                     scene_.rooms.found(room, command.key.user, receipt.adjuster, command.tick));
}

void IntakeChecker::link_second(Room& room, const CommandKey& key, const Room* first) {
  room.second = true;
  room.judged = first != nullptr;
  room.untraced_told = true;
  if (first != nullptr) room.receipt = first->receipt;
  const UserNumber adjuster = first == nullptr ? kNobody : first->adjuster;
  const std::string number =
      room.receipt == kNoReceipt ? "?" : scene_.receipts.at(room.receipt).number;
  const std::string had = first == nullptr ? "?" : chat::to_string(first->id);
  deliveries_.linked(room, scene_.rooms.found(room, key.user, adjuster, scene_.tick));
  tell(key,
       fmt::format("접수번호 {}의 대화방은 {}인데 대화방 {}이 또 열렸습니다. 담당자: {}.", number,
                   had, chat::to_string(room.id), scene_.roster.who(adjuster)),
       fmt::format("receipt {} has room {} already, and room {} was opened as well. The adjuster "
                   "is {}.",
                   number, had, chat::to_string(room.id), scene_.roster.who(adjuster)));
}

void IntakeChecker::greeted(Room& room, const EventView& event) {
  if (++room.greetings < 2) return;
  scene_.stories.tell(Checker::one_room_per_intake, [&] {
    const std::string garage = scene_.roster.who(room.garage);
    const std::string adjuster = scene_.roster.who(room.adjuster);
    return Story{
        fmt::format(
            "인사말이 {}번째 나왔습니다: {}, 명령 {}. 대화방은 {}와 {}의 것입니다. 내용: {}.",
            room.greetings, place_ko(room, event.seq), event.cmd, garage, adjuster, content(event)),
        fmt::format("greeting number {} at {}, of command {}. The room is of {} and {}. It was {}.",
                    room.greetings, place_en(room, event.seq), event.cmd, garage, adjuster,
                    content(event))};
  });
}

void IntakeChecker::replied(Command& command, const ResultView& result) {
  Room* room = scene_.rooms.find_or_add(*result.room);
  if (room == nullptr) return;
  const std::uint64_t intake = digest_of(command_text(scene_.roster, command.key));
  if (!room->linked) {
    if (result.created) room->intake = intake;
    return link(*room, command);
  }
  if (command.receipt == kNoReceipt) return;
  const Receipt& receipt = scene_.receipts.at(command.receipt);
  const bool same = receipt.room == room->id || room->second;
  const bool opened_it = room->intake == intake;
  if (same && (room->intake == 0 || opened_it == result.created)) {
    if (result.created) room->intake = intake;
    return;
  }
  tell(command.key,
       fmt::format("응답은 대화방 {}(created {})이라고 하는데, 접수번호 {}의 대화방은 {}이고 {} "
                   "입고 등록으로 열렸습니다.",
                   chat::to_string(room->id), result.created, receipt.number,
                   receipt.room ? chat::to_string(*receipt.room) : "?", opened_it ? "이" : "다른"),
       fmt::format("its reply says room {} (created {}); the room of receipt {} is {}, opened by "
                   "{} intake.",
                   chat::to_string(room->id), result.created, receipt.number,
                   receipt.room ? chat::to_string(*receipt.room) : "?",
                   opened_it ? "this" : "another"));
}

void IntakeChecker::tell(const CommandKey& key, std::string_view ko, std::string_view en) {
  scene_.stories.tell(Checker::one_room_per_intake, [&] {
    const std::string who = scene_.roster.who(key.user);
    const std::string id = command_text(scene_.roster, key);
    return Story{fmt::format("{}의 입고 등록 {}: {}", who, id, ko),
                 fmt::format("{}'s intake {}: {}", who, id, en)};
  });
}

}  // namespace claims::storm::audit
