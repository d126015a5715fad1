// ScriptedHistory's rooms as they open, and inbound ones.
#include <algorithm>
#include <utility>

#include "scripted_history.h"

namespace claims::storm {

std::string ScriptedHistory::new_room(std::string_view kind, std::string_view receipt,
                                      const std::vector<std::string>& members) {
  std::string id = "r" + std::to_string(rooms_.size() + 1);
  Room& room = rooms_[id];
  room.kind = kind;
  room.receipt = receipt;
  if (!receipt.empty()) room.plate = receipts_.find(receipt)->second.plate;
  room.members = members;
  return id;
}

void ScriptedHistory::join(Room& room, const std::string& id, std::string_view sender,
                           std::string_view cmd) {
  for (const std::string& member : room.members) {
    decide(id, room,
           event(room, id, "joined", sender, cmd,
                 {{"user",
                   {{"id", member},
                    {"name", person(member).name},
                    {"role", chat::to_string(person(member).role)}}},
                  {"from", 1},
                  {"kind", room.kind},
                  {"receipt", room.receipt},
                  {"model", room.receipt.empty() ? std::string_view{} : kScriptedModel}}));
  }
}

void ScriptedHistory::greet(Room& room, const std::string& id, std::string_view cmd) {
  const auto adjuster = std::find_if(
      room.members.begin(), room.members.end(),
      [&](const std::string& member) { return person(member).role == chat::Role::adjuster; });
  decide(id, room,
         event(room, id, "greeting", "system", cmd,
               {{"text", "담당자 " + person(*adjuster).name + "입니다."}}));
}

std::string ScriptedHistory::intake(std::string_view garage, std::string_view number) {
  std::string id = next_id(garage);
  request(garage, "intake.register", id, false)["receipt"] = number;
  Receipt& receipt = receipts_.find(number)->second;
  const bool created = receipt.room.empty();
  if (created) {
    receipt.garage = garage;
    receipt.room = new_room("inbound", number, {std::string(garage), receipt.adjuster});
  }
  const std::string cmd = std::string(garage) + ":" + id;
  Room& room = rooms_[receipt.room];
  if (created) join(room, receipt.room, garage, cmd);
  if (room.state.empty()) {
    room.state = "in";
    decide(receipt.room, room,
           event(room, receipt.room, "notice", garage, cmd,
                 {{"state", "in"}, {"text", "차량이 입고되었습니다."}}));
  }
  if (created) greet(room, receipt.room, cmd);
  reply(garage, id, {{"room", receipt.room}, {"created", created}, {"vehicle", receipt.plate}});
  return id;
}

std::string ScriptedHistory::by_plate(std::string_view garage, std::string_view plate,
                                      const std::vector<std::string>& offered) {
  std::string id = next_id(garage);
  request(garage, "intake.by_plate", id, false)["plate"] = plate;
  if (offered.empty()) {
    refuse(garage, id, "unknown_plate");
    return id;
  }
  json::array choices;
  for (const std::string& number : offered) {
    const std::string& adjuster = receipts_.find(number)->second.adjuster;
    choices.push_back({{"receipt", number},
                       {"insurer", person(adjuster).insurer},
                       {"insurer_name", person(adjuster).insurer + " 손해보험"},
                       {"model", kScriptedModel}});
  }
  reply(garage, id, {{"choices", choices}});
  return id;
}

std::string ScriptedHistory::pre_estimate(std::string_view garage, std::string_view number,
                                          int amount) {
  std::string id = next_id(garage);
  json::object& body = request(garage, "pre_estimate.write", id, false);
  body["receipt"] = number;
  body["amount"] = amount;
  Receipt& receipt = receipts_.find(number)->second;
  const bool created = receipt.room.empty();
  if (created) {
    receipt.garage = garage;
    receipt.room = new_room("inbound", number, {std::string(garage), receipt.adjuster});
  }
  const std::string cmd = std::string(garage) + ":" + id;
  Room& room = rooms_[receipt.room];
  if (created) join(room, receipt.room, garage, cmd);
  const std::string estimate = "E-" + std::string(number);
  decide(receipt.room, room,
         event(room, receipt.room, "pre_estimate", garage, cmd,
               {{"estimate", estimate}, {"amount", amount}, {"text", "선견적입니다."}}));
  const auto seq = static_cast<std::int64_t>(room.decided);
  if (created) greet(room, receipt.room, cmd);
  reply(garage, id,
        {{"room", receipt.room},
         {"created", created},
         {"vehicle", receipt.plate},
         {"seq", seq},
         {"estimate", estimate}});
  return id;
}

}  // namespace claims::storm
