#include "simulator/check/history_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <vector>

#include "protocol/chat/error.h"
#include "protocol/limits.h"
#include "simulator/check/search_checker.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

}  // namespace

void HistoryChecker::seen(const Room& room, const EventView& event) {
  if (event.kind != EventKind::pre_estimate && event.kind != EventKind::further_estimate) return;
  estimates_.emplace(event.estimate, room.id);
}

std::string HistoryChecker::what(const Ask& ask) {
  return fmt::format("{}|{}|{}|{}|{}|{}", ask.room ? chat::to_string(*ask.room) : "", ask.vehicle,
                     ask.receipt, ask.estimate, ask.garage, ask.insurer);
}

bool HistoryChecker::is_of_insurer(const Room& room, const std::string& insurer) const {
  const auto works_for = [&](UserNumber user) {
    return user != kNobody && scene_.roster.user(user).insurer == insurer;
  };
  // Whoever takes over is of the same insurer.
  if (room.kind == chat::RoomKind::negotiation && works_for(room.founders[0])) return true;
  return works_for(room.founders[1]);
}

bool HistoryChecker::is_asked(const Ask& ask, const Room& room) const {
  if (ask.room) return *ask.room == room.id;
  if (!ask.receipt.empty()) {
    return room.receipt != kNoReceipt && scene_.receipts.at(room.receipt).number == ask.receipt;
  }
  if (!ask.estimate.empty()) {
    const auto found = estimates_.find(ask.estimate);
    return found != estimates_.end() && found->second == room.id;
  }
  if (!ask.garage.empty()) {
    return room.garage != kNobody && scene_.roster.user(room.garage).id == ask.garage;
  }
  if (!ask.insurer.empty()) return is_of_insurer(room, ask.insurer);
  if (room.vehicles != nullptr) return room.vehicles->find(ask.vehicle) != 0;
  return room.receipt != kNoReceipt && scene_.receipts.at(room.receipt).plate == ask.vehicle;
}

bool HistoryChecker::may_see(const Ask& ask, const Room& room, chat::Seq seq) const {
  const UserNumber number = scene_.roster.session(ask.session).user;
  const User& user = scene_.roster.user(number);
  if (user.role == chat::Role::insurer && is_of_insurer(room, user.insurer)) return true;
  return scene_.rooms.reader_at(room, number, seq).has_value();
}

chat::Seq HistoryChecker::next_due(const Ask& ask, const Room& room, chat::Seq due) const {
  const UserNumber number = scene_.roster.session(ask.session).user;
  const User& user = scene_.roster.user(number);
  const bool whole = user.role == chat::Role::insurer && is_of_insurer(room, user.insurer);
  const std::uint8_t about = room.vehicles == nullptr ? 0 : room.vehicles->find(ask.vehicle);
  for (chat::Seq seq = due; seq <= room.known_through; ++seq) {
    if (!whole && !could_read(room, number, seq, ask.tick)) continue;
    if (room.vehicles != nullptr && !ask.vehicle.empty() &&
        (about == 0 || seq > room.vehicles->about.size() ||
         room.vehicles->about[static_cast<std::size_t>(seq - 1)] != about)) {
      continue;
    }
    return seq;
  }
  return 0;
}

std::optional<std::string> HistoryChecker::replied(
    const Ask& ask, const ReplyView& reply,
    const std::function<void(Room&, const EventView&)>& take_in) {
  const json::value* events = reply.result->if_contains("events");
  const json::value* next = reply.result->if_contains("next");
  if (events == nullptr || !events->is_array() || next == nullptr || !text_of(*next) ||
      reply.result->size() != 2) {
    return "result is not events and next";
  }
  if (events->get_array().size() > claims::limits::kPageRowsMax) return "there are too many events";
  std::vector<std::pair<Room*, EventView>> page;
  for (const json::value& value : events->get_array()) {
    const json::object* object = value.if_object();
    if (object == nullptr) return "an event is no object";
    EventView event;
    if (auto problem = read_event(*object, EventEnd::nothing, event)) return problem;
    Room* room = scene_.rooms.find(event.room);
    // What opened just now may not have been seen yet.
    if (room == nullptr || !room->linked || !room->judged || room->second) continue;
    take_in(*room, event);
    page.emplace_back(room, event);
  }
  const Key key{ask.session, what(ask)};
  const auto known = paged_.find(key);
  const bool first = ask.page.empty();
  const bool follows = !first && known != paged_.end() && known->second.first == ask.page;
  Place place = follows ? known->second.second : Place{};
  if (known != paged_.end()) paged_.erase(known);
  if (!first && !follows) place = page.empty() ? place : Place{page[0].first->id, 0};
  bool right = true;
  for (const auto& [room, event] : page) {
    right = this->follows(ask, place, *room, event);
    if (!right) break;
    place = {room->id, event.seq};
  }
  if (!right || (!first && !follows)) return std::nullopt;
  const bool ends = text_of(*next)->empty();
  if (ends) {
    find_missing(ask, place, chat::RoomId{});
  } else if (paged_.size() < kPagedMax) {
    paged_.emplace(key, std::pair(std::string(*text_of(*next)), place));
  }
  return std::nullopt;
}

bool HistoryChecker::follows(const Ask& ask, const Place& place, const Room& room,
                             const EventView& event) {
  if (!may_see(ask, room, event.seq)) {
    const UserNumber user = scene_.roster.session(ask.session).user;
    if (scene_.rooms.may_join(room.id, user)) return false;
    scene_.stories.tell(Checker::secrecy, [&] {
      const std::string who = scene_.roster.who(ask.session);
      return Story{fmt::format("{}: 볼 수 없는 {}이 이력 조회({})에 나왔습니다. 내용: {}.", who,
                               place_ko(room, event.seq), ask.id, content(event)),
                   fmt::format("{} was listed {} ({}), which it may not see. It was {}.", who,
                               place_en(room, event.seq), ask.id, content(event))};
    });
    return false;
  }
  if (!is_asked(ask, room) || (!ask.vehicle.empty() && event.vehicle != ask.vehicle)) {
    tell(
        ask,
        fmt::format("물은 것이 아닌 {}이 있습니다: {}.", place_ko(room, event.seq), content(event)),
        fmt::format("it has {}, which was not asked for: {}.", place_en(room, event.seq),
                    content(event)));
    return false;
  }
  const bool same = room.id == place.room;
  const bool started = place.room != chat::RoomId{};
  if ((started && room.id > place.room) || (same && event.seq <= place.seq)) {
    tell(ask, fmt::format("{}이 제자리에 있지 않습니다.", place_ko(room, event.seq)),
         fmt::format("{} is not in its place.", place_en(room, event.seq)));
    return false;
  }
  if (!same) find_missing(ask, place, room.id);
  // A page in the middle of others that were not seen begins anywhere.
  if (same && place.seq == 0) return true;
  const chat::Seq due = next_due(ask, room, same ? place.seq + 1 : 1);
  if (due == 0 || due >= event.seq) return true;
  tell(ask, fmt::format("{}이 빠졌습니다.", place_ko(room, due)),
       fmt::format("it lacks {}.", place_en(room, due)));
  return false;
}

/// Of the room where it stands, and of those between it and `below`.
void HistoryChecker::find_missing(const Ask& ask, const Place& place, chat::RoomId below) {
  const bool started = place.room != chat::RoomId{};
  const auto lacks = [&](const Room& room, chat::Seq from) {
    if (!room.linked || !room.judged || room.second || !room.founded_before(ask.tick) ||
        !is_asked(ask, room)) {
      return false;
    }
    const chat::Seq due = next_due(ask, room, from);
    if (due == 0) return false;
    const SeenEvent* seen = room.window.find(due);
    if (seen != nullptr && (!seen->seen || seen->tick >= ask.tick)) return false;
    tell(ask, fmt::format("{}이 빠졌습니다.", place_ko(room, due)),
         fmt::format("it lacks {}.", place_en(room, due)));
    return true;
  };
  if (started && place.seq != 0) {
    if (const Room* room = scene_.rooms.find(place.room)) {
      if (lacks(*room, place.seq + 1)) return;
    }
  }
  const UserNumber number = scene_.roster.session(ask.session).user;
  const User& user = scene_.roster.user(number);
  const auto between = [&](const Room& room) {
    return room.id > below && (!started || room.id < place.room);
  };
  if (user.role == chat::Role::insurer) {
    for (const Room& room : scene_.rooms.all()) {
      if (between(room) && is_of_insurer(room, user.insurer) && lacks(room, 1)) return;
    }
    return;
  }
  for (const RoomNumber one : user.rooms) {
    const Room& room = scene_.rooms.all()[static_cast<std::size_t>(one)];
    if (between(room) && lacks(room, 1)) return;
  }
}

void HistoryChecker::tell(const Ask& ask, std::string_view ko, std::string_view en) {
  scene_.stories.tell(Checker::histories, [&] {
    const std::string who = scene_.roster.who(ask.session);
    return Story{fmt::format("{}의 이력 조회({}): {}", who, ask.id, ko),
                 fmt::format("{}'s history ({}): {}", who, ask.id, en)};
  });
}

}  // namespace claims::storm::audit
