#include "reference-server/chat/reads.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

#include "protocol/chat/json_text.h"
#include "protocol/chat/reply.h"
#include "protocol/limits.h"
#include "reference-server/chat/commands.h"
#include "reference-server/chat/history_reads.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"
#include "reference-server/chat/room_reads.h"
#include "reference-server/chat/search_reads.h"
#include "reference-server/chat/template_use.h"

namespace claims::server {
namespace {

void append_key(chat::RoomId room, chat::Seq seq, std::string& as_of) {
  as_of += as_of.size() > 1 ? ",\"" : "\"";
  as_of += to_string(room);
  as_of += "\":";
  chat::append_json_number(seq, as_of);
}

struct RoomCount {
  chat::RoomId id{};
  Position last{};
  chat::Seq seq = 0;
  std::uint64_t unread = 0;
};

Decision count_unread(const std::string& re, std::vector<RoomCount> counts) {
  std::uint64_t total = 0;
  for (const RoomCount& count : counts) total += count.unread;
  const std::size_t shown = std::min(counts.size(), claims::limits::kUnreadRoomsMax);
  std::partial_sort(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(shown),
                    counts.end(),
                    [](const RoomCount& a, const RoomCount& b) { return a.last > b.last; });
  std::string result = R"({"rooms":[)";
  std::string as_of = "{";
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) result += ',';
    result += R"({"room":")" + to_string(counts[i].id) + R"(","unread":)";
    chat::append_json_number(counts[i].unread, result);
    result += '}';
    append_key(counts[i].id, counts[i].seq, as_of);
  }
  result += R"(],"total":)";
  chat::append_json_number(total, result);
  result += R"(,"more":)";
  result += shown < counts.size() ? "true}" : "false}";
  as_of += '}';
  return Answered{chat::read_reply(re, result, as_of)};
}

std::string reads_of(chat::RoomId id, const Room& room, const State& state) {
  std::string members = "[";
  for (const Room::Membership& member : room.memberships()) {
    if (!member.current()) continue;
    const UserEntry& entry = state.user(member.user).entry;
    if (members.size() > 1) members += ',';
    members += ResultText()
                   .add("user", entry.id)
                   .add("name", entry.name)
                   .add("role", to_string(entry.role))
                   .add("from", std::uint64_t{member.from})
                   .add("read", std::uint64_t{member.read})
                   .take();
  }
  members += ']';
  return ResultText().add("room", id).add_json("members", members).take();
}

std::string outcomes_of(const BulkWindow::Bulk& bulk) {
  std::string outcomes = "[";
  for (std::size_t i = 0; i < bulk.results.size(); ++i) {
    const BulkWindow::Result& result = bulk.results[i];
    if (i > 0) outcomes += ',';
    ResultText outcome;
    outcome.add("garage", bulk.targets[i].garage).add("ok", !result.refusal);
    if (result.refusal) {
      outcome.add("code", to_string(*result.refusal));
    } else {
      outcome.add("room", result.room).add("seq", result.seq);
    }
    outcomes += outcome.take();
  }
  outcomes += ']';
  return ResultText()
      .add("bulk", to_string(bulk.id))
      .add_json("outcomes", outcomes)
      .add("open", std::uint64_t{bulk.open()})
      .take();
}

std::string negotiation_of(chat::RoomId id, const Room& room, const State& state) {
  using chat::NegotiationState;
  const chat::Negotiation& negotiation = *room.negotiation();
  const auto user = [&](chat::Side side) -> const std::string& {
    return state.user(*room.in_charge(side)).entry.id;
  };
  const auto ratio = negotiation.shown_ratio();
  const auto turn = negotiation.answers();
  const bool exempts = negotiation.state == NegotiationState::exemption_sent ||
                       negotiation.state == NegotiationState::exempt;
  return ResultText()
      .add("room", id)
      .add("receipt", room.receipt())
      .add("initiator", user(chat::Side::initiator))
      .add("counterpart", user(chat::Side::counterpart))
      .add("state", to_string(negotiation.state))
      .add("turn", turn ? to_string(*turn) : std::string_view{})
      .add("ratio", ratio ? to_string(*ratio) : std::string())
      .add("reason", exempts ? to_string(negotiation.exemption) : std::string_view{})
      .add("objections", std::uint64_t{negotiation.objections})
      .take();
}

std::string as_of(chat::RoomId room, chat::Seq seq) {
  std::string out = "{";
  append_key(room, seq, out);
  out += '}';
  return out;
}

struct Reader {
  const std::string& re;
  UserIndex user;
  const State& state;

  Decision operator()(const chat::ListMessages& list) const {
    const auto room = find_readable_room(state, user, list.room);
    if (!room) return Answered{chat::error_reply(re, room.error())};
    if (!list.vehicle.empty() && !(*room)->has_vehicle(list.vehicle)) {
      return Answered{chat::error_reply(re, unknown_vehicle(**room, list.vehicle))};
    }
    std::vector<SeqRange> ranges = (*room)->readable_by(user);
    MessagesPage shown;
    shown.as_of = ranges.back().last;
    const auto first = std::ranges::find_if(
        ranges, [&](const SeqRange& range) { return range.last > list.after; });
    const SeqRange begun = first == ranges.end() ? ranges.back() : *first;
    PageQuery query{list.room,
                    std::max(list.after, begun.first - 1),
                    begun.last,
                    list.limit + 1,
                    claims::limits::kPageBytesMax,
                    list.vehicle,
                    {}};
    if (first != ranges.end()) query.further.assign(first + 1, ranges.end());
    for (const Room::Membership& member : (*room)->memberships()) {
      if (member.current()) shown.read_by.emplace_back(member.user, member.read);
    }
    return PageRead{re, std::move(query), std::move(shown)};
  }

  Decision operator()(const chat::SearchMessages& search) const {
    return search_messages(re, search, user, state);
  }
  Decision operator()(const chat::ListHistory& list) const {
    return list_history(re, list, user, state);
  }
  Decision operator()(const chat::ListTemplates& list) const {
    return list_templates(re, list, user, state);
  }

  Decision operator()(const chat::CountUnread& count) const {
    std::vector<RoomCount> counts;
    const auto add = [&](chat::RoomId id, const Room& room) {
      counts.push_back({id, room.last_position(), room.last_seq(), room.member(user)->unread});
    };
    if (count.room) {
      const auto room = find_own_room(state, user, *count.room);
      if (!room) return Answered{chat::error_reply(re, room.error())};
      add(*count.room, **room);
    } else {
      for (const chat::RoomId id : state.user(user).rooms) {
        if (state.room(id)->member(user) != nullptr) add(id, *state.room(id));
      }
    }
    return count_unread(re, std::move(counts));
  }

  Decision operator()(const chat::ListRooms& list) const {
    return answer(list_rooms(list, user, state));
  }
  Decision operator()(const chat::ShowRoom& show) const {
    return answer(show_room(show, user, state));
  }
  Decision operator()(const chat::ListCandidates& list) const {
    return answer(list_candidates(list, user, state));
  }
  Decision operator()(const chat::CountConversions&) const {
    return answer(count_conversions(user, state));
  }
  Decision answer(const Result<ReadResult, chat::Error>& read) const {
    if (!read) return Answered{chat::error_reply(re, read.error())};
    return Answered{chat::read_reply(re, read->result, read->as_of)};
  }

  Decision operator()(const chat::Sync& sync) const { return SyncRead{re, sync.cursor}; }

  Decision operator()(const chat::ListReads& list) const {
    const auto room = find_own_room(state, user, list.room);
    if (!room) return Answered{chat::error_reply(re, room.error())};
    return Answered{chat::read_reply(re, reads_of(list.room, **room, state),
                                     as_of(list.room, (*room)->last_seq()))};
  }

  Decision operator()(const chat::ListBulkOutcomes& list) const {
    const BulkWindow::Bulk* bulk = state.user(user).bulks.find(list.bulk);
    if (bulk == nullptr) {
      return Answered{
          chat::error_reply(re, {chat::ErrorCode::unknown_bulk, "bulk", to_string(list.bulk), ""})};
    }
    return Answered{chat::read_reply(re, outcomes_of(*bulk), "{}")};
  }

  Decision operator()(const chat::ShowNegotiation& show) const {
    const auto room = find_own_room(state, user, show.room);
    if (!room) return Answered{chat::error_reply(re, room.error())};
    if (!(*room)->negotiation()) {
      return Answered{chat::error_reply(re, wrong_kind(**room, chat::RoomKind::negotiation))};
    }
    return Answered{chat::read_reply(re, negotiation_of(show.room, **room, state),
                                     as_of(show.room, (*room)->last_seq()))};
  }
};

/// The sender's id in a logged event: the fields before it hold no quotes of a user's making.
std::string_view sender_of(std::string_view event) {
  constexpr std::string_view kKey = R"("sender":{"id":")";
  const std::size_t at = event.find(kKey);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + kKey.size();
  return event.substr(begin, event.find('"', begin) - begin);
}

std::string messages_reply(const PageRead& read, const std::vector<Row>& rows, const State& state) {
  const auto& query = std::get<PageQuery>(read.query);
  const auto& page = std::get<MessagesPage>(read.shown);
  const std::size_t shown = std::min(rows.size(), query.limit - 1);
  std::string result = R"({"room":")" + to_string(query.room) + R"(","events":[)";
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) result += ',';
    const std::string_view event = rows[i].event;
    const std::string_view sender = sender_of(event);
    std::uint64_t unread_by = 0;
    for (const auto& [member, seq] : page.read_by) {
      if (seq < rows[i].seq && state.user(member).entry.id != sender) ++unread_by;
    }
    result += event.substr(0, event.size() - 1);
    result += R"(,"unread_by":)";
    chat::append_json_number(unread_by, result);
    result += '}';
  }
  result += R"(],"more":)";
  result += ends_at_bound(query, rows) ? "true}" : "false}";
  return chat::read_reply(read.re, result, as_of(query.room, page.as_of));
}

}  // namespace

Decision run_read(const chat::Read& read, UserIndex user, const State& state) {
  return std::visit(Reader{read.id, user, state}, read.body);
}

std::string page_reply(const PageRead& read, const std::vector<Row>& rows, const State& state) {
  if (const auto* search = std::get_if<SearchQuery>(&read.query)) {
    return search_reply(read, *search, rows);
  }
  if (const auto* list = std::get_if<ListQuery>(&read.query)) {
    return history_reply(read, *list, rows);
  }
  return messages_reply(read, rows, state);
}

}  // namespace claims::server
