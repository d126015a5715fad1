#pragma once
// RetainedStore: the last retained message of each open topic (MQTT 5.0 section 3.3.1.3).

#include <cstddef>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/time.h"
#include "reference-server/broker/message.h"
#include "reference-server/broker/topic_levels.h"
#include "reference-server/broker/topic_tree.h"

namespace claims::server {

class RetainedStore {
 public:
  RetainedStore(std::size_t messages_max, std::size_t bytes_max)
      : messages_max_(messages_max), bytes_max_(bytes_max) {}

  /// Replaces the topic's message [MQTT-3.3.1-5]; one without payload clears it [MQTT-3.3.1-6, -7].
  /// False, and nothing changed, when it would not fit.
  bool put(MessageOnItsWay& message, Microseconds now);
  /// Those that the filter matches and that have not expired, by topic.
  std::vector<SharedMessage> match(std::string_view filter, Microseconds now);

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Slot {
    SharedMessage message;
    bool empty() const { return message == nullptr; }
  };
  void clear(std::string_view topic);
  /// Those that expired give their room back.
  void expire(Microseconds now);

  const std::size_t messages_max_, bytes_max_;
  TopicTree<Slot> tree_;
  std::set<std::pair<Microseconds, SharedMessage>> expiring_;  // Look-ups by time alone.
  std::size_t size_ = 0, bytes_ = 0;
  TopicLevels levels_;  // Reused.
};

}  // namespace claims::server
