#include "simulator/check/open_book.h"

#include <algorithm>

#include "simulator/limits.h"

namespace claims::storm::audit {
namespace {

Microseconds seconds(std::uint32_t count) {
  return Microseconds{std::int64_t{count} * 1'000'000};
}

}  // namespace

OpenMessage::Copies& OpenMessage::copies_of(SessionNumber session) {
  for (Copies& one : copies) {
    if (one.session == session) return one;
  }
  return copies.emplace_back(Copies{.session = session});
}

bool OpenTopic::came(SessionNumber session, std::string_view text, bool as_retained,
                     Microseconds since) const {
  return std::ranges::any_of(messages, [&](const OpenMessage& message) {
    if (message.text != text) return false;
    return std::ranges::any_of(message.copies, [&](const OpenMessage::Copies& one) {
      const Microseconds last = as_retained ? one.last_retained : one.last_live;
      return one.session == session && last >= since;
    });
  });
}

Microseconds OpenMessage::gone_for_certain() const {
  if (expiry_s == 0 || done == kOpenUnknown) return kOpenUnknown;
  return done + seconds(expiry_s) + limits::kOpenClockSlack;
}

Microseconds OpenMessage::there_for_certain() const {
  return expiry_s == 0 ? kOpenUnknown : sent + seconds(expiry_s) - limits::kOpenClockSlack;
}

void OpenScope::give_up() {
  unjudged = true;
  due = {};
}

OpenTopic* OpenScope::find_topic(std::string_view name) {
  const auto found = std::ranges::find(topics, name, &OpenTopic::name);
  return found == topics.end() ? nullptr : &*found;
}

OpenTopic& OpenScope::topic(std::string_view name) {
  if (OpenTopic* known = find_topic(name)) return *known;
  return topics.emplace_back(OpenTopic{.name = std::string(name), .messages = {}});
}

OpenSubscription* OpenScope::find_subscription(SessionNumber session, std::string_view filter) {
  const auto found = std::ranges::find_if(subscriptions, [&](const OpenSubscription& one) {
    return one.session == session && one.filter == filter;
  });
  return found == subscriptions.end() ? nullptr : &*found;
}

OpenMessage* OpenScope::find_message(OpenNumber number) {
  for (OpenTopic& one : topics) {
    const auto found = std::ranges::find(one.messages, number, &OpenMessage::number);
    if (found != one.messages.end()) return &*found;
  }
  return nullptr;
}

OpenScope& OpenBook::scope(std::uint64_t number) {
  return scopes_[number];
}

OpenScope* OpenBook::find(std::uint64_t number) {
  const auto found = scopes_.find(number);
  return found == scopes_.end() ? nullptr : &found->second;
}

void OpenBook::end(std::uint64_t number) {
  OpenScope* scope = find(number);
  if (scope == nullptr || scope->over) return;
  scope->over = true;
  scope->due = {};
  over_.push_back(number);
  if (over_.size() <= limits::kOpenScopesKept) return;
  last_dropped_ = std::max(last_dropped_, over_.front());
  scopes_.erase(over_.front());
  over_.pop_front();
}

OpenSession& OpenBook::session(SessionNumber number) {
  const auto index = static_cast<std::size_t>(number);
  if (index >= sessions_.size()) sessions_.resize(index + 1);
  return sessions_[index];
}

}  // namespace claims::storm::audit
