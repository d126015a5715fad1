#include "simulator/check/end_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <utility>

#include "simulator/check/negotiation_checker.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

/// Once ended it is shown as ended, whatever else is said.
bool is_end(ShownEnd shown) {
  return shown.state != 0 && is_final(static_cast<chat::NegotiationState>(shown.state - 1));
}

std::string text(ShownEnd shown) {
  if (shown.state == 0) return "-";
  const auto state = static_cast<chat::NegotiationState>(shown.state - 1);
  if (shown.ratio == 0) return std::string(chat::to_string(state));
  const auto first = static_cast<std::uint8_t>(shown.ratio - 1);
  const auto second = static_cast<std::uint8_t>(100 - first);
  return fmt::format("{} {}", chat::to_string(state), chat::to_string(chat::Ratio{first, second}));
}

/// The exemption that was sent or accepted.
std::string_view reason_of(const chat::Negotiation& negotiation) {
  const bool exemption = negotiation.state == chat::NegotiationState::exemption_sent ||
                         negotiation.state == chat::NegotiationState::exempt;
  return exemption ? chat::to_string(negotiation.exemption) : std::string_view{};
}

}  // namespace

void EndChecker::delivered(Observer& observer, const EventView& event) {
  const NegotiationView& step = event.negotiation;
  observer.shown_end = {static_cast<std::uint8_t>(static_cast<unsigned>(step.state) + 1),
                        static_cast<std::uint8_t>(step.ratio ? step.ratio->first + 1 : 0)};
}

std::optional<std::string> EndChecker::status_replied(const Ask& ask, const ReplyView& reply) {
  std::string_view fields[8];
  constexpr std::string_view kNames[8] = {"room",  "receipt", "initiator", "counterpart",
                                          "state", "turn",    "ratio",     "reason"};
  for (std::size_t i = 0; i < 8; ++i) {
    const json::value* value = reply.result->if_contains(kNames[i]);
    const auto found = value == nullptr ? std::nullopt : text_of(*value);
    if (!found) return "result." + std::string(kNames[i]) + " is missing or no string";
    fields[i] = *found;
  }
  const json::value* objections = reply.result->if_contains("objections");
  const auto count = objections == nullptr ? std::nullopt : integer_of(*objections);
  if (!count || *count < 0 || reply.result->size() != 9) return "result lacks objections";
  PendingStatus status;
  status.told = fmt::format("{}, {}", scene_.roster.who(ask.session), ask.id);
  status.state = chat::parse_negotiation_state(fields[4]);
  status.turn = parse_side(fields[5]);
  status.ratio = chat::parse_ratio(fields[6]);
  status.reason = fields[7];
  status.objections = *count;
  if (!status.state) return "result.state is no state of a negotiation";
  if (!status.turn && !fields[5].empty()) return "result.turn is no side";
  if (!status.ratio && !fields[6].empty()) return "result.ratio is no ratio";
  const auto id = chat::parse_room_id(fields[0]);
  if (!id || id != ask.room) return "the status is of another room";
  const auto as_of = as_of_room(reply.as_of, *id);
  if (!as_of) return "as_of lacks the room";
  status.as_of = *as_of;
  Room* room = scene_.rooms.find(*id);
  if (room == nullptr || room->negotiation == nullptr) return std::nullopt;
  const std::string receipt =
      room->receipt == kNoReceipt ? "" : scene_.receipts.at(room->receipt).number;
  if (!receipt.empty() && fields[1] != receipt) {
    tell(*room,
         fmt::format("현황({})은 접수번호 {}이어야 하는데 {}입니다.", status.told, receipt,
                     fields[1]),
         fmt::format("the status ({}) must be of receipt {}; it says {}.", status.told, receipt,
                     fields[1]),
         Checker::legal_negotiation_steps);
  }
  status.sides = {std::string(fields[2]), std::string(fields[3])};
  if (*as_of < ask.acknowledged_before) {
    tell(*room,
         fmt::format("현황({})의 as_of가 {}인데, 묻기 전에 {}번이 이미 확인되었습니다.",
                     status.told, *as_of, ask.acknowledged_before),
         fmt::format("the status ({}) is as of {}, and {} was acknowledged before it asked.",
                     status.told, *as_of, ask.acknowledged_before),
         Checker::legal_negotiation_steps);
  }
  if (room->known_through >= *as_of) {
    compare(*room, status);
  } else if (room->negotiation->pending.size() < NegotiationRecord::kPendingMax) {
    room->negotiation->pending.push_back(std::move(status));
  }
  return std::nullopt;
}

void EndChecker::compare(const Room& room, const PendingStatus& status) {
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
    const UserNumber due = room.in_charge(side, status.as_of);
    if (due != kNobody && status.sides[side] == scene_.roster.user(due).id) continue;
    tell(room,
         fmt::format("순번 {}의 현황({})에 {} 자리에 {}이(가) 있습니다.", status.as_of, status.told,
                     scene_.roster.who(due), status.sides[side]),
         fmt::format("as of seq {} the status ({}) has {} where {} is due.", status.as_of,
                     status.told, status.sides[side], scene_.roster.who(due)),
         Checker::legal_negotiation_steps);
  }
  const NegotiationRecord::State* due = room.negotiation->at(status.as_of);
  if (due == nullptr) return;  // Older than what is kept.
  const chat::Negotiation& model = due->negotiation;
  if (status.state == model.state && status.turn == model.answers() &&
      status.ratio == model.shown_ratio() && status.objections == std::int64_t{model.objections} &&
      status.reason == reason_of(model)) {
    return;
  }
  const std::string must = told(model.state, model.shown_ratio(), model.answers());
  const std::string is = told(*status.state, status.ratio, status.turn);
  const bool end = is_final(model.state) || is_final(*status.state);
  tell(room,
       fmt::format("순번 {}의 현황({})은 {}, 이의 {}번이어야 하는데 {}, 이의 {}번, 사유 \"{}\"라고 "
                   "합니다.",
                   status.as_of, status.told, must, model.objections, is, status.objections,
                   status.reason),
       fmt::format("as of seq {} the status ({}) must be {} after {} objections; it says {} after "
                   "{}, reason \"{}\".",
                   status.as_of, status.told, must, model.objections, is, status.objections,
                   status.reason),
       end ? Checker::same_end : Checker::legal_negotiation_steps);
}

void EndChecker::advanced(Room& room) {
  if (room.negotiation == nullptr || room.negotiation->pending.empty()) return;
  std::erase_if(room.negotiation->pending, [&](const PendingStatus& status) {
    if (room.known_through < status.as_of) return false;
    compare(room, status);
    return true;
  });
}

void EndChecker::finish(Room& room) {
  if (room.negotiation == nullptr || !room.judged || room.second) return;
  for (const PendingStatus& status : room.negotiation->pending) {
    tell(room,
         fmt::format("현황({})의 as_of가 {}인데 대화방의 마지막 순번은 {}입니다.", status.told,
                     status.as_of, room.last()),
         fmt::format("the status ({}) is as of {}, and the room's last seq is {}.", status.told,
                     status.as_of, room.last()),
         Checker::legal_negotiation_steps);
  }
  room.negotiation->pending.clear();
  const auto ended =
      std::find_if(room.observers.begin(), room.observers.end(),
                   [](const Observer& observer) { return is_end(observer.shown_end); });
  if (ended == room.observers.end()) return;
  for (const Observer& observer : room.observers) {
    // One that came later than the end was never told of it.
    const bool came_late = observer.shown_end.state == 0 && observer.start != 1;
    // One that left before it was told of it no more.
    if (observer.member != Observer::kNoMember && !room.members[observer.member].current()) {
      continue;
    }
    // Nor was one that may have retired.
    if (observer.member != Observer::kNoMember &&
        scene_.roster.user(room.members[observer.member].user).retirements > 0) {
      continue;
    }
    if (observer.shown_end == ended->shown_end || came_late) continue;
    const std::string one = scene_.roster.who(ended->session);
    const std::string other = scene_.roster.who(observer.session);
    return tell(room,
                fmt::format("끝이 서로 다르게 보입니다. {}: {}, {}: {}.", one,
                            text(ended->shown_end), other, text(observer.shown_end)),
                fmt::format("the end is not the same for all: {} saw {}, {} saw {}.", one,
                            text(ended->shown_end), other, text(observer.shown_end)),
                Checker::same_end);
  }
}

void EndChecker::tell(const Room& room, std::string_view ko, std::string_view en, Checker checker) {
  scene_.stories.tell(checker, [&] {
    const std::string id = chat::to_string(room.id);
    return Story{fmt::format("과실협의 대화방 {}: {}", id, ko),
                 fmt::format("Negotiation {}: {}", id, en)};
  });
}

}  // namespace claims::storm::audit
