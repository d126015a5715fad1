// OpenTopicsChecker: what comes to who has subscribed.

#include <algorithm>

#include "simulator/check/open_delivered.h"
#include "simulator/check/open_filter.h"
#include "simulator/limits.h"

namespace claims::storm::audit {
namespace {

constexpr Microseconds kSecond{1'000'000};

}  // namespace

void OpenTopicsChecker::foreign(SessionNumber session, std::string_view topic,
                                std::string_view text) {
  tell_unknown(session, {.topic = topic, .text = text}, false);
}

void OpenTopicsChecker::delivered(SessionNumber session, const OpenDelivery& delivery,
                                  Microseconds at) {
  OpenScope* scope = book_.find(delivery.scope);
  if (scope == nullptr) {
    if (!book_.may_be_dropped(delivery.scope)) tell_unknown(session, delivery, false);
    return;
  }
  if (scope->unjudged) return;
  std::vector<const OpenSubscription*> subscriptions;
  for (const OpenSubscription& one : scope->subscriptions) {
    if (one.session == session && open_filter_covers(one.filter, delivery.topic)) {
      subscriptions.push_back(&one);
    }
  }
  if (subscriptions.empty()) return tell_unknown(session, delivery, false);
  OpenTopic* topic = scope->find_topic(delivery.topic);
  if (topic == nullptr) return tell_unknown(session, delivery, true);
  const Delivered what{
      session, delivery, book_.session(session), *scope, *topic, std::move(subscriptions), at};
  // What is due to the session comes first: of two with one text, of which one may never have
  // reached the server, it is the one that must come.
  OpenMessage* chosen = nullptr;
  OpenMessage* last = nullptr;
  Judgement judgement, last_judgement;
  for (OpenMessage& message : topic->messages) {
    if (message.text != delivery.text) continue;
    const Judgement one = judge(what, message);
    last = &message;
    last_judgement = one;
    if (one.fault != OpenFault::none) continue;
    const bool due = std::ranges::any_of(scope->due, [&](const OpenDue& due) {
      return due.session == session && due.message == message.number;
    });
    if (chosen != nullptr && !due) continue;
    chosen = &message;
    judgement = one;
    if (due) break;
  }
  if (chosen != nullptr) return accept(what, *chosen, judgement);
  if (topic->forgot) return;  // It may be an older one, also one with the same text.
  if (last != nullptr) return tell(what, *last, last_judgement.fault);
  tell_unknown(session, delivery, true);
}

OpenTopicsChecker::Judgement OpenTopicsChecker::judge(const Delivered& what,
                                                      OpenMessage& message) const {
  const OpenDelivery& delivery = what.message;
  if (delivery.qos > message.qos) return {OpenFault::higher_qos};
  if (delivery.qos < std::min(message.qos, what.least_qos())) return {OpenFault::lower_qos};
  if (delivery.dup && !what.at.resumed) return {OpenFault::repeated};
  if (delivery.retain && !message.retain) return {OpenFault::no_retained_one};
  if (!delivery.retain) {
    if (message.retain && what.always_keeps_retain()) return {OpenFault::not_said};
    return {judge_live(what, message)};
  }
  const OpenFault retained = judge_retained(what, message);
  if (!what.keeps_retain()) return {retained, true};
  const OpenFault live = judge_live(what, message);
  if (retained != OpenFault::none) return {live};
  return {OpenFault::none, true, live == OpenFault::none};
}

OpenFault OpenTopicsChecker::judge_live(const Delivered& what, OpenMessage& message) const {
  bool begun = false, stood = false;
  for (const OpenSubscription* one : what.subscriptions) {
    for (const auto& asked : one->asked) {
      if (asked.sent > message.done) continue;
      begun = true;
      stood = stood || asked.ended > message.sent;
    }
  }
  if (!begun) return OpenFault::before;
  if (!stood) return OpenFault::after;
  // One that had been begun may be ended; any other began on this connection.
  if (!what.message.dup && what.at.connect_sent >= message.gone_for_certain()) {
    return OpenFault::expired;
  }
  if (!what.message.dup && message.copies_of(what.session).live >= message.copies_max) {
    return OpenFault::too_often;
  }
  return judge_interval(what, message, what.at.connect_sent);
}

OpenFault OpenTopicsChecker::judge_retained(const Delivered& what, OpenMessage& message) const {
  Microseconds earliest = kOpenUnknown;
  bool there = false;
  for (const OpenSubscription* one : what.subscriptions) {
    for (const auto& asked : one->asked) {
      if (asked.retain_handling == 2 || message.sent > std::min(asked.acked, what.time)) continue;
      if (superseded(what.topic, message, asked.sent)) continue;
      there = true;
      const Microseconds began = std::max(asked.sent, what.at.connect_sent);
      const bool begun_before = what.message.dup && asked.sent < message.gone_for_certain();
      if (began < message.gone_for_certain() || begun_before) earliest = std::min(earliest, began);
    }
  }
  if (!there) return OpenFault::superseded;
  if (earliest == kOpenUnknown) return OpenFault::expired;
  if (!what.message.dup && message.copies_of(what.session).retained >= what.times_asked()) {
    return OpenFault::too_often;
  }
  return judge_interval(what, message, earliest);
}

/// [MQTT-3.3.2-6]. `earliest`: before it the server cannot have sent the message on.
OpenFault OpenTopicsChecker::judge_interval(const Delivered& what, const OpenMessage& message,
                                            Microseconds earliest) {
  if (message.expiry_s == 0) {
    return what.message.expiry_s ? OpenFault::interval_added : OpenFault::none;
  }
  if (!what.message.expiry_s) return OpenFault::no_interval;
  const std::int64_t left = *what.message.expiry_s;
  std::int64_t most = message.expiry_s;
  if (message.done != kOpenUnknown) {
    const Microseconds waited = earliest - message.done - limits::kOpenClockSlack;
    if (waited.count() > 0) most -= waited / kSecond;
  }
  // One that had been begun is ended, however late.
  if (left > std::max<std::int64_t>(most, 0)) return OpenFault::interval_too_long;
  const Microseconds longest = what.time - message.sent + limits::kOpenClockSlack;
  const std::int64_t least = std::int64_t{message.expiry_s} - longest / kSecond - 1;
  return left < least ? OpenFault::interval_too_short : OpenFault::none;
}

void OpenTopicsChecker::fulfil(const Delivered& what, const OpenMessage& message, bool retained) {
  std::erase_if(what.scope.due, [&](const OpenDue& due) {
    return due.session == what.session && due.message == message.number && due.retained == retained;
  });
}

/// One that may be either is both, as far as it was due.
void OpenTopicsChecker::accept(const Delivered& what, OpenMessage& message,
                               const Judgement& judgement) {
  OpenMessage::Copies& copies = message.copies_of(what.session);
  if (judgement.retained) {
    copies.last_retained = what.time;
    fulfil(what, message, true);
  }
  if (!judgement.retained || judgement.either) {
    copies.last_live = what.time;
    fulfil(what, message, false);
  }
  if (what.message.dup) return;
  ++(judgement.retained ? copies.retained : copies.live);
  if (!judgement.retained) check_order(what, message);
}

/// [MQTT-4.6.0-6]: of one publisher, topic and QoS, in the order they were published.
void OpenTopicsChecker::check_order(const Delivered& what, const OpenMessage& message) {
  const auto same_text = std::ranges::count(what.topic.messages, message.text, &OpenMessage::text);
  if (same_text != 1 || what.topic.forgot || message.copies_max != 1) return;
  std::erase_if(what.scope.due, [&](const OpenDue& due) {
    if (due.session != what.session || due.topic != what.message.topic) return false;
    if (due.qos != what.message.qos || due.since > message.sent || what.time >= due.until) {
      return false;
    }
    const OpenMessage* earlier = what.scope.find_message(due.message);
    // On one connection, so that the server has not lost in between what was retained.
    const bool ordered = earlier != nullptr && earlier->publisher == message.publisher &&
                         earlier->connection == message.connection;
    if (ordered) tell_missing(due, *earlier, message.text);
    return ordered;
  });
}

}  // namespace claims::storm::audit
