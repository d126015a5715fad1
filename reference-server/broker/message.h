#pragma once
// Message: one application message of an open topic, while more than one place may hold it.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/mqtt/packet.h"
#include "protocol/time.h"
#include "reference-server/broker/broker.h"

namespace claims::server {

/// Who published: no session's number, since what is retained outlives sessions, and a client is
/// the same one by its id.
struct Publisher {
  std::string_view user{}, client_id{};
  bool is(const SessionKey& key) const { return client_id == key.client_id && user == key.user; }
};

/// Its fields, wherever they live.
struct MessageView {
  static constexpr Microseconds kNever{std::numeric_limits<std::int64_t>::max()};

  std::string_view topic, payload;
  std::string_view properties{};  ///< Encoded, those that are sent on unaltered.
  mqtt::QoS qos{};
  bool retain = false;
  Microseconds expires_at = kNever;  ///< Steady time [MQTT-3.3.2-5].
  Publisher publisher{};
};

/// Immutable, and shared by all who must keep it: queues, windows, the retained store. It is made
/// when the first of them does; a delivery that leaves at once needs none.
class Message {
 public:
  explicit Message(const MessageView& view);

  MessageView view() const;
  std::string_view topic() const { return std::string_view(bytes_).substr(0, topic_bytes_); }
  bool expired(Microseconds now) const { return now >= expires_at_; }
  Microseconds expires_at() const { return expires_at_; }
  std::size_t bytes() const { return sizeof(Message) + bytes_.size(); }

 private:
  std::string bytes_;  // Topic, properties, user, client id, payload.
  std::uint32_t topic_bytes_, property_bytes_, user_bytes_, client_id_bytes_;
  mqtt::QoS qos_;
  bool retain_;
  Microseconds expires_at_;
};
using SharedMessage = std::shared_ptr<const Message>;

/// A message being sent to its subscribers: becomes a shared one when the first asks for it.
class MessageOnItsWay {
 public:
  explicit MessageOnItsWay(const MessageView& view) : view_(view) {}
  explicit MessageOnItsWay(SharedMessage message)
      : view_(message->view()), shared_(std::move(message)) {}

  const MessageView& view() const { return view_; }
  const SharedMessage& shared() {
    if (!shared_) shared_ = std::make_shared<const Message>(view_);
    return shared_;
  }

 private:
  MessageView view_;
  SharedMessage shared_;
};

}  // namespace claims::server
