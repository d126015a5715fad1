#pragma once
// OpenTopics: ordinary publish/subscribe beside the handler's topics. Which topics those are, who
// subscribes to them, what is retained, which wills there are. In memory only.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "reference-server/broker/broker.h"
#include "reference-server/broker/message.h"
#include "reference-server/broker/retained_store.h"
#include "reference-server/broker/session.h"
#include "reference-server/broker/subscription_index.h"
#include "reference-server/broker/will_table.h"

namespace claims::server {

/// Whose a topic name or topic filter is.
enum class TopicKind : std::uint8_t {
  handled,    ///< The handler's.
  open,       ///< Everybody's.
  system,     ///< Begins with '$': nobody's [MQTT-4.7.2-1].
  forbidden,  ///< The configuration's will.
};

/// One session that gets the message being sent, once however many of its subscriptions match
/// [MQTT-3.3.4-2, -3]; a shared subscription counts apart (5.0 section 4.8.2).
struct Receiver {
  Session* session = nullptr;
  mqtt::QoS qos{};  ///< The highest of its subscriptions.
  bool retain_as_published = false;
  std::uint32_t identifier = 0;  ///< The first of the identifiers; 0: none.
};

class OpenTopics {
 public:
  explicit OpenTopics(const OpenTopicsConfig& config);

  bool on() const { return config_.on; }
  TopicKind kind_of_name(std::string_view topic) const;
  /// Of a filter that is not shared. One that matches more than what is forbidden is open: nothing
  /// is published to what is.
  TopicKind kind_of_filter(std::string_view filter) const;

  /// Who gets it; valid until the next call.
  std::span<const Receiver> find_receivers(const MessageView& message);
  /// All subscription identifiers of the receiver at that place; valid until the next call.
  std::span<const std::uint32_t> identifiers_of(std::size_t receiver);

  SubscriptionIndex subscriptions;
  RetainedStore retained;
  WillTable wills;
  std::size_t queued_bytes = 0;  ///< Held for all sessions.

 private:
  void add(const Subscriber& subscriber);
  void add_one_of(SharedGroup& group, const MessageView& message);

  const OpenTopicsConfig config_;
  std::uint64_t round_ = 0;
  std::vector<Receiver> receivers_;
  /// Identifiers beyond the first, with the place of their receiver.
  std::vector<std::pair<std::size_t, std::uint32_t>> more_identifiers_;
  std::vector<std::uint32_t> identifiers_;  // Reused.
};

}  // namespace claims::server
