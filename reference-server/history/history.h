#pragma once
// History: the read model, folded from the log by block; what rooms' messages are read from.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/result.h"
#include "reference-server/log/block.h"
#include "reference-server/log/event_log.h"

namespace claims::server {

/// Seqs [first, last].
struct SeqRange {
  chat::Seq first = 1, last = 0;
  bool operator==(const SeqRange&) const = default;
};

/// Events of one room with seq in (after, last], then in the further ranges, by seq, at most
/// `limit`, and none after the one with which their bytes reach `bytes_max`. With a vehicle: only
/// those about it.
struct PageQuery {
  chat::RoomId room{};
  chat::Seq after = 0;
  chat::Seq last = 0;
  std::size_t limit = 0;
  std::size_t bytes_max = std::numeric_limits<std::size_t>::max();
  std::string vehicle = {};
  std::vector<SeqRange> further = {};  ///< Rising, behind `last`.
};
/// What one user may see of one room: seq in [first, last].
struct StreamRange {
  chat::RoomId room{};
  chat::Seq first = 1;
  chat::Seq last = 0;
};
/// Events of several rooms with position in (after, last], by position; bounded likewise.
struct StreamQuery {
  std::vector<StreamRange> ranges;
  Position after{};
  Position last{};
  std::size_t limit = 0;
  std::size_t bytes_max = std::numeric_limits<std::size_t>::max();
};
/// Events range by range, in a range by seq; bounded likewise. With a vehicle: only those about it.
struct ListQuery {
  std::vector<StreamRange> ranges;
  std::size_t limit = 0;
  std::size_t bytes_max = std::numeric_limits<std::size_t>::max();
  std::string vehicle = {};
};
/// Messages of several rooms with the text somewhere in theirs and with position below `before`,
/// the last ones first; bounded likewise, and by the messages that are looked at. A search that
/// ends there ends with a row without room and event: nothing more was found down to its position,
/// and that is `before` of the search that goes on.
struct SearchQuery {
  std::string text;  ///< NFC; the case of ASCII letters makes no difference. At least a character.
  std::vector<StreamRange> ranges;
  Position before{std::numeric_limits<std::uint64_t>::max()};
  std::size_t limit = 0;
  std::size_t bytes_max = std::numeric_limits<std::size_t>::max();
  std::size_t looked_at_max = std::numeric_limits<std::size_t>::max();
  std::string vehicle = {};
};
using Query = std::variant<PageQuery, StreamQuery, ListQuery, SearchQuery>;

struct Row {
  Position position{};
  chat::RoomId room{};
  chat::Seq seq = 0;
  /// The record's payload: the event's JSON object. Of a message that was deleted, the tombstone.
  std::string event;
};

/// What answers a query, row by row, until a bound is reached.
class Rows {
 public:
  template <class Bounds>
  explicit Rows(const Bounds& query) : limit_(query.limit), bytes_max_(query.bytes_max) {}

  bool full() const { return rows_.size() >= limit_ || bytes_ >= bytes_max_; }
  bool empty() const { return rows_.empty(); }
  const Row& back() const { return rows_.back(); }
  void add(Row row) {
    bytes_ += row.event.size();
    rows_.push_back(std::move(row));
  }
  std::vector<Row> take() { return std::move(rows_); }

 private:
  std::size_t limit_, bytes_max_;
  std::size_t bytes_ = 0;
  std::vector<Row> rows_;
};

/// The rows end at a bound of the query: there may be more.
template <class Bounds>
bool ends_at_bound(const Bounds& query, const std::vector<Row>& rows) {
  std::size_t bytes = 0;
  for (const Row& row : rows) bytes += row.event.size();
  return rows.size() >= query.limit || bytes >= query.bytes_max;
}

/// A deleted message is shown as a tombstone from the fold of its message_deleted on: in pages,
/// lists and streams, and searches do not find it.
///
/// Used by one thread at a time. fold() and query() are called in order, so a query sees everything
/// folded before it (also what is not committed to the history's own file yet). The history can
/// always be deleted: it is folded again from the log. After an error the handle is void: destroy
/// it, open the history anew and fold the log again.
class History {
 public:
  virtual ~History() = default;
  /// The number of the last block folded durably; folding continues after it at start-up.
  virtual std::uint64_t folded() const = 0;
  /// Its hash; zeros when nothing is folded.
  virtual Hash folded_hash() const = 0;
  /// Where the log's block folded() has folded_hash(), blocks are given from the next one on. Else
  /// the history belongs to another log, or got ahead of this one, and every block is given from
  /// block 1: one that is folded already costs a look at its hash; where that is another one,
  /// everything from that block on is dropped and folded anew.
  virtual Result<void, LogError> fold(const Block& block) = 0;
  /// Makes what was folded durable; cheap to call often (commits when there is enough, or `force`).
  virtual Result<void, LogError> commit(bool force) = 0;
  virtual Result<std::vector<Row>, LogError> query(const Query& query) = 0;
};

/// A file beside the log; discarded when it has another format version or is damaged, never when it
/// is of another making. `vfs` as in open_sqlite_log().
Result<std::unique_ptr<History>, LogError> open_sqlite_history(const std::string& path,
                                                               const std::string& vfs = {});
std::unique_ptr<History> make_memory_history();

}  // namespace claims::server
