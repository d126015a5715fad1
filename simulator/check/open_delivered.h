#pragma once
// For open_topics_checker_deliveries.cpp and open_topics_checker_stories.cpp only.

#include <algorithm>
#include <vector>

#include "simulator/check/open_topics_checker.h"

namespace claims::storm::audit {

struct OpenTopicsChecker::Delivered {
  SessionNumber session{};
  const OpenDelivery& message;
  const OpenSession& at;
  OpenScope& scope;
  const OpenTopic& topic;
  std::vector<const OpenSubscription*> subscriptions;  ///< Of the session, that cover the topic.
  Microseconds time{0};

  bool keeps_retain() const {
    return std::ranges::any_of(subscriptions, &OpenSubscription::retain_as_published);
  }
  bool always_keeps_retain() const {
    return std::ranges::all_of(subscriptions, &OpenSubscription::retain_as_published);
  }
  /// [MQTT-3.8.4-8]: of all that has been asked for, as granted.
  std::uint8_t least_qos() const {
    std::uint8_t least = 2;
    for (const OpenSubscription* one : subscriptions) {
      for (const auto& asked : one->asked) least = std::min(least, asked.granted_qos);
    }
    return least;
  }
  std::size_t times_asked() const {
    std::size_t times = 0;
    for (const OpenSubscription* one : subscriptions) times += one->asked.size();
    return times;
  }
};

}  // namespace claims::storm::audit
