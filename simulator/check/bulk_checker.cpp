#include "simulator/check/bulk_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "protocol/chat/error.h"
#include "protocol/limits.h"
#include "simulator/check/digest.h"
#include "simulator/check/founding_checker.h"
#include "simulator/check/sent_fields.h"

namespace claims::storm::audit {
namespace json = boost::json;

const Bulk& BulkChecker::sent(const Command& command, const json::object* body) {
  Bulk& bulk = scene_.bulks.add(command.key);
  bulk.text = command.text;
  const json::value* targets = body == nullptr ? nullptr : body->if_contains("targets");
  if (targets == nullptr || !targets->is_array()) return bulk;
  for (const json::value& entry : targets->get_array()) {
    // More are refused, and so is what is no target.
    if (bulk.targets.size() >= claims::limits::kBulkTargetsMax) break;
    const json::object* fields = entry.if_object();
    BulkTarget target;
    target.garage_id = text_field(fields, "garage");
    target.vehicle = stored_plate(text_field(fields, "vehicle"));
    target.garage = scene_.roster.find(target.garage_id).value_or(kNobody);
    if (knows_garage(target)) {
      target.pair = &scene_.generals.pair(target.garage, command.key.user);
      ++target.pair->messages_open;
      const Room* room = target.pair->room ? scene_.rooms.find(*target.pair->room) : nullptr;
      if (room != nullptr) target.acknowledged_before = room->acknowledged;
    }
    bulk.targets.push_back(std::move(target));
  }
  bulk.open = bulk.targets.size();
  return bulk;
}

bool BulkChecker::knows_garage(const BulkTarget& target) const {
  return target.garage != kNobody && scene_.roster.user(target.garage).known &&
         scene_.roster.user(target.garage).role == chat::Role::garage;
}

void BulkChecker::happened(Room& room, const EventView& event, const Traced& traced) {
  if (room.second) return;
  if (traced.bulk == nullptr) {
    const bool refused = traced.outcome != Outcome::acknowledged;
    if (!refused && event.kind == EventKind::greeting) return;  // Told by its own checker.
    return tell(traced.key, traced.derived,
                fmt::format("{} 단체 메시지인데 {}에 이벤트가 생겼습니다: {}.",
                            refused ? "거절된" : "이미 모두 전달된", place_ko(room, event.seq),
                            content(event)),
                fmt::format("it {}, yet an event of it came at {}: {}.",
                            refused ? "was refused" : "had reached every target already",
                            place_en(room, event.seq), content(event)));
  }
  if (traced.target == nullptr) {
    return tell(traced.key, traced.derived,
                fmt::format("대상이 아닌 정비공장인데 {}에 이벤트가 생겼습니다: {}.",
                            place_ko(room, event.seq), content(event)),
                fmt::format("the garage is none of its targets, yet an event came at {}: {}.",
                            place_en(room, event.seq), content(event)));
  }
  BulkTarget& target = *traced.target;
  const FoundingOrder order = founding_order(room, target);
  const auto effect = order.effect_of(scene_.roster, event);
  const bool founder = room.founder == digest_of(event.cmd);
  const bool opens = event.kind == EventKind::joined || event.kind == EventKind::greeting;
  if (opens && !founder) return;  // Told by the OpeningChecker.
  const std::uint32_t bit = effect ? effect::bit(*effect) : 0;
  const bool again = (target.effects & bit) != 0;
  if (event.kind == EventKind::greeting && again) return;
  target.effects |= bit;
  if (founder && !again) {
    const std::string told = command_text(scene_.roster, traced.key) + "/" + target.garage_id;
    in_founding_place(scene_, Checker::bulk_once_per_garage, told, told, room, event, order,
                      effect);
  }
  if (again) {
    return tell(traced.key, target.garage_id,
                fmt::format("두 번 전달되었습니다. 대화방 {}의 {}번과 {}입니다: {}.",
                            target.room ? chat::to_string(*target.room) : "?", target.seq,
                            place_ko(room, event.seq), content(event)),
                fmt::format("it came twice, in room {} at seq {} and at {}: {}.",
                            target.room ? chat::to_string(*target.room) : "?", target.seq,
                            place_en(room, event.seq), content(event)));
  }
  if (effect == effect::kMain) message(room, event, traced);
}

void BulkChecker::message(Room& room, const EventView& event, const Traced& traced) {
  Bulk& bulk = *traced.bulk;
  BulkTarget& target = *traced.target;
  if (target.settled) {
    return tell(bulk.key, target.garage_id,
                fmt::format("bulk.outcomes는 {}(으)로 거절되었다고 했는데 {}에 전달되었습니다.",
                            target.refused, place_ko(room, event.seq)),
                fmt::format("bulk.outcomes says that it was refused with {}, yet it came at {}.",
                            target.refused, place_en(room, event.seq)));
  }
  target.room = room.id;
  target.seq = event.seq;
  if (target.pair != nullptr && target.pair->messages_open > 0) --target.pair->messages_open;
  if (room.garage != target.garage || !last_row(room, bulk.key.user)) {
    tell(bulk.key, target.garage_id,
         fmt::format("다른 대화방에 전달되었습니다: {}. 그 대화방은 {}와 {}의 것입니다.",
                     place_ko(room, event.seq), scene_.roster.who(room.garage),
                     scene_.roster.who(room.adjuster)),
         fmt::format("it came in another room, at {}, which is of {} and {}.",
                     place_en(room, event.seq), scene_.roster.who(room.garage),
                     scene_.roster.who(room.adjuster)));
  } else if (!event.deleted && event.text != bulk.text) {
    tell(bulk.key, target.garage_id,
         fmt::format("{}의 글이 보낸 것과 다릅니다. 보낸 것: \"{}\", 온 것: {}.",
                     place_ko(room, event.seq), chat::excerpt(bulk.text), content(event)),
         fmt::format("the text at {} is not what was sent. Sent: \"{}\". Came: {}.",
                     place_en(room, event.seq), chat::excerpt(bulk.text), content(event)));
  }
  if (event.seq <= target.acknowledged_before) {
    scene_.stories.tell(Checker::real_time, [&] {
      const std::string id = command_text(scene_.roster, bulk.key);
      return Story{
          fmt::format("단체 메시지 {}을 보내기 전에 대화방 {}의 {}번이 이미 확인되었는데, "
                      "이것은 {}번이 되었습니다.",
                      id, chat::to_string(room.id), target.acknowledged_before, event.seq),
          fmt::format("seq {} of room {} was acknowledged before the bulk message {} was "
                      "sent, yet this became seq {}.",
                      target.acknowledged_before, chat::to_string(room.id), id, event.seq)};
    });
  }
  if (target.told_room && (target.told_room != room.id || target.told_seq != event.seq)) {
    tell(
        bulk.key, target.garage_id,
        fmt::format("bulk.outcomes는 대화방 {}의 {}번이라고 했는데 {}에 왔습니다.",
                    chat::to_string(*target.told_room), target.told_seq, place_ko(room, event.seq)),
        fmt::format("bulk.outcomes says room {}, seq {}, and it came at {}.",
                    chat::to_string(*target.told_room), target.told_seq,
                    place_en(room, event.seq)));
  }
  // Where something before it was not seen, more may come.
  if (room.known_through + 1 >= event.seq) settle(bulk, target);
}

void BulkChecker::settle(Bulk& bulk, BulkTarget& target) {
  target.settled = true;
  --bulk.open;
}

void BulkChecker::acknowledged(const Command& command, const ResultView& result) {
  const Bulk* bulk = scene_.bulks.find(command.key);
  if (bulk == nullptr || result.garages == static_cast<std::int64_t>(bulk->targets.size())) return;
  tell(command.key, {},
       fmt::format("대상은 {}곳인데 응답은 {}곳이라고 합니다.", bulk->targets.size(),
                   result.garages),
       fmt::format("it has {} targets, and its reply says {}.", bulk->targets.size(),
                   result.garages));
}

void BulkChecker::refused(const Command& command) {
  Bulk* bulk = scene_.bulks.find(command.key);
  if (bulk == nullptr) return;
  for (const BulkTarget& target : bulk->targets) {
    if (target.seq != 0) {
      tell(command.key, target.garage_id,
           fmt::format("거절되었는데 대화방 {}의 {}번에 이미 전달되어 있습니다.",
                       chat::to_string(*target.room), target.seq),
           fmt::format("it was refused, yet it had come in room {} at seq {}.",
                       chat::to_string(*target.room), target.seq));
    } else if (target.pair != nullptr && target.pair->messages_open > 0) {
      --target.pair->messages_open;
    }
  }
  scene_.bulks.erase(*bulk);
}

bool BulkChecker::done(const Command& command) {
  Bulk* bulk = scene_.bulks.find(command.key);
  if (bulk == nullptr) return true;
  if (bulk->open > 0) return false;
  scene_.bulks.settle(*bulk, scene_.tick);
  return true;
}

void BulkChecker::finish() {
  for (const auto& [key, bulk] : scene_.bulks.open()) {
    const Command* command = scene_.ledger.find(bulk.key);
    if (command == nullptr || command->outcome != Outcome::acknowledged) continue;
    for (const BulkTarget& target : bulk.targets) {
      if (target.seq != 0 || target.settled || !knows_garage(target)) continue;
      tell(bulk.key, target.garage_id,
           fmt::format(
               "확인 응답을 받았는데 이 정비공장에는 전달되지 않았습니다. 보낸 내용: \"{}\".",
               chat::excerpt(bulk.text)),
           fmt::format("it was acknowledged, and this garage never got it. Sent: \"{}\".",
                       chat::excerpt(bulk.text)));
    }
  }
}

void BulkChecker::tell(const CommandKey& key, std::string_view garage, std::string_view ko,
                       std::string_view en) {
  scene_.stories.tell(Checker::bulk_once_per_garage, [&] {
    const std::string who = scene_.roster.who(key.user);
    const std::string id = command_text(scene_.roster, key);
    const auto number = scene_.roster.find(garage);
    const std::string to = number ? scene_.roster.who(*number) : chat::excerpt(garage);
    if (garage.empty()) {
      return Story{fmt::format("{}의 단체 메시지 {}: {}", who, id, ko),
                   fmt::format("{}'s bulk message {}: {}", who, id, en)};
    }
    return Story{fmt::format("{}의 단체 메시지 {}, {}: {}", who, id, to, ko),
                 fmt::format("{}'s bulk message {}, to {}: {}", who, id, to, en)};
  });
}

}  // namespace claims::storm::audit
