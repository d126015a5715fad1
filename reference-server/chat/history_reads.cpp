#include "reference-server/chat/history_reads.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>

#include "protocol/chat/reply.h"
#include "protocol/limits.h"
#include "reference-server/chat/commands.h"
#include "reference-server/chat/page_text.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"

namespace claims::server {
namespace {

using chat::Error;
using chat::RoomId;
using chat::Seq;

/// Where a page goes on: behind that seq of the room, then in the rooms before it.
struct Place {
  RoomId room{};
  Seq after = 0;
};

std::string text_of(const Place& place) {
  return to_string(place.room) + ':' + std::to_string(place.after);
}

std::optional<Place> parse_place(std::string_view page) {
  const std::size_t colon = page.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto room = chat::parse_room_id(page.substr(0, colon));
  const auto after = parse_page_number(page.substr(colon + 1));
  if (!room || !after || *after > claims::limits::kInstanceMax) return std::nullopt;
  return Place{*room, *after};
}

/// Room numbers, rising; some lists are the state's own, others are made for the query.
class Candidates {
 public:
  explicit Candidates(std::vector<RoomId> rooms) : own_(std::move(rooms)) {}
  explicit Candidates(RoomIndex::Rooms rooms) : numbers_(rooms) {}

  std::size_t size() const { return own_.empty() ? numbers_.size() : own_.size(); }
  RoomId at(std::size_t i) const { return own_.empty() ? RoomId{numbers_[i]} : own_[i]; }
  /// How many are not above the room.
  std::size_t up_to(RoomId room) const {
    std::size_t low = 0;
    for (std::size_t high = size(); low < high;) {
      const std::size_t middle = low + (high - low) / 2;
      if (at(middle) <= room) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
  bool hold(RoomId room) const {
    const std::size_t count = up_to(room);
    return count > 0 && at(count - 1) == room;
  }

 private:
  std::vector<RoomId> own_;
  RoomIndex::Rooms numbers_;
};

struct Lister {
  const std::string& re;
  UserIndex user;
  const State& state;

  bool is_of_insurer(const Room& room) const {
    const UserEntry& caller = state.user(user).entry;
    return caller.role == chat::Role::insurer &&
           (state.insurer_of(room) == caller.insurer ||
            (room.kind() == chat::RoomKind::negotiation &&
             state.insurer_of(room, chat::Side::counterpart) == caller.insurer));
  }

  /// What the caller may see of the room.
  std::vector<SeqRange> visible(RoomId id) const {
    const Room& room = *state.room(id);
    if (is_of_insurer(room)) return {{1, room.last_seq()}};
    return room.readable_by(user);
  }

  /// All rooms that the caller may see anything of.
  Candidates own() const {
    const UserEntry& caller = state.user(user).entry;
    if (caller.role == chat::Role::insurer) {
      return Candidates(state.room_index().of_insurer(caller.insurer));
    }
    return Candidates(state.user(user).rooms);
  }

  Result<Candidates, Error> asked(const chat::ListHistory& list) const {
    if (list.room) {
      const Room* room = state.room(*list.room);
      if (room == nullptr || visible(*list.room).empty()) {
        return Error{chat::ErrorCode::unknown_room, "room", to_string(*list.room), ""};
      }
      return Candidates(std::vector{*list.room});
    }
    if (!list.vehicle.empty()) return Candidates(state.room_index().of_vehicle(list.vehicle));
    if (!list.receipt.empty()) return Candidates(state.rooms_of_receipt(list.receipt));
    if (!list.estimate.empty()) return Candidates(state.rooms_of_estimate(list.estimate));
    if (!list.garage.empty()) {
      const auto garage = find_user_of_role(state, list.garage, chat::Role::garage, "garage");
      if (!garage) return garage.error();
      return Candidates(state.room_index().of_garage(*garage));
    }
    if (state.insurer(list.insurer) == nullptr) {
      return Error{chat::ErrorCode::unknown_user, "insurer", list.insurer, ""};
    }
    return Candidates(state.room_index().of_insurer(list.insurer));
  }

  Decision list(const chat::ListHistory& list) const {
    std::optional<Place> from;
    if (!list.start.page.empty()) {
      from = parse_place(list.start.page);
      if (!from) return Answered{chat::error_reply(re, bad_page(list.start.page))};
    }
    const auto asked = this->asked(list);
    if (!asked) return Answered{chat::error_reply(re, asked.error())};
    const Candidates own = this->own();
    // Whoever sees few rooms has them looked through, not all of a great insurer.
    const bool is_asked_shorter = asked->size() <= own.size();
    const Candidates& walked = is_asked_shorter ? *asked : own;
    const Candidates& other = is_asked_shorter ? own : *asked;
    PageRead page{re, ListQuery{}, HistoryPage{}};
    auto& query = std::get<ListQuery>(page.query);
    query.limit = list.start.limit + 1;
    query.bytes_max = claims::limits::kPageBytesMax;
    query.vehicle = list.vehicle;
    std::size_t i = from ? walked.up_to(from->room) : walked.size();
    // The ranges fill the page. Of events about one vehicle that is not known beforehand: they are
    // bounded by what is looked at.
    const std::uint64_t enough = list.vehicle.empty() ? query.limit : limits::kListedEventsMax;
    std::uint64_t events = 0;
    for (std::size_t looked_at = 0; i > 0; --i, ++looked_at) {
      const RoomId id = walked.at(i - 1);
      if (events >= enough || looked_at == limits::kListedRoomsMax) {
        std::get<HistoryPage>(page.shown).next = text_of({id, 0});
        break;
      }
      if (!other.hold(id)) continue;
      const Seq after = from && from->room == id ? from->after : 0;
      for (const SeqRange& range : visible(id)) {
        if (range.last <= after) continue;
        query.ranges.push_back({id, std::max(range.first, after + 1), range.last});
        events += range.last + 1 - query.ranges.back().first;
      }
    }
    return page;
  }
};

}  // namespace

Decision list_history(const std::string& re, const chat::ListHistory& list, UserIndex user,
                      const State& state) {
  return Lister{re, user, state}.list(list);
}

std::string history_reply(const PageRead& read, const ListQuery& query,
                          const std::vector<Row>& rows) {
  const std::size_t shown = std::min(rows.size(), query.limit - 1);
  std::string events = "[";
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) events += ',';
    events += rows[i].event;
  }
  events += ']';
  std::string next = std::get<HistoryPage>(read.shown).next;
  if (ends_at_bound(query, rows) && shown > 0) {
    next = text_of({rows[shown - 1].room, rows[shown - 1].seq});
  }
  return chat::read_reply(read.re, ResultText().add_json("events", events).add("next", next).take(),
                          "{}");
}

}  // namespace claims::server
