#include "reference-server/broker/topic_levels.h"

namespace claims::server {

void split_levels(std::string_view topic, TopicLevels& levels) {
  levels.clear();
  for (;;) {
    const std::size_t end = topic.find('/');
    levels.push_back(topic.substr(0, end));
    if (end == std::string_view::npos) return;
    topic.remove_prefix(end + 1);
  }
}

bool filter_covers(std::string_view wide, std::string_view filter) {
  TopicLevels outer, inner;
  split_levels(wide, outer);
  split_levels(filter, inner);
  const bool wildcard_first = outer[0] == "#" || outer[0] == "+";
  if (wildcard_first && inner[0].starts_with('$')) return false;  // [MQTT-4.7.2-1]
  for (std::size_t i = 0; i < outer.size(); ++i) {
    if (outer[i] == "#") return true;
    if (i == inner.size() || inner[i] == "#") return false;
    if (outer[i] != "+" && outer[i] != inner[i]) return false;
  }
  // "a/#" matches "a" too, which "a" covers, but not the rest.
  return outer.size() == inner.size();
}

std::optional<SharedFilter> parse_shared(std::string_view filter) {
  constexpr std::string_view kShare = "$share/";
  if (!filter.starts_with(kShare)) return std::nullopt;
  filter.remove_prefix(kShare.size());
  const std::size_t end = filter.find('/');
  if (end == std::string_view::npos) return std::nullopt;
  return SharedFilter{filter.substr(0, end), filter.substr(end + 1)};
}

}  // namespace claims::server
