#pragma once
// WillTable: the wills of connected sessions, and those that wait for their delay to pass (MQTT 5.0
// sections 3.1.2.5 and 3.1.3.2.2).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "protocol/time.h"
#include "reference-server/broker/broker.h"
#include "reference-server/broker/deadlines.h"
#include "reference-server/broker/message.h"

namespace claims::server {

struct PendingWill {
  SharedMessage text;
  std::uint32_t delay_s = 0;
  std::optional<std::uint32_t> message_expiry_s;  ///< From its publication on.
};

class WillTable {
 public:
  explicit WillTable(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Room for one more will of that size.
  bool has_room(std::size_t bytes) const { return bytes_ + bytes <= bytes_max_; }
  /// Replaces the session's will.
  void set(SessionId session, PendingWill will);
  /// Null when there is none.
  const PendingWill* find(SessionId session) const {
    const auto found = wills_.find(session);
    return found == wills_.end() ? nullptr : &found->second.will;
  }
  /// Takes it out; nothing when there is none.
  std::optional<PendingWill> take(SessionId session);
  /// It is due at `when`, unless it is taken before.
  void schedule(SessionId session, Microseconds when);
  std::optional<SessionId> due(Microseconds now) const { return deadlines_.due(now); }
  std::optional<Microseconds> next_deadline() const { return deadlines_.next(); }
  void clear();

 private:
  struct Entry {
    PendingWill will;
    std::optional<Microseconds> due;
  };
  const std::size_t bytes_max_;
  std::unordered_map<SessionId, Entry> wills_;  // Look-ups only.
  Deadlines<SessionId> deadlines_;
  std::size_t bytes_ = 0;
};

}  // namespace claims::server
