#include "simulator/check/read_receipt_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <vector>

#include "protocol/chat/error.h"
#include "simulator/check/event_view.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

std::string_view text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string_view{} : text_of(*value).value_or("");
}

}  // namespace

bool ReadReceiptChecker::is_receipt(const json::object& event) {
  const json::value* type = event.if_contains("type");
  return type != nullptr && text_of(*type) == "read";
}

void ReadReceiptChecker::sent(const Command& command, SessionNumber session) {
  if (command.type != CommandType::room_read || !command.room || command.read_seq == 0) return;
  Room* room = scene_.rooms.find(*command.room);
  const auto row = room == nullptr ? std::nullopt : last_row(*room, command.key.user);
  if (!row) return;
  ReadsAsked& asked = room->members[*row].asked;
  asked.last[asked.count++ % ReadsAsked::kKept] = {
      static_cast<std::uint32_t>(command.read_seq), session,
      static_cast<std::uint32_t>(scene_.roster.session(session).connection_tick)};
}

void ReadReceiptChecker::refused(const Command& command) {
  if (command.type != CommandType::room_read || !command.room) return;
  Room* room = scene_.rooms.find(*command.room);
  const auto row = room == nullptr ? std::nullopt : last_row(*room, command.key.user);
  if (!row) return;
  // It asked for nothing that can be read. Another session's question of the same seq stays.
  const auto session = scene_.ledger.session_of(command.key);
  for (ReadsAsked::One& one : room->members[*row].asked.last) {
    if (one.seq != command.read_seq || one.session != session) continue;
    one.seq = 0;
    return;
  }
}

std::optional<std::string> ReadReceiptChecker::read(const json::object& object, Receipt& out) {
  const auto room = chat::parse_room_id(text_in(object, "room"));
  if (!room) return "room is no room id";
  out.room = *room;
  const json::value* at = object.if_contains("at");
  if (at == nullptr || integer_of(*at).value_or(0) <= 0) return "at is no time";
  const json::value* seq = object.if_contains("seq");
  out.seq = static_cast<chat::Seq>(
      std::max<std::int64_t>(seq == nullptr ? 0 : integer_of(*seq).value_or(0), 0));
  if (out.seq == 0) return "seq is no integer in its range";
  const json::value* value = object.if_contains("user");
  const json::object* user = value == nullptr ? nullptr : value->if_object();
  if (user == nullptr || user->size() != 2) return "user is not id and name";
  out.user = text_in(*user, "id");
  out.name = text_in(*user, "name");
  if (out.user.empty()) return "user.id is missing";
  // A cursor would say that it is an event of the room.
  if (object.size() != 5) return "there is an unknown field";
  return std::nullopt;
}

std::optional<std::string> ReadReceiptChecker::received(SessionNumber session,
                                                        const json::object& object) {
  Receipt receipt;
  if (auto problem = read(object, receipt)) return problem;
  Room* room = scene_.rooms.find(receipt.room);
  if (room == nullptr) {
    scene_.stories.tell(Checker::read_receipts, [&] {
      const std::string who = scene_.roster.who(session);
      const std::string id = chat::to_string(receipt.room);
      return Story{fmt::format("{}: 아무도 열지 않은 대화방 {}의 읽음 알림이 왔습니다.", who, id),
                   fmt::format("{} got a read receipt of room {}, which nobody opened.", who, id)};
    });
    return std::nullopt;
  }
  if (!room->linked || !room->judged) return std::nullopt;
  const UserNumber owner = scene_.roster.session(session).user;
  if (!last_row(*room, owner)) {
    // It goes without a place in the sequence: the own `joined` may come later.
    if (scene_.rooms.may_join(room->id, owner)) return std::nullopt;
    tell(session, *room, "구성원이 아닌데 읽음 알림을 받았습니다.",
         "it is no member and got a read receipt.");
    return std::nullopt;
  }
  compare(*room, session, receipt);
  return std::nullopt;
}

bool ReadReceiptChecker::asked(const Member& member, SessionNumber session, chat::Seq seq) const {
  const Session& told = scene_.roster.session(session);
  const bool own = told.user == member.user;
  const auto connection = static_cast<std::uint32_t>(told.connection_tick);
  const auto& last = member.asked.last;
  // The connection that asked knows by its reply; the one after it is another's, and is told.
  if (std::any_of(last.begin(), last.end(), [&](const ReadsAsked::One& one) {
        return one.seq == seq && (!own || one.session != session || one.connection != connection);
      })) {
    return true;
  }
  // It may have been asked before those that are kept.
  const bool several = !own || scene_.roster.user(member.user).sessions.size() > 1 ||
                       told.connection_tick != told.first_tick;
  return several && member.asked.count > ReadsAsked::kKept &&
         seq <= std::max(member.read, member.read_possible);
}

void ReadReceiptChecker::compare(Room& room, SessionNumber session, const Receipt& receipt) {
  const auto user = scene_.roster.find(receipt.user);
  const auto row = user ? last_row(room, *user) : std::nullopt;
  if (user && !row && scene_.rooms.may_join(room.id, *user)) return;
  if (!row) {
    return tell(
        session, room,
        fmt::format("구성원이 아닌 {}이(가) 읽었다고 합니다.", chat::excerpt(receipt.user)),
        fmt::format("it says that {} has read it, who is no member.", chat::excerpt(receipt.user)));
  }
  const User& reader = scene_.roster.user(*user);
  const std::string who = scene_.roster.who(*user);
  if (reader.known && reader.name != receipt.name) {
    tell(session, room,
         fmt::format("{}의 이름이 \"{}\"(으)로 되어 있습니다.", who, chat::excerpt(receipt.name)),
         fmt::format("the name of {} says \"{}\".", who, chat::excerpt(receipt.name)));
  }
  // It may have asked before it left and came again.
  const bool has_asked = std::ranges::any_of(room.members, [&](const Member& member) {
    return member.user == *user && asked(member, session, receipt.seq);
  });
  if (!has_asked) {
    const bool own = *user == scene_.roster.session(session).user;
    tell(session, room,
         fmt::format("{}이(가) {}번까지 읽었다고 하는데, {}그렇게 보낸 적이 없습니다.", who,
                     receipt.seq, own ? "다른 세션에서 " : ""),
         fmt::format("it says that {} has read up to {}, and it never asked for that{}.", who,
                     receipt.seq, own ? " from another session" : ""));
  }
  const auto observer = std::find_if(room.observers.begin(), room.observers.end(),
                                     [&](const Observer& it) { return it.session == session; });
  if (observer == room.observers.end() || *row >= observer->receipts.size()) return;
  Observer& seen = *observer;
  const std::uint64_t connection = scene_.roster.session(session).connection_tick;
  if (seen.receipts_tick != connection) {
    seen.receipts_tick = connection;
    seen.receipts = {};
  }
  const chat::Seq before = seen.receipts[*row];
  if (receipt.seq <= before) {
    return tell(
        session, room,
        fmt::format("{}의 읽음 알림이 {}번 다음에 {}번으로 왔습니다.", who, before, receipt.seq),
        fmt::format("the receipt of {} for {} came after the one for {}.", who, receipt.seq,
                    before));
  }
  seen.receipts[*row] = static_cast<std::uint32_t>(receipt.seq);
}

std::optional<std::string> ReadReceiptChecker::reads_replied(const Ask& ask,
                                                             const ReplyView& reply) {
  const auto id = chat::parse_room_id(text_in(*reply.result, "room"));
  const json::value* members = reply.result->if_contains("members");
  if (!id || members == nullptr || !members->is_array() || reply.result->size() != 2) {
    return "result is not room and members";
  }
  if (id != ask.room) return "the reads are of another room";
  const auto as_of = as_of_room(reply.as_of, *id);
  if (!as_of) return "as_of lacks the room";
  const Room* room = scene_.rooms.find(*id);
  if (room == nullptr || !room->linked || !room->judged) return std::nullopt;
  const json::array& rows = members->get_array();
  // Who comes and goes just now is not known before it was seen.
  if (room->known_through < *as_of) return std::nullopt;
  std::vector<const Member*> there;
  for (const Member& member : room->members) {
    if (member.is_there(*as_of) && member.left != *as_of) there.push_back(&member);
  }
  std::ranges::stable_sort(there, {}, &Member::live);
  if (rows.size() != there.size()) {
    tell(ask.session, *room,
         fmt::format("구성원은 {}명인데 room.reads({})에는 {}명입니다.", there.size(), ask.id,
                     rows.size()),
         fmt::format("the room has {} members, and room.reads ({}) lists {}.", there.size(), ask.id,
                     rows.size()));
    return std::nullopt;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    // Who joined first in a general room depends on what opened it.
    const std::size_t place = room->founded_in_bulk && i < 2 ? 1 - i : i;
    const bool order_known = room->founder != 0 || room->kind != chat::RoomKind::general;
    const UserNumber due = order_known ? there[place]->user : kNobody;
    if (auto problem = member_row(ask, *room, *as_of, rows[i], due)) return problem;
  }
  return std::nullopt;
}

std::optional<std::string> ReadReceiptChecker::member_row(const Ask& ask, const Room& room,
                                                          chat::Seq as_of, const json::value& value,
                                                          UserNumber due) {
  const json::object* fields = value.if_object();
  if (fields == nullptr || fields->size() != 5) {
    return "an entry of members is not user, name, role, from and read";
  }
  const json::value* from = fields->if_contains("from");
  const json::value* read = fields->if_contains("read");
  const std::int64_t from_seq = from == nullptr ? -1 : integer_of(*from).value_or(-1);
  const std::int64_t read_seq = read == nullptr ? -1 : integer_of(*read).value_or(-1);
  if (from_seq < 1 || read_seq < 0) return "from or read of a member is no seq";
  const auto user = scene_.roster.find(text_in(*fields, "user"));
  // Who has come again since then is there as it was.
  const auto row = user ? scene_.rooms.member_at(room, *user, as_of) : std::nullopt;
  if (!row || (due != kNobody && due != *user)) {
    tell(ask.session, room,
         fmt::format("room.reads({})에 {} 자리에 {}이(가) 있습니다.", ask.id,
                     scene_.roster.who(due), chat::excerpt(text_in(*fields, "user"))),
         fmt::format("room.reads ({}) has {} where {} is due.", ask.id,
                     chat::excerpt(text_in(*fields, "user")), scene_.roster.who(due)));
    return std::nullopt;
  }
  const User& it = scene_.roster.user(*user);
  const Member& member = room.members[*row];
  const chat::Seq least = member.read_at(ask.tick);
  const chat::Seq most = std::max(least, member.read_possible);
  const auto is = static_cast<chat::Seq>(read_seq);
  const bool person_fits = !it.known || (it.name == text_in(*fields, "name") &&
                                         chat::to_string(it.role) == text_in(*fields, "role"));
  if (person_fits && static_cast<chat::Seq>(from_seq) == member.from && least <= is && is <= most) {
    return std::nullopt;
  }
  const std::string who = scene_.roster.who(*user);
  tell(ask.session, room,
       fmt::format(
           "room.reads({}): {}은(는) {}번부터, {}–{}번까지 읽었어야 하는데 \"{}\", {}번부터, "
           "{}번까지라고 합니다.",
           ask.id, who, member.from, least, most, chat::excerpt(text_in(*fields, "name")), from_seq,
           is),
       fmt::format("room.reads ({}): {} is a member from {} and has read up to {} to {}; it says "
                   "\"{}\", from {}, read {}.",
                   ask.id, who, member.from, least, most, chat::excerpt(text_in(*fields, "name")),
                   from_seq, is));
  return std::nullopt;
}

void ReadReceiptChecker::tell(SessionNumber session, const Room& room, std::string_view ko,
                              std::string_view en) {
  scene_.stories.tell(Checker::read_receipts, [&] {
    const std::string who = scene_.roster.who(session);
    const std::string id = chat::to_string(room.id);
    return Story{fmt::format("{}, 대화방 {}: {}", who, id, ko),
                 fmt::format("{}, room {}: {}", who, id, en)};
  });
}

}  // namespace claims::storm::audit
