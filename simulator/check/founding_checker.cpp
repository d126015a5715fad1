#include "simulator/check/founding_checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/chat/error.h"
#include "simulator/check/digest.h"

namespace claims::storm::audit {
namespace {

constexpr std::uint32_t kOpenings =
    effect::bit(effect::kFirst) | effect::bit(effect::kSecond) | effect::bit(effect::kGreeting);

std::uint32_t vehicles_added(const Command& command) {
  return command.effects >> effect::kVehicle << effect::kVehicle;
}

std::string plates(const Command& command, std::uint32_t bits) {
  std::string text;
  for (unsigned i = 0; i < command.vehicles.size(); ++i) {
    if ((bits & effect::bit(effect::kVehicle + i)) == 0) continue;
    if (!text.empty()) text += ", ";
    text += command.vehicles[i];
  }
  return text.empty() ? "-" : text;
}

}  // namespace

bool in_founding_place(Scene& scene, Checker checker, std::string_view command_ko,
                       std::string_view command_en, const Room& room, const EventView& event,
                       const FoundingOrder& order, std::optional<unsigned> effect) {
  if (effect && order.due(*effect) == event.seq) return true;
  scene.stories.tell(checker, [&] {
    const std::string told = order.told(scene.roster);
    return Story{
        fmt::format("{}: {}에 있을 수 없는 첫 이벤트입니다. 순번 1부터 {}이어야 합니다. 내용: {}.",
                    command_ko, place_ko(room, event.seq), told, content(event)),
        fmt::format("{}: an event that cannot be at {}: from seq 1 on they are {}. It was {}.",
                    command_en, place_en(room, event.seq), told, content(event))};
  });
  return false;
}

void FoundingChecker::happened(Room& room, const EventView& event, Command& command) {
  if (room.second) return;
  const FoundingOrder order = founding_order(room, command);
  const auto effect = order.effect_of(scene_.roster, event);
  const std::uint32_t bit = effect ? effect::bit(*effect) : 0;
  const bool opens = event.kind == EventKind::joined || event.kind == EventKind::greeting;
  const bool again = (command.effects & bit) != 0;
  // Another greeting is told by its own checker, and so are openings of what is open.
  if (event.kind == EventKind::greeting && (again || !effect)) return;
  const bool founder = room.founder == digest_of(event.cmd);
  if (opens && !founder) return;
  command.effects |= bit;
  if (!command.room) command.room = room.id;
  const std::string id = command_text(scene_.roster, command.key);
  if (founder) {
    const std::string told = fmt::format("{} {}", to_string(command.type), id);
    in_founding_place(scene_, Checker::outcome, told, told, room, event, order, effect);
  }
  if (again || (!founder && !effect)) {
    tell(command.key, command.type,
         fmt::format("{}에 {} 이벤트가 생겼습니다: {}.", place_ko(room, event.seq),
                     again ? "두 번째" : "있을 수 없는", content(event)),
         fmt::format("it made {} event, at {}: {}.",
                     again ? "a second such" : "an event that it cannot make",
                     place_en(room, event.seq), content(event)));
    return;
  }
  if (effect != effect::kMain) return;
  command.event_seq = event.seq;
  if (event.kind != EventKind::pre_estimate) return;
  const bool number_differs = !command.number.empty() && command.number != event.estimate;
  command.number = event.estimate;
  if (!number_differs && static_cast<std::uint64_t>(event.amount) == command.amount) return;
  tell(command.key, command.type,
       fmt::format("{}의 선견적이 보낸 금액 {}, 응답의 번호와 다릅니다: {}, 금액 {}.",
                   place_ko(room, event.seq), command.amount, event.estimate, event.amount),
       fmt::format("the pre-estimate at {} differs from the amount {} that was sent, or from the "
                   "reply's number: {}, amount {}.",
                   place_en(room, event.seq), command.amount, event.estimate, event.amount));
}

void FoundingChecker::acknowledged(Command& command, const ResultView& result) {
  for (const std::string_view plate : result.added) {
    const auto asked = std::find(command.vehicles.begin(), command.vehicles.end(), plate);
    const auto bit =
        effect::bit(effect::kVehicle + static_cast<unsigned>(asked - command.vehicles.begin()));
    if (asked == command.vehicles.end() || (command.added & bit) != 0) {
      tell(command.key, command.type,
           fmt::format("응답은 {} 차량을 더했다고 하는데, 그렇게 보내지 않았거나 두 번째입니다.",
                       chat::excerpt(plate)),
           fmt::format("its reply says that it added {}, which was not asked for or is there "
                       "twice.",
                       chat::excerpt(plate)));
    } else {
      command.added |= bit;
    }
  }
  if (command.reply_seq == 0 || command.event_seq == 0 || command.reply_seq == command.event_seq) {
    return;
  }
  tell(command.key, command.type,
       fmt::format("응답은 {}번이라고 했는데 이벤트는 {}번입니다.", command.reply_seq,
                   command.event_seq),
       fmt::format("its reply says seq {}, its event is seq {}.", command.reply_seq,
                   command.event_seq));
}

bool FoundingChecker::done(const Command& command) const {
  if (command.chose) return true;
  if (!command.room) return false;
  const Room* room = scene_.rooms.find(*command.room);
  if (room == nullptr || !room->linked) return false;
  if (command.created) {
    const bool all = command.effects == founding_order(*room, command).all();
    return all &&
           (command.type != CommandType::general_open || vehicles_added(command) == command.added);
  }
  switch (command.type) {
    case CommandType::intake_register:
    case CommandType::intake_by_plate:
      return room->taken_in && (!command.finds_cancelled || command.event_seq != 0);
    case CommandType::general_open:
      return room->vehicles != nullptr && vehicles_added(command) == command.added &&
             std::all_of(command.vehicles.begin(), command.vehicles.end(),
                         [&](const std::string& plate) { return room->vehicles->holds(plate); });
    default:
      return command.event_seq != 0;
  }
}

void FoundingChecker::finish(const Command& command) {
  const Room* room = command.room ? scene_.rooms.find(*command.room) : nullptr;
  if (room == nullptr) return;
  const bool acknowledged = command.outcome == Outcome::acknowledged;
  if (!room->judged || room->second) return;
  const FoundingOrder order = founding_order(*room, command);
  if ((command.effects & kOpenings) != 0 || (acknowledged && command.created)) {
    std::string missing;
    for (unsigned i = 0; i < 32; ++i) {
      if ((order.all() & ~command.effects & effect::bit(i)) != 0) {
        missing += fmt::format(" {}", order.due(i));
      }
    }
    if (!missing.empty()) {
      return tell(command.key, command.type,
                  fmt::format("대화방 {}의 첫 이벤트({}) 중 순번{}이(가) 없습니다.",
                              chat::to_string(room->id), order.told(scene_.roster), missing),
                  fmt::format("of the events that open room {} ({}), seq{} never came.",
                              chat::to_string(room->id), order.told(scene_.roster), missing));
    }
  }
  if (!acknowledged || done(command)) return;
  if (command.type == CommandType::general_open) {
    const std::string said = plates(command, command.added);
    const std::string came = plates(command, vehicles_added(command));
    const std::string id = chat::to_string(room->id);
    return tell(command.key, command.type,
                fmt::format("응답은 차량 {}을 더했다고 하는데 대화방 {}에 더해진 것은 {}이거나, "
                            "보낸 차량이 대화방에 없습니다.",
                            said, id, came),
                fmt::format("its reply says that it added {}, and it added {} to room {}; or one "
                            "that was asked for is not there.",
                            said, came, id));
  }
  tell(command.key, command.type,
       fmt::format("수락되었는데 대화방 {}에 그 이벤트가 없습니다.", chat::to_string(room->id)),
       fmt::format("it was acknowledged, and room {} has no event of it.",
                   chat::to_string(room->id)));
}

void FoundingChecker::tell(const CommandKey& key, CommandType type, std::string_view ko,
                           std::string_view en) {
  scene_.stories.tell(Checker::outcome, [&] {
    const std::string who = scene_.roster.who(key.user);
    const std::string id = command_text(scene_.roster, key);
    return Story{fmt::format("{}의 {} 명령 {}: {}", who, to_string(type), id, ko),
                 fmt::format("{}'s {} {}: {}", who, to_string(type), id, en)};
  });
}

}  // namespace claims::storm::audit
