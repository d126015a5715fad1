#pragma once
// ChatSession: what the node knows of one MQTT session: its cursor in the user's stream of events.

#include <cstdint>
#include <string>
#include <vector>

#include "reference-server/broker/broker.h"
#include "reference-server/chat/service.h"
#include "reference-server/log/record.h"
#include "reference-server/node/effect.h"

namespace claims::server {

/// A session has no queue of events, only positions: `cursor` (contiguously acknowledged) and
/// `sent` (handed to the broker, or known to hold nothing for this user). In between are those in
/// flight.
struct ChatSession {
  /// How events reach the session.
  enum class Feed : std::uint8_t {
    off,      ///< No connection, or no subscription to the user's events.
    live,     ///< Events are sent as they become durable.
    waiting,  ///< The window or the output is full; reads on from `sent` when there is room.
    reading,  ///< A read of the history from `sent` on is out.
  };

  UserIndex user{};
  std::uint32_t generation = 0;  ///< Counts the session's connections.
  Feed feed = Feed::off;
  bool persistent = false;     ///< The log has it.
  std::uint32_t expiry_s = 0;  ///< As the log has it.
  bool has_cursor = false;     ///< A position was fixed by a SUBACK, a sync, or the log.
  std::uint16_t requests = 0;  ///< Taken in and not answered yet.
  Position cursor{}, sent{}, stored{};
  std::uint16_t syncs = 0;   ///< Logged, and not carried out yet.
  std::uint32_t passed = 0;  ///< Events acknowledged, or sent with QoS 0, since `stored`.

  // Reads that are out, 0 for none; never more than one of each.
  std::uint64_t page_query = 0;
  std::vector<Effect> held;  ///< Answers of this connection behind the page read.
  std::uint64_t stream_query = 0;
  bool read_again = false;  ///< The stream went elsewhere meanwhile: its rows are of no use.

  void start_at(Position position) {
    cursor = sent = position;
    has_cursor = true;
    in_flight_.clear();
  }
  void sent_to(Position position, bool awaits_acknowledgement) {
    sent = position;
    if (awaits_acknowledgement) {
      in_flight_.push_back({position, false});
      return;
    }
    ++passed;
    if (in_flight_.empty()) cursor = position;
  }
  /// Nothing for this user up to `position`.
  void skip_to(Position position) {
    sent = position;
    if (in_flight_.empty()) cursor = position;
  }
  void acknowledged(Position position) {
    ++passed;
    for (InFlight& one : in_flight_) {
      if (one.position == position) one.acknowledged = true;
    }
    while (!in_flight_.empty() && in_flight_.front().acknowledged) {
      cursor = in_flight_.front().position;
      in_flight_.erase(in_flight_.begin());
    }
    if (in_flight_.empty()) cursor = sent;
  }

 private:
  struct InFlight {
    Position position{};
    bool acknowledged = false;
  };
  std::vector<InFlight> in_flight_;
};

}  // namespace claims::server
