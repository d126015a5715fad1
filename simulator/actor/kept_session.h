#pragma once
// KeptSession: what a virtual user knows of an MQTT session that outlives its connections.

#include <cstdint>
#include <map>
#include <memory>

#include "protocol/chat/ids.h"
#include "protocol/mqtt/packet.h"
#include "simulator/scenario/expression.h"

namespace claims::storm {

struct KeptSession {
  /// So long after a loss the session may be gone; see `must_be_there`.
  std::uint32_t expiry_s = 0;
  /// Of the subscription to the replies.
  mqtt::QoS replies = mqtt::QoS::at_most_once;
  /// SUBACK came: from then on the server has the session, and goes on where it was.
  bool subscribed = false;

  /// A CONNECT was sent and no CONNACK came: the server may have made another session by then.
  bool unanswered = false;

  /// The server has it, as far as anybody can know.
  bool stands() const { return subscribed && (!unanswered || must_be_there()); }
  /// It expires later than any run keeps a user from connecting.
  bool must_be_there() const { return subscribed && expiry_s >= 3'600; }
  /// Events come at least once: whether this one has come before.
  bool came_before(const Value& event);

 private:
  std::map<chat::RoomId, chat::Seq> seen_;
};

/// Of a user of a mixed run. Two of three keep their sessions, for long or for a moment, half of
/// these with replies that are acknowledged; null: this one does not.
std::unique_ptr<KeptSession> draw_kept_session(const Random& random);

}  // namespace claims::storm
