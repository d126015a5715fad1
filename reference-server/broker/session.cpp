#include "reference-server/broker/session.h"

#include <algorithm>
#include <utility>

namespace claims::server {

void ReplyQueue::add(QueuedReply reply) {
  bytes_ += reply.bytes();
  replies_.push_back(std::move(reply));
}

QueuedReply ReplyQueue::take() {
  QueuedReply reply = std::move(replies_[head_++]);
  bytes_ -= reply.bytes();
  if (head_ == replies_.size()) {
    clear();
  } else if (head_ >= 64 && head_ * 2 >= replies_.size()) {
    replies_.erase(replies_.begin(), replies_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  return reply;
}

void ReplyQueue::clear() {
  replies_ = {};  // A queue is the exception: give the memory back.
  head_ = 0;
  bytes_ = 0;
}

bool HeldAnswers::holds(std::uint16_t packet_id) const {
  return std::ranges::any_of(
      answers_, [packet_id](const HeldAnswer& answer) { return answer.packet_id == packet_id; });
}

std::optional<HeldAnswer> HeldAnswers::take(std::uint16_t packet_id) {
  const auto found = std::ranges::find(answers_, packet_id, &HeldAnswer::packet_id);
  if (found == answers_.end()) return std::nullopt;
  HeldAnswer answer = std::move(*found);
  answers_.erase(found);
  return answer;
}

const Subscription* Session::subscription_to(std::string_view topic) const {
  for (const Subscription& subscription : state.subscriptions) {
    if (subscription.filter == topic) return &subscription;
  }
  return nullptr;
}

bool Session::unsubscribe(std::string_view filter) {
  return std::erase_if(state.subscriptions, [filter](const Subscription& subscription) {
           return subscription.filter == filter;
         }) > 0;
}

bool Session::subscribe(std::string_view filter, mqtt::QoS qos, std::uint32_t identifier,
                        std::size_t subscriptions_max) {
  for (Subscription& subscription : state.subscriptions) {
    if (subscription.filter != filter) continue;
    subscription.qos = qos;
    subscription.identifier = identifier;
    return true;
  }
  if (state.subscriptions.size() >= subscriptions_max) return false;
  state.subscriptions.push_back({std::string(filter), qos, identifier});
  return true;
}

void Session::connection_lost(std::size_t inflight_kept_max) {
  connection = nullptr;
  wants_room = false;
  inflight.connection_lost(inflight_kept_max);
  replies.clear();
  unanswered.clear();
  held_answers.clear();
  if (!open) return;
  open->outgoing.connection_lost(state.expiry_s != 0);
  open->received.connection_lost();
}

}  // namespace claims::server
