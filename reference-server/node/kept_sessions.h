#pragma once
// KeptSessions: what the log says of MQTT sessions, the fold of its session, session_end and cursor
// records. What runs knows more (a cursor that is not stored yet); this is what a restart finds.

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "reference-server/broker/broker.h"
#include "reference-server/log/checkpoint.h"
#include "reference-server/log/record.h"

namespace claims::server {

struct KeptSession {
  SessionState state;
  Position begun{};                ///< Of its first record: tells which of two is older.
  std::optional<Position> cursor;  ///< Since it has a subscription to its user's events.
  Position stored{};               ///< Of its last cursor record; 0: none.
};

class KeptSessions {
 public:
  static bool is_session_record(RecordKind kind) {
    return kind == RecordKind::session || kind == RecordKind::session_end ||
           kind == RecordKind::cursor;
  }

  /// Folds a record of one of these kinds; an error when it is none of ours.
  Result<void, std::string> fold(const Record& record, Position position);

  /// All of them, the oldest first.
  std::vector<const KeptSession*> by_age() const;

  // Snapshots, as in chat/state_codec.h.
  void begin_changes() { noting_ = true; }
  void write_changes(RowBatch& rows);
  /// `key` without its first byte.
  Result<void, std::string> load(std::string_view key, std::string_view value);

 private:
  friend struct SessionCodec;

  Result<void, std::string> fold_session(const Record& record, Position position);
  void note(const SessionKey& key);

  std::map<SessionKey, KeptSession> sessions_;
  std::vector<SessionKey> changed_;
  bool noting_ = false;
};

/// The session has a subscription to its user's events.
bool takes_events(const SessionState& state);

}  // namespace claims::server
