#pragma once
// Records: what the log holds. The server's state is the fold of its records.

#include <array>
#include <cstdint>
#include <string>

#include "protocol/chat/ids.h"

namespace claims::server {

/// Position of a record in the log of its partition: 1, 2, 3 … over all blocks.
enum class Position : std::uint64_t {};

enum class RecordKind : std::uint8_t {
  insurer = 1,  ///< Directory: an insurer with its texts, as JSON.
  user = 2,     ///< Directory: a user, as JSON.
  receipt = 3,  ///< A receipt was registered, as JSON.
  event = 4,    ///< A room's event: the JSON object that members see, without `cursor`.
  read = 5,     ///< A member's read seq moved, as JSON.
  outcome = 6,  ///< The outcome of a command, as JSON.
  session = 7,  ///< An MQTT session came into being or changed its subscriptions, as JSON.
  session_end = 8,
  cursor = 9,              ///< A session's cursor, stored lazily, as JSON.
  bulk = 10,               ///< A bulk message was accepted, as JSON.
  bulk_outcome = 11,       ///< What came of one of its targets, as JSON.
  hand_over = 12,          ///< An adjuster was taken out of service, as JSON.
  hand_over_outcome = 13,  ///< What came of one of its rooms, as JSON.
  adjuster_back = 14,      ///< An adjuster is back in service, as JSON.
  template_set = 15,       ///< An insurer's or garage's template came or changed, as JSON.
  template_removed = 16,   ///< It is gone, as JSON.
};
/// The highest kind of block format 1. New kinds come at the end; a server that does not know one
/// refuses the log.
inline constexpr RecordKind kRecordKindLast = RecordKind::template_removed;

struct Record {
  RecordKind kind{};
  chat::RoomId room{};  ///< Of events; 0 otherwise.
  chat::Seq seq = 0;    ///< Of events; 0 otherwise.
  std::string payload;
  std::array<char, 16> salt{};  ///< Random; destroyed together with the payload.
  /// By law: payload and salt are gone, what remains is the block's digest of them.
  bool destroyed = false;
};

}  // namespace claims::server
