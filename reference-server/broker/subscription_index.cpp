#include "reference-server/broker/subscription_index.h"

#include <algorithm>

namespace claims::server {
namespace {

bool has_wildcard(std::string_view filter) {
  return filter.find_first_of("+#") != std::string_view::npos;
}

auto place_of(std::vector<Subscriber>& subscribers, const Session& session) {
  return std::ranges::find(subscribers, &session, &Subscriber::session);
}

auto place_of(std::vector<SharedGroup>& groups, std::string_view name) {
  return std::ranges::find(groups, name, &SharedGroup::name);
}

/// False when it replaced one that was there.
bool put(std::vector<Subscriber>& subscribers, Session& session,
         const SubscriptionOptions& options) {
  const auto place = place_of(subscribers, session);
  if (place != subscribers.end()) {
    place->options = options;
    return false;
  }
  subscribers.push_back({&session, options});
  return true;
}

bool put(Subscribers& subscribers, const std::optional<SharedFilter>& shared, Session& session,
         const SubscriptionOptions& options) {
  if (!shared) return put(subscribers.direct, session, options);
  auto group = place_of(subscribers.groups, shared->group);
  if (group == subscribers.groups.end()) {
    subscribers.groups.push_back({std::string(shared->group), {}, 0});
    group = subscribers.groups.end() - 1;
  }
  return put(group->members, session, options);
}

bool take(std::vector<Subscriber>& subscribers, const Session& session) {
  const auto place = place_of(subscribers, session);
  if (place == subscribers.end()) return false;
  subscribers.erase(place);
  return true;
}

bool take(Subscribers& subscribers, const std::optional<SharedFilter>& shared,
          const Session& session) {
  if (!shared) return take(subscribers.direct, session);
  const auto group = place_of(subscribers.groups, shared->group);
  if (group == subscribers.groups.end() || !take(group->members, session)) return false;
  if (group->members.empty()) subscribers.groups.erase(group);
  return true;
}

}  // namespace

void SubscriptionIndex::add(std::string_view filter, Session& session,
                            const SubscriptionOptions& options) {
  const auto shared = parse_shared(filter);
  const std::string_view topics = shared ? shared->filter : filter;
  bool fresh = false;
  if (has_wildcard(topics)) {
    split_levels(topics, levels_);
    fresh = put(wild_.at(levels_), shared, session, options);
  } else {
    auto place = plain_.find(topics);
    if (place == plain_.end()) place = plain_.try_emplace(std::string(topics)).first;
    fresh = put(place->second, shared, session, options);
  }
  if (fresh) ++size_;
}

void SubscriptionIndex::remove(std::string_view filter, const Session& session) {
  const auto shared = parse_shared(filter);
  const std::string_view topics = shared ? shared->filter : filter;
  if (has_wildcard(topics)) {
    split_levels(topics, levels_);
    Subscribers* subscribers = wild_.find(levels_);
    if (subscribers == nullptr || !take(*subscribers, shared, session)) return;
    wild_.prune(levels_);
  } else {
    const auto place = plain_.find(topics);
    if (place == plain_.end() || !take(place->second, shared, session)) return;
    if (place->second.empty()) plain_.erase(place);
  }
  --size_;
}

}  // namespace claims::server
