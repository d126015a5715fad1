#pragma once
// The levels of topic names and filters (MQTT 5.0 section 4.7).

#include <optional>
#include <string_view>
#include <vector>

namespace claims::server {

using TopicLevels = std::vector<std::string_view>;

/// "a//b" has the levels "a", "" and "b". `levels` is cleared first; it is reused by its owner.
void split_levels(std::string_view topic, TopicLevels& levels);

/// Every topic that `filter` matches is matched by `wide` too; for a topic name: it matches.
bool filter_covers(std::string_view wide, std::string_view filter);

/// A shared subscription (5.0 section 4.8.2): "$share/<group>/<filter>".
struct SharedFilter {
  std::string_view group, filter;
};
/// Nothing for an ordinary filter.
std::optional<SharedFilter> parse_shared(std::string_view filter);

}  // namespace claims::server
