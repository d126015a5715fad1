#include "reference-server/broker/retained_store.h"

#include <algorithm>

namespace claims::server {

bool RetainedStore::put(MessageOnItsWay& message, Microseconds now) {
  expire(now);
  const MessageView& view = message.view();
  if (view.payload.empty()) {
    clear(view.topic);
    return true;
  }
  split_levels(view.topic, levels_);
  const Slot* old = tree_.find(levels_);
  const bool fresh = old == nullptr || old->empty();
  const std::size_t freed = fresh ? 0 : old->message->bytes();
  const SharedMessage& kept = message.shared();
  if (size_ + (fresh ? 1 : 0) > messages_max_) return false;
  if (bytes_ - freed + kept->bytes() > bytes_max_) return false;
  if (!fresh) clear(view.topic);
  split_levels(view.topic, levels_);
  tree_.at(levels_).message = kept;
  ++size_;
  bytes_ += kept->bytes();
  if (kept->expires_at() != MessageView::kNever) expiring_.emplace(kept->expires_at(), kept);
  return true;
}

void RetainedStore::clear(std::string_view topic) {
  split_levels(topic, levels_);
  Slot* slot = tree_.find(levels_);
  if (slot == nullptr || slot->empty()) return;
  --size_;
  bytes_ -= slot->message->bytes();
  expiring_.erase({slot->message->expires_at(), slot->message});
  slot->message.reset();
  tree_.prune(levels_);
}

void RetainedStore::expire(Microseconds now) {
  while (!expiring_.empty() && expiring_.begin()->first <= now) {
    const SharedMessage expired = expiring_.begin()->second;
    clear(expired->topic());
  }
}

std::vector<SharedMessage> RetainedStore::match(std::string_view filter, Microseconds now) {
  expire(now);
  std::vector<SharedMessage> found;
  split_levels(filter, levels_);
  tree_.match_filter(levels_, [&](const Slot& slot) { found.push_back(slot.message); });
  std::ranges::sort(found, {}, [](const SharedMessage& one) { return one->topic(); });
  return found;
}

}  // namespace claims::server
