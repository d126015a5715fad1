#pragma once
// The chat service: a command and a time go in; a reply and records come out. No I/O.
//
// The state is the fold of the records: decide() folds what it decides at once, and fold() does the
// same with records read back from the log.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/chat/command.h"
#include "protocol/chat/ids.h"
#include "protocol/result.h"
#include "protocol/time.h"
#include "reference-server/history/history.h"
#include "reference-server/limits.h"
#include "reference-server/log/checkpoint.h"
#include "reference-server/log/record.h"

namespace claims::server {

/// A user as a dense number, for the life of the process.
enum class UserIndex : std::uint32_t {};

/// One new record and, for events, who sees it live: members whose `joined` is at or before it and
/// whose `left` is not before it, and those who joined later in the same decision with a `from` at
/// or before it (founders).
struct Emitted {
  Record record;  ///< Salt not filled.
  std::vector<UserIndex> recipients;
};

/// A read receipt, for the sessions of these members that are connected now, but for the one that
/// asked. No part of what must survive.
struct ReadNotice {
  std::string json;
  std::vector<UserIndex> recipients;
};

/// A command was decided now: reply and records depend on each other and become durable together.
/// `records` ends with the outcome.
struct Decided {
  std::string reply;
  std::vector<Emitted> records;
  std::optional<ReadNotice> read;
  std::optional<UserIndex> retired;  ///< Its sessions end when this is durable.
};
/// The same reply as before, or an error that leaves no trace (not well-formed, id errors).
struct Answered {
  std::string reply;
};
/// What is made of the rows of a read.
struct MessagesPage {
  std::vector<std::pair<UserIndex, chat::Seq>> read_by;  ///< Members' read seqs at decision time.
  chat::Seq as_of = 0;                                   ///< The last seq that the user may see.
};
struct HitsPage {};
struct HistoryPage {
  std::string next;  ///< Where a list goes on whose rows do not fill the page; empty: it ends.
};
/// A read that needs rows: when they are there, finish_page() makes the reply. One row more than
/// are shown is asked for, to know whether there are more.
struct PageRead {
  std::string re;
  Query query;
  std::variant<MessagesPage, HitsPage, HistoryPage> shown;
};
/// `sync`: the node moves the session's cursor, if one is given, then sends the reply.
struct SyncRead {
  std::string re;
  std::optional<std::string> cursor;
};
using Decision = std::variant<Decided, Answered, PageRead, SyncRead>;

struct ServiceCounters {
  std::uint64_t commands_total = 0, refused_total = 0, malformed_total = 0, repeated_total = 0;
  std::uint64_t reads_total = 0, events_total = 0, claims_total = 0, users = 0, rooms = 0;
  std::uint64_t bulks_total = 0, bulk_messages_total = 0, bulk_refusals_total = 0;
  std::uint64_t rooms_inbound = 0, rooms_general = 0, rooms_negotiation = 0;
};

/// Bounds on what the state holds; a command beyond one is refused with `limit_reached`.
struct ServiceBounds {
  std::uint64_t events_per_room_max = limits::kEventsPerRoomMax;
  std::size_t rooms_max = limits::kRoomsMax;
  std::size_t receipts_max = limits::kReceiptsMax;
};

class Service {
 public:
  Service();
  explicit Service(const ServiceBounds& bounds);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// `next` is the position the first emitted record will get; further ones follow.
  /// `user` is known to the directory (see user_index).
  Decision decide(UserIndex user, std::string_view payload, Position next, const Now& now);

  /// An order (a bulk message, an adjuster's hand-over) has something without an outcome.
  bool has_orders() const;
  /// Decides the next command that one brings about, oldest order first. Only while there are some.
  /// The records depend on each other and become durable together; they end with its outcome.
  std::vector<Emitted> carry_out_order(Position next, const Now& now);

  /// The reply to a PageRead, from its rows.
  std::string finish_page(const PageRead& read, const std::vector<Row>& rows) const;

  /// Folds one record read from the log. An error means the log is not one of ours.
  Result<void, std::string> fold(const Record& record, Position position);

  /// Directory records that bring the state to what `directory_json` says (claims-directory/1);
  /// empty when nothing differs. Users and insurers that the file has no more stay known. Errors
  /// tell what, where and what is allowed. They are not folded yet.
  Result<std::vector<Record>, std::string> reconcile_directory(
      std::string_view directory_json) const;

  std::optional<UserIndex> user_index(std::string_view user) const;
  const std::string& user_id(UserIndex user) const;

  /// May not connect any more.
  bool is_retired(UserIndex user) const;

  /// What a user's stream holds after `after`: the ranges of rooms with anything later than that,
  /// of each stay from where live delivery begins to where it ends.
  std::vector<StreamRange> stream_ranges(UserIndex user, Position after) const;

  ServiceCounters counters() const;

  // Snapshots (state_codec.h).

  /// Changes are noted from now on, for write_changes().
  void begin_changes();
  /// Writes what changed since the last time.
  void write_changes(RowBatch& rows);
  /// What write_changes() would write if everything had changed: to compare states.
  void write_everything(RowBatch& rows);
  /// Before anything is folded: every row, in the order of keys; then loaded(). After an error the
  /// service is void.
  Result<void, std::string> load(RowKind kind, std::string_view key, std::string_view value);
  Result<void, std::string> loaded();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claims::server
