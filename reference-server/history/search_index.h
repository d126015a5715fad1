#pragma once
// SearchIndex: the full-text index of messages in the history's file, by the grams of their texts
// (grams.h). It knows a message by its position and keeps no texts. FTS5 does the storing: sorted
// runs that are merged now and then, so that folding appends.
//
// What it finds may be no hit: texts with all the grams but in another order, and messages that
// were removed and are still waiting for it.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/result.h"
#include "reference-server/history/history.h"
#include "reference-server/log/sqlite.h"

namespace claims::server {

class SearchIndex {
 public:
  Result<void, LogError> prepare(Database& database);

  /// In the order of positions; what is out of order costs a sorted run of its own.
  Result<void, LogError> insert(Position position, chat::RoomId room, std::string_view text);
  /// Takes a message out that was inserted with the same values, at the next settle(): for the same
  /// reason several go together.
  void remove(Position position, chat::RoomId room, std::string_view text);
  Result<void, LogError> settle();

  /// A search, from its making to its end; one at a time.
  class Finding {
   public:
    Finding(SearchIndex& index, const SearchQuery& query) : index_(index) { index.find(query); }
    ~Finding() { index_.select_.reset(); }
    Finding(const Finding&) = delete;
    Finding& operator=(const Finding&) = delete;

   private:
    SearchIndex& index_;
  };
  /// Where the query's text may be: positions below `before`, the highest first; 0 at the end.
  Result<Position, LogError> find_next();

 private:
  void find(const SearchQuery& query);

  Statement insert_, remove_, select_;
  std::string expression_;
  std::vector<std::pair<Position, std::string>> removed_;  ///< With their tokens.
};

}  // namespace claims::server
