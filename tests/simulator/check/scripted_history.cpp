#include "scripted_history.h"

#include <algorithm>
#include <utility>

namespace claims::storm {
namespace {

constexpr std::int64_t kWall = 1'714'500'000'000;

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

std::string field(const json::object& object, std::string_view key) {
  return std::string(view(object.at(key).as_string()));
}

}  // namespace

// ---- ScriptedHistory: people and connections ----

std::size_t ScriptedHistory::add_user(const std::string& id, std::string name, chat::Role role,
                                      std::string insurer) {
  script_.people.push_back({id, std::move(name), role, std::move(insurer)});
  return add_session(id);
}

std::size_t ScriptedHistory::add_session(std::string_view user, bool subscribes) {
  const std::size_t session = script_.sessions.size();
  script_.sessions.emplace_back(user);
  queues_.emplace_back();
  connected_.push_back(false);
  if (subscribes) subscribe(session);
  return session;
}

Action& ScriptedHistory::act(Action::Kind kind, std::size_t session) {
  now_ += Microseconds{1'000};
  Action& action = script_.actions.emplace_back();
  action.kind = kind;
  action.session = session;
  action.at = now_;
  return action;
}

void ScriptedHistory::subscribe(std::size_t session) {
  act(Action::Kind::subscribe, session);
  connected_[session] = true;
}

void ScriptedHistory::lose(std::size_t session) {
  connected_[session] = false;
  act(Action::Kind::lose, session);
  std::vector<std::string> unanswered;
  std::erase_if(queues_[session], [&](const Action& it) {
    if (it.kind == Action::Kind::reply) unanswered.push_back(field(it.body, "re"));
    return it.kind == Action::Kind::reply || it.kind == Action::Kind::receipt;
  });
  for (const std::string& id : unanswered) act(Action::Kind::give_up, session).id = id;
}

void ScriptedHistory::resume(std::size_t session) {
  subscribe(session);
  // What is sent again is as it stands now.
  for (Action& action : queues_[session]) {
    if (action.kind != Action::Kind::deliver) continue;
    const json::value cursor = action.body["cursor"];
    action.body = rooms_.find(action.room)->second.events[action.seq];
    action.body["cursor"] = cursor;
  }
  const std::string id = "q" + std::to_string(++read_ids_);
  Action& sync = act(Action::Kind::send, session);
  sync.id = id;
  sync.read = true;
  sync.body = {{"type", "sync"}, {"id", id}, {"cursor", "c"}};
  Action answer;
  answer.kind = Action::Kind::reply;
  answer.session = session;
  answer.body = {{"type", "reply"},
                 {"re", id},
                 {"ok", true},
                 {"result", {{"cursor", "c"}}},
                 {"as_of", json::object{}}};
  queues_[session].push_front(answer);
}

// ---- Commands ----

std::size_t ScriptedHistory::speaker(std::string_view user) const {
  const auto chosen = speakers_.find(user);
  return chosen == speakers_.end() ? script_.session_of(user) : chosen->second;
}

void ScriptedHistory::speak_from(std::string_view user, std::size_t session) {
  speakers_[std::string(user)] = session;
}

std::string ScriptedHistory::next_id(std::string_view user) {
  // An instance of its own, so that an id names its session.
  const std::size_t instance = 1'714'500'000'000 + speaker(user);
  return std::to_string(instance) + "." + std::to_string(++ids_[speaker(user)]);
}

json::object& ScriptedHistory::request(std::string_view user, std::string_view type,
                                       const std::string& id, bool read) {
  Action& action = act(Action::Kind::send, speaker(user));
  action.id = id;
  action.read = read;
  action.body = {{"type", type}, {"id", id}};
  return action.body;
}

json::object ScriptedHistory::event(Room& room, std::string_view id, std::string_view type,
                                    std::string_view sender, std::string_view cmd,
                                    json::object body) {
  const std::string vehicle = room.kind == "general" ? std::string() : room.plate;
  return event_about(room, id, type, sender, cmd, std::move(body), vehicle);
}

json::object ScriptedHistory::event_about(Room& room, std::string_view id, std::string_view type,
                                          std::string_view sender, std::string_view cmd,
                                          json::object body, std::string_view vehicle) {
  const std::string name = sender == "system" ? "알림" : person(sender).name;
  const chat::Seq seq = ++room.decided;
  return {{"type", type},
          {"room", id},
          {"seq", static_cast<std::int64_t>(seq)},
          {"at", kWall + static_cast<std::int64_t>(seq)},
          {"sender", {{"id", sender}, {"name", name}}},
          {"vehicle", vehicle},
          {"cmd", cmd},
          {"body", std::move(body)}};
}

void ScriptedHistory::decide(const std::string& id, Room& room, json::object event) {
  const auto seq = static_cast<chat::Seq>(event.at("seq").as_int64());
  room.events[seq] = std::move(event);
  while (room.events.contains(room.handed_out + 1)) {
    ++room.handed_out;
    for (std::size_t session = 0; session < queues_.size(); ++session) {
      const std::string& user = script_.sessions[session];
      if (std::find(room.members.begin(), room.members.end(), user) == room.members.end()) continue;
      if (retired_.contains(user)) continue;
      Action action;
      action.kind = Action::Kind::deliver;
      action.session = session;
      action.room = id;
      action.seq = room.handed_out;
      action.body = room.events[room.handed_out];
      action.body["cursor"] = "c" + std::to_string(room.handed_out);
      queues_[session].push_back(std::move(action));
    }
  }
}

void ScriptedHistory::reply(std::string_view user, const std::string& id, json::object result,
                            std::optional<json::object> as_of) {
  Action action;
  action.kind = Action::Kind::reply;
  action.session = speaker(user);
  action.body = {{"type", "reply"}, {"re", id}, {"ok", true}, {"result", std::move(result)}};
  if (as_of) action.body["as_of"] = *as_of;
  queues_[action.session].push_back(std::move(action));
}

const Script::Person& ScriptedHistory::person(std::string_view id) const {
  return *std::find_if(script_.people.begin(), script_.people.end(),
                       [&](const Script::Person& it) { return it.id == id; });
}

std::string ScriptedHistory::register_receipt(std::string_view insurer, std::string_view receipt,
                                              std::string_view plate, std::string_view adjuster) {
  std::string id = next_id(insurer);
  json::object& body = request(insurer, "receipt.register", id, false);
  body["receipt"] = receipt;
  body["plate"] = plate;
  body["model"] = kScriptedModel;
  body["adjuster"] = adjuster;
  receipts_[std::string(receipt)] = {std::string(plate), std::string(adjuster), "", "", ""};
  reply(insurer, id, {{"receipt", receipt}});
  return id;
}

std::string ScriptedHistory::send(std::string_view user, std::string_view id, std::string_view text,
                                  chat::Seq seq) {
  std::string command = next_id(user);
  json::object& body = request(user, "message.send", command, false);
  body["room"] = id;
  body["text"] = text;
  Room& room = rooms_.find(id)->second;
  const std::string& vehicle = room.vehicles.size() == 1 ? room.vehicles.front() : room.plate;
  json::object message = event_about(room, id, "message", user, std::string(user) + ":" + command,
                                     {{"text", text}}, vehicle);
  if (seq != 0) {
    message["seq"] = static_cast<std::int64_t>(seq);
    message["at"] = kWall + static_cast<std::int64_t>(seq);
  }
  const std::int64_t given = message.at("seq").as_int64();
  decide(std::string(id), room, std::move(message));
  reply(user, command, {{"room", id}, {"seq", given}});
  return command;
}

std::string ScriptedHistory::send_about(std::string_view user, std::string_view id,
                                        std::string_view text, std::string_view vehicle,
                                        std::string_view from_template) {
  std::string command = next_id(user);
  json::object& body = request(user, "message.send", command, false);
  body["room"] = id;
  body["text"] = text;
  json::object said{{"text", text}};
  if (!vehicle.empty()) body["vehicle"] = vehicle;
  if (!from_template.empty()) body["template"] = said["template"] = from_template;
  Room& room = rooms_.find(id)->second;
  const std::string_view about = vehicle.empty() ? std::string_view(room.plate) : vehicle;
  decide(std::string(id), room,
         event_about(room, id, "message", user, std::string(user) + ":" + command, std::move(said),
                     about));
  reply(user, command, {{"room", id}, {"seq", static_cast<std::int64_t>(room.decided)}});
  return command;
}

std::string ScriptedHistory::read(std::string_view user, std::string_view id, chat::Seq seq) {
  std::string command = next_id(user);
  json::object& body = request(user, "room.read", command, false);
  body["room"] = id;
  body["seq"] = static_cast<std::int64_t>(seq);
  Room& room = rooms_.find(id)->second;
  chat::Seq& read = room.read[std::string(user)];
  if (seq > read) hand_out_receipt(std::string(id), room, user, seq);
  read = std::max(read, seq);
  reply(user, command,
        {{"room", id}, {"seq", static_cast<std::int64_t>(read)}, {"unread", unread(room, user)}});
  return command;
}

std::string ScriptedHistory::step(std::string_view user, std::string_view id,
                                  std::string_view state) {
  std::string command = next_id(user);
  json::object& body = request(user, "repair.step", command, false);
  body["room"] = id;
  body["step"] = state;
  Room& room = rooms_.find(id)->second;
  room.state = state;
  decide(std::string(id), room,
         event(room, id, "notice", user, std::string(user) + ":" + command,
               {{"state", state}, {"text", "정비 상태가 바뀌었습니다."}}));
  reply(user, command,
        {{"room", id}, {"seq", static_cast<std::int64_t>(room.decided)}, {"state", state}});
  return command;
}

std::string ScriptedHistory::convert(std::string_view user, std::string_view id) {
  std::string command = next_id(user);
  request(user, "claim.convert", command, false)["room"] = id;
  Room& room = rooms_.find(id)->second;
  const std::string claim = "C-" + std::string(id);
  decide(std::string(id), room,
         event(room, id, "claim", user, std::string(user) + ":" + command,
               {{"claim", claim}, {"text", "청구로 전환되었습니다."}}));
  reply(user, command,
        {{"room", id}, {"seq", static_cast<std::int64_t>(room.decided)}, {"claim", claim}});
  return command;
}

void ScriptedHistory::refuse(std::string_view user, const std::string& id, std::string_view code) {
  Action action;
  action.kind = Action::Kind::reply;
  action.session = speaker(user);
  action.body = {
      {"type", "reply"},
      {"re", id},
      {"ok", false},
      {"error",
       {{"code", code}, {"message", {{"ko", "거절"}, {"en", "refused"}}}, {"field", nullptr}}}};
  queues_[action.session].push_back(std::move(action));
}

std::string ScriptedHistory::refused(std::string_view user, std::string_view room,
                                     std::string_view code) {
  std::string command = next_id(user);
  json::object& body = request(user, "message.send", command, false);
  body["room"] = room;
  body["text"] = "거절될 글";
  refuse(user, command, code);
  return command;
}

void ScriptedHistory::give_up(std::string_view user, std::string_view id) {
  act(Action::Kind::give_up, speaker(user)).id = id;
}

// ---- Arrivals and the end ----

bool ScriptedHistory::arrive(std::size_t session) {
  if (queues_[session].empty() || !connected_[session]) return false;
  now_ += Microseconds{1'000};
  Action action = std::move(queues_[session].front());
  queues_[session].pop_front();
  action.at = now_;
  script_.actions.push_back(std::move(action));
  return true;
}

void ScriptedHistory::drain() {
  for (std::size_t session = 0; session < queues_.size(); ++session) {
    while (arrive(session)) {
    }
  }
}

Script ScriptedHistory::finish() {
  drain();
  for (const auto& [id, room] : rooms_) {
    for (const auto& [seq, event] : room.events) {
      Action& action = act(Action::Kind::history, 0);
      action.room = id;
      action.seq = seq;
      action.body = event;
      action.body["unread_by"] = unread_by(room, event);
    }
    act(Action::Kind::history_end, 0).room = id;
  }
  return std::move(script_);
}

chat::Seq ScriptedHistory::last(std::string_view room) const {
  return rooms_.find(room)->second.decided;
}

std::string ScriptedHistory::room_of(std::string_view receipt) const {
  return receipts_.find(receipt)->second.room;
}

std::string ScriptedHistory::general_of(std::string_view garage, std::string_view adjuster) const {
  const auto found = generals_.find({std::string(garage), std::string(adjuster)});
  return found == generals_.end() ? std::string() : found->second;
}

}  // namespace claims::storm
