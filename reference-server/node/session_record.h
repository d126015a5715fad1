#pragma once
// The payloads of the log's session, session_end and cursor records.

#include <optional>
#include <string>
#include <string_view>

#include "protocol/result.h"
#include "reference-server/broker/broker.h"
#include "reference-server/log/record.h"

namespace claims::server {

std::string write_session(const SessionState& state);
Result<SessionState, std::string> parse_session(std::string_view payload);

std::string write_session_end(const SessionKey& key);
Result<SessionKey, std::string> parse_session_end(std::string_view payload);

struct StoredCursor {
  SessionKey key;
  Position cursor{};
};
std::string write_cursor(const StoredCursor& stored);
Result<StoredCursor, std::string> parse_cursor(std::string_view payload);

/// The opaque cursor of events and `sync`: "<partition>:<position>"; a single node is partition 0.
std::string cursor_text(Position position);
/// Nothing when it is none of ours.
std::optional<Position> parse_cursor_text(std::string_view text);

}  // namespace claims::server
