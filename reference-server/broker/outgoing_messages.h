#pragma once
// OutgoingMessages: what one session gets from open topics and has not got in full: messages that
// wait for the window, and those in flight, with the states of QoS 1 and 2 (MQTT 5.0 section 4.3).
//
// Outlives the connection: what is in flight then is sent again, in its old order, with its old
// packet identifier and, a PUBLISH, with DUP [MQTT-4.4.0-1, MQTT-3.3.1-1].

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protocol/mqtt/packet.h"
#include "reference-server/broker/message.h"

namespace claims::server {

/// A message as one subscriber gets it.
struct OutgoingMessage {
  SharedMessage message;  ///< Null in flight when nothing of it will be sent again.
  std::vector<std::uint32_t> subscription_ids{};
  mqtt::QoS qos{};
  bool retain = false;
  std::size_t bytes() const { return sizeof(OutgoingMessage) + (message ? message->bytes() : 0); }
};

class OutgoingMessages {
 public:
  /// Packet identifiers of open topics are the upper half; the lower half is the handler's.
  static constexpr std::uint16_t kFirstId = 32'768;
  static constexpr bool owns(std::uint16_t packet_id) { return packet_id >= kFirstId; }

  enum class Stage : std::uint8_t {
    published,  ///< Awaits PUBACK or PUBREC.
    released,   ///< QoS 2: PUBREL was sent; awaits PUBCOMP.
  };
  struct InFlight {
    std::uint16_t packet_id = 0;
    Stage stage = Stage::published;
    bool sent = false;  ///< On the present connection.
    OutgoingMessage what;
  };

  /// On the present connection: what a receive maximum bounds.
  std::size_t sent() const { return sent_; }
  std::size_t in_flight() const { return in_flight_.size() - in_flight_head_; }
  /// Bytes of all that is held.
  std::size_t bytes() const { return bytes_; }

  // In flight.

  /// Registers a message as sent; its identifier.
  std::uint16_t add(OutgoingMessage what);
  /// Null when there is none with that identifier.
  InFlight* find(std::uint16_t packet_id);
  /// QoS 2: the client has the message, and only the identifier is kept.
  void release(InFlight& one);
  /// Over: PUBACK, PUBCOMP, or a PUBREC that refuses.
  void remove(InFlight& one);
  /// The oldest that was not sent again yet; it counts as sent from now on. Null: none is left.
  InFlight* send_again();
  bool must_send_again() const { return sent_ < in_flight(); }
  /// `kept`: the session goes on.
  void connection_lost(bool kept);

  // The queue behind the window.

  std::size_t queued() const { return queue_.size() - queue_head_; }
  /// How many of them are QoS 0, which no window holds up.
  std::size_t queued_at_most_once() const { return queued_at_most_once_; }
  void queue(OutgoingMessage what);
  const OutgoingMessage& front() const { return queue_[queue_head_]; }
  OutgoingMessage take();

 private:
  std::vector<InFlight> in_flight_;  // Queues in vectors: mostly taken from the front.
  std::size_t in_flight_head_ = 0;
  std::vector<OutgoingMessage> queue_;
  std::size_t queue_head_ = 0;
  std::size_t queued_at_most_once_ = 0;
  std::size_t sent_ = 0, bytes_ = 0;
  std::uint16_t last_id_ = kFirstId - 1;
};

}  // namespace claims::server
