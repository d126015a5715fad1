#include "reference-server/broker/will_table.h"

#include <utility>

namespace claims::server {

void WillTable::set(SessionId session, PendingWill will) {
  take(session);
  bytes_ += will.text->bytes();
  wills_.emplace(session, Entry{std::move(will), std::nullopt});
}

std::optional<PendingWill> WillTable::take(SessionId session) {
  const auto found = wills_.find(session);
  if (found == wills_.end()) return std::nullopt;
  deadlines_.cancel(session, found->second.due);
  PendingWill will = std::move(found->second.will);
  wills_.erase(found);
  bytes_ -= will.text->bytes();
  return will;
}

void WillTable::schedule(SessionId session, Microseconds when) {
  const auto found = wills_.find(session);
  if (found != wills_.end()) deadlines_.schedule(session, found->second.due, when);
}

void WillTable::clear() {
  wills_.clear();
  deadlines_ = {};
  bytes_ = 0;
}

}  // namespace claims::server
