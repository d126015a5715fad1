// BulkChecker's part that reads replies to bulk.outcomes.

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "protocol/chat/error.h"
#include "simulator/check/bulk_checker.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

constexpr std::string_view kNoSuchGarage = "unknown_user", kLimit = "limit_reached";

}  // namespace

std::optional<std::string> BulkChecker::read_outcome(const json::value& value, ToldOutcome& out) {
  const json::object* fields = value.if_object();
  if (fields == nullptr) return "an outcome is no object";
  const json::value* garage = fields->if_contains("garage");
  const json::value* ok = fields->if_contains("ok");
  if (garage == nullptr || ok == nullptr || !ok->is_bool()) return "an outcome lacks garage or ok";
  out.garage = text_of(*garage).value_or("");
  out.ok = ok->get_bool();
  if (!out.ok) {
    const json::value* code = fields->if_contains("code");
    out.code = code == nullptr ? std::string_view{} : text_of(*code).value_or("");
    if (fields->size() != 3 || out.code.empty()) return "a refused outcome is not garage, ok, code";
    return std::nullopt;
  }
  const json::value* room = fields->if_contains("room");
  const json::value* seq = fields->if_contains("seq");
  if (room == nullptr || seq == nullptr || fields->size() != 4) {
    return "an outcome is not garage, ok, room and seq";
  }
  out.room = chat::parse_room_id(text_of(*room).value_or(""));
  out.seq = static_cast<chat::Seq>(integer_of(*seq).value_or(0));
  if (!out.room || out.seq < 1) return "an outcome's room or seq is none";
  return std::nullopt;
}

std::optional<std::string> BulkChecker::outcomes_replied(const Ask& ask, const ReplyView& reply) {
  const json::value* id = reply.result->if_contains("bulk");
  const json::value* outcomes = reply.result->if_contains("outcomes");
  const json::value* open = reply.result->if_contains("open");
  const auto left = open == nullptr ? std::nullopt : integer_of(*open);
  if (id == nullptr || outcomes == nullptr || !outcomes->is_array() || !left || *left < 0 ||
      reply.result->size() != 3) {
    return "result is not bulk, outcomes and open";
  }
  if (text_of(*id) != chat::to_string(ask.bulk)) return "the outcomes are of another bulk message";
  const CommandKey key{scene_.roster.session(ask.session).user, ask.bulk};
  Bulk* bulk = scene_.bulks.find(key);
  const SettledBulk* settled = bulk == nullptr ? scene_.bulks.settled(key) : nullptr;
  const std::size_t targets = bulk != nullptr      ? bulk->targets.size()
                              : settled != nullptr ? settled->targets
                                                   : 0;
  const auto& all = outcomes->get_array();
  if (bulk == nullptr && settled == nullptr) {
    tell(key, {}, fmt::format("보낸 적이 없거나 거절된 것인데 결과가 있습니다 ({}).", ask.id),
         fmt::format("it was never sent or was refused, and it has outcomes ({}).", ask.id));
    return std::nullopt;
  }
  if (all.size() + static_cast<std::size_t>(*left) != targets) {
    tell(key, {},
         fmt::format("대상은 {}곳인데 결과 {}건, 남은 것 {}건이라고 합니다 ({}).", targets,
                     all.size(), *left, ask.id),
         fmt::format("it has {} targets; {} outcomes and {} open are told ({}).", targets,
                     all.size(), *left, ask.id));
    return std::nullopt;
  }
  std::uint64_t digest = 0;
  std::size_t next = 0;
  for (const json::value& entry : all) {
    ToldOutcome told;
    if (auto problem = read_outcome(entry, told)) return problem;
    digest =
        add_outcome(digest, told.garage, told.room.value_or(chat::RoomId{}), told.seq, told.code);
    if (bulk == nullptr) continue;
    while (next < targets && bulk->targets[next].garage_id != told.garage) ++next;
    if (next == targets) {
      tell(key, told.garage,
           fmt::format("bulk.outcomes({})가 대상의 순서를 따르지 않습니다.", ask.id),
           fmt::format("bulk.outcomes ({}) does not follow the order of the targets.", ask.id));
      return std::nullopt;
    }
    outcome(*bulk, bulk->targets[next++], told);
  }
  const bool all_told = *left == 0;
  if (settled != nullptr && (all_told ? digest != settled->outcomes : settled->tick < ask.tick)) {
    tell(key, {},
         fmt::format("bulk.outcomes({})가 정비공장 {}곳에 전달된 것과 다릅니다.", ask.id, targets),
         fmt::format("bulk.outcomes ({}) differs from what was seen to reach its {} garages.",
                     ask.id, targets));
  }
  return std::nullopt;
}

void BulkChecker::outcome(Bulk& bulk, BulkTarget& target, const ToldOutcome& told) {
  if (told.ok) {
    const bool differs = target.seq != 0 && (target.room != told.room || target.seq != told.seq);
    if (!differs && target.refused.empty()) {
      target.told_room = told.room;
      target.told_seq = told.seq;
      return;
    }
    return tell(bulk.key, target.garage_id,
                fmt::format("bulk.outcomes는 대화방 {}의 {}번이라고 하는데 {}.",
                            chat::to_string(*told.room), told.seq,
                            differs ? fmt::format("대화방 {}의 {}번에 왔습니다",
                                                  chat::to_string(*target.room), target.seq)
                                    : "앞서 거절되었다고 했습니다"),
                fmt::format("bulk.outcomes says room {}, seq {}; {}.", chat::to_string(*told.room),
                            told.seq,
                            differs ? fmt::format("it came in room {} at seq {}",
                                                  chat::to_string(*target.room), target.seq)
                                    : "it said before that it was refused"));
  }
  if (!target.refused.empty() && target.refused == told.code) return;
  const bool known = knows_garage(target);
  const bool may_be = told.code == kLimit || (told.code == kNoSuchGarage && !known);
  if (target.seq != 0 || target.told_room || !may_be) {
    return tell(
        bulk.key, target.garage_id,
        fmt::format("bulk.outcomes는 {}(으)로 거절되었다고 하지만 {}.", chat::excerpt(told.code),
                    target.seq != 0 ? "전달되었습니다" : "그럴 이유가 없습니다"),
        fmt::format("bulk.outcomes says that it was refused with {}; {}.", chat::excerpt(told.code),
                    target.seq != 0 ? "it came" : "there is no reason for that"));
  }
  target.refused = told.code;
  if (target.pair != nullptr && target.pair->messages_open > 0) --target.pair->messages_open;
  settle(bulk, target);
}

}  // namespace claims::storm::audit
