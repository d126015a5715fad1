#include "reference-server/history/sqlite_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "reference-server/history/grams.h"
#include "reference-server/history/logged_event.h"
#include "reference-server/history/visible_ranges.h"

namespace claims::server {
namespace {

std::string shown(std::uint64_t deleted_by, std::string_view event) {
  return deleted_by == 0 ? std::string(event) : tombstone_of(event);
}

}  // namespace

Result<void, LogError> SqliteRows::prepare(Database& database) {
  for (const auto& [sql, statement] :
       {std::pair{"SELECT seq, position, deleted_by, event FROM events WHERE room = ?1 AND"
                  " seq >= ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4",
                  &page_},
        {"SELECT seq, position, deleted_by, event FROM events WHERE room = ?1 AND seq >= ?2 AND"
         " seq <= ?3 AND vehicle = ?5 ORDER BY seq LIMIT ?4",
         &page_of_vehicle_},
        {"SELECT seq, position FROM events WHERE room = ?1 AND seq >= ?2 AND seq <= ?3"
         " ORDER BY seq LIMIT 1",
         &first_},
        {"SELECT seq, position FROM events WHERE room = ?1 AND seq >= ?2 AND seq <= ?3"
         " ORDER BY seq DESC LIMIT 1",
         &last_},
        {"SELECT deleted_by, event FROM events WHERE position = ?1", &event_},
        {"SELECT room, seq, vehicle, deleted_by, event FROM events WHERE position = ?1",
         &candidate_}}) {
    if (auto prepared = database.prepare(sql, *statement); !prepared) return prepared;
  }
  return {};
}

Result<void, LogError> SqliteRows::answer(const PageQuery& page, Rows& rows) {
  auto done = take_range({page.room, page.after + 1, page.last}, page.limit, page.vehicle, rows);
  for (const SeqRange& range : page.further) {
    if (!done || rows.full()) break;
    done = take_range({page.room, range.first, range.last}, page.limit, page.vehicle, rows);
  }
  return done;
}

Result<void, LogError> SqliteRows::answer(const ListQuery& list, Rows& rows) {
  for (const StreamRange& range : list.ranges) {
    if (rows.full()) break;
    if (auto done = take_range(range, list.limit, list.vehicle, rows); !done) return done;
  }
  return {};
}

Result<void, LogError> SqliteRows::take_range(const StreamRange& range, std::size_t limit,
                                              const std::string& vehicle, Rows& rows) {
  Statement& select = vehicle.empty() ? page_ : page_of_vehicle_;
  const Reading reading(select);
  select.bind(1, static_cast<std::uint64_t>(range.room));
  select.bind(2, range.first);
  select.bind(3, range.last);
  select.bind(4, limit);
  if (!vehicle.empty()) select.bind(5, vehicle);
  while (!rows.full()) {
    auto row = select.step();
    if (!row) return row.error();
    if (!*row) break;
    rows.add({Position{select.number(1)}, range.room, select.number(0),
              shown(select.number(2), select.bytes(3))});
  }
  return {};
}

/// Merges the ranges by position: within a room positions rise with seq.
Result<void, LogError> SqliteRows::answer(const StreamQuery& stream, Rows& rows) {
  const auto later = [](const RangeHead& a, const RangeHead& b) { return a.position > b.position; };
  std::priority_queue<RangeHead, std::vector<RangeHead>, decltype(later)> heads(later);
  const auto until = static_cast<std::uint64_t>(stream.last);
  for (const StreamRange& range : stream.ranges) {
    auto head = first_after(range, static_cast<std::uint64_t>(stream.after));
    if (!head) return head.error();
    if (*head && (*head)->position <= until) heads.push(**head);
  }
  while (!heads.empty() && !rows.full()) {
    const RangeHead head = heads.top();
    heads.pop();
    // Ranges of one room may overlap.
    if (rows.empty() || rows.back().position != Position{head.position}) {
      if (auto done = take(head, rows); !done) return done;
    }
    auto next = probe(first_, head.room, head.seq + 1, head.last);
    if (!next) return next.error();
    if (*next && (*next)->position <= until) heads.push(**next);
  }
  return {};
}

Result<void, LogError> SqliteRows::take(const RangeHead& head, Rows& rows) {
  const Reading reading(event_);
  event_.bind(1, head.position);
  auto row = event_.step();
  if (!row) return row.error();
  if (!*row) return LogError{fmt::format("history: no event at position {}", head.position)};
  rows.add(
      {Position{head.position}, head.room, head.seq, shown(event_.number(0), event_.bytes(1))});
  return {};
}

/// The first (or last) event of the room with seq in [first, last].
SqliteRows::Found SqliteRows::probe(Statement& statement, chat::RoomId room, chat::Seq first,
                                    chat::Seq last) {
  const Reading reading(statement);
  statement.bind(1, static_cast<std::uint64_t>(room));
  statement.bind(2, first);
  statement.bind(3, last);
  auto row = statement.step();
  if (!row) return row.error();
  if (!*row) return std::optional<RangeHead>();
  return std::optional(RangeHead{statement.number(1), room, statement.number(0), last});
}

/// The range's first event past a position: by halving the range, so that a long room costs a few
/// looks into the index, and a room without news one.
SqliteRows::Found SqliteRows::first_after(const StreamRange& range, std::uint64_t after) {
  auto found = probe(last_, range.room, range.first, range.last);
  if (!found || !*found || (*found)->position <= after) {
    if (found) *found = std::nullopt;
    return found;
  }
  chat::Seq low = range.first;
  chat::Seq high = (*found)->seq;  // An event past `after`; what is below `low` is not.
  while (low < high) {
    const chat::Seq middle = low + (high - low) / 2;
    auto probed = probe(first_, range.room, middle, range.last);
    if (!probed) return probed;
    if ((*probed)->position > after) {
      high = middle;
      found = std::move(probed);
    } else {
      low = (*probed)->seq + 1;
    }
  }
  (*found)->last = range.last;
  return found;
}

Result<void, LogError> SqliteRows::answer(const SearchQuery& search, SearchIndex& index,
                                          Rows& rows) {
  if (search.ranges.empty()) return {};
  const VisibleRanges visible(search.ranges);
  const std::string wanted = folded_case(search.text);
  const SearchIndex::Finding finding(index, search);
  for (std::size_t looked_at = 0; !rows.full(); ++looked_at) {
    const auto position = index.find_next();
    if (!position) return position.error();
    if (*position == Position{}) break;
    const Reading reading(candidate_);
    candidate_.bind(1, static_cast<std::uint64_t>(*position));
    auto row = candidate_.step();
    if (!row) return row.error();
    if (!*row) {
      return LogError{fmt::format("history: no event at position {} of the search index",
                                  static_cast<std::uint64_t>(*position))};
    }
    const chat::RoomId room{candidate_.number(0)};
    const chat::Seq seq = candidate_.number(1);
    const bool may_be_shown = visible.hold(room, seq) && candidate_.number(3) == 0 &&
                              (search.vehicle.empty() || candidate_.bytes(2) == search.vehicle);
    if (may_be_shown) {
      const std::string_view event = candidate_.bytes(4);
      const auto text = message_text_of(event);
      if (text && folded_case(*text).find(wanted) != std::string::npos) {
        rows.add({*position, room, seq, std::string(event)});
        continue;
      }
    }
    if (looked_at + 1 >= search.looked_at_max && !rows.full()) {
      rows.add({*position, {}, 0, {}});
      break;
    }
  }
  return {};
}

}  // namespace claims::server
