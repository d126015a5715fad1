#pragma once
// Session: what belongs to a client over its connections: subscriptions, deliveries in flight,
// replies that wait for the window, answers held back.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/mqtt/packet.h"
#include "protocol/time.h"
#include "reference-server/broker/broker.h"
#include "reference-server/broker/inflight_window.h"
#include "reference-server/broker/open_session.h"
#include "reference-server/broker/unanswered_publishes.h"

namespace claims::server {

struct Connection;

/// A reply at QoS 1 for which the window had no room.
struct QueuedReply {
  std::string topic, payload;
  std::uint64_t tag = 0;
  std::size_t bytes() const { return sizeof(QueuedReply) + topic.size() + payload.size(); }
};

/// Replies in order; their bytes count against the connection's hard bound.
class ReplyQueue {
 public:
  bool empty() const { return head_ == replies_.size(); }
  std::size_t bytes() const { return bytes_; }
  void add(QueuedReply reply);
  QueuedReply take();
  void clear();

 private:
  std::vector<QueuedReply> replies_;
  std::size_t head_ = 0;
  std::size_t bytes_ = 0;
};

/// A SUBACK or UNSUBACK that waits for Broker::complete().
struct HeldAnswer {
  std::uint16_t packet_id = 0;
  bool unsubscribe = false;
  std::vector<mqtt::ReasonCode> reasons{};
};

class HeldAnswers {
 public:
  std::size_t size() const { return answers_.size(); }
  bool holds(std::uint16_t packet_id) const;
  void add(HeldAnswer answer) { answers_.push_back(std::move(answer)); }
  /// Nothing when there is none.
  std::optional<HeldAnswer> take(std::uint16_t packet_id);
  void clear() { answers_ = {}; }

 private:
  std::vector<HeldAnswer> answers_;
};

struct Session {
  SessionId id{};
  SessionState state;
  Connection* connection = nullptr;  ///< Null while offline.
  Microseconds offline_since{0};
  std::optional<Microseconds> ends_at;  ///< While offline: when it expires.
  bool wants_room = false;              ///< A delivery was refused since room_for_output().
  bool open_only = false;               ///< ConnectDecision::open_only.

  InflightWindow inflight;
  ReplyQueue replies;
  UnansweredPublishes unanswered;
  HeldAnswers held_answers;
  std::unique_ptr<OpenSession> open;  ///< From the first use of an open topic on.

  /// Deliveries on the present connection and not acknowledged: what a receive maximum bounds.
  std::size_t in_flight() const { return inflight.sent() + (open ? open->outgoing.sent() : 0); }
  const Subscription* subscription_to(std::string_view topic) const;
  /// False when there was no such subscription.
  bool unsubscribe(std::string_view filter);
  /// Adds or replaces [MQTT-3.8.4-3]; false when there would be more than `subscriptions_max`.
  bool subscribe(std::string_view filter, mqtt::QoS qos, std::uint32_t identifier,
                 std::size_t subscriptions_max);
  /// What goes with the connection goes, what stays waits.
  void connection_lost(std::size_t inflight_kept_max);
};

}  // namespace claims::server
