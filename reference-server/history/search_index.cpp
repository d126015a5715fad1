#include "reference-server/history/search_index.h"

#include <algorithm>
#include <cstdint>

#include "reference-server/history/grams.h"

namespace claims::server {
namespace {

/// So many rooms are looked up in the index itself. Who is in more of them sees enough of what is
/// said for a search through all rooms, from the last message back, to find a page soon.
constexpr std::size_t kRoomsInQueryMax = 64;

std::vector<chat::RoomId> rooms_of(const SearchQuery& query) {
  std::vector<chat::RoomId> rooms;
  for (const StreamRange& range : query.ranges) {
    if (rooms.empty() || rooms.back() != range.room) rooms.push_back(range.room);
  }
  std::ranges::sort(rooms);
  rooms.erase(std::ranges::unique(rooms).begin(), rooms.end());
  if (rooms.size() > kRoomsInQueryMax) rooms.clear();
  return rooms;
}

}  // namespace

Result<void, LogError> SearchIndex::prepare(Database& database) {
  for (const auto& [sql, statement] :
       {std::pair{"INSERT INTO grams(rowid, tokens) VALUES(?1, ?2)", &insert_},
        {"INSERT INTO grams(grams, rowid, tokens) VALUES('delete', ?1, ?2)", &remove_},
        {"SELECT rowid FROM grams WHERE grams MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC",
         &select_}}) {
    if (auto prepared = database.prepare(sql, *statement); !prepared) return prepared;
  }
  return {};
}

Result<void, LogError> SearchIndex::insert(Position position, chat::RoomId room,
                                           std::string_view text) {
  const std::string tokens = index_tokens(room, text);
  insert_.bind(1, static_cast<std::uint64_t>(position));
  insert_.bind(2, tokens);
  return insert_.run();
}

void SearchIndex::remove(Position position, chat::RoomId room, std::string_view text) {
  removed_.emplace_back(position, index_tokens(room, text));
}

Result<void, LogError> SearchIndex::settle() {
  std::ranges::sort(removed_);
  for (const auto& [position, tokens] : removed_) {
    remove_.bind(1, static_cast<std::uint64_t>(position));
    remove_.bind(2, tokens);
    if (auto done = remove_.run(); !done) return done;
  }
  removed_.clear();
  return {};
}

void SearchIndex::find(const SearchQuery& query) {
  expression_ = match_expression(rooms_of(query), query.text);
  select_.bind(1, expression_);
  select_.bind(2, static_cast<std::uint64_t>(query.before));
}

Result<Position, LogError> SearchIndex::find_next() {
  auto row = select_.step();
  if (!row) return row.error();
  return *row ? Position{select_.number(0)} : Position{};
}

}  // namespace claims::server
