#include "reference-server/broker/topic_aliases.h"

#include <cassert>

namespace claims::server {

std::optional<std::string_view> ReceivedAliases::resolve(std::uint16_t alias,
                                                         std::string_view topic) {
  if (alias == 0 || alias > maximum_) return std::nullopt;  // [MQTT-3.3.2-8, -9]
  const std::size_t place = alias - 1U;
  if (topic.empty()) {
    if (place >= topics_.size() || topics_[place].empty()) return std::nullopt;
    return topics_[place];
  }
  if (place >= topics_.size()) topics_.resize(place + 1);
  topics_[place] = topic;
  return topic;
}

SentAliases::Alias SentAliases::find(std::string_view topic) const {
  const auto found = numbers_.find(topic);
  if (found != numbers_.end()) return {found->second, true};
  if (numbers_.size() >= maximum_) return {};
  return {static_cast<std::uint16_t>(numbers_.size() + 1), false};
}

void SentAliases::set(std::string_view topic, Alias alias) {
  assert(alias.number == numbers_.size() + 1);
  numbers_.emplace(topic, alias.number);
}

}  // namespace claims::server
