// ScriptedHistory's rooms that change: who comes and goes, who is in charge, their ends.
#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {

chat::Seq ScriptedHistory::join_later(Room& room, const std::string& id, std::string_view sender,
                                      std::string_view cmd, std::string_view whom,
                                      std::string_view as) {
  const chat::Seq seq = room.decided + 1;
  room.members.emplace_back(whom);
  room.from[std::string(whom)] = as == "guest" ? seq : 1;
  const Script::Person& it = person(whom);
  decide(id, room,
         event(room, id, "joined", sender, cmd,
               {{"user", {{"id", it.id}, {"name", it.name}, {"role", chat::to_string(it.role)}}},
                {"from", static_cast<std::int64_t>(first_of(room, whom))},
                {"kind", room.kind},
                {"receipt", room.receipt},
                {"model", room.receipt.empty() ? std::string_view{} : kScriptedModel},
                {"as", as}}));
  return seq;
}

std::string ScriptedHistory::invite(std::string_view user, std::string_view id,
                                    std::string_view whom, std::string_view as) {
  std::string command = next_id(user);
  json::object& body = request(user, "room.invite", command, false);
  body["room"] = id;
  body["user"] = whom;
  body["as"] = as;
  Room& room = rooms_.find(id)->second;
  const chat::Seq seq =
      join_later(room, std::string(id), user, std::string(user) + ":" + command, whom, as);
  reply(user, command,
        {{"room", id},
         {"seq", static_cast<std::int64_t>(seq)},
         {"from", static_cast<std::int64_t>(first_of(room, whom))}});
  return command;
}

std::string ScriptedHistory::leave(std::string_view user, std::string_view id) {
  std::string command = next_id(user);
  request(user, "room.leave", command, false)["room"] = id;
  Room& room = rooms_.find(id)->second;
  const Script::Person& it = person(user);
  decide(std::string(id), room,
         event(room, id, "left", user, std::string(user) + ":" + command,
               {{"user", {{"id", it.id}, {"name", it.name}, {"role", chat::to_string(it.role)}}},
                {"text", it.name + "님이 나갔습니다."}}));
  std::erase(room.members, user);
  reply(user, command, {{"room", id}, {"seq", static_cast<std::int64_t>(room.decided)}});
  return command;
}

chat::Seq ScriptedHistory::hand_over_room(Room& room, const std::string& id,
                                          std::string_view sender, std::string_view cmd,
                                          std::string_view from, std::string_view whom) {
  if (std::find(room.members.begin(), room.members.end(), whom) == room.members.end()) {
    join_later(room, id, sender, cmd, whom, "successor");
  }
  decide(id, room,
         event(room, id, "handed_over", sender, cmd,
               {{"from", {{"id", from}, {"name", person(from).name}}},
                {"to", {{"id", whom}, {"name", person(whom).name}}},
                {"text", "담당자가 변경되었습니다."}}));
  return room.decided;
}

std::string ScriptedHistory::hand_over(std::string_view user, std::string_view id,
                                       std::string_view whom) {
  std::string command = next_id(user);
  json::object& body = request(user, "room.hand_over", command, false);
  body["room"] = id;
  body["user"] = whom;
  const chat::Seq seq = hand_over_room(rooms_.find(id)->second, std::string(id), user,
                                       std::string(user) + ":" + command, user, whom);
  reply(user, command, {{"room", id}, {"seq", static_cast<std::int64_t>(seq)}});
  return command;
}

std::string ScriptedHistory::hand_over_all(std::string_view insurer, std::string_view adjuster,
                                           std::string_view whom,
                                           const std::vector<std::string>& rooms) {
  std::string command = next_id(insurer);
  json::object& body = request(insurer, "adjuster.hand_over", command, false);
  body["adjuster"] = adjuster;
  body["to"] = whom;
  body["reason"] = "away";
  reply(insurer, command, {{"rooms", static_cast<std::int64_t>(rooms.size())}});
  for (const std::string& id : rooms) {
    hand_over_room(rooms_.find(id)->second, id, insurer,
                   std::string(insurer).append(":").append(command).append("/").append(id),
                   adjuster, whom);
  }
  return command;
}

std::string ScriptedHistory::retire(std::string_view insurer, std::string_view adjuster,
                                    std::string_view whom, const std::vector<std::string>& rooms) {
  retired_.emplace(adjuster);
  std::string command = hand_over_all(insurer, adjuster, whom, rooms);
  for (Action& action : script_.actions) {
    if (action.kind == Action::Kind::send && action.id == command)
      action.body["reason"] = "retired";
  }
  for (std::size_t session = 0; session < queues_.size(); ++session) {
    if (script_.sessions[session] != adjuster) continue;
    if (connected_[session]) lose(session);
    connect(session, false);
  }
  return command;
}

void ScriptedHistory::connect(std::size_t session, bool let_in) {
  act(Action::Kind::connect, session);
  if (let_in) return subscribe(session);
  queues_[session].clear();
  act(Action::Kind::turned_away, session);
}

std::string ScriptedHistory::change(std::string_view user, std::string_view id,
                                    std::string_view title) {
  std::string command = next_id(user);
  json::object& body = request(user, "room.change", command, false);
  body["room"] = id;
  body["title"] = title;
  Room& room = rooms_.find(id)->second;
  decide(std::string(id), room,
         event(room, id, "room_changed", user, std::string(user) + ":" + command,
               {{"title", title}, {"text", "대화방 이름이 바뀌었습니다."}}));
  reply(user, command,
        {{"room", id}, {"seq", static_cast<std::int64_t>(room.decided)}, {"title", title}});
  return command;
}

std::string ScriptedHistory::delete_room(std::string_view user, std::string_view id) {
  std::string command = next_id(user);
  request(user, "room.delete", command, false)["room"] = id;
  Room& room = rooms_.find(id)->second;
  decide(std::string(id), room,
         event(room, id, "room_deleted", user, std::string(user) + ":" + command,
               {{"text", "대화방이 삭제되었습니다."}}));
  room.members.clear();
  reply(user, command, {{"room", id}, {"seq", static_cast<std::int64_t>(room.decided)}});
  return command;
}

std::string ScriptedHistory::cancel(std::string_view user, std::string_view id) {
  std::string command = next_id(user);
  request(user, "intake.cancel", command, false)["room"] = id;
  Room& room = rooms_.find(id)->second;
  // The next intake brings it back.
  room.state.clear();
  decide(std::string(id), room,
         event(room, id, "notice", user, std::string(user) + ":" + command,
               {{"state", "cancelled"}, {"text", "입고가 취소되었습니다."}}));
  reply(user, command,
        {{"room", id}, {"seq", static_cast<std::int64_t>(room.decided)}, {"state", "cancelled"}});
  return command;
}

std::string ScriptedHistory::further(std::string_view user, std::string_view id, int amount) {
  std::string command = next_id(user);
  json::object& body = request(user, "estimate.further", command, false);
  body["room"] = id;
  body["amount"] = amount;
  body["reason"] = "하체 손상";
  Room& room = rooms_.find(id)->second;
  const std::string number = "F-" + room.receipt + "-" + std::to_string(++room.further);
  decide(std::string(id), room,
         event(room, id, "further_estimate", user, std::string(user) + ":" + command,
               {{"estimate", number},
                {"amount", amount},
                {"reason", "하체 손상"},
                {"text", "추가 견적입니다."}}));
  reply(user, command,
        {{"room", id}, {"seq", static_cast<std::int64_t>(room.decided)}, {"estimate", number}});
  return command;
}

std::string ScriptedHistory::conversions(std::string_view user, int pre_estimates, int further,
                                         int claims) {
  std::string read = "q" + std::to_string(++read_ids_);
  request(user, "conversions.count", read, true);
  reply(user, read,
        {{"pre_estimates", pre_estimates}, {"further_estimates", further}, {"claims", claims}},
        json::object{});
  return read;
}

std::string ScriptedHistory::candidates(std::string_view user, std::string_view room,
                                        std::string_view as,
                                        const std::vector<std::string>& offered) {
  std::string read = "q" + std::to_string(++read_ids_);
  json::object& body = request(user, "invite.candidates", read, true);
  body["room"] = room;
  body["as"] = as;
  json::array users;
  for (const std::string& id : offered) {
    const Script::Person& it = person(id);
    users.push_back({{"user", id},
                     {"name", it.name},
                     {"role", chat::to_string(it.role)},
                     {"insurer", it.insurer}});
  }
  reply(user, read, {{"users", users}, {"next", ""}}, json::object{});
  return read;
}

}  // namespace claims::storm
