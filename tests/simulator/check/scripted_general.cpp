// ScriptedHistory's general rooms and bulk messages.
#include <algorithm>
#include <utility>

#include "scripted_history.h"

namespace claims::storm {

void ScriptedHistory::add_vehicle(Room& room, const std::string& id, std::string_view sender,
                                  std::string_view cmd, const std::string& vehicle) {
  room.vehicles.push_back(vehicle);
  decide(id, room,
         event_about(room, id, "vehicle_added", sender, cmd, {{"text", "차량이 추가되었습니다."}},
                     vehicle));
}

std::string ScriptedHistory::open_general(std::string_view garage, std::string_view adjuster,
                                          const std::vector<std::string>& vehicles) {
  std::string id = next_id(garage);
  json::object& body = request(garage, "general.open", id, false);
  body["adjuster"] = adjuster;
  body["vehicles"] = json::array(vehicles.begin(), vehicles.end());
  std::string& room_id = generals_[{std::string(garage), std::string(adjuster)}];
  const bool created = room_id.empty();
  if (created) room_id = new_room("general", "", {std::string(garage), std::string(adjuster)});
  Room& room = rooms_[room_id];
  const std::string cmd = std::string(garage) + ":" + id;
  if (created) join(room, room_id, garage, cmd);
  json::array added;
  for (const std::string& vehicle : vehicles) {
    const auto& have = room.vehicles;
    if (std::find(have.begin(), have.end(), vehicle) != have.end()) continue;
    add_vehicle(room, room_id, garage, cmd, vehicle);
    added.push_back(json::value(vehicle));
  }
  if (created) greet(room, room_id, cmd);
  reply(garage, id, {{"room", room_id}, {"created", created}, {"added", added}});
  return id;
}

std::string ScriptedHistory::bulk(std::string_view adjuster, const std::vector<Target>& targets,
                                  std::string_view text) {
  std::string id = next_id(adjuster);
  json::object& body = request(adjuster, "bulk.send", id, false);
  json::array list;
  for (const Target& target : targets) {
    list.push_back({{"garage", target.garage}, {"vehicle", target.vehicle}});
  }
  body["targets"] = std::move(list);
  body["text"] = text;
  reply(adjuster, id, {{"garages", static_cast<std::int64_t>(targets.size())}});
  json::array& outcomes = bulks_[id];
  for (const Target& target : targets) {
    if (!target.refused.empty()) {
      outcomes.push_back({{"garage", target.garage}, {"ok", false}, {"code", target.refused}});
      continue;
    }
    const std::string cmd = std::string(adjuster) + ":" + id + "/" + target.garage;
    std::string& room_id = generals_[{target.garage, std::string(adjuster)}];
    const bool created = room_id.empty();
    if (created) room_id = new_room("general", "", {std::string(adjuster), target.garage});
    Room& room = rooms_[room_id];
    if (created) join(room, room_id, adjuster, cmd);
    const auto& have = room.vehicles;
    if (std::find(have.begin(), have.end(), target.vehicle) == have.end()) {
      add_vehicle(room, room_id, adjuster, cmd, target.vehicle);
    }
    if (created) greet(room, room_id, cmd);
    decide(room_id, room,
           event_about(room, room_id, "message", adjuster, cmd, {{"text", text}}, target.vehicle));
    outcomes.push_back({{"garage", target.garage},
                        {"ok", true},
                        {"room", room_id},
                        {"seq", static_cast<std::int64_t>(room.decided)}});
  }
  return id;
}

ScriptedHistory scenario_b(std::string* bulk) {
  ScriptedHistory history = cast();
  const std::string id =
      history.bulk("adjuster-1", {{"garage-1", "12가3456", ""}, {"garage-2", "34나5678", ""}},
                   "입고된 차량을 확인해 주세요.");
  if (bulk != nullptr) *bulk = id;
  history.drain();
  history.send("garage-1", "r1", "확인했습니다.");
  history.send("garage-2", "r2", "아직 오지 않았습니다.");
  history.drain();
  return history;
}

}  // namespace claims::storm
