// ScriptedHistory's reads, and read receipts.
#include <algorithm>
#include <utility>

#include "scripted_history.h"

namespace claims::storm {
namespace {

constexpr std::int64_t kWall = 1'714'500'000'000;

std::string field(const json::object& object, std::string_view key) {
  const json::string& text = object.at(key).as_string();
  return {text.data(), text.size()};
}

}  // namespace

std::int64_t ScriptedHistory::unread(const Room& room, std::string_view user) const {
  const auto read = room.read.find(std::string(user));
  std::int64_t count = 0;
  for (const auto& [seq, event] : room.events) {
    if (read != room.read.end() && seq <= read->second) continue;
    if (seq < first_of(room, user)) continue;
    if (field(event, "type") != "message") continue;
    if (event.at("body").as_object().contains("deleted")) continue;
    count += field(event.at("sender").as_object(), "id") == user ? 0 : 1;
  }
  return count;
}

std::int64_t ScriptedHistory::unread_by(const Room& room, const json::object& event) const {
  std::int64_t count = 0;
  for (const std::string& member : room.members) {
    if (field(event.at("sender").as_object(), "id") == member) continue;
    const auto read = room.read.find(member);
    const auto seq = static_cast<chat::Seq>(event.at("seq").as_int64());
    if (seq < first_of(room, member)) continue;
    count += read == room.read.end() || read->second < seq ? 1 : 0;
  }
  return count;
}

std::string ScriptedHistory::unread_counts(std::string_view user) {
  std::string id = "q" + std::to_string(++read_ids_);
  request(user, "unread.counts", id, true);
  json::array rooms;
  json::object as_of;
  std::int64_t total = 0;
  for (const auto& [name, room] : rooms_) {
    if (std::find(room.members.begin(), room.members.end(), user) == room.members.end()) continue;
    rooms.push_back({{"room", name}, {"unread", unread(room, user)}});
    total += unread(room, user);
    as_of[name] = static_cast<std::int64_t>(room.decided);
  }
  reply(user, id, {{"rooms", rooms}, {"total", total}, {"more", false}}, as_of);
  return id;
}

std::string ScriptedHistory::page(std::string_view user, std::string_view id, chat::Seq after,
                                  int limit, std::string_view vehicle) {
  std::string read = "q" + std::to_string(++read_ids_);
  json::object& body = request(user, "room.messages", read, true);
  body["room"] = id;
  body["after"] = static_cast<std::int64_t>(after);
  body["limit"] = limit;
  if (!vehicle.empty()) body["vehicle"] = vehicle;
  const Room& room = rooms_.find(id)->second;
  json::array events;
  bool more = false;
  after = std::max(after, first_of(room, user) - 1);
  for (auto it = room.events.upper_bound(after); it != room.events.end(); ++it) {
    if (!vehicle.empty() && field(it->second, "vehicle") != vehicle) continue;
    more = static_cast<int>(events.size()) == limit;
    if (more) break;
    json::object event = it->second;
    event["unread_by"] = unread_by(room, event);
    events.push_back(std::move(event));
  }
  reply(user, read, {{"room", id}, {"events", events}, {"more", more}},
        json::object{{id, static_cast<std::int64_t>(room.decided)}});
  return read;
}

std::string ScriptedHistory::room_reads(std::string_view user, std::string_view id) {
  std::string read = "q" + std::to_string(++read_ids_);
  request(user, "room.reads", read, true)["room"] = id;
  const Room& room = rooms_.find(id)->second;
  json::array members;
  for (const std::string& member : room.members) {
    const auto seq = room.read.find(member);
    members.push_back(
        {{"user", member},
         {"name", person(member).name},
         {"role", chat::to_string(person(member).role)},
         {"from", static_cast<std::int64_t>(first_of(room, member))},
         {"read", static_cast<std::int64_t>(seq == room.read.end() ? first_of(room, member) - 1
                                                                   : seq->second)}});
  }
  reply(user, read, {{"room", id}, {"members", members}},
        json::object{{id, static_cast<std::int64_t>(room.decided)}});
  return read;
}

std::string ScriptedHistory::bulk_outcomes(std::string_view user, const std::string& bulk) {
  std::string read = "q" + std::to_string(++read_ids_);
  request(user, "bulk.outcomes", read, true)["bulk"] = bulk;
  reply(user, read, {{"bulk", bulk}, {"outcomes", bulks_[bulk]}, {"open", 0}}, json::object{});
  return read;
}

std::string ScriptedHistory::negotiation_status(std::string_view user, std::string_view id) {
  std::string read = "q" + std::to_string(++read_ids_);
  request(user, "negotiation.status", read, true)["room"] = id;
  const Room& room = rooms_.find(id)->second;
  const chat::Negotiation& now = room.negotiation;
  const bool exemption = now.state == chat::NegotiationState::exemption_sent ||
                         now.state == chat::NegotiationState::exempt;
  reply(user, read,
        {{"room", id},
         {"receipt", room.receipt},
         {"initiator", room.members[0]},
         {"counterpart", room.members[1]},
         {"state", chat::to_string(now.state)},
         {"turn", now.answers() ? chat::to_string(*now.answers()) : std::string_view{}},
         {"ratio", now.shown_ratio() ? chat::to_string(*now.shown_ratio()) : std::string()},
         {"reason", exemption ? chat::to_string(now.exemption) : std::string_view{}},
         {"objections", static_cast<std::int64_t>(now.objections)}},
        json::object{{id, static_cast<std::int64_t>(room.decided)}});
  return read;
}

/// To every session of the members that is connected, but the one that asked.
void ScriptedHistory::hand_out_receipt(const std::string& id, const Room& room,
                                       std::string_view user, chat::Seq seq) {
  for (std::size_t session = 0; session < queues_.size(); ++session) {
    const std::string& owner = script_.sessions[session];
    const bool member =
        std::find(room.members.begin(), room.members.end(), owner) != room.members.end();
    if (!member || !connected_[session] || session == speaker(user)) continue;
    Action action;
    action.kind = Action::Kind::receipt;
    action.session = session;
    action.room = id;
    action.body = {{"type", "read"},
                   {"room", id},
                   {"at", kWall + static_cast<std::int64_t>(room.decided)},
                   {"user", {{"id", user}, {"name", person(user).name}}},
                   {"seq", static_cast<std::int64_t>(seq)}};
    queues_[session].push_back(std::move(action));
  }
}

}  // namespace claims::storm
