// ScriptedHistory's messages that are deleted, have files or come of templates; what is found.
#include <algorithm>

#include "scripted_history.h"

namespace claims::storm {
namespace {

std::string text_at(const json::object& object, std::string_view key) {
  const json::string& text = object.at(key).as_string();
  return {text.data(), text.size()};
}

}  // namespace

std::string ScriptedHistory::delete_message(std::string_view user, std::string_view id,
                                            chat::Seq seq) {
  std::string command = next_id(user);
  json::object& body = request(user, "message.delete", command, false);
  body["room"] = id;
  body["seq"] = static_cast<std::int64_t>(seq);
  Room& room = rooms_.find(id)->second;
  room.events[seq]["body"] = {{"deleted", true}};
  decide(std::string(id), room,
         event(room, id, "message_deleted", user, std::string(user) + ":" + command,
               {{"of", static_cast<std::int64_t>(seq)}, {"text", "메시지를 삭제했습니다."}}));
  reply(user, command,
        {{"room", id},
         {"seq", static_cast<std::int64_t>(room.decided)},
         {"of", static_cast<std::int64_t>(seq)}});
  return command;
}

std::string ScriptedHistory::refused_delete(std::string_view user, std::string_view id,
                                            chat::Seq seq, std::string_view code) {
  std::string command = next_id(user);
  json::object& body = request(user, "message.delete", command, false);
  body["room"] = id;
  body["seq"] = static_cast<std::int64_t>(seq);
  refuse(user, command, code);
  return command;
}

std::string ScriptedHistory::send_files(std::string_view user, std::string_view id,
                                        const json::array& files) {
  std::string command = next_id(user);
  json::object& body = request(user, "message.send", command, false);
  body["room"] = id;
  body["files"] = files;
  Room& room = rooms_.find(id)->second;
  decide(std::string(id), room,
         event(room, id, "message", user, std::string(user) + ":" + command,
               {{"text", ""}, {"files", files}}));
  reply(user, command, {{"room", id}, {"seq", static_cast<std::int64_t>(room.decided)}});
  return command;
}

std::string ScriptedHistory::set_template(std::string_view user, std::string_view name,
                                          std::string_view text) {
  std::string command = next_id(user);
  json::object& body = request(user, "template.set", command, false);
  body["name"] = name;
  body["text"] = text;
  const Script::Person& it = person(user);
  reply(user, command,
        {{"owner", it.role == chat::Role::garage ? it.id : it.insurer}, {"name", name}});
  return command;
}

std::string ScriptedHistory::send_template(std::string_view user, std::string_view id,
                                           std::string_view name, std::string_view says) {
  std::string command = next_id(user);
  json::object& body = request(user, "message.send", command, false);
  body["room"] = id;
  body["template"] = name;
  Room& room = rooms_.find(id)->second;
  decide(std::string(id), room,
         event(room, id, "message", user, std::string(user) + ":" + command,
               {{"text", says}, {"template", name}}));
  reply(user, command, {{"room", id}, {"seq", static_cast<std::int64_t>(room.decided)}});
  return command;
}

std::string ScriptedHistory::search(std::string_view user, std::string_view text, std::size_t first,
                                    std::size_t limit) {
  std::string read = "q" + std::to_string(++read_ids_);
  json::object& body = request(user, "message.search", read, true);
  body["text"] = text;
  if (first > 0) body["page"] = "p" + std::to_string(first);
  json::array all;
  for (const auto& [name, room] : rooms_) {
    if (std::ranges::find(room.members, user) == room.members.end()) continue;
    for (const auto& [seq, event] : room.events) {
      if (seq < first_of(room, user) || text_at(event, "type") != "message") continue;
      const json::object& said = event.at("body").as_object();
      if (said.contains("deleted") || text_at(said, "text").find(text) == std::string::npos) {
        continue;
      }
      all.push_back({{"room", name},
                     {"seq", event.at("seq")},
                     {"at", event.at("at")},
                     {"sender", event.at("sender")},
                     {"vehicle", event.at("vehicle")},
                     {"text", said.at("text")}});
    }
  }
  // Tests write in one room after the other.
  std::ranges::stable_sort(all, [](const json::value& a, const json::value& b) {
    const std::int64_t left = a.at("at").as_int64(), right = b.at("at").as_int64();
    return left == right ? a.at("room").as_string() > b.at("room").as_string() : left > right;
  });
  json::array hits;
  for (std::size_t i = first; i < std::min(all.size(), first + limit); ++i) hits.push_back(all[i]);
  const bool more = first + limit < all.size();
  reply(user, read,
        {{"hits", hits}, {"next", more ? "p" + std::to_string(first + limit) : std::string()}},
        json::object{});
  return read;
}

std::string ScriptedHistory::list_history(std::string_view user, std::string_view key,
                                          std::string_view value,
                                          const std::vector<std::string>& rooms, std::size_t first,
                                          std::size_t limit) {
  std::string read = "q" + std::to_string(++read_ids_);
  json::object& body = request(user, "history.list", read, true);
  body[key] = value;
  if (first > 0) body["page"] = "p" + std::to_string(first);
  json::array all;
  for (const std::string& name : rooms) {
    const Room& room = rooms_.find(name)->second;
    for (const auto& [seq, event] : room.events) {
      if (seq < first_of(room, user)) continue;
      if (key == "vehicle" && text_at(event, "vehicle") != value) continue;
      all.push_back(event);
    }
  }
  json::array events;
  for (std::size_t i = first; i < std::min(all.size(), first + limit); ++i)
    events.push_back(all[i]);
  const bool more = first + limit < all.size();
  reply(user, read,
        {{"events", events}, {"next", more ? "p" + std::to_string(first + limit) : std::string()}},
        json::object{});
  return read;
}

std::string ScriptedHistory::list_templates(std::string_view user, const json::array& rows) {
  std::string read = "q" + std::to_string(++read_ids_);
  request(user, "templates.list", read, true);
  reply(user, read, {{"templates", rows}, {"next", ""}}, json::object{});
  return read;
}

}  // namespace claims::storm
