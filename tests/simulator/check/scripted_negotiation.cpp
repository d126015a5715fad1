// ScriptedHistory's fault negotiations.
#include <utility>

#include "scripted_history.h"

namespace claims::storm {

using chat::NegotiationAction;
using chat::Side;

void ScriptedHistory::negotiated(Room& room, const std::string& id, std::string_view sender,
                                 std::string_view cmd, std::string_view action, std::string_view by,
                                 std::string_view reason) {
  const chat::Negotiation& now = room.negotiation;
  const bool accepts = action == "accept_exemption";
  if (accepts) reason = chat::to_string(now.exemption);
  decide(id, room,
         event(room, id, "negotiation", sender, cmd,
               {{"action", action},
                {"by", by},
                {"ratio", now.shown_ratio() ? chat::to_string(*now.shown_ratio()) : std::string()},
                {"reason", reason},
                {"state", chat::to_string(now.state)},
                {"turn", now.answers() ? chat::to_string(*now.answers()) : std::string_view{}},
                {"text", "과실협의가 진행되었습니다."}}));
}

void ScriptedHistory::refer_if_due(Room& room, const std::string& id, std::string_view cmd) {
  if (!room.negotiation.must_refer()) return;
  room.negotiation = *room.negotiation.apply(Side::initiator, {NegotiationAction::refer, {}, {}});
  negotiated(room, id, "system", cmd, "refer", "system", "");
}

std::string ScriptedHistory::open_negotiation(std::string_view initiator, std::string_view number,
                                              std::string_view counterpart,
                                              std::string_view ratio) {
  std::string id = next_id(initiator);
  json::object& body = request(initiator, "negotiation.open", id, false);
  body["receipt"] = number;
  body["counterpart"] = counterpart;
  body["ratio"] = ratio;
  Receipt& receipt = receipts_.find(number)->second;
  receipt.negotiation =
      new_room("negotiation", number, {std::string(initiator), std::string(counterpart)});
  Room& room = rooms_[receipt.negotiation];
  const std::string cmd = std::string(initiator) + ":" + id;
  join(room, receipt.negotiation, initiator, cmd);
  room.negotiation = chat::Negotiation::opened(*chat::parse_ratio(ratio));
  negotiated(room, receipt.negotiation, initiator, cmd, "open", "initiator", "");
  reply(initiator, id, {{"room", receipt.negotiation}, {"seq", 3}, {"state", "discussing"}});
  return id;
}

std::string ScriptedHistory::act(std::string_view user, std::string_view id,
                                 std::string_view action, std::string_view ratio,
                                 std::string_view reason) {
  std::string command = next_id(user);
  json::object& body = request(user, "negotiation.act", command, false);
  body["room"] = id;
  body["action"] = action;
  if (!ratio.empty()) body["ratio"] = ratio;
  if (!reason.empty()) body["reason"] = reason;
  Room& room = rooms_.find(id)->second;
  const Side side = room.members[0] == user ? Side::initiator : Side::counterpart;
  chat::NegotiationMove move;
  move.action = *chat::parse_negotiation_action(action);
  if (!ratio.empty()) move.ratio = chat::seen_from(side, *chat::parse_ratio(ratio));
  move.exemption = chat::parse_exemption_reason(reason).value_or(chat::ExemptionReason::not_liable);
  const auto next = room.negotiation.apply(side, move);
  if (!next) {
    refuse(user, command, "illegal_action");
    return command;
  }
  room.negotiation = *next;
  const std::string cmd = std::string(user) + ":" + command;
  negotiated(room, std::string(id), user, cmd, action, chat::to_string(side), reason);
  const auto seq = static_cast<std::int64_t>(room.decided);
  refer_if_due(room, std::string(id), cmd);
  reply(user, command,
        {{"room", id}, {"seq", seq}, {"state", chat::to_string(room.negotiation.state)}});
  return command;
}

std::string ScriptedHistory::tagged(std::string_view user, std::string_view id,
                                    std::string_view text, std::string_view action,
                                    std::string_view ratio, std::string_view reason) {
  std::string command = next_id(user);
  json::object& body = request(user, "message.send", command, false);
  body["room"] = id;
  body["text"] = text;
  Room& room = rooms_.find(id)->second;
  const Side side = room.members[0] == user ? Side::initiator : Side::counterpart;
  chat::NegotiationMove move;
  move.action = *chat::parse_negotiation_action(action);
  if (!ratio.empty()) move.ratio = chat::seen_from(side, *chat::parse_ratio(ratio));
  move.exemption = chat::parse_exemption_reason(reason).value_or(chat::ExemptionReason::not_liable);
  const auto next = room.negotiation.apply(side, move);
  if (!next) {
    refuse(user, command, "illegal_action");
    return command;
  }
  const std::string cmd = std::string(user) + ":" + command;
  decide(std::string(id), room, event(room, id, "message", user, cmd, {{"text", text}}));
  const auto seq = static_cast<std::int64_t>(room.decided);
  room.negotiation = *next;
  negotiated(room, std::string(id), user, cmd, action, chat::to_string(side), reason);
  reply(user, command, {{"room", id}, {"seq", seq}});
  return command;
}

std::string ScriptedHistory::refused_act(std::string_view user, std::string_view room,
                                         std::string_view action, std::string_view code) {
  std::string command = next_id(user);
  json::object& body = request(user, "negotiation.act", command, false);
  body["room"] = room;
  body["action"] = action;
  refuse(user, command, code);
  return command;
}

ScriptedHistory negotiated() {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  history.open_negotiation("adjuster-1", "2024-1234567", "adjuster-2", "70:30");
  history.drain();
  history.act("adjuster-2", "r1", "object", "60:40", "신호 위반이 있었습니다.");
  history.drain();
  history.send("adjuster-1", "r1", "영상을 확인했습니다.");
  history.drain();
  history.act("adjuster-1", "r1", "accept_objection");
  history.drain();
  return history;
}

}  // namespace claims::storm
