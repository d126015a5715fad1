#pragma once
// SqliteRows: what the history's file answers, query by query.

#include <cstdint>
#include <optional>

#include "protocol/result.h"
#include "reference-server/history/history.h"
#include "reference-server/history/search_index.h"
#include "reference-server/log/sqlite.h"

namespace claims::server {

class SqliteRows {
 public:
  Result<void, LogError> prepare(Database& database);

  Result<void, LogError> answer(const PageQuery& page, Rows& rows);
  Result<void, LogError> answer(const StreamQuery& stream, Rows& rows);
  Result<void, LogError> answer(const ListQuery& list, Rows& rows);
  Result<void, LogError> answer(const SearchQuery& search, SearchIndex& index, Rows& rows);

 private:
  /// Where one range of a stream stands: at its next event.
  struct RangeHead {
    std::uint64_t position;
    chat::RoomId room;
    chat::Seq seq;
    chat::Seq last;
  };
  using Found = Result<std::optional<RangeHead>, LogError>;

  Result<void, LogError> take_range(const StreamRange& range, std::size_t limit,
                                    const std::string& vehicle, Rows& rows);
  Result<void, LogError> take(const RangeHead& head, Rows& rows);
  Found probe(Statement& statement, chat::RoomId room, chat::Seq first, chat::Seq last);
  Found first_after(const StreamRange& range, std::uint64_t after);

  Statement page_, page_of_vehicle_, first_, last_, event_, candidate_;
};

}  // namespace claims::server
