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

/// Events of one room with seq in (after, last], by seq, at most `limit`, and none after the one
/// with which their bytes reach `bytes_max`. With a vehicle: only those about it.
struct PageQuery {
  chat::RoomId room{};
  chat::Seq after = 0;
  chat::Seq last = 0;
  std::size_t limit = 0;
  std::size_t bytes_max = std::numeric_limits<std::size_t>::max();
  std::string vehicle = {};
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
using Query = std::variant<PageQuery, StreamQuery>;

struct Row {
  Position position{};
  chat::RoomId room{};
  chat::Seq seq = 0;
  std::string event;  ///< The record's payload: the event's JSON object.
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

/// The vehicle that a logged event is about, in its JSON text; empty when there is none.
std::string_view vehicle_of(std::string_view event);

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
