#include "simulator/check/own_read_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <utility>

#include "simulator/limits.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

/// Of commands whose outcome nobody ever learns, no more are kept.
constexpr std::size_t kOpenMax = 32;

std::string_view text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string_view{} : text_of(*value).value_or("");
}

}  // namespace

OwnReadChecker::Shown& OwnReadChecker::shown(Book& book, SessionNumber session) {
  const auto found = std::find_if(book.shown.begin(), book.shown.end(),
                                  [&](const Shown& one) { return one.session == session; });
  if (found != book.shown.end()) return *found;
  return book.shown.emplace_back(Shown{.session = session});
}

void OwnReadChecker::sent(const Command& command, SessionNumber session) {
  if (command.type != CommandType::room_read || !command.room || command.read_seq == 0) return;
  if (scene_.roster.user(command.key.user).sessions.size() < 2) return;
  Book& book = books_[{*command.room, command.key.user}];
  Shown& own = shown(book, session);
  own.asked = std::max(own.asked, command.read_seq);
  if (command.read_seq <= book.furthest) return;  // It may move nothing.
  book.furthest = command.read_seq;
  if (book.open.size() == kOpenMax) book.open.erase(book.open.begin());
  Open& open = book.open.emplace_back(Open{command.key, session, {}});
  for (const SessionNumber one : scene_.roster.user(command.key.user).sessions) {
    open.before.push_back(received_by(one));
  }
}

OwnReadChecker::Received OwnReadChecker::received_by(SessionNumber session) const {
  return {scene_.roster.session(session).received_bytes, scene_.received_bytes};
}

bool OwnReadChecker::may_have_found_no_room(const Shown& one) const {
  const Received now = received_by(one.session);
  const std::uint64_t own = one.own_by_then.value_or(now.own);
  return own - one.before_due.own >= limits::kRoomForReceiptsBytes ||
         now.all - one.before_due.all >= limits::kRoomForReceiptsTotalBytes;
}

void OwnReadChecker::acknowledged(const Command& command) {
  if (command.type != CommandType::room_read || !command.room) return;
  const auto found = books_.find({*command.room, command.key.user});
  if (found == books_.end()) return;
  Book& book = found->second;
  const auto open = std::find_if(book.open.begin(), book.open.end(),
                                 [&](const Open& one) { return one.key == command.key; });
  if (open == book.open.end()) return;
  const SessionNumber asker = open->session;
  const std::vector<Received> before = std::move(open->before);
  book.open.erase(open);
  const auto& sessions = scene_.roster.user(command.key.user).sessions;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const SessionNumber number = sessions[i];
    const Session& session = scene_.roster.session(number);
    const bool was_connected = session.subscribed && session.connection_tick < command.tick;
    if (number == asker || !was_connected) continue;
    Shown& one = shown(book, number);
    if (one.due_tick != session.connection_tick) one.due = 0;
    one.due_tick = session.connection_tick;
    if (command.read_seq <= one.due) continue;
    one.due = command.read_seq;
    one.before_due = before[i];
    one.own_by_then.reset();
    await(number, *command.room);
  }
}

void OwnReadChecker::await(SessionNumber session, chat::RoomId room) {
  std::vector<Awaited>& awaited = awaited_[session];
  std::erase_if(awaited, [&](const Awaited& one) { return one.room == room; });
  awaited.push_back({room, scene_.tick});
}

void OwnReadChecker::delivered(SessionNumber session, const SeenEvent& event) {
  const auto found = awaited_.find(session);
  if (found == awaited_.end() || !event.timed) return;
  const Session& at = scene_.roster.session(session);
  std::erase_if(found->second, [&](const Awaited& one) {
    if (event.sent_tick <= one.acknowledged_tick) return false;
    shown(books_[{one.room, at.user}], session).own_by_then = at.received_bytes;
    return true;
  });
}

void OwnReadChecker::received(SessionNumber session, const json::object& receipt) {
  const Session& at = scene_.roster.session(session);
  const User& user = scene_.roster.user(at.user);
  const json::value* reader = receipt.if_contains("user");
  const json::object* person = reader == nullptr ? nullptr : reader->if_object();
  if (user.sessions.size() < 2 || person == nullptr || text_in(*person, "id") != user.id) return;
  const auto room = chat::parse_room_id(text_in(receipt, "room"));
  const json::value* seq = receipt.if_contains("seq");
  const auto found = room ? books_.find({*room, at.user}) : books_.end();
  if (found == books_.end() || seq == nullptr) return;
  Shown& one = shown(found->second, session);
  if (one.received_tick != at.connection_tick) one.received = 0;
  one.received_tick = at.connection_tick;
  const auto read = static_cast<chat::Seq>(std::max<std::int64_t>(integer_of(*seq).value_or(0), 0));
  one.received = std::max(one.received, read);
}

void OwnReadChecker::finish() {
  for (const auto& [of, book] : books_) {
    for (const Shown& one : book.shown) {
      const Session& session = scene_.roster.session(one.session);
      if (one.due == 0 || !session.subscribed || session.connection_tick != one.due_tick) continue;
      const chat::Seq received = one.received_tick == one.due_tick ? one.received : 0;
      if (std::max(received, one.asked) >= one.due || may_have_found_no_room(one)) continue;
      scene_.stories.tell(Checker::devices_in_step, [&, room = chat::to_string(of.first)] {
        const std::string who = scene_.roster.who(one.session);
        return Story{
            fmt::format("{}: 이 사용자가 다른 기기에서 대화방 {}을 {}번까지 읽었는데, 연결되어 "
                        "있던 이 기기에는 읽음 알림이 오지 않았습니다(알림으로 온 것은 {}번까지).",
                        who, room, one.due, received),
            fmt::format("{}: on another device this user has read room {} up to {}, and this one, "
                        "which was connected, got no read receipt of it (receipts came up to {}).",
                        who, room, one.due, received)};
      });
    }
  }
}

}  // namespace claims::storm::audit
