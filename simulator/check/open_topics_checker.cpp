// OpenTopicsChecker: what clients send, and what becomes due by it.

#include "simulator/check/open_topics_checker.h"

#include <algorithm>
#include <cassert>

#include "simulator/check/open_filter.h"
#include "simulator/limits.h"

namespace claims::storm::audit {

void OpenTopicsChecker::connected(SessionNumber number, bool resumed, Microseconds connect_sent,
                                  Microseconds at) {
  OpenSession& session = book_.session(number);
  ++session.connection;
  session.online = true;
  session.resumed = resumed;
  session.connect_sent = connect_sent;
  session.ready = at;
  if (resumed || !session.used) return;
  // The earlier session took its subscriptions, and what they had still to bring, with it.
  for (auto& [of, scope] : book_.scopes()) {
    for (OpenSubscription& one : scope.subscriptions) {
      if (one.session != number) continue;
      one.asked.clear();
      one.stands_since.reset();
    }
    for (OpenTopic& topic : scope.topics) {
      for (OpenMessage& message : topic.messages) {
        for (OpenMessage::Copies& copies : message.copies) {
          if (copies.session == number) copies.retained = 0;
        }
      }
    }
  }
}

void OpenTopicsChecker::connection_lost(SessionNumber number) {
  OpenSession& session = book_.session(number);
  session.online = false;
  if (!session.used) return;
  for (auto& [of, scope] : book_.scopes()) {
    std::erase_if(scope.due, [&](const OpenDue& due) { return due.session == number; });
  }
}

void OpenTopicsChecker::server_restarted() {
  ++restarts_;
  for (auto& [of, scope] : book_.scopes()) {
    scope.due.clear();
    for (OpenSubscription& one : scope.subscriptions) one.stands_since.reset();
  }
}

// Publishing.

OpenNumber OpenTopicsChecker::publish_sent(SessionNumber number, const OpenPublish& publish,
                                           Microseconds at) {
  OpenSession& session = book_.session(number);
  session.used = true;
  OpenScope& scope = book_.scope(publish.scope);
  if (scope.topics.size() == limits::kOpenTopicsMax && scope.find_topic(publish.topic) == nullptr) {
    scope.give_up();
    return book_.next_number();
  }
  OpenTopic& topic = scope.topic(publish.topic);
  if (topic.messages.size() == limits::kOpenMessagesMax) {
    topic.messages.erase(topic.messages.begin());
    topic.forgot = true;
  }
  topic.messages.push_back({.number = book_.next_number(),
                            .publisher = number,
                            .connection = session.connection,
                            .restarts = restarts_,
                            .text = std::string(publish.text),
                            .qos = publish.qos,
                            .retain = publish.retain,
                            .expiry_s = publish.expiry_s,
                            .sent = at});
  return topic.messages.back().number;
}

void OpenTopicsChecker::publish_sent_again(std::uint64_t number, OpenNumber publish) {
  OpenScope* scope = book_.find(number);
  OpenMessage* message = scope == nullptr ? nullptr : scope->find_message(publish);
  if (message == nullptr) return;
  ++message->copies_max;
  message->connection = book_.session(message->publisher).connection;
}

void OpenTopicsChecker::publish_answered(std::uint64_t number, OpenNumber publish, bool taken,
                                         Microseconds at) {
  OpenScope* scope = book_.find(number);
  if (scope == nullptr) return;
  for (OpenTopic& topic : scope->topics) {
    const auto found = std::ranges::find(topic.messages, publish, &OpenMessage::number);
    if (found == topic.messages.end()) continue;
    if (!taken && found->copies_max == 1) {  // It never was.
      topic.messages.erase(found);
      return;
    }
    found->done = at;
    if (!taken) return;  // Nobody knows what became of what was sent before.
    found->taken = true;
    live_due(*scope, topic, *found);
    return;
  }
}

void OpenTopicsChecker::publish_lost(std::uint64_t number, OpenNumber publish, Microseconds at) {
  OpenScope* scope = book_.find(number);
  OpenMessage* message = scope == nullptr ? nullptr : scope->find_message(publish);
  if (message != nullptr && !message->taken) message->done = at;
}

// Subscribing.

OpenNumber OpenTopicsChecker::subscribe_sent(SessionNumber session, const OpenSubscribe& subscribe,
                                             Microseconds at) {
  book_.session(session).used = true;
  OpenScope& scope = book_.scope(subscribe.scope);
  const OpenNumber number = book_.next_number();
  OpenSubscription* one = scope.find_subscription(session, subscribe.filter);
  if (one == nullptr) {
    if (scope.subscriptions.size() == limits::kOpenSubscriptionsMax) {
      scope.give_up();
      return number;
    }
    one = &scope.subscriptions.emplace_back(
        OpenSubscription{.session = session, .filter = std::string(subscribe.filter), .asked = {}});
  }
  if (one->asked.size() == limits::kOpenAskedMax) {
    scope.give_up();
    return number;
  }
  one->qos = subscribe.qos;
  one->retain_as_published = subscribe.retain_as_published;
  one->asked.push_back(
      {.number = number, .sent = at, .retain_handling = subscribe.retain_handling});
  return number;
}

void OpenTopicsChecker::subscribe_answered(SessionNumber session, std::uint64_t number,
                                           OpenNumber subscribe,
                                           std::optional<std::uint8_t> granted_qos,
                                           Microseconds at) {
  OpenScope* scope = book_.find(number);
  if (scope == nullptr) return;
  for (OpenSubscription& one : scope->subscriptions) {
    if (one.session != session) continue;
    const auto asked = std::ranges::find(one.asked, subscribe, &OpenSubscription::Asked::number);
    if (asked == one.asked.end()) continue;
    if (!granted_qos) {
      one.asked.erase(asked);
      return;
    }
    asked->acked = at;
    asked->granted_qos = *granted_qos;
    one.qos = std::min(one.qos, *granted_qos);
    if (!one.stands_since) one.stands_since = at;
    retained_due(*scope, one, *asked);
    return;
  }
}

OpenNumber OpenTopicsChecker::unsubscribe_sent(SessionNumber session, std::uint64_t number,
                                               std::string_view filter) {
  const OpenNumber unsubscribe = book_.next_number();
  OpenScope* scope = book_.find(number);
  if (scope == nullptr) return unsubscribe;
  if (OpenSubscription* one = scope->find_subscription(session, filter)) one->stands_since.reset();
  std::erase_if(scope->due,
                [&](const OpenDue& due) { return due.session == session && due.filter == filter; });
  return unsubscribe;
}

void OpenTopicsChecker::unsubscribe_answered(SessionNumber session, std::uint64_t number,
                                             std::string_view filter, OpenNumber unsubscribe,
                                             Microseconds at) {
  OpenScope* scope = book_.find(number);
  OpenSubscription* one = scope == nullptr ? nullptr : scope->find_subscription(session, filter);
  if (one == nullptr) return;
  for (OpenSubscription::Asked& asked : one->asked) {
    if (asked.number < unsubscribe) asked.ended = std::min(asked.ended, at);
  }
}

// What is due.

void OpenTopicsChecker::add_due(OpenScope& scope, OpenDue due) {
  if (scope.due.size() == limits::kOpenDuePerWorkflow) scope.due.erase(scope.due.begin());
  scope.due.push_back(std::move(due));
}

/// Another retained message, or one without text, took its place before `by`, for certain.
bool OpenTopicsChecker::superseded(const OpenTopic& topic, const OpenMessage& message,
                                   Microseconds by) {
  return std::ranges::any_of(topic.messages, [&](const OpenMessage& other) {
    return other.retain && other.taken && other.sent >= message.done && other.done <= by;
  });
}

/// Exactly one can be retained while the SUBSCRIBE was under way, and is for certain.
void OpenTopicsChecker::retained_due(OpenScope& scope, const OpenSubscription& subscription,
                                     const OpenSubscription::Asked& asked) {
  if (asked.retain_handling != 0 || scope.over || scope.unjudged) return;
  for (const OpenTopic& topic : scope.topics) {
    if (!open_filter_covers(subscription.filter, topic.name)) continue;
    const OpenMessage* only = nullptr;
    std::size_t candidates = 0;
    for (const OpenMessage& one : topic.messages) {
      if (!one.retain || one.sent > asked.acked || superseded(topic, one, asked.sent)) continue;
      only = &one;
      ++candidates;
    }
    if (candidates != 1 || only->text.empty()) continue;
    const bool there = only->taken && only->done <= asked.sent && !topic.forgot &&
                       only->restarts == restarts_ && asked.acked < only->there_for_certain();
    const OpenSession& publisher = book_.session(only->publisher);
    const bool watched = publisher.online && publisher.connection == only->connection;
    const std::uint8_t qos = std::min(only->qos, subscription.qos);
    // QoS 0 promises nothing.
    if (!there || !watched || qos == 0) continue;
    if (topic.came(subscription.session, only->text, true, asked.sent)) continue;
    add_due(scope, {.session = subscription.session,
                    .message = only->number,
                    .topic = topic.name,
                    .filter = subscription.filter,
                    .since = asked.acked,
                    .until = only->there_for_certain(),
                    .qos = qos,
                    .retained = true});
  }
}

/// Whoever had subscribed when it was sent, and has been connected all the while, gets it.
void OpenTopicsChecker::live_due(OpenScope& scope, const OpenTopic& topic,
                                 const OpenMessage& message) {
  if (scope.over || scope.unjudged || message.restarts != restarts_) return;
  std::vector<SessionNumber> seen;  // One copy, whichever filters cover it.
  for (const OpenSubscription& one : scope.subscriptions) {
    const OpenSession& session = book_.session(one.session);
    const bool stands = one.stands_since && *one.stands_since <= message.sent && session.online &&
                        session.ready <= message.sent;
    const std::uint8_t qos = std::min(message.qos, one.qos);
    if (!stands || qos == 0 || !open_filter_covers(one.filter, topic.name)) continue;
    if (std::ranges::find(seen, one.session) != seen.end()) continue;
    seen.push_back(one.session);
    if (topic.came(one.session, message.text, false, message.sent)) continue;
    add_due(scope, {.session = one.session,
                    .message = message.number,
                    .topic = topic.name,
                    .filter = one.filter,
                    .since = message.done,
                    .until = message.there_for_certain(),
                    .qos = qos});
  }
}

bool OpenTopicsChecker::still_due(OpenScope& scope, const OpenDue& due, SessionNumber session,
                                  const OpenWait& wait, Microseconds at) {
  if (due.session != session || at >= due.until) return false;
  if (!open_filter_covers(wait.filter, due.topic)) return false;
  const OpenMessage* message = scope.find_message(due.message);
  if (message == nullptr || (wait.text && message->text != *wait.text)) return false;
  const OpenSession& publisher = book_.session(message->publisher);
  return !due.retained || (publisher.online && publisher.connection == message->connection);
}

bool OpenTopicsChecker::owes(SessionNumber session, const OpenWait& wait, Microseconds at) {
  OpenScope* scope = book_.find(wait.scope);
  return scope != nullptr && std::ranges::any_of(scope->due, [&](const OpenDue& due) {
           return still_due(*scope, due, session, wait, at);
         });
}

void OpenTopicsChecker::missed(SessionNumber session, const OpenWait& wait, Microseconds at) {
  OpenScope* scope = book_.find(wait.scope);
  if (scope == nullptr) return;
  std::erase_if(scope->due, [&](const OpenDue& due) {
    if (!still_due(*scope, due, session, wait, at)) return false;
    tell_missing(due, *scope->find_message(due.message), {});
    return true;
  });
}

}  // namespace claims::storm::audit
