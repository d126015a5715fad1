#pragma once
// SubscriptionIndex: who gets what is published to an open topic.
//
// Filters without wildcards are found by one look-up of the whole topic; the others stand in a tree
// that is walked only when there are any.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocol/mqtt/packet.h"
#include "reference-server/broker/topic_levels.h"
#include "reference-server/broker/topic_tree.h"

namespace claims::server {

struct Session;

/// What a SUBSCRIBE says of one filter (5.0 sections 3.8.2.1 and 3.8.3.1).
struct SubscriptionOptions {
  mqtt::QoS qos{};
  bool no_local = false, retain_as_published = false;
  std::uint32_t identifier = 0;  ///< 0: none.
  bool operator==(const SubscriptionOptions&) const = default;
};

struct Subscriber {
  Session* session = nullptr;
  SubscriptionOptions options;
};

/// The members of one shared subscription: each message goes to one of them [MQTT-4.8.2-4, -6].
struct SharedGroup {
  std::string name;
  std::vector<Subscriber> members;
  std::size_t next = 0;  ///< Whose turn it is.
};

/// All subscriptions to one filter, in the order in which they were made.
struct Subscribers {
  std::vector<Subscriber> direct;
  std::vector<SharedGroup> groups;
  bool empty() const { return direct.empty() && groups.empty(); }
};

class SubscriptionIndex {
 public:
  /// Adds, or replaces the options of one that is there [MQTT-3.8.4-3]. The session must be taken
  /// out before it goes. `filter` may be a shared one.
  void add(std::string_view filter, Session& session, const SubscriptionOptions& options);
  void remove(std::string_view filter, const Session& session);
  std::size_t size() const { return size_; }

  /// Calls visit(Subscribers&) for each filter that matches.
  template <class Visit>
  void match(std::string_view topic, Visit&& visit) {
    const auto found = plain_.find(topic);
    if (found != plain_.end()) visit(found->second);
    if (wild_.empty()) return;
    split_levels(topic, levels_);
    wild_.match_name(levels_, visit);
  }

 private:
  std::unordered_map<std::string, Subscribers, TopicHash, std::equal_to<>> plain_;
  TopicTree<Subscribers> wild_;
  std::size_t size_ = 0;
  TopicLevels levels_;  // Reused.
};

}  // namespace claims::server
