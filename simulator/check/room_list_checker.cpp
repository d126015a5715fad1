#include "simulator/check/room_list_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <limits>
#include <vector>

#include "protocol/chat/error.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

constexpr std::size_t kVehiclesListed = 20;  // docs/contract.md

std::string_view text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string_view{} : text_of(*value).value_or("");
}

std::int64_t number_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? -1 : integer_of(*value).value_or(-1);
}

/// The plates of the room as of that seq, as many as are listed, in the order of their coming.
std::vector<std::string> vehicles_at(const Scene& scene, const Room& room, chat::Seq seq) {
  std::vector<std::string> plates;
  if (room.vehicles == nullptr) {
    if (room.receipt != kNoReceipt) plates.push_back(scene.receipts.at(room.receipt).plate);
    return plates;
  }
  std::vector<GeneralVehicles::Vehicle> there = room.vehicles->all;
  std::erase_if(there, [&](const auto& it) { return it.added == 0 || it.added > seq; });
  std::ranges::stable_sort(there, {}, &GeneralVehicles::Vehicle::added);
  for (const auto& vehicle : there) plates.push_back(vehicle.plate);
  if (plates.size() > kVehiclesListed) {
    plates.resize(kVehiclesListed);
  }
  return plates;
}

std::string title_at(const Room& room, chat::Seq seq) {
  std::string title;
  for (const Room::Titled& it : room.titles) {
    if (it.seq <= seq) title = it.title;
  }
  return title;
}

}  // namespace

std::optional<std::string> RoomListChecker::listed(const Ask& ask, const ReplyView& reply) {
  const json::value* rooms = reply.result->if_contains("rooms");
  const json::value* next = reply.result->if_contains("next");
  if (rooms == nullptr || !rooms->is_array() || next == nullptr || !text_of(*next) ||
      reply.result->size() != 2) {
    return "result is not rooms and next";
  }
  std::vector<chat::RoomId> listed;
  for (const json::value& value : rooms->get_array()) {
    const json::object* fields = value.if_object();
    chat::RoomId id{};
    if (fields == nullptr || fields->size() != 14) return "an entry of rooms lacks a field";
    if (auto problem = entry(ask, *fields, id)) return problem;
    if (!listed.empty() && id >= listed.back()) return "rooms are not by number downwards";
    listed.push_back(id);
    const Room* room = scene_.rooms.find(id);
    if (room == nullptr || !room->linked || !room->judged || fits(ask, *room)) continue;
    if (!ask.text.empty() || room->kind == chat::RoomKind::general) continue;
    tell(ask, id, "물은 종류·접수번호·차량의 대화방이 아닙니다.",
         "it is not of the kind, receipt or vehicle that was asked for.");
  }
  constexpr std::uint64_t kTop = std::numeric_limits<std::uint64_t>::max();
  auto& last = last_[ask.session];
  const bool first = ask.page.empty();
  const bool follows = !first && last.first == ask.page;
  const std::uint64_t below = first ? kTop : follows ? last.second : 0;
  const std::uint64_t end = listed.empty() ? below : static_cast<std::uint64_t>(listed.back());
  if (first || follows) find_missing(ask, below, text_of(*next)->empty() ? 0 : end, listed);
  last = {std::string(*text_of(*next)), end};
  return std::nullopt;
}

std::optional<std::string> RoomListChecker::entry(const Ask& ask, const json::object& fields,
                                                  chat::RoomId& id) {
  const auto parsed = chat::parse_room_id(text_in(fields, "room"));
  const std::int64_t last_seq = number_in(fields, "last_seq");
  const std::int64_t unread = number_in(fields, "unread");
  const json::value* left = fields.if_contains("left");
  const json::value* vehicles = fields.if_contains("vehicles");
  if (!parsed || last_seq < 1 || unread < 0 || number_in(fields, "last_at") <= 0 ||
      number_in(fields, "member_count") < 0 || left == nullptr || !left->is_bool() ||
      vehicles == nullptr || !vehicles->is_array()) {
    return "a room's room, vehicles, member_count, last_seq, last_at, unread or left is none";
  }
  id = *parsed;
  Room* room = scene_.rooms.find(id);
  if (room == nullptr || !room->linked || !room->judged || room->second) return std::nullopt;
  const UserNumber user = scene_.roster.session(ask.session).user;
  const auto row = last_row(*room, user);
  if (!row) {
    if (!scene_.rooms.may_join(id, user)) strangers_.counted(*room, ask);
    return std::nullopt;
  }
  const auto seq = static_cast<chat::Seq>(last_seq);
  if (!left->get_bool()) unread_.listed(ask, *room, unread, seq);
  if (room->known_through >= seq) compare(ask, *room, fields, seq, left->get_bool());
  return std::nullopt;
}

void RoomListChecker::compare(const Ask& ask, const Room& room, const json::object& fields,
                              chat::Seq last_seq, bool left) {
  const UserNumber user = scene_.roster.session(ask.session).user;
  const bool negotiation = room.kind == chat::RoomKind::negotiation;
  const UserNumber charge = room.in_charge(negotiation ? 0 : 1, last_seq);
  const auto id_of = [&](UserNumber it) {
    return it == kNobody ? std::string() : scene_.roster.user(it).id;
  };
  std::int64_t members = 0;
  bool there = false, was = false;
  for (const Member& member : room.members) {
    if (!member.is_there(last_seq)) continue;
    const bool goes_on = member.left != last_seq;
    members += goes_on ? 1 : 0;
    there = there || (member.user == user && goes_on);
    was = was || member.user == user;
  }
  std::vector<std::string> plates;
  for (const json::value& plate : fields.at("vehicles").get_array()) {
    plates.emplace_back(text_of(plate).value_or("?"));
  }
  const Receipt none;
  const Receipt& receipt = room.receipt == kNoReceipt ? none : scene_.receipts.at(room.receipt);
  const bool same_state =
      !room.all_seen() || room.last() != last_seq ||
      text_in(fields, "state") == (room.state ? chat::to_string(*room.state) : std::string_view{});
  const bool right = text_in(fields, "kind") == chat::to_string(room.kind) &&
                     text_in(fields, "title") == title_at(room, last_seq) &&
                     text_in(fields, "receipt") == receipt.number &&
                     text_in(fields, "model") == receipt.model &&
                     plates == vehicles_at(scene_, room, last_seq) && same_state &&
                     text_in(fields, "adjuster") == id_of(charge) &&
                     text_in(fields, "garage") == id_of(room.garage) &&
                     number_in(fields, "member_count") == members && was && left == !there;
  if (right) return;
  tell(ask, room.id,
       fmt::format("순번 {}에서 {}, \"{}\", 접수번호 {}, 차량 {}대, 담당 {}, 구성원 {}명, 나감 "
                   "{}이어야 하는데 {}라고 합니다.",
                   last_seq, chat::to_string(room.kind), title_at(room, last_seq), receipt.number,
                   vehicles_at(scene_, room, last_seq).size(), id_of(charge), members, !there,
                   json::serialize(fields).substr(0, 400)),
       fmt::format("as of seq {} it is {}, \"{}\", of receipt {}, with {} vehicles, {} in charge, "
                   "{} members, left {}; it says {}.",
                   last_seq, chat::to_string(room.kind), title_at(room, last_seq), receipt.number,
                   vehicles_at(scene_, room, last_seq).size(), id_of(charge), members, !there,
                   json::serialize(fields).substr(0, 400)));
}

bool RoomListChecker::fits(const Ask& ask, const Room& room) const {
  if (!ask.kind.empty() && ask.kind != chat::to_string(room.kind)) return false;
  const bool general = room.kind == chat::RoomKind::general;
  const std::string number =
      room.receipt == kNoReceipt ? "" : scene_.receipts.at(room.receipt).number;
  if (!ask.receipt.empty() && ask.receipt != number) return false;
  if (!ask.vehicle.empty()) {
    if (general && (room.vehicles == nullptr || !room.vehicles->holds(ask.vehicle))) return false;
    if (!general &&
        (room.receipt == kNoReceipt || scene_.receipts.at(room.receipt).plate != ask.vehicle)) {
      return false;
    }
  }
  if (ask.text.empty()) return true;
  return std::ranges::any_of(room.founders, [&](UserNumber user) {
    return user != kNobody && scene_.roster.user(user).name.find(ask.text) != std::string::npos;
  });
}

void RoomListChecker::find_missing(const Ask& ask, std::uint64_t below, std::uint64_t from,
                                   const std::vector<chat::RoomId>& listed) {
  const UserNumber user = scene_.roster.session(ask.session).user;
  for (const RoomNumber number : scene_.roster.user(user).rooms) {
    const Room& room = scene_.rooms.all()[static_cast<std::size_t>(number)];
    const auto place = static_cast<std::uint64_t>(room.id);
    if (place >= below || place < from || !room.judged || room.second) continue;
    const bool certain =
        room.founded_before(ask.tick) && (room.founders[0] == user || room.founders[1] == user);
    // A general room's plates may have come since.
    const bool by_plate = room.kind == chat::RoomKind::general && !ask.vehicle.empty();
    if (!certain || by_plate || !fits(ask, room)) continue;
    if (std::find(listed.begin(), listed.end(), room.id) != listed.end()) continue;
    tell(ask, room.id, "목록에 없습니다.", "the list lacks it.");
  }
}

std::optional<std::string> RoomListChecker::shown(const Ask& ask, const ReplyView& reply) {
  const json::object& result = *reply.result;
  const json::value* people = result.if_contains("members");
  chat::RoomId id{};
  if (people == nullptr || !people->is_array() || result.size() != 17) {
    return "result lacks a field";
  }
  std::int64_t current = 0;
  for (const json::value& value : people->get_array()) {
    const json::object* member = value.if_object();
    if (member == nullptr || member->size() != 10) return "an entry of members lacks a field";
    current += number_in(*member, "left") == 0 ? 1 : 0;
  }
  if (current != number_in(result, "member_count")) return "member_count is not that of members";
  if (auto problem = entry(ask, result, id)) return problem;
  if (id != ask.room) return "it is another room";
  if (!as_of_room(reply.as_of, id)) return "as_of lacks the room";
  const Room* room = scene_.rooms.find(id);
  const auto last_seq = static_cast<chat::Seq>(number_in(result, "last_seq"));
  const bool known = room != nullptr && room->linked && room->judged && !room->second &&
                     room->known_through >= last_seq;
  if (known) members(ask, *room, result, last_seq);
  return std::nullopt;
}

void RoomListChecker::members(const Ask& ask, const Room& room, const json::object& result,
                              chat::Seq last_seq) {
  std::size_t right = 0;
  const json::array& list = result.at("members").get_array();
  for (const json::value& value : list) {
    const json::object& it = value.get_object();
    const auto user = scene_.roster.find(text_in(it, "user"));
    const auto from = static_cast<chat::Seq>(number_in(it, "from"));
    const auto left = static_cast<chat::Seq>(number_in(it, "left"));
    const auto row = std::ranges::find_if(room.members, [&](const Member& member) {
      const chat::Seq end = member.left <= last_seq ? member.left : 0;
      return user && member.user == *user && member.from == from && end == left &&
             member.live <= last_seq;
    });
    if (row == room.members.end()) break;
    const User& person = scene_.roster.user(*user);
    const bool founder = row->as == chat::Invitation::founder;
    const std::string inviter =
        founder || row->invited_by == kNobody ? "" : scene_.roster.user(row->invited_by).id;
    const bool same =
        text_in(it, "name") == person.name && text_in(it, "role") == chat::to_string(person.role) &&
        text_in(it, "insurer") == person.insurer && text_in(it, "as") == chat::to_string(row->as) &&
        text_in(it, "invited_by") == inviter &&
        (founder ? number_in(it, "joined_at") > 0
                 : number_in(it, "joined_at") == row->joined_at_ms) &&
        number_in(it, "read") >= 0;
    if (!same) break;
    ++right;
  }
  if (right == list.size()) return;
  tell(ask, room.id,
       fmt::format("구성원 중 하나가 명령에서 나온 것과 다릅니다: {}.",
                   json::serialize(list[right]).substr(0, 300)),
       fmt::format("a member is not what follows from the commands: {}.",
                   json::serialize(list[right]).substr(0, 300)));
}

void RoomListChecker::tell(const Ask& ask, chat::RoomId room, std::string_view ko,
                           std::string_view en) {
  scene_.stories.tell(Checker::room_lists, [&] {
    const std::string who = scene_.roster.who(ask.session);
    const std::string id = chat::to_string(room);
    return Story{fmt::format("{}, 대화방 {}({}): {}", who, id, ask.id, ko),
                 fmt::format("{}, room {} ({}): {}", who, id, ask.id, en)};
  });
}

}  // namespace claims::storm::audit
