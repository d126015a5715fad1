#include "reference-server/chat/room_reads.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "protocol/limits.h"
#include "reference-server/chat/commands.h"
#include "reference-server/chat/invitations.h"
#include "reference-server/chat/page_text.h"
#include "reference-server/chat/room_view.h"
#include "reference-server/limits.h"

namespace claims::server {
namespace {

using chat::Error;

char folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// ASCII letters of either case are alike; both are NFC.
bool contains(std::string_view text, std::string_view part) {
  const auto found = std::ranges::search(text, part, {}, folded, folded);
  return part.empty() || !found.empty();
}

/// A page's rows, to the bounds of one.
class Page {
 public:
  Page(std::string_view key, std::size_t limit) : limit_(limit) {
    out_ = "{\"";
    out_ += key;
    out_ += "\":[";
  }
  bool full() const { return rows_ >= limit_ || out_.size() >= claims::limits::kPageBytesMax; }
  void add(std::string_view row) {
    if (rows_++ > 0) out_ += ',';
    out_ += row;
  }
  std::string finish(std::string_view next) {
    out_ += "],\"next\":";
    chat::append_json_string(next, out_);
    out_ += '}';
    return std::move(out_);
  }

 private:
  std::size_t limit_, rows_ = 0;
  std::string out_;
};

bool fits(const chat::ListRooms& list, const Room& room, const RoomView& view, const State& state) {
  if (list.kind && room.kind() != *list.kind) return false;
  if (!list.receipt.empty() && room.receipt() != list.receipt) return false;
  if (!list.vehicle.empty() && !view.has_vehicle(list.vehicle)) return false;
  if (list.text.empty() || contains(view.title(), list.text)) return true;
  return std::ranges::any_of(room.memberships(), [&](const Room::Membership& one) {
    return view.shows(one) && contains(state.user(one.user).entry.name, list.text);
  });
}

}  // namespace

Result<ReadResult, Error> list_rooms(const chat::ListRooms& list, UserIndex user,
                                     const State& state) {
  const auto& rooms = state.user(user).rooms;
  auto end = rooms.end();
  if (!list.start.page.empty()) {
    const auto before = chat::parse_room_id(list.start.page);
    if (!before) return bad_page(list.start.page);
    end = std::ranges::lower_bound(rooms, *before);
  }
  Page page("rooms", list.start.limit);
  chat::RoomId last{};
  std::size_t scanned = 0;
  for (auto at = end; at != rooms.begin();) {
    --at;
    const RoomView view(*at, *state.room(*at), user, state);
    const bool shown = fits(list, *state.room(*at), view, state);
    if ((shown && page.full()) || scanned++ == limits::kScannedPerPage) {
      return ReadResult{page.finish(to_string(last)), "{}"};
    }
    last = *at;
    if (shown) page.add(view.entry().take());
  }
  return ReadResult{page.finish(""), "{}"};
}

Result<ReadResult, Error> show_room(const chat::ShowRoom& show, UserIndex user,
                                    const State& state) {
  const auto room = find_readable_room(state, user, show.room);
  if (!room) return room.error();
  const RoomView view(show.room, **room, user, state);
  return ReadResult{view.in_full(),
                    "{\"" + to_string(show.room) + "\":" + std::to_string(view.last_seq()) + '}'};
}

Result<ReadResult, Error> list_candidates(const chat::ListCandidates& list, UserIndex user,
                                          const State& state) {
  const auto room = find_own_room(state, user, list.room);
  if (!room) return room.error();
  if (auto refusal = check_inviter(**room, user, list.as, state)) return std::move(*refusal);
  Page page("users", list.start.limit);
  std::string last;
  std::size_t scanned = 0;
  for (auto at = state.users_after(list.start.page); at != state.users_end(); ++at) {
    const UserEntry& entry = state.user(at->second).entry;
    const bool asked = entry.role != chat::Role::insurer && contains(entry.name, list.text);
    const bool shown = asked && find_invited(**room, user, list.as, entry.id, state).has_value();
    if ((shown && page.full()) || scanned++ == limits::kScannedPerPage) {
      return ReadResult{page.finish(last), "{}"};
    }
    last = entry.id;
    if (!shown) continue;
    page.add(ResultText()
                 .add("user", entry.id)
                 .add("name", entry.name)
                 .add("role", to_string(entry.role))
                 .add("insurer", entry.insurer)
                 .take());
  }
  return ReadResult{page.finish(""), "{}"};
}

ReadResult count_conversions(UserIndex user, const State& state) {
  const User& caller = state.user(user);
  const Conversions& counts = caller.entry.role == chat::Role::insurer
                                  ? state.conversions_of(caller.entry.insurer)
                                  : caller.conversions;
  return {ResultText()
              .add("pre_estimates", counts.pre_estimates)
              .add("further_estimates", counts.further_estimates)
              .add("claims", counts.claims)
              .take(),
          "{}"};
}

}  // namespace claims::server
