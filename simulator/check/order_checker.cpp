#include "simulator/check/order_checker.h"

#include <fmt/format.h>

#include <algorithm>

namespace claims::storm::audit {

std::optional<std::uint64_t> OrderChecker::number_of(const Stream& stream, const Told& told) {
  for (std::size_t i = 0; i < stream.last.size(); ++i) {
    if (stream.last[i].room != told.room || stream.last[i].seq != told.seq) continue;
    // The ring holds the numbers before `count`.
    const std::uint64_t round = (stream.count - 1 - i) / kKept;
    return round * kKept + i;
  }
  return std::nullopt;
}

/// Then it is not kept any more, and nothing can be said of it.
bool OrderChecker::came_to_another(const Room& room, SessionNumber session, chat::Seq seq) const {
  const UserNumber user = scene_.roster.session(session).user;
  return std::any_of(room.observers.begin(), room.observers.end(), [&](const Observer& it) {
    return it.session != session && scene_.roster.session(it.session).user == user &&
           it.settled >= seq;
  });
}

void OrderChecker::moved(const Room& room, SessionNumber session, const EventView& event) {
  const UserNumber user = scene_.roster.session(session).user;
  if (scene_.roster.user(user).sessions.size() < 2) return;
  Stream& stream = streams_[user];
  auto place = std::find_if(stream.places.begin(), stream.places.end(),
                            [&](const Place& it) { return it.session == session; });
  if (place == stream.places.end()) {
    place = stream.places.insert(place, Place{.session = session});
  }
  const Told told{room.id, event.seq};
  std::optional<std::uint64_t> number = number_of(stream, told);
  if (!number) {
    if (came_to_another(room, session, event.seq)) return;
    number = stream.count++;
    const std::size_t at = *number % kKept;
    if (at == stream.last.size()) stream.last.emplace_back();
    stream.last[at] = told;
  }
  if (*number >= place->next) {
    place->next = *number + 1;
  } else {
    tell(room, session, event, stream.last[(place->next - 1) % kKept]);
  }
}

void OrderChecker::tell(const Room& room, SessionNumber session, const EventView& event,
                        const Told& later) {
  scene_.stories.tell(Checker::devices_in_step, [&] {
    const std::string who = scene_.roster.who(session);
    return Story{
        fmt::format("{}: {}이 대화방 {}의 순번 {}보다 나중에 왔습니다. 이 사용자의 다른 "
                    "기기에는 먼저 왔습니다.",
                    who, place_ko(room, event.seq), chat::to_string(later.room), later.seq),
        fmt::format("{}: {} came behind seq {} of room {}; another device of this user "
                    "got it before that.",
                    who, place_en(room, event.seq), later.seq, chat::to_string(later.room))};
  });
}

}  // namespace claims::storm::audit
