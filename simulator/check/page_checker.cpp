#include "simulator/check/page_checker.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "protocol/limits.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

}  // namespace

std::optional<std::string> PageChecker::replied(
    const Ask& ask, const ReplyView& reply,
    const std::function<void(Room&, const EventView&)>& seen) {
  const json::value* id = reply.result->if_contains("room");
  const json::value* events = reply.result->if_contains("events");
  const json::value* more = reply.result->if_contains("more");
  const auto parsed = id == nullptr ? std::nullopt : chat::parse_room_id(text_of(*id).value_or(""));
  if (!parsed || events == nullptr || !events->is_array() || more == nullptr || !more->is_bool() ||
      reply.result->size() != 3) {
    return "result is not room, events and more";
  }
  if (parsed != ask.room) return "the page is of room " + chat::to_string(*parsed);
  const auto as_of = as_of_room(reply.as_of, *parsed);
  if (!as_of) return "as_of lacks the room";
  if (events->get_array().size() > claims::limits::kPageRowsMax) return "there are too many events";
  Room* room = scene_.rooms.find(*parsed);
  if (room == nullptr || !room->linked || !room->judged) return std::nullopt;
  const UserNumber user = scene_.roster.session(ask.session).user;
  // Everything is taken in before it is judged: it tells itself from when its reader may read.
  std::vector<EventView> page;
  for (const json::value& entry : events->get_array()) {
    const json::object* object = entry.if_object();
    if (object == nullptr) return "an event is no object";
    if (auto problem = read_event(*object, EventEnd::unread_by, page.emplace_back())) {
      return problem;
    }
    if (page.back().room == room->id) seen(*room, page.back());
  }
  std::vector<chat::Seq> seqs;
  chat::Seq due = scene_.rooms.next_readable(*room, user, ask.after + 1);
  for (const EventView& event : page) {
    if (!scene_.rooms.reader_at(*room, user, event.seq)) {
      // What is ahead of what was seen may be after a `joined` that is not known yet.
      if (room->known_through < event.seq && scene_.rooms.may_join(room->id, user)) {
        return std::nullopt;
      }
      scene_.stories.tell(Checker::secrecy, [&] {
        const std::string who = scene_.roster.who(ask.session);
        return Story{fmt::format("{}: 구성원이 아닌데 {}을 읽었습니다 ({}). 내용: {}.", who,
                                 place_ko(*room, event.seq), ask.id, content(event)),
                     fmt::format("{} read {} ({}) and is not a member. It was {}.", who,
                                 place_en(*room, event.seq), ask.id, content(event))};
      });
      return std::nullopt;
    }
    if (!follows(ask, *room, due, event)) return std::nullopt;
    if (!ask.vehicle.empty() && !vehicles_.belongs(ask, *room, event)) return std::nullopt;
    due = scene_.rooms.next_readable(*room, user, event.seq + 1);
    seqs.push_back(event.seq);
  }
  ends(ask, *room, *as_of, seqs, due, more->get_bool());
  if (!ask.vehicle.empty()) {
    const chat::Seq last = seqs.empty() ? ask.after : seqs.back();
    vehicles_.page(ask, *room, seqs, more->get_bool() ? last : *as_of);
  }
  return std::nullopt;
}

void PageChecker::ends(const Ask& ask, const Room& room, chat::Seq as_of,
                       const std::vector<chat::Seq>& page, chat::Seq due, bool more) {
  const auto tell = [&](std::string_view ko, std::string_view en) {
    scene_.stories.tell(Checker::reconciliation, [&] {
      const std::string who = scene_.roster.who(ask.session);
      const std::string id = chat::to_string(room.id);
      return Story{fmt::format("{}: 대화방 {}의 이력({}): {}", who, id, ask.id, ko),
                   fmt::format("{}: the history of room {} ({}): {}", who, id, ask.id, en)};
    });
  };
  // Who has left is shown what was there when it left.
  const UserNumber user = scene_.roster.session(ask.session).user;
  const auto row = last_row(room, user);
  const bool current = row && room.members[*row].current();
  if (current && as_of < ask.acknowledged_before) {
    return tell(fmt::format("as_of가 {}인데, 묻기 전에 {}번이 이미 확인되었습니다.", as_of,
                            ask.acknowledged_before),
                fmt::format("as_of is {}, and {} was acknowledged before it asked.", as_of,
                            ask.acknowledged_before));
  }
  if (!page.empty() && page.back() > as_of) {
    return tell(fmt::format("as_of가 {}인데 {}번까지 있습니다.", as_of, page.back()),
                fmt::format("as_of is {}, and it goes up to {}.", as_of, page.back()));
  }
  if (more && page.empty()) {
    return tell("이벤트가 없는데 더 있다고 합니다.", "it has no event, and says there are more.");
  }
  // A membership that is ending just now is known when its end was seen.
  const bool known = room.known_through >= as_of || current;
  if (!more && known && ask.vehicle.empty() && due <= as_of) {
    tell(fmt::format("더 없다고 하는데 {}번부터 as_of인 {}번까지가 없습니다.", due, as_of),
         fmt::format("it says there is no more, and lacks {} to {}, its as_of.", due, as_of));
  }
}

bool PageChecker::follows(const Ask& ask, const Room& room, chat::Seq due, const EventView& event) {
  const bool in_place = ask.vehicle.empty() ? event.seq == due : event.seq >= due;
  if (event.room == room.id && in_place) return true;
  scene_.stories.tell(Checker::reconciliation, [&] {
    const std::string who = scene_.roster.who(ask.session);
    const std::string id = chat::to_string(room.id);
    return Story{fmt::format("{}: 대화방 {}의 이력({})에서 {}번 자리에 {}의 {}번이 있습니다.", who,
                             id, ask.id, due, chat::to_string(event.room), event.seq),
                 fmt::format("{}: in the history of room {} ({}), seq {} is due and {} of room {} "
                             "is there.",
                             who, id, ask.id, due, event.seq, chat::to_string(event.room))};
  });
  return false;
}

}  // namespace claims::storm::audit
