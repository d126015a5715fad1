#include "reference-server/broker/unanswered_publishes.h"

#include <cassert>

namespace claims::server {

bool UnansweredPublishes::holds(std::uint16_t packet_id) const {
  for (std::size_t i = head_; i < queue_.size(); ++i) {
    if (queue_[i].packet_id == packet_id) return true;
  }
  return false;
}

void UnansweredPublishes::add(std::uint16_t packet_id, mqtt::QoS qos) {
  if (head_ >= 32 && head_ * 2 >= queue_.size()) {
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  queue_.push_back({packet_id, mqtt::ReasonCode::success, false, qos, false});
}

void UnansweredPublishes::add_answered(std::uint16_t packet_id, mqtt::QoS qos,
                                       mqtt::ReasonCode reason, bool recorded) {
  add(packet_id, qos);
  queue_.back().reason = reason;
  queue_.back().answered = true;
  queue_.back().recorded = recorded;
  if (recorded) ++recorded_;
}

void UnansweredPublishes::answer(std::uint16_t packet_id, mqtt::ReasonCode reason) {
  // What is answered leaves from the front at once, so the front is the oldest not answered.
  assert(head_ < queue_.size() && "a publish is answered once");
  Publish& oldest = queue_[head_];
  assert(oldest.packet_id == packet_id && !oldest.answered && "answers come in receipt order");
  oldest.reason = reason;
  oldest.answered = true;
}

bool UnansweredPublishes::take(Publish& publish) {
  if (head_ == queue_.size() || !queue_[head_].answered) return false;
  publish = queue_[head_++];
  if (publish.recorded) --recorded_;
  if (head_ == queue_.size()) {
    queue_.clear();
    head_ = 0;
  }
  return true;
}

void UnansweredPublishes::clear() {
  queue_ = {};
  head_ = recorded_ = 0;
}

}  // namespace claims::server
