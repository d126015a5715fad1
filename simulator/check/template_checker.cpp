#include "simulator/check/template_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "protocol/chat/error.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

constexpr std::size_t kVersionsMax = 16;

std::string_view text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string_view{} : text_of(*value).value_or("");
}

bool is_reserved(std::string_view name) {
  return name == "greeting" || name.starts_with("notice.");
}

/// With each placeholder replaced; what comes in is not looked at again.
std::string filled_in(std::string_view text, std::string_view adjuster, std::string_view garage,
                      std::string_view plate) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const auto take = [&](std::string_view placeholder, std::string_view with) {
      if (!rest.starts_with(placeholder)) return false;
      result += with;
      at += placeholder.size();
      return true;
    };
    if (take("{adjuster}", adjuster) || take("{garage}", garage) || take("{plate}", plate))
      continue;
    result += text[at++];
  }
  return result;
}

}  // namespace

std::string TemplateChecker::owner_of(UserNumber number) const {
  const User& user = scene_.roster.user(number);
  return user.role == chat::Role::garage ? user.id : user.insurer;
}

void TemplateChecker::sent(const Command& command) {
  const bool removes = command.type == CommandType::template_delete;
  if (command.type != CommandType::template_set && !removes) return;
  const std::string own = owner_of(command.key.user);
  // Another's must be refused.
  if (!command.owner.empty() && command.owner != own) return;
  Versions& versions = templates_[{own, command.name}];
  // What was followed for certain by something that is known is nothing's any more.
  std::erase_if(versions.all, [&](const Version& old) {
    return std::ranges::any_of(versions.all, [&](const Version& newer) {
      const bool long_known = newer.known_tick != 0 && versions.all.size() >= kVersionsMax / 2;
      return long_known && old.known_tick != 0 && old.known_tick < newer.sent_tick;
    });
  });
  if (versions.all.size() >= kVersionsMax) {
    versions.all.erase(versions.all.begin());
    versions.forgot = true;
  }
  versions.all.push_back({command.key, command.text, command.role, removes, scene_.tick, 0});
}

void TemplateChecker::acknowledged(const Command& command, const ResultView& result) {
  if (command.type != CommandType::template_set && command.type != CommandType::template_delete) {
    return;
  }
  const std::string own = owner_of(command.key.user);
  const std::string id = command_text(scene_.roster, command.key);
  const bool adjuster = scene_.roster.user(command.key.user).role == chat::Role::adjuster;
  if (adjuster || (!command.owner.empty() && command.owner != own)) {
    return tell(id, "자기 것이 아닌 템플릿인데 수락되었습니다.",
                "a template that is not the sender's own was accepted.");
  }
  if (result.owner != own || result.name != command.name) {
    tell(id,
         fmt::format("{}의 {}인데 응답은 {}의 {}입니다.", own, command.name,
                     chat::excerpt(result.owner), chat::excerpt(result.name)),
         fmt::format("it is {} of {}, and the reply says {} of {}.", command.name, own,
                     chat::excerpt(result.name), chat::excerpt(result.owner)));
  }
  const auto found = templates_.find({own, command.name});
  if (found == templates_.end()) return;
  for (Version& version : found->second.all) {
    if (version.key == command.key) version.known_tick = scene_.tick;
  }
}

void TemplateChecker::refused(const Command& command, std::string_view code) {
  if (command.asks > 1 && (code == "id_reused" || code == "id_too_old")) return;
  if (command.type == CommandType::template_set || command.type == CommandType::template_delete) {
    const auto found = templates_.find({owner_of(command.key.user), command.name});
    if (found == templates_.end()) return;
    std::erase_if(found->second.all, [&](const Version& it) { return it.key == command.key; });
    return;
  }
  if (!command.expands || code != "unknown_template") return;
  const User& user = scene_.roster.user(command.key.user);
  const Key key{owner_of(command.key.user), command.from_template};
  if (usable(user, key, command.tick).none) return;
  tell(command_text(scene_.roster, command.key),
       fmt::format("템플릿 {}을(를) 쓸 수 있는데 거절되었습니다.", command.from_template),
       fmt::format("it may use the template {}, and was refused.", command.from_template));
}

TemplateChecker::Possible TemplateChecker::possible(const Key& key, std::uint64_t tick) const {
  Possible result;
  const auto found = templates_.find(key);
  if (found == templates_.end()) return result;
  const auto& all = found->second.all;
  result.none = found->second.forgot || std::ranges::none_of(all, [&](const Version& it) {
                  return it.known_tick != 0 && it.known_tick < tick;
                });
  for (const Version& version : all) {
    const bool followed = std::ranges::any_of(all, [&](const Version& newer) {
      return newer.known_tick != 0 && newer.known_tick < tick && version.known_tick != 0 &&
             version.known_tick < newer.sent_tick;
    });
    if (followed) continue;
    if (version.removed) {
      result.none = true;
    } else {
      result.texts.push_back(&version);
    }
  }
  return result;
}

bool TemplateChecker::may_use(const User& user, const Key& key, const Version& version) const {
  const bool for_role = version.role.empty() || version.role == chat::to_string(user.role);
  switch (user.role) {
    case chat::Role::insurer:
      return key.first == user.insurer;
    case chat::Role::adjuster:
      return key.first == user.insurer && for_role && !is_reserved(key.second);
    case chat::Role::garage:
      if (key.first == user.id) return true;
      // An owner that is no garage is an insurer.
      return for_role && !is_reserved(key.second) && !scene_.roster.find(key.first);
  }
  return false;
}

TemplateChecker::Possible TemplateChecker::usable(const User& user, const Key& key,
                                                  std::uint64_t tick) const {
  Possible result = possible(key, tick);
  const std::size_t before = result.texts.size();
  std::erase_if(result.texts, [&](const Version* it) { return !may_use(user, key, *it); });
  if (result.texts.size() < before) result.none = true;
  return result;
}

std::vector<std::string> TemplateChecker::expanded(const Room& room, const EventView& event,
                                                   UserNumber sender,
                                                   const Possible& possible) const {
  std::vector<std::string_view> adjusters, garages;
  const auto add = [&](std::vector<std::string_view>& names, UserNumber user) {
    if (user != kNobody) names.push_back(scene_.roster.user(user).name);
  };
  if (room.kind == chat::RoomKind::negotiation) {
    add(adjusters, sender);
    garages.emplace_back();
    if (room.receipt != kNoReceipt) {
      const Receipt& receipt = scene_.receipts.at(room.receipt);
      std::vector<chat::RoomId> rooms = receipt.former;
      if (receipt.room) rooms.push_back(*receipt.room);
      for (const Room& one : scene_.rooms.all()) {
        if (std::ranges::find(rooms, one.id) != rooms.end()) add(garages, one.garage);
      }
    }
  } else {
    add(adjusters, room.founders[1]);
    for (const Charge& charge : room.charges) add(adjusters, charge.user);
    for (const RoomChange& change : room.changes) {
      if (change.kind == RoomChange::Kind::handed_over) add(adjusters, change.user);
    }
    add(garages, room.garage);
  }
  std::vector<std::string> texts;
  for (const Version* version : possible.texts) {
    for (const std::string_view adjuster : adjusters) {
      for (const std::string_view garage : garages) {
        texts.push_back(filled_in(version->text, adjuster, garage, event.vehicle));
      }
    }
  }
  return texts;
}

void TemplateChecker::seen(const Room& room, const EventView& event, const Traced& traced) {
  if (!room.linked || !room.judged || room.second || traced.command == nullptr) return;
  const Command& command = *traced.command;
  if (event.kind == EventKind::message && command.expands && !event.deleted) {
    message(room, event, command);
  } else if (event.kind == EventKind::greeting) {
    by_server(room, event, command.tick, "greeting");
  } else if (event.kind == EventKind::notice) {
    by_server(room, event, command.tick, fmt::format("notice.{}", chat::to_string(event.state)));
  }
}

void TemplateChecker::message(const Room& room, const EventView& event, const Command& command) {
  const User& sender = scene_.roster.user(command.key.user);
  Possible possible =
      usable(sender, {owner_of(command.key.user), command.from_template}, command.tick);
  if (sender.role == chat::Role::garage && possible.none && room.founders[1] != kNobody) {
    const Key key{scene_.roster.user(room.in_charge(1)).insurer, command.from_template};
    const Possible insurers = usable(sender, key, command.tick);
    possible.texts.insert(possible.texts.end(), insurers.texts.begin(), insurers.texts.end());
  }
  const auto texts = expanded(room, event, command.key.user, possible);
  if (std::ranges::find(texts, event.text) != texts.end()) return;
  const std::string due = texts.empty() ? "?" : texts.front();
  tell(place_en(room, event.seq),
       fmt::format("템플릿 {}(으)로 만든 글은 \"{}\"이어야 하는데 {}입니다.", command.from_template,
                   chat::excerpt(due), content(event)),
       fmt::format("what template {} says is \"{}\", and it is {}.", command.from_template,
                   chat::excerpt(due), content(event)));
}

void TemplateChecker::by_server(const Room& room, const EventView& event, std::uint64_t tick,
                                std::string_view name) {
  if (room.kind == chat::RoomKind::negotiation || room.founders[1] == kNobody) return;
  const Key key{scene_.roster.user(room.in_charge(1)).insurer, std::string(name)};
  const Possible possible = this->possible(key, tick);
  if (possible.none) return;
  // A general room's greeting names the plates that it opens with.
  const bool plates = room.kind == chat::RoomKind::general &&
                      std::ranges::any_of(possible.texts, [](const Version* it) {
                        return it->text.find("{plate}") != std::string::npos;
                      });
  const auto texts = expanded(room, event, kNobody, possible);
  if (plates || std::ranges::find(texts, event.text) != texts.end()) return;
  tell(place_en(room, event.seq),
       fmt::format("{}의 템플릿 {}은(는) \"{}\"인데 {}입니다.", key.first, name,
                   chat::excerpt(texts.front()), content(event)),
       fmt::format("{} of {} is \"{}\", and it is {}.", name, key.first,
                   chat::excerpt(texts.front()), content(event)));
}

std::optional<std::string> TemplateChecker::listed(const Ask& ask, const ReplyView& reply) {
  const json::value* templates = reply.result->if_contains("templates");
  const json::value* next = reply.result->if_contains("next");
  if (templates == nullptr || !templates->is_array() || next == nullptr || !text_of(*next) ||
      reply.result->size() != 2) {
    return "result is not templates and next";
  }
  std::vector<Key> rows;
  for (const json::value& value : templates->get_array()) {
    const json::object* fields = value.if_object();
    if (fields == nullptr || fields->size() != 4 || fields->if_contains("role") == nullptr) {
      return "an entry of templates is not owner, name, role and text";
    }
    Row row{{std::string(text_in(*fields, "owner")), std::string(text_in(*fields, "name"))},
            text_in(*fields, "role"),
            text_in(*fields, "text")};
    if (!rows.empty() && row.key <= rows.back()) return "templates are not by owner and name";
    judge(ask, row);
    rows.push_back(std::move(row.key));
  }
  auto& last = last_[ask.session];
  const bool follows = !ask.page.empty() && last.first == ask.page;
  if (ask.page.empty() || follows) {
    find_missing(ask, follows ? last.second : Key{}, rows, text_of(*next)->empty());
  }
  last.first = *text_of(*next);
  if (!rows.empty()) last.second = rows.back();
  return std::nullopt;
}

void TemplateChecker::judge(const Ask& ask, const Row& row) {
  const User& user = scene_.roster.user(scene_.roster.session(ask.session).user);
  const Possible possible = usable(user, row.key, ask.tick);
  const bool right = std::ranges::any_of(possible.texts, [&](const Version* it) {
    return it->text == row.text && it->role == row.role;
  });
  if (right && (ask.owner.empty() || ask.owner == row.key.first)) return;
  tell(
      scene_.roster.who(ask.session),
      fmt::format("목록({})에 {}의 {} \"{}\"이(가) 있습니다.", ask.id, chat::excerpt(row.key.first),
                  chat::excerpt(row.key.second), chat::excerpt(row.text)),
      fmt::format("its list ({}) has {} of {}, \"{}\".", ask.id, chat::excerpt(row.key.second),
                  chat::excerpt(row.key.first), chat::excerpt(row.text)));
}

void TemplateChecker::find_missing(const Ask& ask, const Key& after, const std::vector<Key>& rows,
                                   bool ends) {
  const User& user = scene_.roster.user(scene_.roster.session(ask.session).user);
  for (auto it = templates_.upper_bound(after); it != templates_.end(); ++it) {
    const Key& key = it->first;
    if (!ends && (rows.empty() || key > rows.back())) return;
    if (!ask.owner.empty() && ask.owner != key.first) continue;
    if (usable(user, key, ask.tick).none) continue;
    if (std::ranges::binary_search(rows, key)) continue;
    return tell(scene_.roster.who(ask.session),
                fmt::format("목록({})에 {}의 {}이(가) 빠졌습니다.", ask.id, key.first, key.second),
                fmt::format("its list ({}) lacks {} of {}.", ask.id, key.second, key.first));
  }
}

void TemplateChecker::tell(std::string_view where, std::string_view ko, std::string_view en) {
  scene_.stories.tell(Checker::templates, [&] {
    return Story{fmt::format("{}: {}", where, ko), fmt::format("{}: {}", where, en)};
  });
}

}  // namespace claims::storm::audit
