#include "reference-server/broker/open_topics.h"

#include <algorithm>

#include "reference-server/broker/connection.h"
#include "reference-server/broker/topic_levels.h"

namespace claims::server {
namespace {

bool begins_with_level(std::string_view topic, std::string_view level) {
  return topic.starts_with(level) && (topic.size() == level.size() || topic[level.size()] == '/');
}

bool is_online(const Session& session) {
  return session.connection != nullptr && session.connection->state != Connection::State::closing;
}

bool has_room(const Session& session) {
  return is_online(session) && session.in_flight() < session.connection->window &&
         session.open->outgoing.queued() == 0;
}

}  // namespace

OpenTopics::OpenTopics(const OpenTopicsConfig& config)
    : retained(config.retained_messages_max, config.retained_bytes_max),
      wills(config.will_bytes_max),
      config_(config) {}

TopicKind OpenTopics::kind_of_name(std::string_view topic) const {
  return kind_of_filter(topic);
}

TopicKind OpenTopics::kind_of_filter(std::string_view filter) const {
  if (!config_.on || begins_with_level(filter, config_.handled_level)) return TopicKind::handled;
  if (filter.starts_with('$')) return TopicKind::system;
  for (const std::string& forbidden : config_.forbidden) {
    if (filter_covers(forbidden, filter)) return TopicKind::forbidden;
  }
  return TopicKind::open;
}

std::span<const Receiver> OpenTopics::find_receivers(const MessageView& message) {
  receivers_.clear();
  more_identifiers_.clear();
  ++round_;
  subscriptions.match(message.topic, [&](Subscribers& subscribers) {
    for (const Subscriber& subscriber : subscribers.direct) {
      // [MQTT-3.8.3-3]
      if (subscriber.options.no_local && message.publisher.is(subscriber.session->state.key)) {
        continue;
      }
      add(subscriber);
    }
    for (SharedGroup& group : subscribers.groups) add_one_of(group, message);
  });
  return receivers_;
}

void OpenTopics::add(const Subscriber& subscriber) {
  const SubscriptionOptions& options = subscriber.options;
  OpenSession& open = *subscriber.session->open;
  if (open.round != round_) {
    open.round = round_;
    open.hit = receivers_.size();
    receivers_.push_back(
        {subscriber.session, options.qos, options.retain_as_published, options.identifier});
    return;
  }
  Receiver& receiver = receivers_[open.hit];
  receiver.qos = std::max(receiver.qos, options.qos);
  receiver.retain_as_published |= options.retain_as_published;
  if (options.identifier == 0) return;
  if (receiver.identifier == 0) {
    receiver.identifier = options.identifier;
  } else {
    more_identifiers_.emplace_back(open.hit, options.identifier);
  }
}

/// In turn; who can take it now comes before who is busy, and both before who is away.
void OpenTopics::add_one_of(SharedGroup& group, const MessageView& message) {
  const std::size_t count = group.members.size();
  std::size_t best = count;
  int best_rank = 0;
  for (std::size_t i = 0; i < count && best_rank < 3; ++i) {
    const std::size_t place = (group.next + i) % count;
    const Subscriber& member = group.members[place];
    const bool kept = std::min(message.qos, member.options.qos) > mqtt::QoS::at_most_once &&
                      member.session->state.expiry_s != 0;
    const int rank = has_room(*member.session) ? 3 : is_online(*member.session) ? 2 : kept ? 1 : 0;
    if (rank <= best_rank) continue;
    best = place;
    best_rank = rank;
  }
  if (best == count) return;
  group.next = (best + 1) % count;
  const Subscriber& chosen = group.members[best];
  receivers_.push_back({chosen.session, chosen.options.qos, chosen.options.retain_as_published,
                        chosen.options.identifier});
}

std::span<const std::uint32_t> OpenTopics::identifiers_of(std::size_t receiver) {
  const Receiver& one = receivers_[receiver];
  if (one.identifier == 0) return {};
  if (more_identifiers_.empty()) return {&one.identifier, 1};
  identifiers_.assign(1, one.identifier);
  for (const auto& [place, identifier] : more_identifiers_) {
    if (place == receiver) identifiers_.push_back(identifier);
  }
  return identifiers_;
}

}  // namespace claims::server
