#include "reference-server/broker/outgoing_messages.h"

#include <cassert>
#include <utility>

namespace claims::server {
namespace {

/// Gives back what a queue in a vector has behind it, when that is most of it.
template <class T>
void shorten(std::vector<T>& queue, std::size_t& head) {
  if (head == queue.size()) {
    queue.clear();
    head = 0;
  } else if (head >= 32 && head * 2 >= queue.size()) {
    queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(head));
    head = 0;
  }
}

}  // namespace

std::uint16_t OutgoingMessages::add(OutgoingMessage what) {
  assert(in_flight() < kFirstId && "packet identifiers never run out");
  do {
    last_id_ = last_id_ == 65'535 ? kFirstId : static_cast<std::uint16_t>(last_id_ + 1);
  } while (find(last_id_) != nullptr);
  shorten(in_flight_, in_flight_head_);
  bytes_ += what.bytes();
  ++sent_;
  in_flight_.push_back({last_id_, Stage::published, true, std::move(what)});
  return last_id_;
}

OutgoingMessages::InFlight* OutgoingMessages::find(std::uint16_t packet_id) {
  for (std::size_t i = in_flight_head_; i < in_flight_.size(); ++i) {
    if (in_flight_[i].packet_id == packet_id) return &in_flight_[i];
  }
  return nullptr;
}

void OutgoingMessages::release(InFlight& one) {
  one.stage = Stage::released;
  bytes_ -= one.what.bytes();
  one.what.message.reset();
  bytes_ += one.what.bytes();
}

void OutgoingMessages::remove(InFlight& one) {
  bytes_ -= one.what.bytes();
  if (one.sent) --sent_;
  const auto index = &one - in_flight_.data();
  if (static_cast<std::size_t>(index) == in_flight_head_) {
    one.what = {};
    ++in_flight_head_;
    shorten(in_flight_, in_flight_head_);
  } else {
    in_flight_.erase(in_flight_.begin() + index);
  }
}

OutgoingMessages::InFlight* OutgoingMessages::send_again() {
  if (!must_send_again()) return nullptr;
  for (std::size_t i = in_flight_head_; i < in_flight_.size(); ++i) {
    InFlight& one = in_flight_[i];
    if (one.sent) continue;
    one.sent = true;
    ++sent_;
    return &one;
  }
  return nullptr;
}

void OutgoingMessages::connection_lost(bool kept) {
  if (!kept) {
    *this = OutgoingMessages{};
    return;
  }
  sent_ = 0;
  for (std::size_t i = in_flight_head_; i < in_flight_.size(); ++i) in_flight_[i].sent = false;
  if (queued_at_most_once_ == 0) return;
  // What nobody waits for is not kept for who is away.
  std::vector<OutgoingMessage> rest;
  for (std::size_t i = queue_head_; i < queue_.size(); ++i) {
    if (queue_[i].qos == mqtt::QoS::at_most_once) {
      bytes_ -= queue_[i].bytes();
    } else {
      rest.push_back(std::move(queue_[i]));
    }
  }
  queue_ = std::move(rest);
  queue_head_ = 0;
  queued_at_most_once_ = 0;
}

void OutgoingMessages::queue(OutgoingMessage what) {
  bytes_ += what.bytes();
  if (what.qos == mqtt::QoS::at_most_once) ++queued_at_most_once_;
  queue_.push_back(std::move(what));
}

OutgoingMessage OutgoingMessages::take() {
  OutgoingMessage what = std::move(queue_[queue_head_++]);
  shorten(queue_, queue_head_);
  if (queue_.empty()) queue_ = {};  // A queue is the exception: give the memory back.
  bytes_ -= what.bytes();
  if (what.qos == mqtt::QoS::at_most_once) --queued_at_most_once_;
  return what;
}

}  // namespace claims::server
